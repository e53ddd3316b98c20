// Search among up to millions of hashes for those near a hash. Small sets and wide thresholds are searched one by one;
// else by parts of 16 bits (Norouzi, Punjani, Fleet 2012: multi-index hashing): of 16 parts that differ by 31 bits
// together, some part differs by one bit at most. Both ways find the same hashes.
import { numberWithin } from "../../core/options.js";
import { hashDistance } from "./hash-distance.js";
import { HASH_BITS, HASH_WORDS } from "./pdq.js";

/** Receives the row and the distance of a hash that was found. */
export type OnHash = (row: number, distance: number) => void;

/** Parts of a hash, and values of a part. */
const PARTS = 16;
const VALUES = 1 << 16;
/** Fewer hashes are compared sooner than looked up. */
const WORTH_PARTS = 4096;
/** Parts that may differ by three bits have so many values that all hashes are compared sooner. */
const MOST_BITS = 2;

/** The rows of the hashes by the value of one part: those of value `v` begin at `starts[v]`. */
interface PartTable {
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
}

/**
 * Hashes that can be searched. The table of a part is made when it is first needed; with all of them each hash takes 96 bytes.
 * @example
 * const index = new HashIndex(new Uint32Array(16));
 * index.near(new Uint32Array(8), 0, 31, (row, bits) => console.error(row, bits));
 */
export class HashIndex {
  readonly #hashes: Uint32Array;
  readonly #count: number;
  readonly #tables: PartTable[] = [];
  /** The last search that met each hash, by its number. */
  #met: Uint32Array | undefined;
  #search = 0;

  /** @param hashes eight words for each hash; they stay the caller's, and must not change */
  constructor(hashes: Uint32Array) {
    this.#hashes = hashes;
    this.#count = Math.floor(hashes.length / HASH_WORDS);
  }

  /** The number of hashes. */
  get count(): number {
    return this.#count;
  }

  /**
   * Finds the hashes that differ from one in at most `threshold` bits, in no particular order.
   * @param hashes where the wanted hash lies, in place `at`
   * @param threshold bits, from 0 to 256
   * @param after only rows behind this one, so that each pair of rows is met once. Default -1: all
   * @param at The row of the wanted hash, from 0.
   * @param found Receives the row of each hash and its distance in bits.
   * @throws FoveaError for a threshold that cannot be.
   */
  near(hashes: Uint32Array, at: number, threshold: number, found: OnHash, after = -1): void {
    numberWithin("the threshold", threshold, 0, HASH_BITS);
    const bits = Math.floor(threshold / PARTS);
    if (this.#count < WORTH_PARTS || bits > MOST_BITS) this.#nearByAll(hashes, at, threshold, found, after);
    else this.#nearByParts(hashes, at, threshold, bits, found, after);
  }

  #nearByAll(hashes: Uint32Array, at: number, threshold: number, found: OnHash, after: number): void {
    for (let row = after + 1; row < this.#count; row++) {
      const distance = hashDistance(hashes, at, this.#hashes, row, threshold);
      if (distance <= threshold) found(row, distance);
    }
  }

  #nearByParts(hashes: Uint32Array, at: number, threshold: number, bits: number, found: OnHash, after: number): void {
    this.#met ??= new Uint32Array(this.#count);
    if (++this.#search === 2 ** 32) {
      this.#met.fill(0);
      this.#search = 1;
    }
    const [met, search, differences] = [this.#met, this.#search, DIFFERENCES[bits]!];
    // Hashes that differ by more in each of these parts differ by more than the threshold.
    const enough = Math.floor(threshold / (bits + 1)) + 1;
    for (let part = 0; part < enough; part++) {
      this.#tables[part] ??= tableOf(this.#hashes, this.#count, part);
      const { starts, rows } = this.#tables[part]!;
      const value = partOf(hashes, at, part);
      for (const difference of differences) {
        const near = value ^ difference;
        // Rows ascend.
        for (let i = starts[near + 1]! - 1; i >= starts[near]! && rows[i]! > after; i--) {
          const row = rows[i]!;
          if (met[row] === search) continue;
          met[row] = search;
          const distance = hashDistance(hashes, at, this.#hashes, row, threshold);
          if (distance <= threshold) found(row, distance);
        }
      }
    }
  }
}

const partOf = (hashes: Uint32Array, row: number, part: number): number =>
  (hashes[row * HASH_WORDS + (part >> 1)]! >>> (16 * (part & 1))) & 0xffff;

function tableOf(hashes: Uint32Array, count: number, part: number): PartTable {
  const starts = new Uint32Array(VALUES + 1);
  for (let row = 0; row < count; row++) starts[partOf(hashes, row, part) + 1]!++;
  for (let value = 0; value < VALUES; value++) starts[value + 1]! += starts[value]!;
  const rows = new Uint32Array(count);
  const next = starts.slice();
  for (let row = 0; row < count; row++) rows[next[partOf(hashes, row, part)]!++] = row;
  return { starts, rows };
}

/** All values of 16 bits of which at most so many are set. */
const DIFFERENCES: readonly Uint16Array[] = Array.from({ length: MOST_BITS + 1 }, (_, most) => {
  const single = Array.from({ length: 16 }, (__, bit) => 1 << bit);
  const double = single.flatMap((a) => single.filter((b) => b > a).map((b) => a | b));
  return Uint16Array.from([0, ...(most > 0 ? single : []), ...(most > 1 ? double : [])]);
});

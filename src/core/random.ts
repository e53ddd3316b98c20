// Every random number of the project: Philox4x32-10, a counter-based generator. A number is a pure function of (seed,
// stream, step, index), so work can be cut, skipped, repeated or run on any engine with the same bits. Not for secrets.
// Callers turn draws into initial weights or the order of batches.
import { FoveaError } from "./errors.js";
import { log } from "./math.js";

/**
 * First streams of the parts. Add the number of a layer, class or writer (below 2^28) to keep two
 * consumers of one seed apart; callers with a purpose of their own count from `STREAM.user`.
 */
export const STREAM = {
  user: 0x00000000,
  initialize: 0x10000000,
  dropout: 0x20000000,
  shuffle: 0x30000000,
  augment: 0x40000000,
  generate: 0x50000000,
  tune: 0x60000000,
  nested: 0x70000000,
} as const;

/** 2^-24: turns the upper 24 bits of a word into a uniform that float32 holds exactly. */
const UNIT = 2 ** -24;
const TWO_32 = 2 ** 32;

/** The upper 32 bits of the 64-bit product of two words, as an int32. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const cross = Math.imul(aLow, bHigh) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** One block with its counter and key spelt out, so that hot loops allocate nothing. Words land at `out[at..at+3]`. */
function block(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  key0: number,
  key1: number,
  out: Uint32Array,
  at: number,
): void {
  for (let round = 0; round < 10; round++) {
    const next0 = multiplyHigh(0xcd9e8d57, c2) ^ c1 ^ key0;
    const next2 = multiplyHigh(0xd2511f53, c0) ^ c3 ^ key1;
    c1 = Math.imul(0xcd9e8d57, c2);
    c3 = Math.imul(0xd2511f53, c0);
    c0 = next0;
    c2 = next2;
    key0 = (key0 + 0x9e3779b9) | 0;
    key1 = (key1 + 0xbb67ae85) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/**
 * Writes the four words of one Philox4x32-10 block to `out[0..3]` (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", 2011).
 */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
  out: Uint32Array,
): void {
  block(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out, 0);
}

/**
 * The two key words of a seed: its low and its high 32 bits.
 * @throws FoveaError unless the seed is a non-negative safe integer.
 */
export function keyOf(seed: number): [low: number, high: number] {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new FoveaError(
      "out-of-range",
      `seed: expected a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, received ${seed}`,
    );
  return [seed >>> 0, Math.floor(seed / TWO_32)];
}

/**
 * `length` uniforms in [0, 1), each exact in float32. Element i is word `i & 3` of the block with counter
 * `(i >> 2, step, stream, 0)` and key `(seedLow, seedHigh)`, as `(word >>> 8) * 2^-24`: compiled kernels draw the same.
 */
export function uniformAt(
  seedLow: number,
  seedHigh: number,
  stream: number,
  step: number,
  length: number,
): Float32Array {
  const words = new Uint32Array((length + 3) & ~3);
  for (let at = 0; at < length; at += 4) block(at >> 2, step, stream, 0, seedLow, seedHigh, words, at);
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) out[i] = (words[i]! >>> 8) * UNIT;
  return out;
}

/**
 * Random numbers of one consumer, in order: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3",
 * 2011). The same seed, stream and step give the same numbers on every engine.
 * @example
 * const random = new Random(7, STREAM.user);
 * random.integer(6); // 0 to 5
 * random.permutation(3); // 0, 1 and 2 in random order
 */
export class Random {
  readonly #key: readonly [number, number];
  readonly #stream: number;
  readonly #step: number;
  readonly #words = new Uint32Array(4);
  #block = 0;
  #used = 4;
  #spare: number | undefined;

  /**
   * @param seed a whole number of at least 0
   * @param stream consumer of the seed, a word of 32 bits: `STREAM.user` and on
   * @param step part of the consumer's work, a word of 32 bits
   */
  constructor(seed: number, stream: number, step = 0) {
    this.#key = keyOf(seed);
    this.#stream = stream;
    this.#step = step;
  }

  /** The next word, 0 to 2^32 - 1. */
  uint32(): number {
    if (this.#used === 4) {
      block(this.#block++, this.#step, this.#stream, 0, this.#key[0], this.#key[1], this.#words, 0);
      this.#used = 0;
    }
    return this.#words[this.#used++]!;
  }

  /** Uniform in [0, 1), a multiple of 2^-24. */
  uniform(): number {
    return (this.uint32() >>> 8) * UNIT;
  }

  /** Uniform in [low, high). @param low least number @param high number above all */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from 0 to n - 1, each equally likely, by rejection. @param n count of numbers, 1 to 2^32 */
  integer(n: number): number {
    const limit = TWO_32 - (TWO_32 % n);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % n;
  }

  /** Standard normal, in f64 (Marsaglia's polar method, with our own logarithm: the same bits on every engine). */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const u = (this.uint32() + 0.5) * 2 ** -31 - 1;
      const v = (this.uint32() + 0.5) * 2 ** -31 - 1;
      const square = u * u + v * v;
      if (square >= 1) continue;
      const factor = Math.sqrt((-2 * log(square)) / square);
      this.#spare = v * factor;
      return u * factor;
    }
  }

  /** Puts an array into random order, in place (Fisher and Yates), and returns it. @param array values of any kind */
  shuffle<A extends { length: number; [index: number]: unknown }>(array: A): A {
    for (let last = array.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const held = array[last];
      array[last] = array[other];
      array[other] = held;
    }
    return array;
  }

  /** The numbers 0 to n - 1 in random order. @param n count of numbers */
  permutation(n: number): Int32Array {
    return this.shuffle(Int32Array.from({ length: n }, (_, i) => i));
  }

  /** One element of a non-empty array. @param array values, one at least */
  pick<T>(array: readonly T[]): T {
    return array[this.integer(array.length)]!;
  }
}

/**
 * Places of a random sample, ascending: all where there are no more than `most`. The same numbers give the same places.
 * @param purpose a word that keeps samples for different ends apart. Default 0
 * @example sampledPlaces(50_000, 1000) // 1,000 places below 50,000
 */
export function sampledPlaces(count: number, most: number, purpose = 0): Int32Array {
  const order = new Random(0, STREAM.user, purpose).permutation(count);
  return order.slice(0, most).sort();
}

// A store of seen photos as a file that several programs add to. Hashes are in memory, 40 bytes an entry and a table of
// parts to search them by; names and facts are read from the file for entries that match.
import { joinBytes } from "../../core/bytes.js";
import { FoveaError } from "../../core/errors.js";
import { HASH_WORDS, HashIndex, hashDistance, type OnHash } from "../../data/index.js";
import type { Files, SharedLog } from "../../platform/files/files.js";
import { filesHere } from "../../platform/files/files-here.js";
import { entryOf, HEAD, RECORD_BYTES, recordOf, scanRecords, type WatchEntry } from "./records.js";

/** Bytes that are read at a time. */
const CHUNK = 8 << 20;
/** The most entries of a store; its hashes and tables take some 200 bytes each. */
const MOST_ENTRIES = 10_000_000;
/** Entries behind the table that are compared one by one, as a share of those in it, and at least. */
const TAIL_SHARE = 0.25;
const TAIL = 4096;

/** Places of stores. */
export interface WatchPlace {
  /** Default: Node's disk, in a page the browser's private file system. */
  readonly files?: Files;
}

/**
 * A store of seen photos. `openWatch` opens one.
 * @param path Path of the file.
 * @param files Disk of the file.
 * @example
 * const store = await openWatch("claims.watch");
 * await addPhotos(store, ["photos/1.png", "photos/2.png"], "claim 4711", { threads: 0 });
 * const [{ matches }] = await checkPhotos(store, ["photos/1.png"], { threads: 0 });
 * matches[0]?.reference; // "claim 4711"
 * const [first] = await store.entries([0]);
 * await store.add([{ ...first, reference: "claim 4712" }]); // 1: the same photo under another reference
 */
export class WatchStore {
  /** Path of the file. */
  readonly path: string;
  readonly #files: Files;
  #log: SharedLog | undefined;
  /** Whole records of the first `#end` bytes are known. */
  #end = 0;
  #count = 0;
  #damaged = 0;
  #isTorn = false;
  #hashes = new Uint32Array(0);
  #qualities = new Uint8Array(0);
  #starts = new Float64Array(0);
  #lengths = new Uint16Array(0);
  #index: HashIndex | undefined;

  constructor(path: string, files: Files) {
    this.path = path;
    this.#files = files;
  }

  /** Entries that are known. */
  get size(): number {
    return this.#count;
  }

  /** Gaps in the file where damaged entries lie; they are passed over. */
  get damaged(): number {
    return this.#damaged;
  }

  /** True where the file ends in an entry that is not whole: a program writes it, or was stopped while it did. */
  get isTorn(): boolean {
    return this.#isTorn;
  }

  /**
   * PDQ's quality of an entry, from 0 to 100.
   * @param row Number of the entry, from 0.
   */
  quality(row: number): number {
    return this.#qualities[row]!;
  }

  /**
   * Finds the entries whose hash differs from one in at most `threshold` bits.
   * @param hashes Hashes of eight words each.
   * @param at Number of the hash that is searched for.
   * @param found Receives the row and the distance in bits of each entry that is found.
   */
  near(hashes: Uint32Array, at: number, threshold: number, found: OnHash): void {
    const indexed = this.#index?.count ?? 0;
    if (this.#index === undefined || this.#count - indexed > Math.max(TAIL, TAIL_SHARE * indexed))
      this.#index = new HashIndex(this.#hashes.slice(0, this.#count * HASH_WORDS));
    this.#index.near(hashes, at, threshold, found);
    for (let row = this.#index.count; row < this.#count; row++) {
      const distance = hashDistance(hashes, at, this.#hashes, row, threshold);
      if (distance <= threshold) found(row, distance);
    }
  }

  /**
   * The entries of rows, read from the file.
   * @param rows Numbers of entries, from 0.
   * @throws FoveaError where it was changed meanwhile
   */
  async entries(rows: readonly number[]): Promise<WatchEntry[]> {
    if (rows.length === 0) return [];
    const file = await this.#files.openFile(this.path);
    try {
      const entries: WatchEntry[] = [];
      for (const row of rows) {
        const record = await file.read(this.#starts[row]!, this.#lengths[row]!);
        const { end } = scanRecords(record, true, (whole) => entries.push(entryOf(whole)));
        if (end !== record.length)
          throw new FoveaError(
            "file-changed",
            `${this.path}: it was changed while it was in use; open it again, or restore it`,
          );
      }
      return entries;
    } finally {
      await file.close();
    }
  }

  /** All entries, in the order in which they were added. */
  async *all(): AsyncGenerator<WatchEntry> {
    const step = 1024;
    for (let start = 0; start < this.#count; start += step) {
      const rows = Array.from({ length: Math.min(step, this.#count - start) }, (_, i) => start + i);
      yield* await this.entries(rows);
    }
  }

  /**
   * Adds entries that are not there yet, each written whole before the next. A torn end is cut off first.
   * @param isTogether writes them all at once, for entries that can be had again from elsewhere
   * @param entries Entries to add, in this order.
   * @returns the number of entries that were added; an entry is there already when reference and bytes are the same
   */
  async add(entries: readonly WatchEntry[], isTogether = false): Promise<number> {
    this.#log ??= await this.#files.openLog(this.path);
    const log = this.#log;
    return log.exclusively(async () => {
      await this.refresh();
      const fresh = await this.#unknown(entries);
      if (fresh.length === 0 && !this.#isTorn) return 0;
      if (this.#count + fresh.length > MOST_ENTRIES)
        throw new FoveaError(
          "too-large",
          `${this.path}: a store has ${MOST_ENTRIES} entries at most; begin another one`,
        );
      const records = fresh.map(recordOf);
      const parts = isTogether ? [joinBytes(records)] : records;
      for (const part of parts) {
        const lines = this.#end === 0 ? joinBytes([HEAD, part]) : part;
        await log.append(lines, this.#end);
        this.#take(lines, this.#end, true);
      }
      if (fresh.length === 0) await log.append(new Uint8Array(0), this.#end);
      this.#isTorn = false;
      return fresh.length;
    });
  }

  /** Entries that the store does not have; of several that are the same, the first. */
  async #unknown(entries: readonly WatchEntry[]): Promise<WatchEntry[]> {
    const keyOf = ({ reference, bytes }: WatchEntry): string => `${bytes} ${reference}`;
    // One walk over all rows for all entries: a search for each would walk over the rows behind the table each time.
    const beginnings = new Set(entries.map(({ hash }) => hash[0]!));
    const suspects: number[] = [];
    for (let row = 0; row < this.#count; row++) if (beginnings.has(this.#hashes[row * HASH_WORDS]!)) suspects.push(row);
    const known = new Set((await this.entries(suspects)).map(keyOf));
    return entries.filter((entry) => {
      const isNew = !known.has(keyOf(entry));
      known.add(keyOf(entry));
      return isNew;
    });
  }

  /** Reads what was added since. @throws FoveaError for a file that is no store, or became shorter */
  async refresh(): Promise<void> {
    const size = (await this.#files.stat(this.path))?.size ?? 0;
    if (size < this.#end)
      throw new FoveaError(
        "file-changed",
        `${this.path}: it became shorter while it was in use; open it again, or restore it`,
      );
    this.#isTorn = false;
    if (size === this.#end) return;
    const file = await this.#files.openFile(this.path);
    try {
      let [at, seen] = [this.#end, this.#end];
      while (seen < size) {
        const length = Math.min(CHUNK, size - at);
        const bytes = await file.read(at, length);
        seen = at + length;
        const taken = this.#take(bytes, at, seen === size);
        // A chunk without a whole record is passed over, but for what may be the start of one.
        at = taken > 0 ? at + taken : seen === size ? at : Math.max(at + 1, seen - RECORD_BYTES);
      }
      this.#isTorn = this.#end < size;
    } finally {
      await file.close();
    }
  }

  /** Takes the whole records of bytes that lie at `at`. @returns how many bytes they and the head fill */
  #take(bytes: Uint8Array, at: number, isEnd: boolean): number {
    const head = at === 0 ? this.#checkHead(bytes) : 0;
    const { end, damaged } = scanRecords(bytes.subarray(head), isEnd, (record, start) =>
      this.#keep(record, at + head + start),
    );
    this.#damaged += damaged;
    if (end > 0) this.#end = at + head + end;
    else if (head > 0) this.#end = head;
    return head + end;
  }

  /** @returns the head's length; 0 where a program was stopped before it had written the whole of it */
  #checkHead(bytes: Uint8Array): number {
    const isHead = HEAD.every((byte, i) => i >= bytes.length || bytes[i] === byte);
    if (!isHead)
      throw new FoveaError(
        "unknown-format",
        `${this.path}: it is no store of seen photos of this version; name another file, or one that does not exist yet`,
      );
    return bytes.length < HEAD.length ? 0 : HEAD.length;
  }

  #keep(record: Uint8Array, start: number): void {
    if (this.#count === MOST_ENTRIES)
      throw new FoveaError(
        "too-large",
        `${this.path}: it has more than ${MOST_ENTRIES} entries; split it into several stores`,
      );
    const row = this.#count++;
    if (row >= this.#qualities.length) this.#grow();
    const { hash, quality } = entryOf(record);
    this.#hashes.set(hash, row * HASH_WORDS);
    this.#qualities[row] = quality;
    this.#starts[row] = start;
    this.#lengths[row] = record.length;
  }

  #grow(): void {
    const room = Math.max(1024, Math.ceil(this.#qualities.length * 1.5));
    const [hashes, qualities] = [new Uint32Array(room * HASH_WORDS), new Uint8Array(room)];
    const [starts, lengths] = [new Float64Array(room), new Uint16Array(room)];
    hashes.set(this.#hashes);
    qualities.set(this.#qualities);
    starts.set(this.#starts);
    lengths.set(this.#lengths);
    [this.#hashes, this.#qualities, this.#starts, this.#lengths] = [hashes, qualities, starts, lengths];
  }
}

/**
 * Opens a store of seen photos; its file is made with the first entry.
 * @param path the store's file
 * @param place.isThere true where there must be one
 * @throws FoveaError for a file that is no store, and where one must be there and is not
 * @example const store = await openWatch("claims.watch"); store.size
 */
export async function openWatch(
  path: string,
  { files = filesHere, isThere = false }: WatchPlace & { readonly isThere?: boolean } = {},
): Promise<WatchStore> {
  if (isThere && (await files.stat(path)) === undefined)
    throw new FoveaError(
      "not-found",
      `${path}: there is no such store; make it with \`fovea watch add PHOTOS --store ${path}\``,
    );
  const store = new WatchStore(path, files);
  await store.refresh();
  return store;
}

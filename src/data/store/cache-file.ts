// The cache file of a listing's images: opened, read slot by slot, and written while images are decoded. Anything wrong
// with it (absent, cut short, changed, made of other files) only means that images are decoded again.
import { FoveaError } from "../../core/errors.js";
import { beginCacheFile, openCacheFile, type TooLarge } from "../../platform/cache.js";
import { filesHere } from "../../platform/files/files-here.js";
import { sha256Hex } from "../../platform/hashing.js";
import { joinPath } from "../../platform/paths.js";
import type { OpenFile, PendingWrite } from "../../platform/random-access.js";
import {
  fileBytes,
  HEAD_BYTES,
  packFacts,
  packHead,
  packSlots,
  pixelsOfSlot,
  readHead,
  slotAt,
  slotBytes,
  unpackFacts,
} from "./cache-layout.js";
import type { DecodedFacts } from "./decoded-facts.js";

/** A cache file and the state of the images that it must have been made from. */
export interface CacheKey {
  readonly path: string;
  /** Identifies the files by names, sizes and times, and the settings. */
  readonly fingerprint: string;
}

/** Failures that mean a cache that is not there: those of the disk, and of a file that is damaged. */
const isAbsence = (error: unknown): boolean =>
  error instanceof FoveaError || error instanceof SyntaxError || error instanceof RangeError;

/**
 * The path of the cache file for a source and settings; any texts that tell them apart.
 * @returns undefined where there can be none: a home folder that is read-only is no reason to stop
 */
export async function cachePathFor(where: string, settings: string): Promise<string | undefined> {
  const name = await sha256Hex(new TextEncoder().encode(`${where}\n${settings}`));
  try {
    return joinPath(await filesHere.cacheDirectory(), `${name.slice(0, 32)}.images`);
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** Slots read at a time: neighbours are one request to the disk. */
const RUN_BYTES = 1 << 20;

/** A cache file that is open. */
export class CacheFile {
  private constructor(
    private readonly file: OpenFile,
    readonly facts: DecodedFacts,
    private readonly imageBytes: number,
  ) {}

  /** Opens the file of a key; undefined where it is absent, damaged or of other images. */
  static async open({ path, fingerprint }: CacheKey, imageBytes: number): Promise<CacheFile | undefined> {
    let file: OpenFile | undefined;
    try {
      file = await openCacheFile(path);
      const head = readHead(await file.read(0, Math.min(HEAD_BYTES, file.size)));
      if (head !== undefined && head.start + head.length === file.size) {
        const packed = await file.read(head.start, head.length);
        const facts = (await sha256Hex(packed)) === head.sha256 ? unpackFacts(fingerprint, packed) : undefined;
        if (facts !== undefined) return new CacheFile(file, facts, imageBytes);
      }
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
    await file?.close();
    return undefined;
  }

  /**
   * Reads slots into `pixels`, one image after the other.
   * @param slots in any order, any number of times
   * @returns the places within `slots` of images that are not as they were written
   */
  async read(slots: Int32Array, pixels: Uint8Array): Promise<number[]> {
    const order = Array.from(slots.keys()).sort((a, b) => slots[a]! - slots[b]!);
    const damaged: number[] = [];
    const most = Math.max(1, Math.floor(RUN_BYTES / slotBytes(this.imageBytes)));
    const runs: Promise<void>[] = [];
    for (let start = 0; start < order.length; ) {
      const first = slots[order[start]!]!;
      let end = start + 1;
      while (
        end < order.length &&
        slots[order[end]!]! - slots[order[end - 1]!]! <= 1 &&
        slots[order[end]!]! - first < most
      )
        end++;
      runs.push(this.#readRun(first, order.slice(start, end), slots, pixels, damaged));
      start = end;
    }
    await Promise.all(runs);
    return damaged;
  }

  async #readRun(
    first: number,
    places: readonly number[],
    slots: Int32Array,
    pixels: Uint8Array,
    damaged: number[],
  ): Promise<void> {
    const step = slotBytes(this.imageBytes);
    const last = slots[places.at(-1)!]!;
    const bytes = await this.file
      .read(slotAt(first, this.imageBytes), (last - first + 1) * step)
      .catch((error: unknown) => {
        if (error instanceof FoveaError) return undefined;
        throw error;
      });
    for (const row of places) {
      const slot = slots[row]!;
      const at = (slot - first) * step;
      const image = bytes && (await pixelsOfSlot(slot, bytes.subarray(at, at + step), this.imageBytes));
      if (image === undefined) damaged.push(row);
      else pixels.set(image, row * this.imageBytes);
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** A cache file that is being written. After a failure of the disk it is only not there. */
export class CacheWriter {
  #file: PendingWrite | undefined;
  /** Buffers that have been written, one for each write that went on at a time. */
  readonly #spare: ArrayBuffer[] = [];

  private constructor(
    file: PendingWrite | undefined,
    private readonly fingerprint: string,
    private readonly count: number,
    private readonly imageBytes: number,
  ) {
    this.#file = file;
  }

  /** @param count images of the listing, those that cannot be decoded included */
  static async begin(
    { path, fingerprint }: CacheKey,
    count: number,
    imageBytes: number,
    onTooLarge?: (why: TooLarge) => void,
  ): Promise<CacheWriter> {
    let file: PendingWrite | undefined;
    try {
      file = await beginCacheFile(path, fileBytes(count, imageBytes), onTooLarge);
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
    return new CacheWriter(file, fingerprint, count, imageBytes);
  }

  /** True while there will be a file, as far as is known. */
  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  /** Writes the pixels of consecutive images. @param first number of the first in the listing */
  write(first: number, pixels: Uint8Array): Promise<void> {
    return this.#attempt(async (file) => {
      const packed = await packSlots(first, pixels, this.imageBytes, this.#spare.pop());
      await file.write(packed, slotAt(first, this.imageBytes));
      this.#spare.push(packed.buffer);
    });
  }

  /** Writes the facts and gives the file its name. */
  finish(facts: DecodedFacts): Promise<void> {
    return this.#attempt(async (file) => {
      const packed = packFacts(this.fingerprint, facts);
      const start = slotAt(this.count, this.imageBytes);
      await file.write(packed, start);
      await file.write(await packHead(start, packed), 0);
      await file.commit();
    });
  }

  /** Leaves nothing on the disk. */
  async discard(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.discard();
  }

  async #attempt(work: (file: PendingWrite) => Promise<void>): Promise<void> {
    if (this.#file === undefined) return;
    try {
      await work(this.#file);
    } catch (error) {
      await this.discard();
      if (!isAbsence(error)) throw error;
    }
  }
}

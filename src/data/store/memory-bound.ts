// The limit of the memory that pixels may take: as it is asked for, or a share of what the machine has free. It decides
// where images are kept and how many are decoded at a time, never what they look like.
import { parseByteSize, showByteSize } from "../../core/byte-size.js";
import { FoveaError } from "../../core/errors.js";
import { numberWithin } from "../../core/options.js";
import { freeMemory } from "../../platform/free-memory.js";

/** Bytes, or a size such as `"64MB"`. */
export type MemoryLimit = number | string;

const SHARE = 1 / 4;

/** Images a batch where nobody says how many are used at a time. */
export const USUAL_BATCH = 64;

/** A batch that is computed with, and the next one, which is fetched meanwhile. */
const BATCHES_AT_A_TIME = 2;

/**
 * A limit in bytes.
 * @param limit A number of bytes, or a text such as `"64MB"`.
 * @throws FoveaError for a text that is no size, or a number that cannot be
 * @example bytesOfLimit("64MB");
 */
export const bytesOfLimit = (limit: MemoryLimit): number =>
  typeof limit === "string" ? parseByteSize("memory", limit) : numberWithin("memory", limit, 0);

/** The limit in bytes where nobody sets one: a quarter of the memory that is free. */
export const usualLimit = async (): Promise<number> => Math.floor((await freeMemory()) * SHARE);

/** Wish for memory. */
export interface MemoryWish {
  /** Default: a quarter of the memory that is free, and enough for two batches in any case. */
  readonly memory: MemoryLimit | undefined;
  /** Bytes of it that other images hold. */
  readonly inUse: number;
  readonly batchSize: number;
}

/**
 * The bytes that pixels may take at a time.
 * @param imageBytes bytes of one image
 * @param total bytes of all images
 * @throws FoveaError for a limit that holds neither all images nor two batches
 */
export async function memoryFor(
  { memory, inUse, batchSize }: MemoryWish,
  imageBytes: number,
  total: number,
): Promise<number> {
  const least = Math.min(total, BATCHES_AT_A_TIME * batchSize * imageBytes);
  const bytes = memory === undefined ? await usualLimit() : bytesOfLimit(memory);
  if (memory === undefined || bytes >= least) return Math.max(least, bytes - inUse);
  throw new FoveaError(
    "out-of-memory-bound",
    `memory ${showByteSize(bytes)} (--memory) holds less than one batch of ${batchSize} images of ` +
      `${imageBytes.toLocaleString("en-US")} bytes and the next one, which is fetched meanwhile; ` +
      `give at least ${showByteSize(least)}`,
  );
}

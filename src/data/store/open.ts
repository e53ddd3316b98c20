// Opens the images of a listing: decodes them once, or finds them in the cache, and decides by the memory limit where
// their pixels are kept. The pixels are the same wherever that is.

import { FoveaError } from "../../core/errors.js";
import { tensor } from "../../core/tensor.js";
import type { TooLarge } from "../../platform/cache.js";
import { absolutePath, blockingFiles, removeFile } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import type { ImageDataset } from "../dataset.js";
import { decodeFiles, type PendingFile } from "../decode-pool.js";
import type { Problem } from "../folders.js";
import { budgetWithin } from "../memory-budget.js";
import { channelsOf } from "../pixels.js";
import type { ListedImage, Listing } from "../sources/listing.js";
import { imageBytes, type Target } from "../target.js";
import { CacheFile, type CacheKey, CacheWriter, cachePathFor } from "./cache-file.js";
import { type DecodedFacts, FactsCollector } from "./decoded-facts.js";
import { type ImageStore, MemoryStore } from "./image-store.js";
import { CacheStore, OnDemandStore } from "./streamed-stores.js";

export interface OpenSettings {
  readonly target: Target;
  /** Leaves out images that cannot be decoded, instead of refusing all. */
  readonly skipBad: boolean;
  readonly threads: number | undefined;
  readonly cache: boolean;
  /** Bytes that the pixels may take, by the bytes of one image and of all. */
  readonly memory: (image: number, all: number) => Promise<number>;
  /** Keeps pixels in memory where they fit into it. */
  readonly inMemory: boolean;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
  /** Receives the sizes of a cache file that is larger than the whole cache may be. */
  readonly onNotKept: ((why: TooLarge) => void) | undefined;
}

type Images = Pick<Listing, "where" | "images">;

/** @throws FoveaError naming the images that cannot be decoded, unless they are left out and others remain */
export async function openStore(listing: Images, settings: OpenSettings): Promise<ImageDataset> {
  const { images } = listing;
  const size = imageBytes(settings.target);
  const all = images.length * size;
  const bound = await settings.memory(size, all);
  const isKept = settings.inMemory && all <= bound;
  const key = settings.cache ? await cacheKeyOf(listing, settings.target) : undefined;
  const cached = key && (await CacheFile.open(key, size));
  let isRead = false;
  try {
    const opened = isKept
      ? await inMemory(listing, settings, key, cached)
      : await streamed(listing, settings, key, cached, bound);
    if (cached !== undefined) settings.onProgress?.(images.length, images.length);
    isRead = !isKept;
    return opened;
  } finally {
    // Only a store that reads the file keeps it open; none is left where images are refused.
    if (!isRead) await cached?.close();
  }
}

function datasetOf(
  { where, images }: Images,
  { skipBad }: OpenSettings,
  facts: DecodedFacts,
  store: () => ImageStore,
): ImageDataset {
  const { kept, skipped } = facts;
  if (skipped.length > 0 && (!skipBad || kept.length === 0)) throw undecodable(where, images.length, skipped);
  return { ...facts, images: store(), files: Array.from(kept, (number) => images[number]!.path) };
}

async function inMemory(
  listing: Images,
  settings: OpenSettings,
  key: CacheKey | undefined,
  cached: CacheFile | undefined,
): Promise<ImageDataset> {
  const { target } = settings;
  const size = imageBytes(target);
  const pixels = allocatePixels(listing, target);
  const storeOf = (count: number) => () =>
    new MemoryStore(
      tensor(pixels.subarray(0, count * size), [count, target.height, target.width, channelsOf(target.color)], "uint8"),
    );
  if (cached !== undefined && (await readAll(cached, pixels, size)))
    return datasetOf(listing, settings, cached.facts, storeOf(cached.facts.kept.length));
  const facts = await decodeAll(listing, settings, undefined, (first, decoded) => pixels.set(decoded, first * size));
  // Images that are left out leave gaps, which are closed.
  for (const [to, from] of facts.kept.entries())
    if (to !== from) pixels.copyWithin(to * size, from * size, (from + 1) * size);
  const dataset = datasetOf(listing, settings, facts, storeOf(facts.kept.length));
  if (key !== undefined) await writeAll(key, listing, facts, pixels, settings);
  return dataset;
}

/** Images that are read or written at a time. */
const BLOCK = 256;

/** Reads all images of a cache file. @returns true where they are as they were written */
async function readAll(cached: CacheFile, pixels: Uint8Array, size: number): Promise<boolean> {
  const { kept } = cached.facts;
  for (let start = 0; start < kept.length; start += BLOCK) {
    const slots = kept.subarray(start, start + BLOCK);
    const block = pixels.subarray(start * size, (start + slots.length) * size);
    if ((await cached.read(slots, block)).length > 0) return false;
  }
  return true;
}

async function writeAll(
  key: CacheKey,
  { images }: Images,
  facts: DecodedFacts,
  pixels: Uint8Array,
  { target, onNotKept }: OpenSettings,
): Promise<void> {
  const size = imageBytes(target);
  const writer = await CacheWriter.begin(key, images.length, size, onNotKept);
  for (let start = 0; start < facts.kept.length && writer.isOpen; ) {
    const first = facts.kept[start]!;
    let end = start + 1;
    while (end < facts.kept.length && end - start < BLOCK && facts.kept[end] === first + end - start) end++;
    await writer.write(first, pixels.subarray(start * size, end * size));
    start = end;
  }
  await writer.finish(facts);
}

async function streamed(
  listing: Images,
  settings: OpenSettings,
  key: CacheKey | undefined,
  cached: CacheFile | undefined,
  bound: number,
): Promise<ImageDataset> {
  const { target, threads } = settings;
  const { images } = listing;
  const size = imageBytes(target);
  const origin = { images, target, threads };
  const storeIn = (file: CacheFile) => () => new CacheStore(file, origin, () => removeFile(key!.path));
  if (cached !== undefined) return datasetOf(listing, settings, cached.facts, storeIn(cached));
  const writer = key && (await CacheWriter.begin(key, images.length, size, settings.onNotKept));
  try {
    const facts = await decodeAll(listing, settings, bound, (first, decoded) => writer?.write(first, decoded));
    const onDemand = datasetOf(listing, settings, facts, () => new OnDemandStore({ ...origin, facts }));
    await writer?.finish(facts);
    const file = key && (await CacheFile.open(key, size));
    return file === undefined ? onDemand : datasetOf(listing, settings, facts, storeIn(file));
  } catch (error) {
    await writer?.discard();
    throw error;
  }
}

/** Batches that are decoded, on their way or written at a time. */
const COPIES = 16;

/** Bytes of a batch where memory is limited. Freed pieces from 128 KB on make Linux's C library keep as much for later. */
const SMALL_BATCH = 120_000;

/** Decodes all images of a listing. @param bound bytes that those in flight may take */
async function decodeAll(
  { images }: Images,
  { target, threads, onProgress }: OpenSettings,
  bound: number | undefined,
  use: (first: number, pixels: Uint8Array) => void | Promise<void>,
): Promise<DecodedFacts> {
  const collector = new FactsCollector(images);
  const batchFiles =
    bound === undefined ? undefined : Math.floor(Math.min(bound / COPIES, SMALL_BATCH) / imageBytes(target));
  const pending = images.map(pendingOf);
  let done = 0;
  await decodeFiles(pending, { target, threads, batchFiles, budget: budgetWithin(bound) }, async (first, result) => {
    await use(first, result.pixels);
    collector.add(first, result);
    done += result.heights.length;
    onProgress?.(done, images.length);
  });
  return collector.facts();
}

export const pendingOf = ({ path, size, source }: ListedImage): PendingFile => ({ name: path, size, source });

function allocatePixels({ where, images }: Images, target: Target): Uint8Array<ArrayBuffer> {
  const bytes = images.length * imageBytes(target);
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    throw new FoveaError(
      "out-of-memory-bound",
      `${where}: ${images.length} images of ${target.height}x${target.width} ${target.color} need ` +
        `${(bytes / 2 ** 30).toFixed(1)} GiB of memory at once, which could not be allocated; choose a smaller image ` +
        "size, or set a limit with memory (--memory)",
      { cause: error },
    );
  }
}

/** The cache file for a listing of files on a disk; undefined where there can be none. */
async function cacheKeyOf({ where, images }: Images, target: Target): Promise<CacheKey | undefined> {
  if (images.length === 0 || images.some(({ source }) => typeof source !== "string")) return undefined;
  const settings = JSON.stringify(target);
  const path = await cachePathFor(await absolutePath(where), settings);
  if (path === undefined) return undefined;
  const disk = await blockingFiles();
  const lines = images.map(({ path: name, source }) => {
    const facts = disk.stat(source as string);
    return [name, facts?.size, facts?.mtimeMs, facts?.ctimeMs].join("\0");
  });
  return { path, fingerprint: await sha256Hex(new TextEncoder().encode([settings, ...lines].join("\n"))) };
}

const NAMED_AT_MOST = 10;

function undecodable(where: string, count: number, bad: readonly Problem[]): FoveaError {
  const named = bad.slice(0, NAMED_AT_MOST).map(({ path, reason }) => `${path} (${reason})`);
  const rest = bad.length > NAMED_AT_MOST ? `, and ${bad.length - NAMED_AT_MOST} more` : "";
  return new FoveaError(
    "damaged-image",
    `${where}: ${bad.length} of ${count} images cannot be decoded: ${named.join(", ")}${rest}; ` +
      "repair or remove them, or leave them out with skipBad (--skip-bad)",
  );
}

// From a folder of images, or images themselves, to a data set: listed, decoded or found in the cache, with their
// classes. Other files do each of these; this one has their order and the options.

import { FoveaError, shown } from "../core/errors.js";
import { checkOptions, numberWithin, wholeNumber } from "../core/options.js";
import { tensor } from "../core/tensor.js";
import type { TooLarge } from "../platform/cache.js";
import { type ClassifiedImages, type ImageDataset, type LoadedDataset, withParts } from "./dataset.js";
import { commonSize } from "./sizes.js";
import { type ClassListing, type ImageSource, listClassFolders, listClassPaths } from "./sources/class-listing.js";
import type { Listing } from "./sources/listing.js";
import type { MemoryStore } from "./store/image-store.js";
import { bytesOfLimit, type MemoryLimit, memoryFor, USUAL_BATCH } from "./store/memory-bound.js";
import { type OpenSettings, openStore, pendingOf } from "./store/open.js";
import { sizeFrom, TARGET_OPTIONS, type Target, type TargetOptions, targetFrom } from "./target.js";

export type { ImageSource } from "./sources/class-listing.js";

/**
 * Form of images, and ways of loading them. Without a size all images must have the same; colours are `"grayscale"` and
 * the interpolation is `"lanczos"` when left out.
 */
export interface LoadOptions extends TargetOptions {
  /** Leaves out images that cannot be decoded, and names them in `skipped`. Default false: they are an error. */
  readonly skipBad?: boolean;
  /** Paths of images that are left out, whether or not they can be decoded. */
  readonly leaveOut?: readonly string[];
  /** Decoding threads; 0 or 1 for none besides this one. The bytes are the same. Default: the number of the machine. */
  readonly threads?: number;
  /** Keeps decoded images in, and takes them from, the user's cache folder. Default true. */
  readonly cache?: boolean;
  /**
   * Called when the decoded images are larger than the whole cache may be, so that they are decoded again next time.
   * Default: none.
   * @param why The size, and the cache's limit.
   */
  readonly onNotKept?: (why: TooLarge) => void;
  /** The classes to expect, as a training set's or a model's. Default: those that are found. */
  readonly classNames?: readonly string[];
  /**
   * Receives the number of images that are done, and of all. Default: none.
   * @param done Images that are done.
   * @param total All images.
   */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Ways of opening images that need not fit into memory. */
export interface OpenOptions extends LoadOptions {
  /**
   * Memory that pixels may take: bytes, or a size such as `"64MB"`. Images that fit are kept in memory, others are read
   * from a cache file, or decoded when they are used. Default: a quarter of the memory that is free.
   */
  readonly memory?: MemoryLimit;
  /** Bytes of that memory that other images hold already; two batches are opened in any case. Default 0. */
  readonly memoryInUse?: number;
  /** Keeps images in memory where they fit into it. Default true. */
  readonly inMemory?: boolean;
  /** Images that are used at a time; two such batches have to fit. Default 64. */
  readonly batchSize?: number;
}

const LOAD_OPTIONS = [
  ...TARGET_OPTIONS,
  "skipBad",
  "leaveOut",
  "threads",
  "cache",
  "onNotKept",
  "classNames",
  "onProgress",
] as const;
const OPEN_OPTIONS = [...LOAD_OPTIONS, "memory", "memoryInUse", "inMemory", "batchSize"] as const;

/**
 * Loads a folder with one subfolder per class as Pillow would: decoded, converted, resized, in code-point order.
 * @param from the folder, or the images themselves where there are no folders
 * @throws FoveaError for a bad folder (see scanImageFolder), naming all images that cannot be decoded, or the commonest
 * size where images differ and none is asked for.
 * @example
 * const pets = await loadImages("pets", { height: 8, width: 8 });
 * pets.x.shape; // [30, 8, 8, 1]
 */
export async function loadImages(
  from: string | readonly ImageSource[],
  options: LoadOptions = {},
): Promise<LoadedDataset> {
  checkOptions("loadImages", options, LOAD_OPTIONS);
  const listing = await listed("loadImages", from, options);
  const data = await opened("loadImages", listing, options, async () => Infinity);
  // Without a limit all images are in memory.
  const { x } = data.images as MemoryStore;
  return withParts({ ...data, ...classesOf(listing, data), x });
}

/**
 * Opens a folder with one subfolder per class without keeping all pixels in memory; they are those of `loadImages`.
 * Close `images` where it can be closed.
 * @param from the folder, or the images themselves where there are no folders
 * @returns images by row: `await data.images.rows(Int32Array.of(3, 1))` is `[2, height, width, channels]`
 * @throws FoveaError as `loadImages` does, and for a memory limit that two batches do not fit in
 * @example
 * const pets = await openImages("pets", { height: 224, width: 224, color: "rgb", memory: "200MB", threads: 0 });
 * await pets.images.rows(Int32Array.of(3, 1)); // [2, 224, 224, 3]
 */
export async function openImages(
  from: string | readonly ImageSource[],
  options: OpenOptions = {},
): Promise<ClassifiedImages> {
  checkOptions("openImages", options, OPEN_OPTIONS);
  const limit = limitOf("openImages", options);
  const listing = await listed("openImages", from, options);
  const data = await opened("openImages", listing, options, limit);
  return { ...data, ...classesOf(listing, data) };
}

/**
 * Opens the images of any source; `openImages` for class folders. The columns of image `i` are at `kept[i]`.
 * @param listing The listing of the images.
 * @param options Size, colours, memory and threads; defaults as `LoadOptions` says.
 * @throws FoveaError naming all images that cannot be decoded, for a limit that two batches do not fit in, and naming
 * the commonest size where images differ and none is asked for
 * @example
 * const { listing } = await openSource("pets");
 * const { files, contentHash } = await openListing(listing, { height: 8, width: 8, memory: "64MB" });
 */
export async function openListing(
  listing: Listing,
  options: Omit<OpenOptions, "classNames" | "leaveOut"> = {},
): Promise<ImageDataset> {
  checkOptions(
    "openListing",
    options,
    OPEN_OPTIONS.filter((name) => name !== "classNames" && name !== "leaveOut"),
  );
  checkTarget("openListing", options);
  return opened("openListing", listing, options, limitOf("openListing", options));
}

type Size = Pick<Target, "height" | "width">;

const targetFor = (options: LoadOptions, size: Size): Target =>
  targetFrom({ ...options, ...size, color: options.color ?? "grayscale" });

/** @throws FoveaError for wrong options, before anything is read */
const checkTarget = (who: string, options: LoadOptions): Target =>
  targetFor(options, sizeFrom(who, options) ?? { height: 1, width: 1 });

function limitOf(
  who: string,
  { memory, memoryInUse = 0, batchSize = USUAL_BATCH }: OpenOptions,
): OpenSettings["memory"] {
  const batch = wholeNumber(`${who} batchSize`, batchSize);
  numberWithin(`${who} memoryInUse`, memoryInUse, 0);
  if (memory !== undefined) bytesOfLimit(memory);
  return (image, all) => memoryFor({ memory, inUse: memoryInUse, batchSize: batch }, image, all);
}

async function listed(who: string, from: string | readonly ImageSource[], options: LoadOptions): Promise<ClassListing> {
  checkTarget(who, options);
  if (typeof from === "string") return listClassFolders(from, options);
  if (!Array.isArray(from))
    throw new FoveaError("wrong-type", `${who}: expected a folder or a list of images, received ${shown(from)}`);
  return listClassPaths(from, options);
}

async function opened(
  who: string,
  listing: Listing,
  options: LoadOptions & Pick<OpenOptions, "inMemory">,
  memory: OpenSettings["memory"],
): Promise<ImageDataset> {
  const size = sizeFrom(who, options) ?? (await commonSize(listing.where, listing.images.map(pendingOf), options));
  return openStore(listing, {
    target: targetFor(options, size),
    skipBad: options.skipBad ?? false,
    threads: options.threads,
    cache: options.cache !== false,
    memory,
    inMemory: options.inMemory ?? true,
    onProgress: options.onProgress,
    onNotKept: options.onNotKept,
  });
}

const classesOf = (
  { classes, classNames }: ClassListing,
  { kept }: ImageDataset,
): Pick<ClassifiedImages, "y" | "classNames"> => ({
  y: tensor(
    kept.map((number) => classes[number]!),
    [kept.length],
    "int32",
  ),
  classNames,
});

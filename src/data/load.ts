// From a folder of images (or bytes, in a browser) to one uint8 tensor with labels: scan, cache, decode, collect.
// Other files do each of these; this one has their order, and the handling of images that cannot be decoded.

import { FoveaError, shown } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { tensor } from "../core/tensor.js";
import { byCodePoint } from "../core/text-order.js";
import type { TooLarge } from "../platform/cache.js";
import { absolutePath, blockingFiles } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import { joinPath } from "../platform/paths.js";
import { hashContents, type LoadedDataset, withParts } from "./dataset.js";
import { decodeFiles, type PendingFile } from "./decode-pool.js";
import { type ImageFolder, type Problem, scanImageFolder, toClasses } from "./folders.js";
import { type CachedImages, cachePathFor, readCache, writeCache } from "./image-cache.js";
import { channelsOf } from "./pixels.js";
import { commonSize } from "./sizes.js";
import { imageBytes, sizeFrom, TARGET_OPTIONS, type Target, type TargetOptions, targetFrom } from "./target.js";

/**
 * Form of images in `x`, and ways of loading them. Without a size all images must have the same; colours are
 * `"grayscale"` and the interpolation is `"lanczos"` when left out.
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
  /** Told when the decoded images are larger than the whole cache may be, so that they are decoded again next time. */
  readonly onNotKept?: (why: TooLarge) => void;
  /** The classes to expect, as a training set's or a model's. By default those that are found. */
  readonly classNames?: readonly string[];
  /** Receives the number of images that are done, and of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** An image that is no file on a disk: one that a user has dropped on a page, for example. */
export interface ImageSource {
  /** `CLASS/NAME`: the part before the first `/` is its class. */
  readonly path: string;
  readonly size: number;
  readonly bytes: () => Promise<Uint8Array>;
}

/**
 * Loads a folder with one subfolder per class as Pillow would: decoded, converted, resized, in code-point order.
 * @param from the folder, or the images themselves where there are no folders
 * @throws FoveaError for a bad folder (see scanImageFolder), naming all images that cannot be decoded, or the commonest
 * size where images differ and none is asked for.
 * @example const data = await loadImages("CASIA-Dataset/Train", { height: 80, width: 60 }); // x: [32942, 80, 60, 1]
 */
export async function loadImages(
  from: string | readonly ImageSource[],
  options: LoadOptions = {},
): Promise<LoadedDataset> {
  checkOptions("loadImages", options, [
    ...TARGET_OPTIONS,
    ...["skipBad", "leaveOut", "threads", "cache", "onNotKept", "classNames", "onProgress"],
  ]);
  // Wrong options throw before anything is read.
  targetFor(options, sizeFrom("loadImages", options) ?? { height: 1, width: 1 });
  if (typeof from !== "string" && !Array.isArray(from))
    throw new FoveaError(`loadImages: expected a folder or a list of images, received ${shown(from)}`);
  return typeof from === "string" ? loadFolder(from, options) : loadSources(from, options);
}

type Size = Pick<Target, "height" | "width">;

const targetFor = (options: LoadOptions, size: Size): Target =>
  targetFrom({ ...options, ...size, color: options.color ?? "grayscale" });

/** The target of images whose size may be left to them. */
async function settledTarget(where: string, files: readonly PendingFile[], options: LoadOptions): Promise<Target> {
  return targetFor(options, sizeFrom("loadImages", options) ?? (await commonSize(where, files, options)));
}

async function loadFolder(folder: string, options: LoadOptions): Promise<LoadedDataset> {
  const { files, ...others } = await scanImageFolder(folder, { classNames: options.classNames });
  const left = new Set(options.leaveOut);
  const scanned = { ...others, files: files.filter(({ path }) => !left.has(path)) };
  const disk = await blockingFiles();
  const facts = scanned.files.map((file) => disk.stat(joinPath(folder, file.path)));
  const pending = scanned.files.map(({ path }, i) => ({
    name: path,
    size: facts[i]?.size ?? 0,
    source: joinPath(folder, path),
  }));
  const target = await settledTarget(folder, pending, options);
  const path =
    options.cache === false ? undefined : await cachePathFor(await absolutePath(folder), JSON.stringify(target));
  if (path === undefined)
    return assemble(folder, scanned, target, options, await decodeAll(folder, pending, target, options));

  const listing = pending.map(({ name, size }, i) => [name, size, facts[i]?.mtimeMs, facts[i]?.ctimeMs].join("\0"));
  const fingerprint = await sha256Hex(new TextEncoder().encode(listing.join("\n")));
  const cached = await readCache(path, fingerprint);
  if (cached !== undefined) {
    options.onProgress?.(pending.length, pending.length);
    return assemble(folder, scanned, target, options, cached);
  }
  const images = await decodeAll(folder, pending, target, options);
  const dataset = assemble(folder, scanned, target, options, images);
  const notKept = await writeCache(path, fingerprint, images);
  if (notKept !== undefined) options.onNotKept?.(notKept);
  return dataset;
}

async function loadSources(sources: readonly ImageSource[], options: LoadOptions): Promise<LoadedDataset> {
  const where = "the list of images";
  const sorted = [...sources].sort((a, b) => byCodePoint(a.path, b.path));
  const labelled = sorted.map(({ path }) => ({ path, label: path.slice(0, Math.max(0, path.indexOf("/"))) }));
  const stray = labelled.find(({ label }) => label === "");
  if (stray !== undefined)
    throw new FoveaError(`${where}: expected paths such as CLASS/NAME, received ${JSON.stringify(stray.path)}`);
  const classes = toClasses(where, labelled, options.classNames);
  const pending = sorted.map(({ path, size, bytes }) => ({ name: path, size, source: bytes }));
  const target = await settledTarget(where, pending, options);
  return assemble(where, classes, target, options, await decodeAll(where, pending, target, options));
}

/** Decodes all files into arrays with a place for each, and closes the gaps that undecodable ones leave. */
async function decodeAll(
  where: string,
  files: readonly PendingFile[],
  target: Target,
  options: LoadOptions,
): Promise<CachedImages> {
  const size = imageBytes(target);
  const pixels = allocatePixels(where, files.length, target);
  const heights = new Uint32Array(files.length);
  const widths = new Uint32Array(files.length);
  const modes = new Uint8Array(files.length);
  const hashes = new Array<string>(files.length);
  const reasons = new Map<number, string>();
  let done = 0;
  await decodeFiles(files, { target, threads: options.threads }, (first, result) => {
    pixels.set(result.pixels, first * size);
    heights.set(result.heights, first);
    widths.set(result.widths, first);
    modes.set(result.modes, first);
    for (const [i, hash] of result.hashes.entries()) hashes[first + i] = hash;
    for (const { at, reason } of result.errors) reasons.set(first + at, reason);
    done += result.heights.length;
    options.onProgress?.(done, files.length);
  });
  const good = [...files.keys()].filter((i) => !reasons.has(i));
  for (const [to, from] of good.entries())
    if (to !== from) pixels.copyWithin(to * size, from * size, (from + 1) * size);
  return {
    pixels: pixels.subarray(0, good.length * size),
    heights: Uint32Array.from(good, (i) => heights[i]!),
    widths: Uint32Array.from(good, (i) => widths[i]!),
    modes: Uint8Array.from(good, (i) => modes[i]!),
    hashes: good.map((i) => hashes[i]!),
    skipped: [...files.keys()]
      .filter((i) => reasons.has(i))
      .map((i) => ({ path: files[i]!.name, reason: reasons.get(i)! })),
    contentHash: await hashContents(
      good.map((i) => files[i]!.name),
      good.map((i) => hashes[i]!),
    ),
  };
}

function allocatePixels(where: string, count: number, target: Target): Uint8Array<ArrayBuffer> {
  const bytes = count * imageBytes(target);
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    throw new FoveaError(
      `${where}: ${count} images of ${target.height}x${target.width} ${target.color} need ` +
        `${(bytes / 2 ** 30).toFixed(1)} GiB of memory at once, which is not to be had; choose a smaller image size`,
      { cause: error },
    );
  }
}

/** Puts pixels and labels together; images that could not be decoded become an error here, unless skipped. */
function assemble(
  where: string,
  { classNames, files }: Pick<ImageFolder, "classNames" | "files">,
  target: Target,
  options: LoadOptions,
  images: CachedImages,
): LoadedDataset {
  const { pixels, heights, widths, modes, hashes, skipped, contentHash } = images;
  if (skipped.length > 0 && !(options.skipBad ?? false)) throw undecodable(where, files.length, skipped);
  if (skipped.length === files.length) throw undecodable(where, files.length, skipped);
  const bad = new Set(skipped.map((problem) => problem.path));
  const good = files.filter((file) => !bad.has(file.path));
  const shape = [good.length, target.height, target.width, channelsOf(target.color)];
  return withParts({
    x: tensor(pixels, shape, "uint8"),
    y: tensor(
      Int32Array.from(good, (file) => file.classIndex),
      [good.length],
      "int32",
    ),
    classNames,
    files: good.map((file) => file.path),
    heights,
    widths,
    modes,
    skipped,
    contentHash,
    hashes,
  });
}

const NAMED_AT_MOST = 10;

function undecodable(where: string, count: number, bad: readonly Problem[]): FoveaError {
  const named = bad.slice(0, NAMED_AT_MOST).map(({ path, reason }) => `${path} (${reason})`);
  const rest = bad.length > NAMED_AT_MOST ? `, and ${bad.length - NAMED_AT_MOST} more` : "";
  return new FoveaError(
    `${where}: ${bad.length} of ${count} images cannot be decoded: ${named.join(", ")}${rest}; ` +
      "repair or remove them, or leave them out with skipBad (--skip-bad)",
  );
}

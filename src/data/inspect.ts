// Facts about a folder of images, for people to look at before they train: counts, sizes, colour modes, problems.
// Pure data out, no printing or drawing. Reads headers; reads whole files of small sets, or where `verify` asks for it.

import { defined } from "../core/defined.js";
import { checkOptions } from "../core/options.js";
import { byCodePoint } from "../core/text-order.js";
import { blockingFiles } from "../platform/files.js";
import { baseName, joinPath } from "../platform/paths.js";
import { copyFindings, type HashedPart } from "./copies.js";
import { decodeFiles } from "./decode-pool.js";
import { COLOR_MODES, type ColorMode } from "./decoders/index.js";
import type { Finding } from "./findings.js";
import {
  findSplits,
  type ImageFile,
  type ImageFolder,
  type LaidOut,
  type Problem,
  scanImageFolder,
} from "./folders.js";
import { layoutFindings } from "./layout.js";
import { hasNoClasses, onlyClass, scanLooseImages } from "./loose-images.js";
import { budgetWithin } from "./memory-budget.js";

/** Options of `inspectImages`. */
export interface InspectOptions {
  /**
   * Decodes every image, which finds damage behind the header, images that occur twice and images that are nearly
   * constant. Default: where that takes a second or two.
   */
  readonly verify?: boolean;
  /** Default: as many as the machine has. */
  readonly threads?: number;
  /** Bytes that large images may take while they are decoded. Default: 2 GB. */
  readonly memory?: number;
  /**
   * Receives the number of images of the split that are done. Default: none.
   * @param split Name of the split's folder.
   * @param done Images that are done.
   * @param total All images of the split.
   */
  readonly onProgress?: (split: string, done: number, total: number) => void;
}

/** One image, by the path relative to its split's folder. */
export interface SizedImage {
  /** Path relative to the split's folder. */
  readonly path: string;
  /** Height in pixels. */
  readonly height: number;
  /** Width in pixels. */
  readonly width: number;
}

/** Contents of one split, or of a folder without splits. */
export interface SplitFacts {
  /** The name of its folder: `Train`. */
  readonly name: string;
  /** Path of the folder. */
  readonly folder: string;
  /** Number of images. */
  readonly count: number;
  /** Names of the classes and their numbers of images. */
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** Heights in pixels of the images that can be read, upright. */
  readonly heights: Uint32Array;
  /** Widths in pixels of the images that can be read, upright. */
  readonly widths: Uint32Array;
  /** Colour modes by Pillow's names, the most frequent first. */
  readonly modes: readonly { readonly mode: ColorMode; readonly count: number }[];
  /** The image of the fewest pixels; undefined when no image can be read. */
  readonly smallest: SizedImage | undefined;
  /** The image of the most pixels; undefined when no image can be read. */
  readonly largest: SizedImage | undefined;
  /** Images whose EXIF orientation says that they are stored turned or mirrored. */
  readonly turned: number;
  /** Images of 16 bits per sample, of which 8 are used. */
  readonly deep: number;
  /** Images that cannot be decoded or are nearly constant, files that are no images, classes without any. */
  readonly problems: readonly Problem[];
}

/** Contents of a folder of images. */
export interface FolderFacts {
  /** Path of the folder. */
  readonly folder: string;
  /** Facts of each split, or of the folder itself. */
  readonly splits: readonly SplitFacts[];
  /** True where every image was decoded. */
  readonly verified: boolean;
  /** Groups of images with the same bytes, within a split or across them (`Train/东/1.png`); none unless verified. */
  readonly duplicates: readonly (readonly string[])[];
  /** Suspected faults of the whole: names that are no classes, classes that a split lacks, tables beside the images. */
  readonly findings: readonly Finding[];
}

/** The images of a part for those who compare parts. */
interface InspectedPart extends LaidOut, HashedPart {
  readonly prefix: string;
}

/** Reading a header is as little work as decoding this many bytes. */
const HEADER_WEIGHT = 256;

/** Most images and pixels of a set that is verified by default: it takes a second or two. */
const SMALL_SET = { images: 2000, pixels: 64e6 };

/**
 * Inspects a folder that holds splits (`Train`, `Test`) or class folders.
 * @param folder The folder.
 * @throws FoveaError for a folder that scanImageFolder refuses. Single bad images are facts, not errors.
 * @example
 * const { splits, duplicates } = await inspectFolder("pets", { verify: true, threads: 0 });
 * splits[0].classes; // [{ name: "cat", count: 10 }, ...]
 */
export async function inspectFolder(folder: string, options: InspectOptions = {}): Promise<FolderFacts> {
  checkOptions("inspectFolder", options, ["verify", "threads", "memory", "onProgress"]);
  const { verify, ...others } = options;
  if (verify !== undefined) return inspectAll(folder, verify, others);
  const byHeaders = await inspectAll(folder, false, others);
  if (!isSmall(byHeaders)) return byHeaders;
  const { threads, memory } = others;
  return inspectAll(folder, true, defined({ threads, memory }));
}

function isSmall({ splits }: FolderFacts): boolean {
  const images = splits.reduce((sum, { count }) => sum + count, 0);
  const pixels = splits.reduce(
    (sum, { heights, widths }) => sum + heights.reduce((of, height, i) => of + height * widths[i]!, 0),
    0,
  );
  return images <= SMALL_SET.images && pixels <= SMALL_SET.pixels;
}

type Settings = Omit<InspectOptions, "verify">;

async function inspectAll(folder: string, verify: boolean, settings: Settings): Promise<FolderFacts> {
  const found = Object.values(await findSplits(folder));
  const places = new Map<string, string[]>();
  const splits: SplitFacts[] = [];
  const parts: InspectedPart[] = [];
  for (const split of found.length > 0 ? found : [folder]) {
    const prefix = found.length > 0 ? `${baseName(split)}/` : "";
    const { facts, part } = await inspectSplit(split, prefix, places, verify, settings);
    splits.push(facts);
    parts.push(part);
  }
  const duplicates = [...places.values()].filter((paths) => paths.length > 1).map((paths) => paths.sort(byCodePoint));
  // Within one part copies of an image are duplicates; across parts and classes they are findings.
  const hashed = parts.map(({ name, prefix, files, hashes, classes }): HashedPart => {
    const read = [...files.keys()].filter((i) => hashes[i] !== "");
    return {
      name,
      files: read.map((i) => `${prefix}${files[i]!}`),
      hashes: read.map((i) => hashes[i]!),
      ...(classes && { classes: read.map((i) => classes[i]!) }),
    };
  });
  const findings = [...(await layoutFindings(parts)), ...(verify ? copyFindings(hashed) : [])];
  return {
    folder,
    splits,
    verified: verify,
    findings,
    duplicates: duplicates.sort((a, b) => byCodePoint(a[0]!, b[0]!)),
  };
}

/** The images of a part, or of a folder without parts, by class where it has classes. */
async function scanPart(folder: string, isPart: boolean): Promise<ImageFolder> {
  if (!(await hasNoClasses(folder))) return scanImageFolder(folder);
  // A part may have images of one class only, and of the others none.
  const only = isPart ? await onlyClass(folder) : undefined;
  return only === undefined ? scanLooseImages(folder) : scanImageFolder(folder, { classNames: [only] });
}

/** @param places collects the paths of each content hash */
async function inspectSplit(
  folder: string,
  prefix: string,
  places: Map<string, string[]>,
  verify: boolean,
  options: Settings,
): Promise<{ readonly facts: SplitFacts; readonly part: InspectedPart }> {
  const name = baseName(folder);
  const { classNames, files, problems } = await scanPart(folder, prefix !== "");
  const disk = await blockingFiles();
  const pending = files.map(({ path }) => {
    const source = joinPath(folder, path);
    return { name: path, source, size: verify ? (disk.stat(source)?.size ?? 0) : HEADER_WEIGHT };
  });
  // Flat arrays, for sets of hundreds of thousands; a height of 0 is that of an image that cannot be read.
  const heights = new Uint32Array(files.length);
  const widths = new Uint32Array(files.length);
  const modes = new Uint8Array(files.length);
  const hashes = new Array<string>(files.length).fill("");
  const bad: (Problem & { at: number })[] = [];
  let done = 0;
  let turned = 0;
  let deep = 0;
  const how = {
    ...(verify ? { collect: ["flat"] as const } : {}),
    threads: options.threads,
    budget: budgetWithin(options.memory),
  };
  await decodeFiles(pending, how, (first, result) => {
    turned += result.orientations.reduce((sum, orientation) => sum + (orientation > 1 ? 1 : 0), 0);
    deep += result.depths.reduce((sum, depth) => sum + (depth > 8 ? 1 : 0), 0);
    for (const { at, reason } of result.errors) bad.push({ at: first + at, path: files[first + at]!.path, reason });
    for (const [at, reason] of result.collected.flat ?? [])
      bad.push({ at: first + at, path: files[first + at]!.path, reason });
    heights.set(result.heights, first);
    widths.set(result.widths, first);
    modes.set(result.modes, first);
    for (const { at } of result.errors) heights[first + at] = 0;
    for (const [i, hash] of result.hashes.entries()) hashes[first + i] = hash;
    done += result.heights.length;
    options.onProgress?.(name, done, files.length);
  });
  for (const [i, hash] of hashes.entries()) {
    if (hash === "") continue;
    const same = places.get(hash);
    if (same === undefined) places.set(hash, [prefix + files[i]!.path]);
    else same.push(prefix + files[i]!.path);
  }
  // Results come in any order; facts do not.
  bad.sort((a, b) => a.at - b.at);
  const facts: SplitFacts = {
    name,
    folder,
    count: files.length,
    classes: classCounts(classNames, files),
    ...sizeFacts(
      files.map(({ path }) => path),
      { heights, widths, modes },
    ),
    turned,
    deep,
    problems: [...bad.map(({ path, reason }) => ({ path, reason })), ...problems],
  };
  const part: InspectedPart = {
    name,
    folder,
    prefix,
    files: files.map(({ path }) => path),
    hashes,
    classes: files.map(({ label }) => label),
  };
  return { facts, part };
}

function classCounts(classNames: readonly string[], files: readonly ImageFile[]): SplitFacts["classes"] {
  const counts = new Uint32Array(classNames.length);
  for (const { classIndex } of files) if (classIndex >= 0) counts[classIndex]! += 1;
  return classNames.map((name, index) => ({ name, count: counts[index]! }));
}

interface Sizes {
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  readonly modes: Uint8Array;
}

/** Facts about the sizes and colour modes of the images that can be read. */
function sizeFacts(
  paths: readonly string[],
  { heights, widths, modes }: Sizes,
): Pick<SplitFacts, "heights" | "widths" | "modes" | "smallest" | "largest"> {
  const readable = Int32Array.from(heights.keys()).filter((i) => heights[i]! > 0);
  const pixels = (i: number): number => heights[i]! * widths[i]!;
  const extreme = (sign: number): SizedImage | undefined => {
    if (readable.length === 0) return undefined;
    const at = readable.reduce((best, i) => (sign * (pixels(i) - pixels(best)) > 0 ? i : best));
    return { path: paths[at]!, height: heights[at]!, width: widths[at]! };
  };
  const counts = new Uint32Array(COLOR_MODES.length);
  for (const i of readable) counts[modes[i]!]! += 1;
  return {
    heights: Uint32Array.from(readable, (i) => heights[i]!),
    widths: Uint32Array.from(readable, (i) => widths[i]!),
    modes: COLOR_MODES.map((mode, index) => ({ mode, count: counts[index]! }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count),
    smallest: extreme(-1),
    largest: extreme(1),
  };
}

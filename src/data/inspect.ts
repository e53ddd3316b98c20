// Facts about a folder of images, for people to look at before they train: counts, sizes, colour modes, problems.
// Pure data out, no printing or drawing. Reads headers; reads whole files of small sets, or where `verify` asks for it.

import { checkOptions } from "../core/options.js";
import { byCodePoint } from "../core/text-order.js";
import { stat } from "../platform/files.js";
import { baseName, joinPath } from "../platform/paths.js";
import { copyFindings, type HashedPart } from "./copies.js";
import { decodeFiles } from "./decode-pool.js";
import { COLOR_MODES, type ColorMode } from "./decoders/index.js";
import type { Finding } from "./findings.js";
import { findSplits, type LaidOut, type Problem, scanImageFolder } from "./folders.js";
import { layoutFindings } from "./layout.js";
import { hasNoClasses, scanLooseImages } from "./loose-images.js";
import type { Target } from "./target.js";

export interface InspectOptions {
  /**
   * Decodes every image, which finds damage behind the header, images that occur twice and images that are nearly
   * constant. Default: where that takes a second or two.
   */
  readonly verify?: boolean;
  /** Default: as many as the machine has. */
  readonly threads?: number;
  /** Receives the number of images of the split that are done. */
  readonly onProgress?: (split: string, done: number, total: number) => void;
}

/** One image, by the path relative to its split's folder. */
export interface SizedImage {
  readonly path: string;
  readonly height: number;
  readonly width: number;
}

/** Contents of one split, or of a folder without splits. */
export interface SplitFacts {
  /** The name of its folder: `Train`. */
  readonly name: string;
  readonly folder: string;
  readonly count: number;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** Heights and widths in pixels of the images that can be read, turned upright. */
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  /** Colour modes by Pillow's names, the most frequent first. */
  readonly modes: readonly { readonly mode: ColorMode; readonly count: number }[];
  /** By number of pixels; absent when no image can be read. */
  readonly smallest: SizedImage | undefined;
  readonly largest: SizedImage | undefined;
  /** Images whose EXIF orientation says that they are stored turned or mirrored. */
  readonly turned: number;
  /** Images of 16 bits a sample, of which 8 are used. */
  readonly deep: number;
  /** Images that cannot be decoded or are nearly constant, files that are no images, classes without any. */
  readonly problems: readonly Problem[];
}

export interface FolderFacts {
  readonly folder: string;
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

/** Enough to make every image be decoded, and nothing more. */
const VERIFIED: Target = {
  height: 1,
  width: 1,
  color: "grayscale",
  interpolation: "nearest",
  orientation: "exif",
  depth: "scaled",
};

/** Most images and pixels of a set that is verified by default: it takes a second or two. */
const SMALL_SET = { images: 2000, pixels: 64e6 };

/**
 * Inspects a folder that holds splits (`Train`, `Test`) or class folders.
 * @throws FoveaError for a folder that scanImageFolder refuses. Single bad images are facts, not errors.
 */
export async function inspectFolder(folder: string, options: InspectOptions = {}): Promise<FolderFacts> {
  checkOptions("inspectFolder", options, ["verify", "threads", "onProgress"]);
  const { verify, ...others } = options;
  if (verify !== undefined) return inspectAll(folder, verify, others);
  const byHeaders = await inspectAll(folder, false, others);
  if (!isSmall(byHeaders)) return byHeaders;
  return inspectAll(folder, true, defined({ threads: others.threads }));
}

const defined = ({ threads }: { threads: number | undefined }): Pick<InspectOptions, "threads"> =>
  threads === undefined ? {} : { threads };

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
      classes: read.map((i) => classes[i]!),
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

/** @param places collects the paths of each content hash */
async function inspectSplit(
  folder: string,
  prefix: string,
  places: Map<string, string[]>,
  verify: boolean,
  options: Settings,
): Promise<{ readonly facts: SplitFacts; readonly part: InspectedPart }> {
  const name = baseName(folder);
  const { classNames, files, problems } = (await hasNoClasses(folder))
    ? await scanLooseImages(folder)
    : await scanImageFolder(folder);
  const pending = await Promise.all(
    files.map(async ({ path }) => {
      const source = joinPath(folder, path);
      return { name: path, source, size: verify ? ((await stat(source))?.size ?? 0) : HEADER_WEIGHT };
    }),
  );
  const images: (SizedImage & { mode: ColorMode })[] = new Array(files.length);
  const hashes = new Array<string>(files.length).fill("");
  const bad: (Problem & { at: number })[] = [];
  let done = 0;
  let turned = 0;
  let deep = 0;
  const target = verify ? VERIFIED : undefined;
  await decodeFiles(pending, { target, findsFlat: verify, threads: options.threads }, (first, result) => {
    const failed = new Set(result.errors.map((error) => error.at));
    turned += result.orientations.reduce((sum, orientation) => sum + (orientation > 1 ? 1 : 0), 0);
    deep += result.depths.reduce((sum, depth) => sum + (depth > 8 ? 1 : 0), 0);
    for (const { at, reason } of [...result.errors, ...result.flat])
      bad.push({ at: first + at, path: files[first + at]!.path, reason });
    for (const [i, height] of result.heights.entries()) {
      if (failed.has(i)) continue;
      const { path } = files[first + i]!;
      images[first + i] = { path, height, width: result.widths[i]!, mode: COLOR_MODES[result.modes[i]!]! };
    }
    for (const [i, hash] of result.hashes.entries()) hashes[first + i] = hash;
    for (const [i, hash] of result.hashes.entries())
      if (hash !== "") places.set(hash, [...(places.get(hash) ?? []), prefix + files[first + i]!.path]);
    done += result.heights.length;
    options.onProgress?.(name, done, files.length);
  });
  // Results come in any order; facts do not.
  bad.sort((a, b) => a.at - b.at);
  const readable = images.filter((image) => image !== undefined);
  const pixels = ({ height, width }: SizedImage): number => height * width;
  const extreme = (sign: number): SizedImage | undefined =>
    readable.reduce<SizedImage | undefined>(
      (best, image) => (best === undefined || sign * (pixels(image) - pixels(best)) > 0 ? image : best),
      undefined,
    );
  const facts: SplitFacts = {
    name,
    folder,
    count: files.length,
    classes: classNames.map((className, index) => ({
      name: className,
      count: files.filter((file) => file.classIndex === index).length,
    })),
    heights: Uint32Array.from(readable, (image) => image.height),
    widths: Uint32Array.from(readable, (image) => image.width),
    modes: COLOR_MODES.map((mode) => ({ mode, count: readable.filter((image) => image.mode === mode).length }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count),
    smallest: extreme(-1),
    largest: extreme(1),
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

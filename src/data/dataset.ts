// Data sets of images: their pixels as a store, and the facts about each image; with the class of each; and with all
// pixels in one tensor, of which parts can be taken.
import { wholeNumber } from "../core/options.js";
import { sliceRows, type Tensor } from "../core/tensor.js";
import { sha256Hex } from "../platform/hashing.js";
import { COLOR_MODES, type ColorMode } from "./decoders/index.js";
import type { Problem } from "./folders.js";
import { type ImageStore, MemoryStore } from "./store/image-store.js";

/** Images of one size, in the order of their listing. */
export interface ImageDataset {
  /** Their pixels, by row. */
  readonly images: ImageStore;
  /** The path of each image relative to the folder, with `/`. */
  readonly files: readonly string[];
  /** Number of each image in the listing that it is of: ascending, with gaps where images are left out. */
  readonly kept: Int32Array;
  /** Heights in pixels before resizing, upright. */
  readonly heights: Uint32Array;
  /** Widths in pixels before resizing, upright. */
  readonly widths: Uint32Array;
  /** The colour modes that the files have, as indices into COLOR_MODES; see `modeOf`. */
  readonly modes: Uint8Array;
  /** Images left out because they cannot be decoded; always empty without `skipBad`. */
  readonly skipped: readonly Problem[];
  /** Identifies the files by their paths and bytes, not by the size and colour of loading. */
  readonly contentHash: string;
  /** The SHA-256 of each file's bytes, in hexadecimal: images with the same one are copies of each other. */
  readonly hashes: readonly string[];
}

/** Images with one class each. */
export interface ClassifiedImages extends ImageDataset {
  /** `[count]`, indices into `classNames`. */
  readonly y: Tensor<"int32">;
  /** The names of the classes, by number. */
  readonly classNames: readonly string[];
}

/** Images in one tensor, and parts of them. */
export interface LoadedDataset extends ClassifiedImages {
  /** `[count, height, width, channels]`, 0 to 255. */
  readonly x: Tensor<"uint8">;
  /** The first `count` images, or all where there are fewer. Shares the pixels. */
  take(count: number): LoadedDataset;
  /** Images `start` to `end` (exclusive; default: the last). Shares the pixels. */
  slice(start: number, end?: number): LoadedDataset;
}

/** A data set with `take` and `slice`, which a copy by spreading does not get. */
export function withParts(data: Omit<LoadedDataset, "take" | "slice">): LoadedDataset {
  const count = data.files.length;
  const slice = (start: number, end = count): LoadedDataset => {
    const from = Math.min(count, wholeNumber("dataset.slice start", start, 0));
    const to = Math.max(from, Math.min(count, wholeNumber("dataset.slice end", end, 0)));
    const x = sliceRows(data.x, from, to);
    return withParts({
      ...data,
      x,
      images: new MemoryStore(x),
      y: sliceRows(data.y, from, to),
      files: data.files.slice(from, to),
      kept: data.kept.subarray(from, to),
      heights: data.heights.subarray(from, to),
      widths: data.widths.subarray(from, to),
      modes: data.modes.subarray(from, to),
      hashes: data.hashes.slice(from, to),
      contentHash: from === 0 && to === count ? data.contentHash : `${data.contentHash}[${from}:${to}]`,
    });
  };
  const take = (first: number): LoadedDataset => slice(0, wholeNumber("dataset.take", first, 0));
  return Object.defineProperties(data, { take: { value: take }, slice: { value: slice } }) as LoadedDataset;
}

/**
 * The colour mode of the file of image `index`: `"L"`, `"RGBA"`, ...
 * @param data Loaded images.
 * @param index The image, from 0.
 * @example
 * const pets = await loadImages("pets");
 * modeOf(pets, 0); // "L": the file is grey
 */
export const modeOf = (data: Pick<ImageDataset, "modes">, index: number): ColorMode => COLOR_MODES[data.modes[index]!]!;

/**
 * The SHA-256 over all paths and the hashes of their bytes, in order: one line `HASH  PATH` each, as sha256sum prints.
 * @param paths Paths with `/`.
 * @param hashes The SHA-256 of each file.
 * @example await hashContents(["a.png"], ["0f"]);
 */
export function hashContents(paths: readonly string[], hashes: readonly string[]): Promise<string> {
  return sha256Hex(new TextEncoder().encode(paths.map((path, i) => `${hashes[i]!}  ${path}\n`).join("")));
}

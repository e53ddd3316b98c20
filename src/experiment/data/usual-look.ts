// Size and colour of images that nobody asked for: the lecture's for folders of classes; for other sources as the images are,
// as far as a few of them tell, no larger than a laptop trains quickly.

import { FoveaError } from "../../core/errors.js";
import {
  type ColorMode,
  isClassFolder,
  type Listing,
  type OpenedSource,
  readImageHeader,
  uprightSize,
} from "../../data/index.js";
import type { Preprocessing } from "../../formats/run/recipe.js";
import { readBytes } from "../../platform/files.js";
import { TASKS } from "../tasks/index.js";
import type { DataWish } from "./load-options.js";
import { openListing } from "./open-listing.js";

/** Size and colour for images of which a user has asked for neither. */
export interface UsualLook extends Pick<Preprocessing, "imageSize" | "color"> {
  /** The choice and the options that say otherwise, without a full stop; absent for folders of classes. */
  readonly sentence?: string;
}

/** Wish for the data whose look is asked for. */
export interface LookWish extends Pick<DataWish, "columns" | "task" | "target"> {
  /** True where folders of classes are taken in the lecture's size and colour. Default true. */
  readonly asLecture?: boolean;
}

const LECTURE: UsualLook = { imageSize: [80, 60], color: "grayscale" };
/** Images whose headers are read, spread over all. */
const ASKED = 16;
/** The longest side in pixels that images keep. */
const LONGEST = 96;
/**
 * The same where objects are to be found, whose usual side it brings near to as many pixels as a detector's cells see best: fewer than
 * the first where objects are large, and at most the second, up to twice what small images have.
 */
const [LONGEST_OF_LARGE, LONGEST_OF_SMALL, MOST_ENLARGED] = [128, 192, 2];
const OBJECT = 20;
/** Sides are whole multiples of this for a detector, whose coarsest scale it is. */
const BOXED_UNIT = 16;
const GREY: readonly ColorMode[] = ["1", "L", "LA", "I;16"];

/**
 * Size and colour for a source of images that has not been loaded.
 * @param source path of a folder, a manifest or an archive; or one that was opened before, as files of a page are
 * @param wish columns, task and targets of the data
 * @throws FoveaError for a path that is no source of images
 * @example
 * await usualLook("pets"); // { imageSize: [80, 60], color: "grayscale" }, the usual of class folders
 * await usualLook("people.csv"); // { imageSize: [12, 12], color: "grayscale", sentence: ... }, as the images are
 */
export async function usualLook(
  source: string | OpenedSource,
  { asLecture = true, ...wish }: LookWish = {},
): Promise<UsualLook> {
  const { task } = wish;
  const kind = task && TASKS[task].targetKind;
  const isBoxed = kind === "boxes";
  const isOnImages = isBoxed || kind === "masks";
  if (asLecture && !isOnImages && typeof source === "string" && (await isClassFolder(source))) return LECTURE;
  const { listing } = typeof source === "string" ? await openListing(source, wish) : source;
  const { images } = listing;
  const count = Math.min(ASKED, images.length);
  const asked = Array.from({ length: count }, (_, i) => images[Math.floor((i * images.length) / count)]!);
  const headers = await Promise.all(asked.map(({ source: file, path: name }) => headerOf(file, name)));
  const known = headers.filter((header) => header !== undefined);
  if (known.length === 0) return LECTURE;
  const color = known.every(({ mode }) => GREY.includes(mode)) ? "grayscale" : "rgb";
  const [height, width] = [middle(known.map((header) => header.height)), middle(known.map((header) => header.width))];
  const native = Math.max(height, width);
  const [longest, unit] = isBoxed
    ? [longestOf(native, usualSide(listing.boxes)), BOXED_UNIT]
    : [Math.min(native, LONGEST), 1];
  const scale = longest / native;
  const whole = (side: number): number => Math.max(1, Math.round((side * scale) / unit)) * unit;
  const imageSize = [whole(height), whole(width)] as const;
  const sentence = `images are taken as ${imageSize.join("x")} pixels, ${color}; --image-size and --color say otherwise`;
  return { imageSize, color, sentence };
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The usual side of objects, as a share of the longer side of their images; undefined where there are none. */
function usualSide(boxes: Listing["boxes"]): number | undefined {
  const sides = (boxes?.images ?? []).flatMap(({ width, height, objects }) =>
    objects.map(({ box }) => Math.sqrt(Math.max(0, box[2] * box[3])) / Math.max(width, height)),
  );
  return middle(sides);
}

/** The longer side that images with objects of that size are taken with. */
function longestOf(native: number, side = 0): number {
  const wanted = Math.max(OBJECT / side, Math.min(native, LONGEST_OF_LARGE));
  return Math.min(wanted, LONGEST_OF_SMALL, MOST_ENLARGED * native);
}

/** Size and mode of an image; undefined where it cannot be read, which loading tells. */
async function headerOf(
  source: string | (() => Promise<Uint8Array>),
  name: string,
): Promise<{ readonly height: number; readonly width: number; readonly mode: ColorMode } | undefined> {
  try {
    const bytes = typeof source === "string" ? await readBytes(source) : await source();
    const header = await readImageHeader(bytes, name);
    return header && { ...uprightSize(header), mode: header.mode };
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

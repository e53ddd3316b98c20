// Brings an image to a target's proportions about its middle, as different programs do it: cut, or with
// grey beside it. A model's answers depend on the cut that it was trained with, so each has a name that a model's
// preprocessing keeps.
import type { Pixels } from "./pixels.js";
import { type Interpolation, resizeImage, resizePart } from "./resize.js";

/**
 * Ways of cutting an image:
 * - `center`: at whole pixels of the image, then resized; the meaning of older recipes of Fovea.
 * - `fit`: a box to the fraction of a pixel, resized as a whole: Pillow's `ImageOps.fit`, and so Teachable Machine's
 *   code for Keras.
 * - `scaled`: resized to `ceil(side * scale)`, then cut at whole pixels of the result, `trunc(margin / 2)`: Teachable
 *   Machine's library for TensorFlow.js.
 * - `letterbox`: resized as a whole, with grey of 114 beside it, as programs of YOLO do.
 */
export const CROPS = ["center", "fit", "scaled", "letterbox"] as const;
export type Crop = (typeof CROPS)[number];

type Cut = (image: Pixels, height: number, width: number, interpolation: Interpolation) => Pixels;

const CUTS: Readonly<Record<Crop, Cut>> = {
  center: cutAtPixels,
  fit: cutAtFractions,
  scaled: cutAfterScaling,
  letterbox: boxed,
};

/** The image, cut about its middle and resized to `height` x `width`. */
export const cropImage = (
  image: Pixels,
  crop: Crop,
  height: number,
  width: number,
  interpolation: Interpolation,
): Pixels => CUTS[crop](image, height, width, interpolation);

/** The largest part about the middle that has the proportions of `height` x `width`, in whole pixels. */
function cutAtPixels(image: Pixels, height: number, width: number, interpolation: Interpolation): Pixels {
  const w = Math.max(1, Math.min(image.width, Math.round((image.height * width) / height)));
  const h = Math.max(1, Math.min(image.height, Math.round((image.width * height) / width)));
  if (w === image.width && h === image.height) return resizeImage(image, height, width, interpolation);
  const [left, top] = [Math.floor((image.width - w) / 2), Math.floor((image.height - h) / 2)];
  const row = w * image.channels;
  const data = new Uint8Array(h * row);
  for (let y = 0; y < h; y++) {
    const from = ((top + y) * image.width + left) * image.channels;
    data.set(image.data.subarray(from, from + row), y * row);
  }
  return resizeImage({ width: w, height: h, channels: image.channels, data }, height, width, interpolation);
}

/** `ImageOps.fit(image, (width, height), filter)`, in the order of its operations. */
function cutAtFractions(image: Pixels, height: number, width: number, interpolation: Interpolation): Pixels {
  const [isRatio, wantedRatio] = [image.width / image.height, width / height];
  const w = isRatio > wantedRatio ? wantedRatio * image.height : image.width;
  const h = isRatio < wantedRatio ? image.width / wantedRatio : image.height;
  const [left, top] = [(image.width - w) * 0.5, (image.height - h) * 0.5];
  return resizeImage(image, height, width, interpolation, { left, top, right: left + w, bottom: top + h });
}

/** `cropTo` of @teachablemachine/image, in its order of operations; browsers' smoothing is not specified, ours is. */
function cutAfterScaling(image: Pixels, height: number, width: number, interpolation: Interpolation): Pixels {
  const scale =
    height === width
      ? height / Math.min(image.width, image.height)
      : Math.max(height / image.height, width / image.width);
  const resized = [Math.ceil(image.height * scale), Math.ceil(image.width * scale)] as const;
  const [top, left] = [Math.trunc((resized[0] - height) / 2), Math.trunc((resized[1] - width) / 2)];
  return resizePart(image, { resized, top, left, height, width }, interpolation);
}

/** Grey beside a letterboxed image. */
const GREY = 114;

type Size = readonly [height: number, width: number];

/** Place of a letterboxed image within its target. */
export interface Letterbox {
  /** Pixels of the target for one of the image. */
  readonly scale: number;
  /** Rows of grey above the image. */
  readonly top: number;
  /** Columns of grey to the left of the image. */
  readonly left: number;
  /** Rows of the image in the target. */
  readonly height: number;
  /** Columns of the image in the target. */
  readonly width: number;
}

/** The nearest whole number, halves to the even one, as Python rounds. */
const rounded = (value: number): number => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

/**
 * The place of an image in a target that it fits into as a whole, in the order of operations of Ultralytics' LetterBox.
 * @param image Height and width of the image in pixels.
 * @param target Height and width of the target in pixels.
 * @example const { top, left, scale } = letterboxOf([480, 640], [640, 640]); // 80, 0, 1
 */
export function letterboxOf(image: Size, target: Size): Letterbox {
  const [[height, width], [targetHeight, targetWidth]] = [image, target];
  const scale = Math.min(targetHeight / height, targetWidth / width);
  const [high, wide] = [Math.max(1, rounded(height * scale)), Math.max(1, rounded(width * scale))];
  // A margin of half a pixel goes below and to the right.
  const margin = (space: number): number => Math.max(0, Math.round(space / 2 - 0.1));
  return { scale, top: margin(targetHeight - high), left: margin(targetWidth - wide), height: high, width: wide };
}

function boxed(image: Pixels, height: number, width: number, interpolation: Interpolation): Pixels {
  const box = letterboxOf([image.height, image.width], [height, width]);
  const inner = resizeImage(image, box.height, box.width, interpolation);
  const { channels } = image;
  const data = new Uint8Array(height * width * channels).fill(GREY);
  for (let y = 0; y < box.height; y++) {
    const row = inner.data.subarray(y * box.width * channels, (y + 1) * box.width * channels);
    data.set(row, ((box.top + y) * width + box.left) * channels);
  }
  return { height, width, channels, data };
}

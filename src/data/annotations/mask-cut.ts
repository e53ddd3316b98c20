// The part of a mask within its box: several formats store this and the place of its top left corner.
import { FoveaError } from "../../core/errors.js";
import type { RunLengths } from "./model.js";
import { maskBox, pixelsOfMask, runLengthsOf } from "./run-lengths.js";

/** Pixels of a box, row by row, 0 outside of the mask; the box's left and top in the image. */
export interface MaskCut {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The pixels of a mask within its box. */
export function maskToCut(mask: RunLengths): MaskCut {
  const [x, y, width, height] = maskBox(mask);
  const pixels = pixelsOfMask(mask);
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const from = (y + row) * mask.width + x;
    data.set(pixels.subarray(from, from + width), row * width);
  }
  return { x, y, width, height, data };
}

/**
 * The mask of an image's size with such pixels.
 * @throws FoveaError where the box leaves the image
 */
export function maskFromCut(what: string, cut: MaskCut, image: { width: number; height: number }): RunLengths {
  const { x, y, width, height, data } = cut;
  const isInside = x >= 0 && y >= 0 && x + width <= image.width && y + height <= image.height;
  if (!isInside || ![x, y, width, height].every(Number.isInteger) || data.length !== width * height)
    throw new FoveaError(
      "annotation-mismatch",
      `${what}: expected a mask within ${image.width} x ${image.height} pixels, received ${width} x ${height} at ${x}, ${y}`,
    );
  const pixels = new Uint8Array(image.width * image.height);
  for (let row = 0; row < height; row++)
    pixels.set(data.subarray(row * width, (row + 1) * width), (y + row) * image.width + x);
  return runLengthsOf(pixels, image.height, image.width);
}

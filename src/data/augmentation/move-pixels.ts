// Pixels moved by an affine map: images smoothly, maps of classes by the nearest pixel. Sums and products of doubles only, so
// that the bits are the same on every engine and any number of threads.
import { FoveaError } from "../../core/errors.js";
import type { ImageSize } from "../annotations/index.js";
import type { Pixels } from "../pixels.js";
import { IGNORED } from "../targets/targets.js";
import type { Movement } from "./movement.js";

/** Options of moving pixels. */
export interface MovePixelsOptions {
  /** Smooth between four pixels (default), or the nearest pixel. */
  readonly interpolation?: "bilinear" | "nearest";
  /** Value of what comes from outside of the image, 0 to 255. Default 114, a grey. */
  readonly fill?: number;
}

/** The grey of the outside: a mirrored or repeated edge would show objects that nobody annotated. */
const GREY = 114;

function checkSize(what: string, { from }: Movement, { width, height }: ImageSize): void {
  if (from.width !== width || from.height !== height)
    throw new FoveaError(
      "shape-mismatch",
      `${what}: expected ${from.width} x ${from.height} pixels as the movement has, received ${width} x ${height}`,
    );
}

/**
 * An image moved.
 * @param pixels one byte per channel, row by row
 * @param movement The movement.
 * @throws FoveaError for an image of another size than the movement's
 * @example
 * const image = { width: 12, height: 12, channels: 1, data: images.data.slice(0, 144) };
 * movePixels(image, movements.turned(image, 0.02), { fill: 0 }).width; // 12
 */
export function movePixels(pixels: Pixels, movement: Movement, options: MovePixelsOptions = {}): Pixels {
  checkSize("movePixels", movement, pixels);
  const { interpolation = "bilinear", fill = GREY } = options;
  const { to, map } = movement;
  const { channels } = pixels;
  const data = new Uint8Array(to.width * to.height * channels);
  const put = interpolation === "nearest" ? nearest(pixels, data, fill) : smooth(pixels, data, fill);
  const [a0, a1, a2, b0, b1, b2] = map;
  for (let y = 0, at = 0; y < to.height; y++)
    for (let x = 0; x < to.width; x++, at += channels) put(a0 * x + a1 * y + a2, b0 * x + b1 * y + b2, at);
  return { width: to.width, height: to.height, channels, data };
}

/** Function that writes the pixel nearest to a place of the image. */
function nearest({ width, height, channels, data }: Pixels, out: Uint8Array, fill: number) {
  return (column: number, row: number, at: number): void => {
    const [x, y] = [Math.floor(column + 0.5), Math.floor(row + 0.5)];
    const isInside = x >= 0 && y >= 0 && x < width && y < height;
    const from = (y * width + x) * channels;
    for (let c = 0; c < channels; c++) out[at + c] = isInside ? data[from + c]! : fill;
  };
}

/** Function that writes the mean of the four pixels around a place of the image, weighted by nearness. */
function smooth({ width, height, channels, data }: Pixels, out: Uint8Array, fill: number) {
  const value = (x: number, y: number, c: number): number =>
    x >= 0 && y >= 0 && x < width && y < height ? data[(y * width + x) * channels + c]! : fill;
  return (column: number, row: number, at: number): void => {
    const [x, y] = [Math.floor(column), Math.floor(row)];
    const [right, down] = [column - x, row - y];
    for (let c = 0; c < channels; c++) {
      const first = value(x, y, c);
      const upper = first + (value(x + 1, y, c) - first) * right;
      const third = value(x, y + 1, c);
      const lower = third + (value(x + 1, y + 1, c) - third) * right;
      out[at + c] = Math.floor(upper + (lower - upper) * down + 0.5);
    }
  };
}

/**
 * A map of classes moved with its image, by the nearest pixel.
 * @param classes `[height, width]` row by row
 * @param fill class of what comes from outside. Default 255, ignored
 * @param movement The movement of the image.
 * @throws FoveaError for a map of another size than the movement's
 * @example
 * const size = { width: 3, height: 1 };
 * moveClassMap(Uint8Array.of(0, 0, 2), movements.flipped(size, { across: true })); // 2, 0, 0
 */
export function moveClassMap(classes: Uint8Array, movement: Movement, fill = IGNORED): Uint8Array {
  const { from } = movement;
  if (classes.length !== from.width * from.height)
    throw new FoveaError(
      "shape-mismatch",
      `moveClassMap: expected ${from.width} x ${from.height} pixels as the movement has, received ${classes.length} values`,
    );
  return movePixels({ ...from, channels: 1, data: classes }, movement, { interpolation: "nearest", fill }).data;
}

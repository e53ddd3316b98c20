// Functions on images [batch, height, width, channels] that move pixels: resizing, and sampling along affine maps. All
// of them are picks of pixels by computed indices, so gradients flow back to the pixels that were picked.
import { oneOf } from "../errors.js";
import type { Value } from "../graph/node.js";
import { checkOptions } from "../options.js";
import { add, clip, div, equal, floor, minimum, mul, round, select, sub } from "./elementwise.js";
import { gather, iota } from "./indexing.js";
import { broadcastTo, cast, reshape, sliceAxis } from "./shaping.js";

/** The rule for pixels between pixels: the nearest, or a weighted mean of the four around. */
export type Interpolation = (typeof INTERPOLATIONS)[number];
const INTERPOLATIONS = ["nearest", "bilinear"] as const;

/**
 * Every row `down` times, every column `right` times: the second argument is `[down, right]`, whole numbers of at least 1.
 * @param x Images, `[n, h, w, c]`.
 * @example
 * const x = input("x", [1, 4, 4, 3]);
 * repeatImage(x, [2, 2]), resizeImage(x, [6, 6], "bilinear"); // [1, 8, 8, 3] and [1, 6, 6, 3]
 */
export function repeatImage(x: Value, [down, right]: readonly [number, number]): Value {
  const [n, h, w, c] = x.type.shape as [number, number, number, number];
  const spread = broadcastTo(reshape(x, [n, h, 1, w, 1, c]), [n, h, down, w, right, c]);
  return reshape(spread, [n, h * down, w * right, c]);
}

/** Resamples the middle axis of rows [n, extent, c]: pixel centres at half positions, no antialiasing, as TensorFlow. */
function resampleAxis(x: Value, extent: number, interpolation: Interpolation): Value {
  const [n, before, c] = x.type.shape as [number, number, number];
  if (before === extent) return x;
  const centre = mul(add(iota([n, extent], 1), 0.5), before / extent);
  const at = (position: Value): Value => gather(x, cast(clip(position, 0, before - 1), "int32"));
  if (interpolation === "nearest") return at(floor(centre));
  const position = sub(centre, 0.5);
  const lower = floor(position);
  const weight = broadcastTo(reshape(sub(position, lower), [n, extent, 1]), [n, extent, c]);
  const [first, second] = [at(lower), at(add(lower, 1))];
  return add(first, mul(sub(second, first), weight));
}

/**
 * Images at another size, `[height, width]` in pixels.
 * @param x Images, `[n, h, w, c]`.
 * @param interpolation `"bilinear"` or `"nearest"`.
 */
export function resizeImage(x: Value, [height, width]: readonly [number, number], interpolation: Interpolation): Value {
  oneOf("resizeImage interpolation", interpolation, INTERPOLATIONS);
  const [n, h, w, c] = x.type.shape as [number, number, number, number];
  const rows = resampleAxis(reshape(x, [n, h, w * c]), height, interpolation);
  const columns = resampleAxis(reshape(rows, [n * height, w, c]), width, interpolation);
  return reshape(columns, [n, height, width, c]);
}

/**
 * The surroundings of an image: one value everywhere; the edge's pixels again (`a a | a b c | c c`); the image mirrored
 * (`b a | a b c | c b`); the image again (`b c | a b c | a b`).
 */
export type FillMode = (typeof FILL_MODES)[number];
const FILL_MODES = ["constant", "nearest", "reflect", "wrap"] as const;

/** Options of reading images at places between pixels. */
export interface SamplingOptions {
  /** `"bilinear"` (default) or `"nearest"`. */
  readonly interpolation?: Interpolation;
  /** Filling of the outside: `"reflect"` (default), `"constant"`, `"nearest"` or `"wrap"`. */
  readonly fillMode?: FillMode;
  /** The value outside, with fill mode `"constant"`. Default 0. */
  readonly fillValue?: number;
}

/** Positions, whole numbers, brought into [0, extent) as a fill mode says; "constant" leaves them as they are. */
function foldInside(position: Value, extent: number, fillMode: FillMode): Value {
  const remainder = (period: number): Value => sub(position, mul(floor(div(position, period)), period));
  if (fillMode === "nearest") return clip(position, 0, extent - 1);
  if (fillMode === "wrap") return remainder(extent);
  if (fillMode === "constant") return position;
  const folded = remainder(2 * extent);
  return minimum(folded, sub(2 * extent - 1, folded));
}

/** The pixels of rows [n, h w, c] at whole-numbered rows and columns [n, h w]; zeros outside of the image. */
function pick(pixels: Value, [h, w]: readonly [number, number], row: Value, column: Value): Value {
  const inside = [row, column].map((position, i) => equal(position, clip(position, 0, (i === 0 ? h : w) - 1)));
  const index = select(minimum(inside[0]!, inside[1]!), add(mul(row, w), column), -1);
  return gather(pixels, cast(index, "int32"));
}

/**
 * The pixels of images [n, h, w, c] at rows and columns [n, h, w] that may lie between pixels or outside.
 * @param x Images, `[n, h, w, c]`.
 * @param row Rows in pixels, `[n, h, w]`, with fractions.
 * @param column Columns in pixels, `[n, h, w]`, with fractions.
 * @example
 * const x = input("x", [1, 4, 4, 3]);
 * sampleImage(x, input("row", [1, 2, 2]), input("column", [1, 2, 2]));
 * affineTransform(x, input("maps", [1, 6]), { fillMode: "constant" });
 */
export function sampleImage(x: Value, row: Value, column: Value, options: SamplingOptions = {}): Value {
  checkOptions("sampleImage", options, ["interpolation", "fillMode", "fillValue"]);
  const { fillValue = 0 } = options;
  const interpolation = oneOf("sampleImage interpolation", options.interpolation ?? "bilinear", INTERPOLATIONS);
  const fillMode = oneOf("sampleImage fillMode", options.fillMode ?? "constant", FILL_MODES);
  const [n, h, w, c] = x.type.shape as [number, number, number, number];
  const points = row.type.shape;
  const count = points[1]! * points[2]!;
  // Outside counts as zero; so zero is made to mean the fill value.
  const shifted = fillMode === "constant" && fillValue !== 0;
  const pixels = reshape(shifted ? sub(x, fillValue) : x, [n, h * w, c]);
  const at = (y: Value, right: Value): Value =>
    pick(pixels, [h, w], foldInside(y, h, fillMode), foldInside(right, w, fillMode));
  const [rows, columns] = [reshape(row, [n, count]), reshape(column, [n, count])];
  let picked: Value;
  if (interpolation === "nearest") picked = at(round(rows), round(columns));
  else {
    const [top, left] = [floor(rows), floor(columns)];
    const weight = (position: Value, lower: Value): Value =>
      broadcastTo(reshape(sub(position, lower), [n, count, 1]), [n, count, c]);
    const between = (a: Value, b: Value, share: Value): Value => add(a, mul(sub(b, a), share));
    const [down, right] = [weight(rows, top), weight(columns, left)];
    const [bottom, far] = [add(top, 1), add(left, 1)];
    const upper = between(at(top, left), at(top, far), right);
    picked = between(upper, between(at(bottom, left), at(bottom, far), right), down);
  }
  const image = reshape(picked, [n, points[1]!, points[2]!, c]);
  return shifted ? add(image, fillValue) : image;
}

/**
 * Images sampled along affine maps, one map per image: the pixel at column x and row y comes from column a0 x + a1 y + a2
 * and row b0 x + b1 y + b2. `maps` is [n, 6] with a0, a1, a2, b0, b1, b2, as in Keras.
 * @param x Images, `[n, h, w, c]`.
 */
export function affineTransform(x: Value, maps: Value, options: SamplingOptions = {}): Value {
  const [n, h, w] = x.type.shape as [number, number, number];
  const coefficient = (i: number): Value => reshape(sliceAxis(maps, 1, i, 1), [n, 1, 1]);
  const [rows, columns] = [iota([n, h, w], 1), iota([n, h, w], 2)];
  const along = (first: number): Value =>
    add(add(mul(columns, coefficient(first)), mul(rows, coefficient(first + 1))), coefficient(first + 2));
  return sampleImage(x, along(3), along(0), options);
}

// Boxes on images that augmentation moves: [n, boxes, 4], center x, center y, width and height as shares of the image. A turned box
// becomes the smallest upright one around its corners, as torchvision and Albumentations have it.
import type { AffineMapOf, MapArithmetic } from "../../../core/affine-maps.js";
import {
  abs,
  add,
  clip,
  concatenate,
  constant,
  cos,
  div,
  greater,
  maximum,
  mul,
  neg,
  type Operand,
  reshape,
  select,
  sin,
  sliceAxis,
  sub,
} from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";

/** The coefficients of an affine map: numbers, or one number an image, [n, 1]. */
export type AffineMap = AffineMapOf<Value>;
/** The arithmetic of graphs. */
export const IN_GRAPH: MapArithmetic<Value> = { add, sub, mul, neg, cos, sin };

/** The share of a box that has to be left in the image. */
const LEAST_LEFT = 0.3;

const numberOf = (boxes: Value, index: number): Value => sliceAxis(boxes, 2, index, 1);
const boxesOf = (x: Value, y: Value, width: Value, height: Value): Value => concatenate([x, y, width, height], 2);

/** Boxes of mirrored images: `axis` 0 for left and right, 1 for top and bottom. */
export function mirroredBoxes(boxes: Value, axis: 0 | 1): Value {
  const [x, y, width, height] = [0, 1, 2, 3].map((index) => numberOf(boxes, index)) as [Value, Value, Value, Value];
  return axis === 0 ? boxesOf(sub(1, x), y, width, height) : boxesOf(x, sub(1, y), width, height);
}

/** A window of an image, as shares of it: numbers, or one an image, [n, 1, 1]. */
interface Window {
  readonly left: Operand;
  readonly top: Operand;
  readonly width: Operand;
  readonly height: Operand;
}

/** Boxes as shares of a window of the image. */
export function windowedBoxes(boxes: Value, { left, top, width, height }: Window): Value {
  return boxesOf(
    div(sub(numberOf(boxes, 0), left), width),
    div(sub(numberOf(boxes, 1), top), height),
    div(numberOf(boxes, 2), width),
    div(numberOf(boxes, 3), height),
  );
}

/**
 * Boxes of images that an affine map moves.
 * @param map place that the pixel at column x and row y comes from: a0 x + a1 y + a2, b0 x + b1 y + b2
 */
export function affineBoxes(boxes: Value, map: AffineMap, height: number, width: number): Value {
  const batch = boxes.type.shape[0]!;
  const [a0, a1, a2, b0, b1, b2] = map.map((value) =>
    typeof value === "number" ? constant(value, [batch, 1, 1]) : reshape(value, [batch, 1, 1]),
  ) as [Value, Value, Value, Value, Value, Value];
  const determinant = sub(mul(a0, b1), mul(a1, b0));
  // The inverse map, from places in the old image to places in the new one.
  const inverse = [
    [div(b1, determinant), neg(div(a1, determinant))],
    [neg(div(b0, determinant)), div(a0, determinant)],
  ] as const;
  const pixels = (share: Value, size: number): Value => mul(share, size);
  // Pixel i covers the places from i - 1/2 to i + 1/2.
  const x = sub(sub(pixels(numberOf(boxes, 0), width), 0.5), a2);
  const y = sub(sub(pixels(numberOf(boxes, 1), height), 0.5), b2);
  const [wide, high] = [pixels(numberOf(boxes, 2), width), pixels(numberOf(boxes, 3), height)];
  const center = ([alongX, alongY]: readonly [Value, Value]): Value => add(add(mul(alongX, x), mul(alongY, y)), 0.5);
  const extent = ([alongX, alongY]: readonly [Value, Value]): Value =>
    add(mul(abs(alongX), wide), mul(abs(alongY), high));
  return boxesOf(
    mul(center(inverse[0]), 1 / width),
    mul(center(inverse[1]), 1 / height),
    mul(extent(inverse[0]), 1 / width),
    mul(extent(inverse[1]), 1 / height),
  );
}

/** Boxes as shares of a window, which become shares of the image. */
export function placedBoxes(boxes: Value, { left, top, width, height }: Window): Value {
  return boxesOf(
    add(mul(numberOf(boxes, 0), width), left),
    add(mul(numberOf(boxes, 1), height), top),
    mul(numberOf(boxes, 2), width),
    mul(numberOf(boxes, 3), height),
  );
}

/** Boxes with their classes. */
export interface PlacedBoxes {
  /** [n, boxes, 1]; -1 where there is no box */
  readonly classes: Value;
  /** [n, boxes, 4], center and size as shares of the image */
  readonly boxes: Value;
}

/**
 * Boxes within their images. Those of which less than 0.3 is left get the class -1.
 * @param classes [n, boxes, 1]
 */
export function cutBoxes(classes: Value, boxes: Value): PlacedBoxes {
  const [x, y, width, height] = [0, 1, 2, 3].map((index) => numberOf(boxes, index)) as [Value, Value, Value, Value];
  const within = (center: Value, size: Value): readonly [from: Value, to: Value] => {
    const half = mul(size, 0.5);
    return [clip(sub(center, half), 0, 1), clip(add(center, half), 0, 1)];
  };
  const [left, right] = within(x, width);
  const [top, bottom] = within(y, height);
  const [wide, high] = [sub(right, left), sub(bottom, top)];
  const share = div(mul(wide, high), maximum(mul(width, height), 1e-9));
  const middle = (from: Value, to: Value): Value => mul(add(from, to), 0.5);
  const kept = select(greater(share, LEAST_LEFT), classes, -1);
  return { classes: kept, boxes: boxesOf(middle(left, right), middle(top, bottom), wide, high) };
}

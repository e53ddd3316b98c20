// Shape arithmetic: sizes, strides, NumPy broadcasting. Pure functions over arrays of non-negative integers.
import { FoveaError, shown } from "./errors.js";

/** The extent of each axis, outermost first. A scalar is `[]`. Images are `[batch, height, width, channels]`. */
export type Shape = readonly number[];

/** The number of elements: the product of all extents, 1 for a scalar. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** `[80, 60, 1]`, as printed in every message. */
export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;

/**
 * The NumPy broadcast of two shapes: aligned at the last axis, extents equal or 1.
 * @throws FoveaError naming both shapes when they do not match.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1)
      throw new FoveaError(
        "shape-mismatch",
        `cannot broadcast ${showShape(a)} with ${showShape(b)}: axis ${axis} has ${x} and ${y}`,
      );
    result[axis] = x === 1 ? y : x;
  }
  return result;
}

/** Strides of `from` seen as `to`: 0 along every broadcast axis. `from` must broadcast to `to`. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  return to.map((_, axis) => {
    const mine = axis - to.length + from.length;
    return mine < 0 || from[mine] === 1 ? 0 : strides[mine]!;
  });
}

/** Visits every element of `shape` in row-major order with its offset under `strides`. */
export function walk(shape: Shape, strides: readonly number[], each: (index: number, offset: number) => void): void {
  const size = sizeOf(shape);
  const steps = stridesOf(shape);
  for (let index = 0; index < size; index++) {
    let offset = 0;
    for (let axis = 0, rest = index; axis < shape.length; axis++) {
      const position = Math.floor(rest / steps[axis]!);
      rest -= position * steps[axis]!;
      offset += position * strides[axis]!;
    }
    each(index, offset);
  }
}

/**
 * Axes counted from the end made positive, sorted. `undefined` means all.
 * @throws FoveaError for axes that a tensor of this rank does not have, or named twice.
 */
export function normalizeAxes(axes: readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  if (!Array.isArray(axes)) throw new FoveaError("wrong-type", `expected a list of axes, received ${shown(axes)}`);
  const found = axes
    .map((axis: number) => {
      const positive = axis < 0 ? axis + rank : axis;
      if (!Number.isInteger(positive) || positive < 0 || positive >= rank)
        throw new FoveaError("out-of-range", `axis ${axis} is out of range for a tensor of rank ${rank}`);
      return positive;
    })
    .sort((a, b) => a - b);
  if (new Set(found).size < found.length)
    throw new FoveaError("out-of-range", `expected different axes, received [${axes}]`);
  return found;
}

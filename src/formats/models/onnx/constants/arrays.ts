// Arithmetic of constant arrays that all evaluated operators share: elements walked by strides, broadcasting, other
// orders of axes. Whole numbers stay float64, real ones float32, as they come out of the file.
import { broadcastShapes, broadcastStrides, type Shape, sizeOf, stridesOf } from "../../../../core/shape.js";
import type { OnnxTensor } from "../proto.js";

export type Kind = OnnxTensor["kind"];

/** Zeros for constants of a kind. */
export const allocated = (kind: Kind, size: number): Float32Array | Float64Array =>
  kind === "float" ? new Float32Array(size) : new Float64Array(size);

/** Visits every element of `shape` in row-major order with its offset under each of the strides. */
export function strided(shape: Shape, strides: readonly number[], each: (index: number, offset: number) => void): void {
  const size = sizeOf(shape);
  const rank = shape.length;
  const position = new Array<number>(rank).fill(0);
  let offset = 0;
  for (let index = 0; index < size; index++) {
    each(index, offset);
    for (let axis = rank - 1; axis >= 0; axis--) {
      offset += strides[axis]!;
      if (++position[axis]! < shape[axis]!) break;
      offset -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
}

/** The elements of `from` at `shape` positions, read by strides from an offset on. */
export function picked(from: OnnxTensor, shape: Shape, strides: readonly number[], start = 0): OnnxTensor {
  const data = allocated(from.kind, sizeOf(shape));
  strided(shape, strides, (index, offset) => {
    data[index] = from.data[start + offset]!;
  });
  return { ...from, shape, data };
}

/** The elements with axes in another order. */
export function reordered(from: OnnxTensor, order: readonly number[]): OnnxTensor {
  if (order.every((axis, index) => axis === index)) return from;
  const strides = stridesOf(from.shape);
  return picked(
    from,
    order.map((axis) => from.shape[axis]!),
    order.map((axis) => strides[axis]!),
  );
}

/** The elements repeated so that they fill `shape`. */
export const spreadTo = (from: OnnxTensor, shape: Shape): OnnxTensor =>
  picked(from, shape, broadcastStrides(from.shape, shape));

/** One number for all positions. */
export const filled = (kind: Kind, shape: Shape, value: number): OnnxTensor => ({
  kind,
  shape,
  data: allocated(kind, sizeOf(shape)).fill(value),
});

/** A list of whole numbers. */
export const whole = (data: readonly number[], shape: Shape = [data.length]): OnnxTensor => ({
  kind: "int",
  shape,
  data: Float64Array.from(data),
});

/** A function of numbers applied to each element. */
export function mapped(from: OnnxTensor, compute: (x: number) => number, kind: Kind = from.kind): OnnxTensor {
  const data = allocated(kind, from.data.length);
  for (let i = 0; i < data.length; i++) data[i] = compute(from.data[i]!);
  return { kind, shape: from.shape, data };
}

/** A function of numbers applied to elements of broadcast operands. */
export function combined(
  operands: readonly OnnxTensor[],
  compute: (...numbers: number[]) => number,
  kind: Kind = operands[0]!.kind,
): OnnxTensor {
  const shape = operands.map((array) => array.shape).reduce(broadcastShapes);
  const full = operands.map((array) => spreadTo(array, shape).data);
  const data = allocated(kind, sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = compute(...full.map((numbers) => numbers[i]!));
  return { kind, shape, data };
}

/** An axis counted from the end made positive. */
export const fromStart = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Checks whether two constants have the same shape and numbers. */
export const same = (a: OnnxTensor, b: OnnxTensor): boolean =>
  a.data.length === b.data.length &&
  a.shape.length === b.shape.length &&
  a.shape.every((extent, axis) => extent === b.shape[axis]) &&
  Array.prototype.every.call(a.data, (value: number, i: number) => Object.is(value, b.data[i]));

// Host tensors: a shape, a dtype and a typed array. They carry data in and out of the engine; they compute nothing.
import { allocate, type DType, type TypedArrayOf } from "./dtype.js";
import { FoveaError } from "./errors.js";
import { type Shape, showShape, sizeOf } from "./shape.js";

/** What an array is, without its data. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A dense row-major array on the host. */
export interface Tensor<D extends DType = DType> extends TensorType {
  readonly dtype: D;
  readonly data: TypedArrayOf[D];
}

export interface NestedNumbers extends ReadonlyArray<number | NestedNumbers> {}

/**
 * Makes a tensor from a typed array (not copied) or nested numbers (float32 unless told).
 * @throws FoveaError when the data does not fill the shape, or a nested list is ragged.
 * @example tensor([[1, 2], [3, 4]]).shape // [2, 2]
 */
export function tensor(data: NestedNumbers | number, dtype?: DType): Tensor;
export function tensor<D extends DType>(data: TypedArrayOf[D], shape: Shape, dtype: D): Tensor<D>;
export function tensor(
  data: NestedNumbers | number | TypedArrayOf[DType],
  second?: Shape | DType,
  third?: DType,
): Tensor {
  if (ArrayBuffer.isView(data)) {
    const shape = second as Shape;
    if (data.length !== sizeOf(shape))
      throw new FoveaError(
        `tensor: shape ${showShape(shape)} holds ${sizeOf(shape)} elements, received ${data.length}`,
      );
    return { dtype: third as DType, shape, data } as Tensor;
  }
  const dtype = (second as DType | undefined) ?? "float32";
  const shape: number[] = [];
  let level: number | NestedNumbers | undefined = data as number | NestedNumbers;
  while (typeof level === "object") {
    shape.push(level.length);
    level = level[0];
  }
  const out = allocate(dtype, sizeOf(shape));
  let next = 0;
  const fill = (value: number | NestedNumbers, axis: number): void => {
    if (typeof value === "number") {
      if (axis !== shape.length) throw new FoveaError("tensor: the nested lists are ragged");
      out[next++] = value;
      return;
    }
    if (value.length !== shape[axis]) throw new FoveaError("tensor: the nested lists are ragged");
    for (const inner of value) fill(inner, axis + 1);
  };
  fill(data as number | NestedNumbers, 0);
  return { dtype, shape, data: out } as Tensor;
}

/** A zero-filled tensor. */
export function zeros<D extends DType>(shape: Shape, dtype: D): Tensor<D> {
  return { dtype, shape, data: allocate(dtype, sizeOf(shape)) };
}

/** The same data with one more axis of extent 1 before `axis`. `expandDims(image, 0)` makes a batch of one. */
export function expandDims<D extends DType>(x: Tensor<D>, axis = 0): Tensor<D> {
  const shape = [...x.shape];
  shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
  return { ...x, shape };
}

/** Rows `start` to `end` (exclusive) of the first axis, sharing the data. */
export function sliceRows<D extends DType>(x: Tensor<D>, start: number, end: number): Tensor<D> {
  const row = sizeOf(x.shape.slice(1));
  return {
    dtype: x.dtype,
    shape: [end - start, ...x.shape.slice(1)],
    data: x.data.subarray(start * row, end * row) as TypedArrayOf[D],
  };
}

/** The rows of the first axis named by `indices`, copied. Shape `[indices.length, ...rest]`. */
export function takeRows<D extends DType>(x: Tensor<D>, indices: ArrayLike<number>): Tensor<D> {
  const row = sizeOf(x.shape.slice(1));
  const data = allocate(x.dtype, row * indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * row;
    data.set(x.data.subarray(from, from + row) as never, i * row);
  }
  return { dtype: x.dtype, shape: [indices.length, ...x.shape.slice(1)], data };
}

// Host tensors: a shape, a dtype and a typed array. They carry data in and out of the engine; they compute nothing.
// `String(x)` and Node's console show them as NumPy prints arrays.
import { allocate, asArrayOf, DTYPES, type DType, type TypedArrayOf } from "./dtype.js";
import { FoveaError, oneOf } from "./errors.js";
import { printTensor } from "./print-tensor.js";
import { type Shape, showShape, sizeOf } from "./shape.js";

/** Element type and shape of an array, without its data. */
export interface TensorType {
  /** The element type. */
  readonly dtype: DType;
  /** The extent of each axis. */
  readonly shape: Shape;
}

/** A dense row-major array on the host. */
export interface Tensor<D extends DType = DType> extends TensorType {
  /** The element type. */
  readonly dtype: D;
  /** The elements, the last axis fastest. */
  readonly data: TypedArrayOf[D];
}

/** Tensor that `tensor` makes. Any object with these three properties is a tensor too, but does not print itself. */
class HostTensor<D extends DType> implements Tensor<D> {
  constructor(
    readonly dtype: D,
    readonly shape: Shape,
    readonly data: TypedArrayOf[D],
  ) {}

  toString(): string {
    return printTensor(this);
  }
  /** Text that Node shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return printTensor(this);
  }
}

export interface NestedNumbers extends ReadonlyArray<number | NestedNumbers> {}

/**
 * Makes a tensor from a typed array (not copied) or nested numbers (float32 by default). Whole types cut fractions off and
 * wrap around: 256 is 0 as uint8, 128 is -128 as int8.
 * @param data A typed array, or nested lists of numbers.
 * @param shape The extent of each axis; left out for nested lists, which have a shape.
 * @param dtype The element type: of a typed array its own, of nested lists float32 by default.
 * @throws FoveaError when the data does not fill the shape, or a nested list is ragged.
 * @example
 * tensor([[1, 2], [3, 4]]).shape; // [2, 2]
 * tensor(new Uint8Array(12), [2, 2, 3], "uint8").shape; // [2, 2, 3]
 */
export function tensor(data: NestedNumbers | number, dtype?: DType): Tensor;
export function tensor<D extends DType>(data: TypedArrayOf[D], shape: Shape, dtype: D): Tensor<D>;
export function tensor<D extends DType>(data: NestedNumbers, shape: Shape, dtype: D): Tensor<D>;
export function tensor(
  data: NestedNumbers | number | TypedArrayOf[DType],
  second?: Shape | DType,
  third?: DType,
): Tensor {
  const givenShape: Shape | undefined = Array.isArray(second) ? second : undefined;
  const dtype = oneOf("tensor dtype", (givenShape === undefined ? (second as DType) : third) ?? "float32", DTYPES);
  if (ArrayBuffer.isView(data)) {
    if (givenShape === undefined)
      throw new FoveaError(
        "missing-option",
        'tensor: expected the shape of a typed array, as in tensor(data, [2, 3], "float32")',
      );
    return new HostTensor(dtype, filling(givenShape, data.length), asArrayOf(dtype, data));
  }
  const { shape, values } = flattened(data);
  const array = allocate(dtype, values.length);
  array.set(values);
  return new HostTensor(dtype, givenShape === undefined ? shape : filling(givenShape, values.length), array);
}

/** The shape, if it holds as many elements. */
function filling(shape: Shape, length: number): Shape {
  if (length === sizeOf(shape)) return shape;
  throw new FoveaError(
    "shape-mismatch",
    `tensor: shape ${showShape(shape)} holds ${sizeOf(shape)} elements, received ${length}`,
  );
}

/** Nested lists as one list, and their shape. @throws FoveaError when rows differ in length. */
function flattened(data: NestedNumbers | number): { readonly shape: Shape; readonly values: readonly number[] } {
  const shape: number[] = [];
  let level: number | NestedNumbers | undefined = data;
  while (typeof level === "object") {
    shape.push(level.length);
    level = level[0];
  }
  const values: number[] = [];
  const fill = (value: number | NestedNumbers, axis: number): void => {
    if (typeof value === "number") {
      if (axis !== shape.length) throw new FoveaError("shape-mismatch", "tensor: the nested lists are ragged");
      values.push(value);
      return;
    }
    if (value.length !== shape[axis]) throw new FoveaError("shape-mismatch", "tensor: the nested lists are ragged");
    for (const inner of value) fill(inner, axis + 1);
  };
  fill(data, 0);
  return { shape, values };
}

/**
 * A zero-filled tensor.
 * @param shape The extent of each axis.
 * @param dtype The element type.
 */
export function zeros<D extends DType>(shape: Shape, dtype: D): Tensor<D> {
  return new HostTensor(dtype, shape, allocate(dtype, sizeOf(shape)));
}

/**
 * The same data with one more axis of extent 1 before `axis`. `expandDims(image, 0)` makes a batch of one.
 * @param x Any tensor; the result shares its data.
 * @example expandDims(zeros([4, 4, 1], "float32")).shape; // [1, 4, 4, 1]
 */
export function expandDims<D extends DType>(x: Tensor<D>, axis = 0): Tensor<D> {
  const shape = [...x.shape];
  shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
  return new HostTensor(x.dtype, shape, x.data);
}

/**
 * Rows `start` to `end` (exclusive) of the first axis, sharing the data.
 * @param x A tensor of at least one axis.
 * @example sliceRows(images, 0, 2).shape; // [2, 12, 12, 1]
 */
export function sliceRows<D extends DType>(x: Tensor<D>, start: number, end: number): Tensor<D> {
  const row = sizeOf(x.shape.slice(1));
  const data = x.data.subarray(start * row, end * row) as TypedArrayOf[D];
  return new HostTensor(x.dtype, [end - start, ...x.shape.slice(1)], data);
}

/**
 * The rows of the first axis named by `indices`, copied. Shape `[indices.length, ...rest]`.
 * @param x A tensor of at least one axis.
 * @example takeRows(images, [3, 0]).shape; // [2, 12, 12, 1]
 */
export function takeRows<D extends DType>(x: Tensor<D>, indices: ArrayLike<number>): Tensor<D> {
  const row = sizeOf(x.shape.slice(1));
  const data = allocate(x.dtype, row * indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * row;
    data.set(x.data.subarray(from, from + row) as never, i * row);
  }
  return new HostTensor(x.dtype, [indices.length, ...x.shape.slice(1)], data);
}

// Element types of tensors: those that images, labels and weights need, and what follows from each.

import { FoveaError } from "./errors.js";

/**
 * `float32` for everything learned, `int32` for labels and indices, `uint8` for pixels and small winners. `int8` is for
 * arrays on the host alone; numbers outside of a type's range wrap around, as in NumPy.
 */
export type DType = "float32" | "int32" | "uint8" | "int8";

/** The types that backends compute with. */
export type EngineDType = Exclude<DType, "int8">;

export interface TypedArrayOf {
  float32: Float32Array;
  int32: Int32Array;
  uint8: Uint8Array;
  int8: Int8Array;
}

const CONSTRUCTORS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, int8: Int8Array } as const;

export const DTYPES = Object.keys(CONSTRUCTORS) as readonly DType[];

/**
 * A typed array as that of a dtype, not copied: the clamped bytes of a canvas count as uint8.
 * @throws FoveaError for the array of another type, whose numbers would be taken for something else.
 */
export function asArrayOf<D extends DType>(
  dtype: D,
  data: ArrayBufferView & { readonly length: number },
): TypedArrayOf[D] {
  if (data instanceof CONSTRUCTORS[dtype]) return data as TypedArrayOf[D];
  if (dtype === "uint8" && data instanceof Uint8ClampedArray)
    return viewOf(dtype, data.buffer, data.byteOffset, data.length);
  throw new FoveaError(
    "dtype-mismatch",
    `tensor: expected ${CONSTRUCTORS[dtype].name} for ${dtype}, received ${data.constructor.name}`,
  );
}

/** Bytes per element. */
export const byteWidth = (dtype: DType): number => CONSTRUCTORS[dtype].BYTES_PER_ELEMENT;

/** A zero-filled array of `length` elements. */
export function allocate<D extends DType>(dtype: D, length: number): TypedArrayOf[D] {
  return new CONSTRUCTORS[dtype](length) as TypedArrayOf[D];
}

/** A view of `length` elements over `buffer` from byte `offset`. */
export function viewOf<D extends DType>(
  dtype: D,
  buffer: ArrayBufferLike,
  offset: number,
  length: number,
): TypedArrayOf[D] {
  // The library types still say ArrayBuffer where a SharedArrayBuffer does as well.
  return new CONSTRUCTORS[dtype](buffer as ArrayBuffer, offset, length) as TypedArrayOf[D];
}

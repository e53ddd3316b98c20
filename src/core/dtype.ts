// Element types of tensors: the three that images, labels and weights need, and what follows from each.

/** `float32` for everything learned, `int32` for labels and indices, `uint8` for pixels and small winners. */
export type DType = "float32" | "int32" | "uint8";

export interface TypedArrayOf {
  float32: Float32Array;
  int32: Int32Array;
  uint8: Uint8Array;
}

const CONSTRUCTORS = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array } as const;

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

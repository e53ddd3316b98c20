// The messages by which an HDF5 file states what an array has: its element type and its shape. Written only; h5wasm reads
// them. Layouts are those of the HDF5 file format specification, versions that the library writes since 1.8.
import type { Shape } from "../../../core/shape.js";
import { Packer } from "../packer.js";
import { ARRAYS, type Hdf5DType } from "./tree.js";

/** Classes of types; the upper half of the byte is the version. */
const VERSION = 0x10;
const FIXED = 0;
const FLOAT = 1;
const OPAQUE = 5;
const VARIABLE = 9;

/** IEEE 754 in HDF5's words: sign's bit, exponent's first bit and size, mantissa's first bit and size, exponent's bias. */
const FLOATS = {
  float16: [15, 10, 5, 0, 10, 15],
  float32: [31, 23, 8, 0, 23, 127],
  float64: [63, 52, 11, 0, 52, 1023],
} as const;

const isFloat = (dtype: Hdf5DType): dtype is keyof typeof FLOATS => dtype in FLOATS;

/** The bytes of a dataspace message: the extents, none for a scalar. */
export function dataspace(shape: Shape): Uint8Array {
  const scalar = shape.length === 0;
  const out = new Packer()
    .u8(2)
    .u8(shape.length)
    .u8(0)
    .u8(scalar ? 0 : 1);
  for (const extent of shape) out.u64(extent);
  return out.finish();
}

/** The bytes of a datatype message. */
export function datatype(dtype: Hdf5DType): Uint8Array {
  const head = (kind: number, bits: readonly [number, number, number], size: number): Packer =>
    new Packer()
      .u8(VERSION | kind)
      .u8(bits[0])
      .u8(bits[1])
      .u8(bits[2])
      .u32(size);
  // Text of variable length in UTF-8: a sequence of bytes on the global heap.
  if (dtype === "string") return head(VARIABLE, [1, 1, 0], 16).bytes(datatype("uint8")).finish();
  // Two bytes that an attribute beside them names, as h5py writes elements that NumPy does not know.
  if (dtype === "bfloat16") return head(OPAQUE, [0, 0, 0], 2).finish();
  const size = ARRAYS[dtype].BYTES_PER_ELEMENT;
  if (!isFloat(dtype))
    return head(FIXED, [dtype.startsWith("int") ? 8 : 0, 0, 0], size)
      .u16(0)
      .u16(size * 8)
      .finish();
  const [sign, exponent, exponentSize, mantissa, mantissaSize, bias] = FLOATS[dtype];
  return head(FLOAT, [0x20, sign, 0], size)
    .u16(0)
    .u16(size * 8)
    .u8(exponent)
    .u8(exponentSize)
    .u8(mantissa)
    .u8(mantissaSize)
    .u32(bias)
    .finish();
}

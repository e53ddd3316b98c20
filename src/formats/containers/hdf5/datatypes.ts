// HDF5's dataspace and datatype messages, and the arrays they describe.
// Not here: compound, opaque and reference types, numbers that are not whole bytes of the usual layouts.
import type { Shape } from "../../../core/shape.js";
import type { Packer } from "../packer.js";
import { type Cursor, Damage } from "./cursor.js";
import type { Hdf5Arrays, Hdf5DType } from "./tree.js";

/** How the elements of an array are stored. */
export interface Datatype {
  readonly dtype: Hdf5DType;
  /** Bytes per element in the file. */
  readonly size: number;
  readonly bigEndian: boolean;
  /** Text only: kept on the global heap and referred to, not in place. */
  readonly onHeap: boolean;
}

/** The class nibble of a datatype message; the version of all that we write is 1. */
const FIXED = 0;
const FLOAT = 1;
const STRING = 3;
const ENUM = 8;
const VARIABLE = 9;

/** The shape of a dataspace message; undefined for a null space, which holds nothing. */
export function readDataspace(body: Cursor): Shape | undefined {
  const version = body.u8();
  const rank = body.u8();
  body.skip(1);
  if (version === 1) body.skip(5);
  else if (version !== 2) throw new Damage("a dataspace is of an unknown version");
  else if (body.u8() === 2) return undefined;
  if (rank > 32) throw new Damage("an array has more than 32 axes");
  return Array.from({ length: rank }, () => body.length());
}

/** A datatype message. */
export function readDatatype(body: Cursor): Datatype {
  const kind = body.u8() & 0x0f;
  const bits = body.u8();
  body.skip(2);
  const size = body.u32();
  if (size === 0) throw new Damage("a type has no size");
  if (kind === STRING) return { dtype: "string", size, bigEndian: false, onHeap: false };
  if (kind === VARIABLE && (bits & 0x0f) === 1 && size === 16)
    return { dtype: "string", size, bigEndian: false, onHeap: true };
  // Enumerations (h5py's booleans) are read as the numbers they are made of.
  if (kind === ENUM && ((body.bytes[body.at] ?? 0) & 0x0f) === FIXED) return readDatatype(body);
  const bigEndian = (bits & 1) === 1;
  body.skip(2); // bit offset
  const whole = body.u16() === size * 8;
  if (whole && kind === FIXED && [1, 2, 4, 8].includes(size))
    return { dtype: `${bits & 8 ? "int" : "uint"}${(size * 8) as 8 | 16 | 32 | 64}`, size, bigEndian, onHeap: false };
  if (whole && kind === FLOAT && (bits & 0x40) === 0 && (size === 4 || size === 8))
    return { dtype: size === 4 ? "float32" : "float64", size, bigEndian, onHeap: false };
  throw new Damage(`it holds elements of HDF5's type class ${kind} with ${size} bytes, not plain numbers or text`);
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;

/** The element type of an array given as a value. */
export function dtypeOf(data: Hdf5Arrays[Hdf5DType]): Hdf5DType {
  const names = Object.keys(ARRAYS) as (keyof typeof ARRAYS)[];
  return names.find((name) => data instanceof ARRAYS[name]) ?? "string";
}

/** The numbers that fill `raw`, copied. */
export function decodeNumbers({ dtype, size, bigEndian }: Datatype, raw: Uint8Array): Hdf5Arrays[Hdf5DType] {
  const copy = new Uint8Array(raw); // not slice(): a Node Buffer's would share its memory
  if (bigEndian) for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  return new ARRAYS[dtype as keyof typeof ARRAYS](copy.buffer);
}

/** The text in a fixed field, or a heap object: UTF-8 up to the first NUL. */
export function decodeText(raw: Uint8Array): string {
  const stop = raw.indexOf(0);
  return new TextDecoder().decode(stop < 0 ? raw : raw.subarray(0, stop));
}

/** Writes a dataspace message's body. */
export function packDataspace(out: Packer, shape: Shape): Packer {
  out
    .u8(2)
    .u8(shape.length)
    .u8(0)
    .u8(shape.length === 0 ? 0 : 1);
  for (const extent of shape) out.u64(extent);
  return out;
}

/** IEEE 754 as HDF5 spells it: sign place, exponent place and size, mantissa place and size, exponent bias. */
const FLOATS = { 4: [31, 23, 8, 0, 23, 127], 8: [63, 52, 11, 0, 52, 1023] } as const;

/** Writes a datatype message's body. */
export function packDatatype(out: Packer, dtype: Hdf5DType): Packer {
  if (dtype === "string") {
    // A variable-length string of UTF-8, made of bytes.
    out
      .u8(0x10 | VARIABLE)
      .u8(1)
      .u8(1)
      .u8(0)
      .u32(16);
    return packDatatype(out, "uint8");
  }
  const size = ARRAYS[dtype].BYTES_PER_ELEMENT;
  if (dtype === "float32" || dtype === "float64") {
    const [sign, exponent, exponentSize, mantissa, mantissaSize, bias] = FLOATS[size as 4 | 8];
    out
      .u8(0x10 | FLOAT)
      .u8(0x20)
      .u8(sign)
      .u8(0)
      .u32(size)
      .u16(0)
      .u16(size * 8);
    return out.u8(exponent).u8(exponentSize).u8(mantissa).u8(mantissaSize).u32(bias);
  }
  out
    .u8(0x10 | FIXED)
    .u8(dtype.startsWith("int") ? 8 : 0)
    .u16(0)
    .u32(size);
  return out.u16(0).u16(size * 8);
}

// The element types of ONNX's tensors: their numbers in files, their names in messages, and their bytes as numbers. What
// a tensor holds is either real numbers, kept as float32, or whole ones (truth values among them), kept as float64, which
// is exact up to 2^53.
import { FoveaError } from "../../../core/errors.js";
import { halfToFloat } from "../../containers/half.js";

/** Numbers of a constant: float32 for real ones, float64 for whole ones; plain lists where a model is written. */
export type Numbers = Float32Array | Float64Array | readonly number[];

interface Element {
  readonly name: string;
  /** Bytes of each in raw data; 0 where two share a byte or Fovea does not read the type. */
  readonly width: number;
  readonly kind: "float" | "int";
  readonly read?: (view: DataView, at: number) => number;
}

const element = (name: string, width: number, kind: "float" | "int", read: Element["read"]): Element => ({
  name,
  width,
  kind,
  ...(read && { read }),
});
const unread = (name: string): Element => ({ name, width: 0, kind: "float" });

/** A bfloat16 is the upper half of a float32. */
function bfloat16(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!;
}

/** By ONNX's numbers (TensorProto.DataType). */
const ELEMENTS: Readonly<Record<number, Element>> = {
  1: element("float", 4, "float", (view, at) => view.getFloat32(at, true)),
  2: element("uint8", 1, "int", (view, at) => view.getUint8(at)),
  3: element("int8", 1, "int", (view, at) => view.getInt8(at)),
  4: element("uint16", 2, "int", (view, at) => view.getUint16(at, true)),
  5: element("int16", 2, "int", (view, at) => view.getInt16(at, true)),
  6: element("int32", 4, "int", (view, at) => view.getInt32(at, true)),
  7: element("int64", 8, "int", (view, at) => Number(view.getBigInt64(at, true))),
  8: unread("string"),
  9: element("bool", 1, "int", (view, at) => (view.getUint8(at) === 0 ? 0 : 1)),
  10: element("float16", 2, "float", (view, at) => halfToFloat(view.getUint16(at, true))),
  11: element("double", 8, "float", (view, at) => view.getFloat64(at, true)),
  12: element("uint32", 4, "int", (view, at) => view.getUint32(at, true)),
  13: element("uint64", 8, "int", (view, at) => Number(view.getBigUint64(at, true))),
  14: unread("complex64"),
  15: unread("complex128"),
  16: element("bfloat16", 2, "float", (view, at) => bfloat16(view.getUint16(at, true))),
  17: unread("float8e4m3fn"),
  18: unread("float8e4m3fnuz"),
  19: unread("float8e5m2"),
  20: unread("float8e5m2fnuz"),
  21: unread("uint4"),
  22: unread("int4"),
  23: unread("float4e2m1"),
  24: unread("float8e8m0"),
  25: unread("uint2"),
  26: unread("int2"),
};

/** The type of this number. @throws FoveaError that names a type that is not read, and what to do. */
export function elementOf(where: string, type: number): Required<Element> {
  const found = ELEMENTS[type];
  if (found?.read !== undefined) return found as Required<Element>;
  const name = found === undefined ? `an unknown type (${type})` : found.name;
  throw new FoveaError(
    "dtype-mismatch",
    `${where}: has elements of ${name}, which Fovea does not read; export it as float32`,
  );
}

/** The type that numbers are rounded to where no zero point says it: `output_dtype`, by default uint8. */
export const roundedType = (type: unknown): string =>
  typeof type === "number" && type !== 0 ? (ELEMENTS[type]?.name ?? `type ${type}`) : "uint8";

/** Checks whether numbers of this type may have fractions. */
export const isReal = (type: number): boolean => ELEMENTS[type]?.kind === "float";

/** The least and the largest number of a type of whole numbers. */
export function rangeOf(name: string): readonly [number, number] {
  const bits = Number(/\d+$/.exec(name)?.[0] ?? 8);
  return name.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/** Raw little-endian bytes as numbers; left-over bytes at the end are ignored. */
export function decoded({ name, width, kind, read }: Required<Element>, raw: Uint8Array): Float32Array | Float64Array {
  const count = Math.floor(raw.length / width);
  // A view of the file where its numbers lie as typed arrays want them, else a copy; neither is ever written to.
  if (name === "float" && raw.byteOffset % width === 0) return new Float32Array(raw.buffer, raw.byteOffset, count);
  if (name === "float") return new Float32Array(new Uint8Array(raw.subarray(0, count * width)).buffer);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const out = kind === "float" ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) out[i] = read(view, i * width);
  return out;
}

/** Numbers from a tensor's list of whole ones, where float16 and bfloat16 lie as their bits. */
export function fromWhole({ name, kind }: Required<Element>, listed: readonly number[]): Float32Array | Float64Array {
  if (name === "float16") return Float32Array.from(listed, halfToFloat);
  if (name === "bfloat16") return Float32Array.from(listed, bfloat16);
  return kind === "float" ? Float32Array.from(listed) : Float64Array.from(listed);
}

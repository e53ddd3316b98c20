// NumPy's .npy files: one array. Written little-endian and row-major in version 1; read as NumPy writes them, in either
// order. Used to exchange images and predictions. Not here: .npz, complex numbers, structured types.
import { byteWidth, type DType, viewOf } from "../../core/dtype.js";
import { FoveaError } from "../../core/errors.js";
import { type Shape, showShape, sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { halfToFloat } from "./half.js";
import { bytesOf, Packer } from "./packer.js";

/** First bytes of the file; the version follows, 1.0 where Fovea writes. */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const VERSION = Uint8Array.of(1, 0);
const PREFIX = 10;
const DESCRIPTIONS: Record<DType, string> = { float32: "<f4", int32: "<i4", uint8: "|u1", int8: "|i1" };
const HEADER = /^\{'descr': '([<>|=]?\w+)', 'fortran_order': (True|False), 'shape': \(((?:\d+, ?)*\d*,?)\),? *\}\s*$/;

/**
 * The tensor as the bytes of a .npy file.
 * @example const same = readNpy(writeNpy(zeros([2, 2], "float32")));
 */
export function writeNpy({ dtype, shape, data }: Tensor): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${DESCRIPTIONS[dtype]}', 'fortran_order': False, 'shape': (${extents}), }`;
  // NumPy wants the data to begin at a multiple of 64.
  const start = Math.ceil((PREFIX + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(start - PREFIX - 1)}\n`;
  return new Packer().bytes(MAGIC).bytes(VERSION).u16(header.length).text(header).bytes(bytesOf(data)).finish();
}

/** Reads one number of a .npy file's element type. */
type Read = (view: DataView, at: number, little: boolean) => number;

/** NumPy's other real element types, by kind and bytes; they are read as float32. */
const OTHERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["f8", (view, at, little) => view.getFloat64(at, little)],
  ["f4", (view, at, little) => view.getFloat32(at, little)],
  ["f2", (view, at, little) => halfToFloat(view.getUint16(at, little))],
  ["i8", (view, at, little) => Number(view.getBigInt64(at, little))],
  ["u8", (view, at, little) => Number(view.getBigUint64(at, little))],
  ["i4", (view, at, little) => view.getInt32(at, little)],
  ["u4", (view, at, little) => view.getUint32(at, little)],
  ["i2", (view, at, little) => view.getInt16(at, little)],
  ["u2", (view, at, little) => view.getUint16(at, little)],
  ["b1", (view, at) => view.getUint8(at)],
]);

/**
 * Reads a .npy file. float32, int32, uint8 and int8 stay what they are, other real numbers become float32. The data are copied.
 * @param bytes The file's contents.
 * @param name The name in messages.
 * @throws FoveaError when the bytes are no such file, are cut short, or hold complex numbers, texts or structures.
 */
export function readNpy(bytes: Uint8Array, name = "the array"): Tensor {
  if (bytes.length < PREFIX || MAGIC.some((byte, at) => bytes[at] !== byte))
    throw new FoveaError("unknown-format", `${name}: expected a .npy file, found other bytes`);
  const version = bytes[MAGIC.length]!;
  if (version < 1 || version > 3)
    throw new FoveaError(
      "unsupported-feature",
      `${name}: expected a .npy file of version 1, 2 or 3, found version ${version}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [prefix, length] = version === 1 ? [PREFIX, view.getUint16(8, true)] : [PREFIX + 2, lengthOf(view)];
  const start = prefix + length;
  const match = HEADER.exec(new TextDecoder().decode(bytes.subarray(prefix, start)));
  if (match === null)
    throw new FoveaError("damaged-file", `${name}: the header of this .npy file is damaged or of an unknown form`);
  const [, description, isFortran, extents] = match as unknown as [string, string, string, string];
  const shape: Shape = extents.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  const dtype = (Object.keys(DESCRIPTIONS) as DType[]).find((candidate) => DESCRIPTIONS[candidate] === description);
  const [order, kind] = /^[<>|=]/.test(description) ? [description[0]!, description.slice(1)] : ["=", description];
  const read = OTHERS.get(kind);
  if (dtype === undefined && read === undefined)
    throw new FoveaError(
      "dtype-mismatch",
      `${name}: expected an array of real numbers, received ${description}; save it with x.astype("float32")`,
    );
  const width = dtype === undefined ? Number(kind.slice(1)) : byteWidth(dtype);
  const [count, held] = [sizeOf(shape), bytes.length - start];
  if (held !== count * width)
    throw new FoveaError(
      "damaged-file",
      `${name}: shape ${showShape(shape)} needs ${count * width} bytes of data, found ${held}`,
    );
  // Not slice(), which is none of Node's Buffer.
  const copy = new Uint8Array(bytes.subarray(start));
  const data =
    dtype !== undefined
      ? viewOf(dtype, copy.buffer, 0, count)
      : Float32Array.from({ length: count }, (_, i) => read!(view, start + i * width, order !== ">"));
  const array = tensor(data, shape, dtype ?? "float32") as Tensor;
  return isFortran === "True" ? rowMajor(array) : array;
}

/** The length of a header that may be long. */
const lengthOf = (view: DataView): number => (view.byteLength < PREFIX + 2 ? 0 : view.getUint32(8, true));

/** An array whose first index runs fastest, as one whose last does. */
function rowMajor({ dtype, shape, data }: Tensor): Tensor {
  const turned = data.slice();
  const steps = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  for (let to = 0; to < data.length; to++) {
    let [rest, from] = [to, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (rest % shape[axis]!) * steps[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    turned[to] = data[from]!;
  }
  return tensor(turned, shape, dtype) as Tensor;
}

// NumPy's .npy files, version 1: one array, little-endian, row-major. Used to exchange images and predictions.
// Not here: .npz, Fortran order, structured types.
import { byteWidth, type DType, viewOf } from "../../core/dtype.js";
import { FoveaError } from "../../core/errors.js";
import { type Shape, showShape, sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { bytesOf, Packer } from "./packer.js";

/** What the file begins with, version 1.0 included. */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
const PREFIX = 10;
const DESCRIPTIONS: Record<DType, string> = { float32: "<f4", int32: "<i4", uint8: "|u1", int8: "|i1" };
const HEADER = /^\{'descr': '([<>|=]?\w+)', 'fortran_order': (True|False), 'shape': \(((?:\d+, ?)*\d*,?)\),? *\}\s*$/;

/** The tensor as the bytes of a .npy file. */
export function writeNpy({ dtype, shape, data }: Tensor): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${DESCRIPTIONS[dtype]}', 'fortran_order': False, 'shape': (${extents}), }`;
  // NumPy wants the data to begin at a multiple of 64.
  const start = Math.ceil((PREFIX + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(start - PREFIX - 1)}\n`;
  return new Packer().bytes(MAGIC).u16(header.length).text(header).bytes(bytesOf(data)).finish();
}

/**
 * Reads a .npy file of float32, int32, uint8 or int8. The data are copied.
 * @throws FoveaError when the bytes are no such file, are cut short, or hold another element type or order.
 */
export function readNpy(bytes: Uint8Array, name = "the array"): Tensor {
  if (bytes.length < PREFIX || MAGIC.some((byte, at) => bytes[at] !== byte))
    throw new FoveaError(`${name}: expected a .npy file of version 1.0, found other bytes`);
  const start = PREFIX + (bytes[8]! | (bytes[9]! << 8));
  const match = HEADER.exec(new TextDecoder().decode(bytes.subarray(PREFIX, start)));
  if (match === null) throw new FoveaError(`${name}: the header of this .npy file is damaged or of an unknown form`);
  const dtype = (Object.keys(DESCRIPTIONS) as DType[]).find((one) => DESCRIPTIONS[one] === match[1]);
  if (dtype === undefined || match[2] === "True")
    throw new FoveaError(
      `${name}: expected a row-major array of float32, int32, uint8 or int8, received ${match[1]}` +
        `${match[2] === "True" ? " in Fortran order" : ""}; save it with np.ascontiguousarray(x, "float32")`,
    );
  const shape: Shape = match[3]!.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  const length = sizeOf(shape);
  // Not slice(), which is none of Node's Buffer.
  const copy = new Uint8Array(bytes.subarray(start));
  const expected = length * byteWidth(dtype);
  if (copy.length !== expected)
    throw new FoveaError(`${name}: shape ${showShape(shape)} needs ${expected} bytes of data, found ${copy.length}`);
  return tensor(viewOf(dtype, copy.buffer, 0, length), shape, dtype);
}

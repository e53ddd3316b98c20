// Tensors of the Open Inference Protocol v2: datatypes, values in JSON (flat or nested) and in the binary tensor extension,
// little-endian and row by row. Sizes are checked before memory is taken.
import { FoveaError } from "../core/errors.js";
import type { Json } from "../core/json.js";
import { sizeOf } from "../core/shape.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { ServiceError } from "./service-error.js";

/** Width, reader and range of a datatype. */
interface Datatype {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
  /** The least and the largest whole number; absent for floats. */
  readonly range?: readonly [low: number, high: number];
}

const whole = (bits: number, isSigned: boolean): readonly [number, number] =>
  isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];

/** Datatypes that inputs may have; all but UINT8 become 32-bit floats. */
const DATATYPES: ReadonlyMap<string, Datatype> = new Map<string, Datatype>([
  ["UINT8", { bytes: 1, read: (view, at) => view.getUint8(at), range: whole(8, false) }],
  ["UINT16", { bytes: 2, read: (view, at) => view.getUint16(at, true), range: whole(16, false) }],
  ["INT8", { bytes: 1, read: (view, at) => view.getInt8(at), range: whole(8, true) }],
  ["INT16", { bytes: 2, read: (view, at) => view.getInt16(at, true), range: whole(16, true) }],
  ["INT32", { bytes: 4, read: (view, at) => view.getInt32(at, true), range: whole(32, true) }],
  ["FP32", { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ["FP64", { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
]);

/** Samples of a request. */
export type Samples = Tensor<"uint8"> | Tensor<"float32">;

/** An input of a request. */
export interface TensorInput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/**
 * Checks an input before memory is taken for it.
 * @param most the most samples
 * @throws ServiceError for a datatype that is not taken, a shape that is not `[n, ...sample]`, and too many samples
 */
export function checkInput({ name, datatype, shape }: TensorInput, sample: readonly number[], most: number): void {
  if (!DATATYPES.has(datatype))
    throw new ServiceError(
      400,
      "dtype-mismatch",
      `input ${name}: expected one of ${[...DATATYPES.keys()].join(", ")}, received ${datatype}`,
    );
  const [rows = 0, ...rest] = shape;
  if (!(rows >= 1) || rest.length !== sample.length || rest.some((extent, at) => extent !== sample[at]))
    throw new ServiceError(
      400,
      "shape-mismatch",
      `input ${name}: expected shape [n, ${sample.join(", ")}] with n of at least 1, received [${shape.join(", ")}]`,
    );
  if (rows > most)
    throw new ServiceError(
      413,
      "too-large",
      `input ${name}: expected at most ${most} samples in a request, received ${rows}; send several requests`,
    );
}

/**
 * Values in JSON as a tensor: flat, or nested as the shape is.
 * @param length bytes of the JSON, of which each value takes two at least
 * @throws ServiceError for another number of values, or other values
 */
export function fromJson(input: TensorInput, data: Json | undefined, length: number): Samples {
  const { name, datatype, shape } = input;
  const size = sizeOf(shape);
  if (2 * size > length) throw wrongCount(input, "fewer");
  const { range } = DATATYPES.get(datatype)!;
  const room = datatype === "UINT8" ? new Uint8Array(size) : new Float32Array(size);
  let filled = 0;
  const take = (value: Json | undefined, depth: number): void => {
    if (Array.isArray(value)) {
      if (depth >= shape.length)
        throw new ServiceError(400, "shape-mismatch", `input ${name}: its data is nested deeper than its shape`);
      for (const inner of value as readonly Json[]) take(inner, depth + 1);
      return;
    }
    if (typeof value !== "number")
      throw new ServiceError(
        400,
        "wrong-type",
        `input ${name}: expected numbers in its data, received ${typeof value}`,
      );
    if (range !== undefined && !(Number.isInteger(value) && value >= range[0] && value <= range[1]))
      throw new ServiceError(
        400,
        "out-of-range",
        `input ${name}: expected ${datatype}, whole numbers from ${range[0]} to ${range[1]}, received ${value}`,
      );
    if (filled >= size) throw wrongCount(input, "more");
    room[filled++] = value;
  };
  if (!Array.isArray(data)) throw new ServiceError(400, "wrong-type", `input ${name}: expected a list as its data`);
  take(data, 0);
  if (filled < size) throw wrongCount(input, String(filled));
  return asTensor(room, shape);
}

const wrongCount = ({ name, shape }: TensorInput, found: string): ServiceError =>
  new ServiceError(
    400,
    "length-mismatch",
    `input ${name}: expected ${sizeOf(shape)} values for its shape, received ${found}`,
  );

/** Bytes as a tensor. @throws ServiceError for another number of bytes */
export function fromBytes(input: TensorInput, bytes: Uint8Array): Samples {
  const { name, datatype, shape } = input;
  const size = sizeOf(shape);
  const { bytes: width, read } = DATATYPES.get(datatype)!;
  if (bytes.length !== size * width)
    throw new ServiceError(
      400,
      "length-mismatch",
      `input ${name}: expected ${size * width} bytes of ${datatype} for its shape, received ${bytes.length}; see binary_data_size`,
    );
  // Bytes of a body belong to its request, so that pixels are used where they lie.
  if (datatype === "UINT8") return asTensor(bytes, shape);
  if (datatype === "FP32" && LITTLE_ENDIAN) return asTensor(new Float32Array(bytes.slice().buffer), shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return asTensor(
    Float32Array.from({ length: size }, (_, at) => read(view, at * width)),
    shape,
  );
}

const asTensor = (data: Uint8Array | Float32Array, shape: readonly number[]): Samples =>
  data instanceof Uint8Array ? tensor(data, [...shape], "uint8") : tensor(data, [...shape], "float32");

/** The order of bytes of nearly all machines, which is that of the protocol. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A tensor's bytes, little-endian. */
export function toBytes({ data }: Tensor<"float32">): Uint8Array {
  if (LITTLE_ENDIAN) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(data.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of data.entries()) view.setFloat32(4 * at, value, true);
  return bytes;
}

/** Tensors of one dtype, one after the other. */
export function joinedSamples(parts: readonly Samples[]): Samples {
  const [first, ...others] = parts;
  if (first === undefined) throw new FoveaError("empty-input", "expected at least one tensor to join, received none");
  if (others.length === 0) return first;
  const size = parts.reduce((sum, { data }) => sum + data.length, 0);
  const room = first.dtype === "uint8" ? new Uint8Array(size) : new Float32Array(size);
  return asTensor(filled(room, parts), joinedShape(parts));
}

/** The same of outputs. */
export const joinedOutputs = (parts: readonly Tensor<"float32">[]): Tensor<"float32"> =>
  parts.length === 1
    ? parts[0]!
    : tensor(
        filled(new Float32Array(parts.reduce((sum, { data }) => sum + data.length, 0)), parts),
        joinedShape(parts),
        "float32",
      );

function filled<T extends Uint8Array | Float32Array>(room: T, parts: readonly Samples[]): T {
  let at = 0;
  for (const { data } of parts) {
    room.set(data, at);
    at += data.length;
  }
  return room;
}

const joinedShape = (parts: readonly Samples[]): number[] => [
  parts.reduce((sum, { shape }) => sum + shape[0]!, 0),
  ...parts[0]!.shape.slice(1),
];

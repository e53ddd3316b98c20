// safetensors files: a header of JSON, then the arrays one after another. One file, no code, no surprises, which is
// why checkpoints use it as well. 16-bit floats are read as float32. Not here: 64-bit numbers, shards.
import * as z from "zod";
import { byteWidth, type DType, viewOf } from "../../core/dtype.js";
import { FoveaError } from "../../core/errors.js";
import { showShape, sizeOf } from "../../core/shape.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { checkJson, parseJson } from "../json.js";
import { HALVES, type HalfArray, type HalfName } from "./half.js";
import { bytesOf } from "./packer.js";

const DTYPES: Record<DType, string> = { float32: "F32", int32: "I32", uint8: "U8", int8: "I8" };
const HALF_CODES: Record<HalfName, string> = { float16: "F16", bfloat16: "BF16" };
const METADATA = "__metadata__";
const LENGTH_BYTES = 8;
/** The format's own limit. */
const MOST_HEADER = 100_000_000;

const extent = z.int().min(0);
const ENTRY = z.object({ dtype: z.string(), shape: z.array(extent), data_offsets: z.tuple([extent, extent]) });
const HEADER = z.record(z.string(), z.unknown());
const METADATA_SCHEMA = z.record(z.string(), z.string());

/** Named tensors in file order, and the file's own notes. */
export interface Safetensors {
  /** Tensors by name, in file order. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Notes by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The tensors of a file to write, some of them as 16-bit floats. */
export interface WrittenSafetensors extends Pick<Safetensors, "metadata"> {
  readonly tensors: ReadonlyMap<string, Tensor | HalfArray>;
}

const CODES: Record<DType | HalfName, string> = { ...DTYPES, ...HALF_CODES };

/**
 * The file's bytes; the same content in the same order gives the same bytes.
 * @throws FoveaError for a tensor named `__metadata__`.
 * @example
 * const bytes = writeSafetensors({ tensors: new Map([["a", zeros([2], "float32")]]), metadata: { by: "me" } });
 * const { tensors } = readSafetensors(bytes);
 */
export function writeSafetensors({ tensors, metadata }: WrittenSafetensors): Uint8Array {
  let offset = 0;
  const entries = Array.from(tensors, ([name, { dtype, shape, data }]) => {
    if (name === METADATA) throw new FoveaError("unusable-name", `safetensors: no tensor can be named ${METADATA}`);
    const start = offset;
    offset += data.byteLength;
    return [name, { dtype: CODES[dtype], shape, data_offsets: [start, offset] }];
  });
  const header = new TextEncoder().encode(JSON.stringify({ [METADATA]: metadata, ...Object.fromEntries(entries) }));
  // Spaces after the JSON let the data begin at a multiple of eight.
  const padded = Math.ceil(header.length / 8) * 8;
  const start = LENGTH_BYTES + padded;
  const out = new Uint8Array(start + offset).fill(0x20, LENGTH_BYTES, start);
  new DataView(out.buffer).setBigUint64(0, BigInt(padded), true);
  out.set(header, LENGTH_BYTES);
  let at = start;
  for (const { data } of tensors.values()) {
    out.set(bytesOf(data), at);
    at += data.byteLength;
  }
  return out;
}

/**
 * Reads a safetensors file of float32, int32, uint8 and int8 tensors; float16 and bfloat16 become float32. The data are copied.
 * @param bytes The file's contents.
 * @param name The name in messages.
 * @throws FoveaError when the file is none, is damaged or cut short, or holds other element types.
 */
export function readSafetensors(bytes: Uint8Array, name = "the file"): Safetensors {
  const headerSize =
    bytes.length < LENGTH_BYTES ? -1 : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerSize < 2 || headerSize > Math.min(bytes.length - LENGTH_BYTES, MOST_HEADER) || bytes[LENGTH_BYTES] !== 0x7b)
    throw new FoveaError(
      "unknown-format",
      `${name}: expected a safetensors file, found other bytes or one that is cut short`,
    );
  const data = bytes.subarray(LENGTH_BYTES + headerSize);
  const header = checkJson(name, HEADER, parseJson(name, bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerSize)));
  const tensors = new Map<string, Tensor>();
  let next = 0;
  for (const [key, { dtype: code, shape, data_offsets: offsets }] of entriesIn(header, name)) {
    const what = tensorIn(name, key);
    const dtype = (Object.keys(DTYPES) as DType[]).find((candidate) => DTYPES[candidate] === code);
    const half = (Object.keys(HALF_CODES) as HalfName[]).find((candidate) => HALF_CODES[candidate] === code);
    if (dtype === undefined && half === undefined)
      throw new FoveaError("dtype-mismatch", `${what}: expected F32, F16, BF16, I32, U8 or I8, found ${code}`);
    const [start, end] = offsets;
    const width = dtype === undefined ? 2 : byteWidth(dtype);
    if (start !== next || end - start !== sizeOf(shape) * width || end > data.length)
      throw new FoveaError(
        "damaged-file",
        `${what}: ${code} ${showShape(shape)} cannot lie in the bytes ${start} to ${end}`,
      );
    next = end;
    // Not slice(), which is none of Node's Buffer.
    const copy = new Uint8Array(data.subarray(start, end));
    const content =
      dtype === undefined
        ? tensor(HALVES[half!].unpack(new Uint16Array(copy.buffer)), shape, "float32")
        : tensor(viewOf(dtype, copy.buffer, 0, sizeOf(shape)), shape, dtype);
    tensors.set(key, content);
  }
  if (next !== data.length)
    throw new FoveaError("damaged-file", `${name}: has ${data.length} bytes of data where ${next} are named`);
  const metadata = header[METADATA] === undefined ? {} : checkJson(name, METADATA_SCHEMA, header[METADATA]);
  return { tensors, metadata };
}

const tensorIn = (name: string, key: string): string => `${name}, tensor ${JSON.stringify(key)}`;

/** The tensors that a header names, in the order of their data, which need not be the header's. */
function entriesIn(header: z.output<typeof HEADER>, name: string): [string, z.output<typeof ENTRY>][] {
  return Object.entries(header)
    .filter(([key]) => key !== METADATA)
    .map(([key, value]): [string, z.output<typeof ENTRY>] => [key, checkJson(tensorIn(name, key), ENTRY, value)])
    .sort(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
}

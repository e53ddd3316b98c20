// The weights of a TensorFlow.js model: a manifest that names arrays, and shards that hold them one after another, whole
// or quantized. Both directions; what is written is whole.
import * as z from "zod";
import { FoveaError } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";
import { type HalfArray, halfToFloat } from "../containers/half.js";
import { bytesOf } from "../containers/packer.js";
import type { Siblings } from "./loaded.js";

const extent = z.int().min(0);
const QUANTIZED = z.union([
  z.looseObject({ dtype: z.enum(["uint8", "uint16"]), min: z.number(), scale: z.number() }),
  z.looseObject({ dtype: z.literal("float16") }),
]);
export const WEIGHTS_MANIFEST = z.array(
  z.looseObject({
    paths: z.array(z.string()),
    weights: z.array(
      z.looseObject({
        name: z.string(),
        shape: z.array(extent),
        dtype: z.string(),
        quantization: QUANTIZED.optional(),
      }),
    ),
  }),
);
export type WeightsManifest = z.output<typeof WEIGHTS_MANIFEST>;
type Entry = WeightsManifest[number]["weights"][number];

const WIDTHS = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 } as const;
/** The most that a shard has; what TensorFlow.js and browsers' caches like. */
const SHARD_BYTES = 4 * 2 ** 20;

export interface NamedTensor extends Tensor<"float32"> {
  readonly name: string;
}

/** An array of any type: real numbers as float32, whole ones and truth values as float64. */
export interface NamedArray {
  readonly name: string;
  readonly kind: "float" | "int";
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
}

/** An array to be written: whole, or as 16-bit floats. */
export type WrittenTensor = (Tensor<"float32"> | HalfArray) & { readonly name: string };

/** Reads the arrays of a layers model, which are all float32. @throws FoveaError as `readTfjsArrays` does */
export async function readTfjsWeights(
  file: string,
  manifest: WeightsManifest,
  siblings: Siblings,
): Promise<NamedTensor[]> {
  const whole = manifest.flatMap(({ weights }) => weights).find(({ dtype }) => dtype !== "float32");
  if (whole !== undefined)
    throw new FoveaError("dtype-mismatch", `${file}: expected weight ${whole.name} as float32, found ${whole.dtype}`);
  return (await readTfjsArrays(file, manifest, siblings)).map(({ name, shape, data }) => ({
    name,
    dtype: "float32",
    shape,
    data: data instanceof Float32Array ? data : Float32Array.from(data),
  }));
}

/** Reads the arrays of all groups. @throws FoveaError when a shard is missing, named twice or of another size. */
export async function readTfjsArrays(
  file: string,
  manifest: WeightsManifest,
  siblings: Siblings,
): Promise<NamedArray[]> {
  const found: NamedArray[] = [];
  const named = new Set<string>();
  for (const { paths, weights } of manifest) {
    const shards: Uint8Array[] = [];
    for (const path of paths) {
      if (/^[/\\]|^\w+:|(^|[/\\])\.\.([/\\]|$)/.test(path))
        throw new FoveaError(
          "unsafe-path",
          `${file}: names the shard ${JSON.stringify(path)}, which leads out of the model's folder`,
        );
      if (/\p{Cc}/u.test(path) || path === "")
        throw new FoveaError(
          "unsafe-path",
          `${file}: names the shard ${JSON.stringify(path)}, which is no name of a file`,
        );
      // A small file that names one shard a million times would fill the memory with it.
      if (named.has(path))
        throw new FoveaError("damaged-file", `${file}: names the shard ${JSON.stringify(path)} twice`);
      named.add(path);
      const shard = await siblings(path);
      if (shard === undefined)
        throw new FoveaError(
          "weights-missing",
          `${file}: expected its weights beside it as ${path}, found no such file`,
        );
      shards.push(shard);
    }
    const needed = weights.reduce((sum, entry) => sum + sizeOf(entry.shape) * widthOf(file, entry), 0);
    const held = shards.reduce((sum, { length }) => sum + length, 0);
    if (needed !== held)
      throw new FoveaError(
        "damaged-file",
        `${file}: its weights need ${needed} bytes, ${paths.join(", ") || "no shards"} have ${held}`,
      );
    const bytes = new Uint8Array(held);
    shards.reduce((at, shard) => {
      bytes.set(shard, at);
      return at + shard.length;
    }, 0);
    let at = 0;
    for (const entry of weights) {
      const size = sizeOf(entry.shape) * widthOf(file, entry);
      found.push({
        name: entry.name,
        kind: entry.dtype === "float32" ? "float" : "int",
        shape: entry.shape,
        data: decode(entry, bytes.slice(at, at + size)),
      });
      at += size;
    }
  }
  return found;
}

function widthOf(file: string, { name, dtype, quantization }: Entry): number {
  if (!isType(dtype))
    throw new FoveaError("dtype-mismatch", `${file}: expected weight ${name} as numbers, found ${dtype}`);
  return WIDTHS[quantization?.dtype ?? dtype];
}

type Entries = "float32" | "int32" | "bool";
const isType = (dtype: string): dtype is Entries => ["float32", "int32", "bool"].includes(dtype);

function decode(
  { dtype, quantization }: Entry,
  { buffer }: Uint8Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
  if (dtype === "float32") return decodeFloats(quantization, buffer);
  if (quantization !== undefined) return Float64Array.from(decodeFloats(quantization, buffer), Math.round);
  return Float64Array.from(dtype === "bool" ? new Uint8Array(buffer) : new Int32Array(buffer));
}

function decodeFloats(quantization: Entry["quantization"], buffer: ArrayBuffer): Float32Array<ArrayBuffer> {
  if (quantization === undefined) return new Float32Array(buffer);
  if (quantization.dtype === "float16") return Float32Array.from(new Uint16Array(buffer), halfToFloat);
  const { dtype, min, scale } = quantization;
  return Float32Array.from(
    dtype === "uint8" ? new Uint8Array(buffer) : new Uint16Array(buffer),
    (q) => q * scale + min,
  );
}

/**
 * The arrays as a manifest of one group and its shards of at most 4 MB.
 * @param name of the only shard; several are called `group1-shard1of3.bin`
 */
export function writeTfjsWeights(
  tensors: readonly WrittenTensor[],
  name?: string,
): { manifest: WeightsManifest; shards: Map<string, Uint8Array> } {
  const total = tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
  const all = new Uint8Array(total);
  let at = 0;
  for (const { data } of tensors) {
    all.set(bytesOf(data), at);
    at += data.byteLength;
  }
  const count = name === undefined ? Math.max(1, Math.ceil(total / SHARD_BYTES)) : 1;
  const shards = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++)
    shards.set(
      name ?? `group1-shard${i + 1}of${count}.bin`,
      count === 1 ? all : all.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES),
    );
  const weights = tensors.map(({ name: weight, shape, dtype }) => ({
    name: weight,
    shape: [...shape],
    dtype: "float32",
    ...(dtype === "float16" && { quantization: { dtype } }),
  }));
  return { manifest: [{ paths: [...shards.keys()], weights }], shards };
}

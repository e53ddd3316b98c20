// Arithmetic of ONNX as layers: two tensors merged, a constant for all or for each channel, and clipping.

import { own } from "../../../core/lookup.js";
import {
  add,
  batchNormalization,
  maximum,
  minimum,
  multiply,
  reLU,
  rescaling,
  subtract,
} from "../../../nn/layers/index.js";
import type { Layer } from "../../../nn/layers/layer.js";
import type { Constant } from "./builder.js";
import { type Flowing, type GraphReader, type Known, spread } from "./graph-reader.js";
import type { OnnxNode } from "./proto.js";

/** A constant of one axis, one number all along. */
export const vector = (length: number, value: number): Constant => ({
  kind: "constant",
  shape: [length],
  data: new Float64Array(length).fill(value),
});

/** x * scale + offset, one of each a channel: a normalization that knows mean 0 and variance 1. */
function affine(reader: GraphReader, x: Flowing, scale: Float64Array, offset: Float64Array): Flowing {
  const length = scale.length;
  const list = (data: Float64Array): Constant => ({ kind: "constant", shape: [length], data });
  const weights = [list(scale), list(offset), vector(length, 0), vector(length, 1)];
  return reader.apply(batchNormalization({ epsilon: 0 }), { ...x, positive: false }, weights);
}

const MERGES: Readonly<Record<string, () => Layer>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Max: maximum,
  Min: minimum,
};

export function arithmetic(reader: GraphReader, node: OnnxNode): Known {
  const [a, b] = [reader.at(node, 0), reader.at(node, 1)];
  if (a.kind === "flowing" && b.kind === "flowing") return merged(reader, node);
  if (a.kind !== "flowing" && b.kind !== "flowing") throw reader.refusal(node, "computes with constants only");
  const swapped = a.kind !== "flowing";
  const x = reader.flowing(node, swapped ? 1 : 0);
  const by = spread(x, reader.constant(node, swapped ? 0 : 1));
  if (by === undefined) throw reader.refusal(node, "has a constant that is neither one number nor one a channel");
  const values = "all" in by ? Float64Array.of(by.all) : by.channels;
  const line = lineOf(node.op, swapped);
  if (line === undefined) {
    if (!("all" in by) || !["Max", "Min"].includes(node.op)) throw reader.refusal(node, "is not supported here");
    return bounded(reader, x, node.op === "Max" ? { low: by.all } : { high: by.all });
  }
  const [scale, offset] = [values.map((value) => line(value)[0]), values.map((value) => line(value)[1])];
  if ("all" in by) return reader.apply(rescaling(scale[0]!, offset[0]!), { ...x, positive: false });
  return affine(reader, x, scale, offset);
}

/** The scale and offset that an operation with a constant comes to. */
function lineOf(op: string, swapped: boolean): ((value: number) => readonly [number, number]) | undefined {
  if (op === "Add") return (value) => [1, value];
  if (op === "Mul") return (value) => [value, 0];
  if (op === "Sub") return swapped ? (value) => [-1, value] : (value) => [1, -value];
  return op === "Div" && !swapped ? (value) => [1 / value, 0] : undefined;
}

function merged(reader: GraphReader, node: OnnxNode): Flowing {
  const make = own(MERGES, node.op);
  if (make === undefined) throw reader.refusal(node, "of two tensors is not supported");
  const given = node.inputs.map((_, index) => reader.flowing(node, index));
  const images = given.some((one) => one.images);
  const all = images ? given.map((_, index) => reader.images(node, index)) : given;
  const positive = node.op !== "Sub" && all.every((one) => one.positive);
  return { kind: "flowing", tensor: make().apply(all.map(({ tensor }) => tensor)), images, positive };
}

/** x held within bounds, by what layers there are: relu from 0 to a cap. */
export function bounded(reader: GraphReader, x: Flowing, { low, high }: { low?: number; high?: number }): Flowing {
  const shift = (by: number, from: Flowing): Flowing => (by === 0 ? from : reader.apply(rescaling(1, by), from));
  if (low === undefined && high === undefined) return x;
  if (low === undefined) {
    const flipped = bounded(reader, reader.apply(rescaling(-1), x), { low: -high! });
    return { ...reader.apply(rescaling(-1), flipped), positive: false };
  }
  const rectified = reader.apply(reLU(high === undefined ? {} : { maxValue: high - low }), shift(-low, x));
  return { ...shift(low, rectified), positive: low >= 0 };
}

export function clip(reader: GraphReader, node: OnnxNode): Flowing {
  const bound = (index: number, name: string): number | undefined => {
    const value = reader.has(node, index) ? reader.constant(node, index).data[0] : node.attributes[name];
    return typeof value === "number" && Math.abs(value) < 3e38 ? value : undefined;
  };
  const [low, high] = [bound(1, "min"), bound(2, "max")];
  return bounded(reader, reader.flowing(node), {
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  });
}

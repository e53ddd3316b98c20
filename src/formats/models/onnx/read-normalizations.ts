// Normalizations of ONNX as layers: by the batch's averages, by a sample's last axes, by each channel, by groups of them;
// and slopes for each channel.

import { sizeOf } from "../../../core/shape.js";
import { batchNormalization, layerNormalization, pReLU } from "../../../nn/layers/index.js";
import { flowingOf, paired } from "./affine.js";
import type { Flowing, GraphReader, Known } from "./graph-reader.js";
import { BATCH, type Extent } from "./layout.js";
import { arranged, coarse, regroup, slotKey } from "./moves.js";
import { NodeError } from "./node-error.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";
import { scaled } from "./read-arithmetic.js";

const TRAINED =
  "this model was exported as it is in training: its normalizations would go by each batch and its dropout leave " +
  "numbers out; it is used as it is after training";

/** Numbers as they are, for dropout works in training only. */
export function droppedOut(reader: GraphReader, node: OnnxNode): Known {
  if (reader.has(node, 2) && reader.fixed(node, 2).data[0] !== 0) reader.warnings.add(TRAINED);
  return reader.at(node, 0);
}

export function batchNormalized(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  if (reader.number(node, "training_mode", 0) === 1) reader.warnings.add(TRAINED);
  const lying = coarse(reader, x);
  const axis = lying.slots.findIndex((slot) => slotKey(slot) === 2) + 1;
  if (x.layout.length < 2 || axis === 0) {
    if (x.layout.length < 2 || lying.batch === 1) throw reader.refusal(node, "normalises neither images nor rows");
    // A single channel has no axis here.
    const numbers = [1, 2, 3, 4].map((index) => reader.fixed(node, index).data[0]!) as [number, number, number, number];
    const scale = numbers[0] / Math.sqrt(numbers[3] + reader.number(node, "epsilon", 1e-5));
    const constant = (value: number): OnnxTensor => ({ kind: "float", shape: [], data: Float32Array.of(value) });
    return scaled(reader, scaled(reader, x, "Mul", constant(scale)), "Add", constant(numbers[1] - numbers[2] * scale));
  }
  const weights = [1, 2, 3, 4].map((index) => reader.fixed(node, index));
  const layer = batchNormalization({ axis, epsilon: reader.number(node, "epsilon", 1e-5) });
  return flowingOf({ ...lying, tensor: reader.apply(layer, lying.tensor, weights) });
}

/** Each sample by the mean and variance along the last `count` axes of the file, put together. */
function byItself(
  reader: GraphReader,
  x: Flowing,
  first: number,
  epsilon: number,
  { scale, offset }: { readonly scale?: OnnxTensor | undefined; readonly offset?: OnnxTensor | undefined },
): Flowing {
  const last = x.layout.slice(first).flat();
  if (last.includes(BATCH)) throw new NodeError("normalises along the batch, which mixes samples");
  const others = x.tensor.shape
    .map((_, index) => index + 1)
    .filter((part) => x.tensor.shape[part - 1] !== 1 && !last.includes(part));
  const input = arranged(reader, x.tensor, [...others.map((part) => [part]), last]);
  const size = input.shape.at(-1)!;
  const fits = (parameter: OnnxTensor | undefined): boolean =>
    parameter === undefined || parameter.data.length === size;
  if (!fits(scale) || !fits(offset))
    throw new NodeError(`has scales for another number than the ${size} that it normalises`);
  const layer = layerNormalization({ epsilon, scale: scale !== undefined, center: offset !== undefined });
  const weights = [scale, offset].filter((parameter) => parameter !== undefined);
  const tensor = reader.apply(layer, input, weights);
  const moved = (parts: readonly number[]): number[] =>
    parts.flatMap((part) => (part === BATCH ? [BATCH] : others.includes(part) ? [others.indexOf(part) + 1] : []));
  const folded: Flowing = {
    kind: "flowing",
    tensor,
    layout: [...x.layout.slice(0, first).map(moved), [others.length + 1]],
  };
  const extents = reader.extents(x);
  const isLast = (constant: OnnxTensor): boolean =>
    first === x.layout.length - 1 && constant.data.length === size && (constant.shape.at(-1) ?? 1) === size;
  const absorb: Flowing["absorb"] = (op, constant) => {
    if (!isLast(constant)) return undefined;
    if (op === "Mul" && scale === undefined && offset === undefined)
      return byItself(reader, x, first, epsilon, { scale: constant });
    return op === "Add" && offset === undefined
      ? byItself(reader, x, first, epsilon, { scale, offset: constant })
      : undefined;
  };
  if (first === x.layout.length - 1) return { ...folded, absorb };
  return regroup(reader, folded, extents);
}

export function layerNormalized(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const first = reader.axis(node, reader.number(node, "axis", -1), x.layout.length);
  const scale = reader.has(node, 1) ? reader.fixed(node, 1) : undefined;
  const offset = reader.has(node, 2) ? reader.fixed(node, 2) : undefined;
  return byItself(reader, x, first, reader.number(node, "epsilon", 1e-5), { scale, offset });
}

/** Each channel of each sample by itself, or groups of channels. */
export function groupNormalized(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  if (x.layout.length < 3 || x.layout[0]!.some((part) => part !== BATCH))
    throw reader.refusal(node, "normalises no images");
  const extents = reader.extents(x);
  const channels = extents[1]![0];
  const groups = node.op === "GroupNormalization" ? reader.number(node, "num_groups", 1) : channels;
  const size = sizeOf(extents.slice(1).map(([extent]) => extent));
  if (!Number.isInteger(groups) || channels % groups !== 0)
    throw reader.refusal(node, `makes ${groups} groups of ${channels} channels`);
  const fixed = (extent: number): Extent => [extent, extent];
  const { absorb: _, ...rows } = x;
  const grouped = regroup(reader, rows, [extents[0]!, fixed(groups), fixed(size / groups)]);
  const { absorb: __, ...normal } = byItself(reader, grouped, 2, reader.number(node, "epsilon", 1e-5), {});
  const back = regroup(reader, normal, extents);
  // One scale a channel, or in the first version of the operator one a group.
  const along = (index: number): OnnxTensor => {
    const parameter = reader.fixed(node, index);
    const each = channels / parameter.data.length;
    const data = Float32Array.from({ length: channels }, (_, channel) => parameter.data[Math.floor(channel / each)]!);
    return { kind: "float", shape: [channels, ...extents.slice(2).map(() => 1)], data };
  };
  return scaled(reader, scaled(reader, back, "Mul", along(1)), "Add", along(2));
}

export function slopes(reader: GraphReader, node: OnnxNode): Flowing {
  const { x, constant } = paired(reader, reader.flowing(node), reader.fixed(node, 1));
  const shared = constant.shape.flatMap((extent, axis) => (extent === 1 ? [axis + 1] : []));
  return flowingOf({ ...x, tensor: reader.apply(pReLU({ sharedAxes: shared }), x.tensor, [constant]) });
}

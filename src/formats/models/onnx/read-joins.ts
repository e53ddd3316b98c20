// Concatenation as layers, constants among the tensors included: those are zeros around the others at first, and are added
// in the end, so that a class token is a weight that can be trained.
import { sizeOf } from "../../../core/shape.js";
import { concatenate } from "../../../nn/layers/index.js";
import type { SymbolicTensor } from "../../../nn/layers/layer.js";
import { affine, flowingOf } from "./affine.js";
import { type Folded, filled, picked } from "./constants/index.js";
import { type Flowing, type GraphReader, withoutAbsorb } from "./graph-reader.js";
import { batchAxis } from "./layout.js";
import { coarse, layoutOf, padded } from "./moves.js";
import { NodeError } from "./node-error.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";
import { alignedAll } from "./read-arithmetic.js";

export function joined(reader: GraphReader, node: OnnxNode): Flowing {
  const all = node.inputs.map((_, index) => reader.at(node, index));
  const flowing = all.filter((input) => input.kind === "flowing").map(withoutAbsorb);
  // One tensor is the whole, also along a batch of one image, which PyTorch puts together again.
  if (all.length === 1) return flowing[0]!;
  const rank = flowing[0]!.layout.length;
  const axis = reader.axis(node, reader.number(node, "axis", 0), rank);
  const batch = batchAxis(flowing[0]!.layout);
  if (axis === batch) throw reader.refusal(node, "joins along the batch, which mixes samples");
  // Constants are zeros around the tensors at first, and are added in the end.
  const aligned = alignedAll(reader, flowing, 2 * axis);
  const part = aligned.keys.indexOf(2 * axis) + 1;
  const tensors = surrounded(reader, all, aligned.tensors, part, axis);
  const tensor = tensors.length === 1 ? tensors[0]! : reader.apply(concatenate({ axis: part }), tensors);
  const positive = flowing.length === all.length && flowing.every((input) => input.positive === true);
  const result: Flowing = { kind: "flowing", tensor, layout: layoutOf(aligned.keys, rank, batch), positive };
  return flowing.length === all.length ? result : withConstants(reader, result, all, axis, aligned.keys);
}

/** The tensors with zeros where constants stand before and after them. */
function surrounded(
  reader: GraphReader,
  all: readonly (Flowing | Folded)[],
  tensors: readonly SymbolicTensor[],
  part: number,
  axis: number,
): readonly SymbolicTensor[] {
  const widths = all.map((input) => (input.kind === "flowing" ? undefined : (input.shape[axis] ?? 0)));
  let at = 0;
  let front = 0;
  const places = [...all.keys()].filter((index) => widths[index] === undefined);
  return places.map((index, order) => {
    while (at < index) front += widths[at++] ?? 0;
    at = index + 1;
    let behind = 0;
    if (order === places.length - 1) while (at < all.length) behind += widths[at++] ?? 0;
    const done = padded(reader, tensors[order]!, part, [front, behind]);
    front = 0;
    return done;
  });
}

/** Adds the constants of a concatenation where zeros were left for them. */
function withConstants(
  reader: GraphReader,
  x: Flowing,
  all: readonly (Flowing | Folded)[],
  axis: number,
  keys: readonly number[],
): Flowing {
  const extents = reader.extents(x);
  const batch = batchAxis(x.layout);
  const shape = extents.map(([extent], index) => (index === batch ? 1 : extent));
  const widths = all.map((input) => (input.kind === "flowing" ? undefined : input.shape[axis]!));
  const total = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  // Lengths along the axis: constants' own widths, and the tensors' extents.
  const lengths = all.map(
    (input, index) => widths[index] ?? (input.kind === "flowing" ? reader.extent(input, axis)[0] : 0),
  );
  if (lengths.reduce((a, b) => a + b, 0) !== shape[axis] || total === 0)
    throw new NodeError("joins tensors and constants of other shapes");
  const out = filled("float", shape, 0);
  const data = out.data as Float32Array;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  let start = 0;
  for (const [index, constant] of all.entries()) {
    if (constant.kind !== "flowing") {
      const part = oneSample(constant, shape, axis, batch);
      const width = constant.shape[axis]! * inner;
      for (let row = 0; row < outer; row++)
        for (let i = 0; i < width; i++)
          data[row * shape[axis]! * inner + start * inner + i] = part.data[row * width + i]!;
    }
    start += lengths[index]!;
  }
  const lying = coarse(reader, x);
  const order = lying.slots.map(({ axis: axisOfSlot }) => axisOfSlot);
  const offset = picked(
    out,
    order.map((axisOfSlot) => shape[axisOfSlot]!),
    order.map((axisOfSlot) => sizeOf(shape.slice(axisOfSlot + 1))),
  );
  if (keys.some((key) => key % 2 === 1)) throw new NodeError("joins constants to an axis that the batch is a part of");
  return flowingOf(affine(reader, lying, { offset }));
}

/** A constant as it is for one sample; all samples must have the same. */
function oneSample(constant: Folded, shape: readonly number[], axis: number, batch: number): OnnxTensor {
  const wanted = shape.map((extent, index) => (index === axis ? constant.shape[axis]! : extent));
  const check = (array: OnnxTensor): OnnxTensor => {
    if (
      array.shape.length !== shape.length ||
      array.shape.some((extent, index) => index !== batch && extent !== wanted[index])
    )
      throw new NodeError("joins tensors and constants of other shapes");
    const strides = array.shape.map((_, index) => sizeOf(array.shape.slice(index + 1)));
    const first = picked(array, wanted, strides);
    const again = picked(
      first,
      array.shape,
      wanted.map((_, index) => (index === batch ? 0 : sizeOf(wanted.slice(index + 1)))),
    );
    if (!array.data.every((value, i) => value === again.data[i]))
      throw new NodeError("joins a constant that differs between images");
    return first;
  };
  const found = check(constant);
  if (constant.twin !== undefined) check(constant.twin);
  return found;
}

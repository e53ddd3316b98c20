// Operators that pick parts of constants, and that put numbers into them.

import { type Shape, sizeOf, stridesOf } from "../../../../core/shape.js";
import { NodeError } from "../node-error.js";
import type { OnnxTensor } from "../proto.js";
import type { Application, Evaluate } from "./application.js";
import { allocated, picked } from "./arrays.js";
import { allowed, axisWithin, listOf, numberOf, operand } from "./operands.js";

/** First position, number of positions and step along an axis, as Slice's start, end and step mean them. */
export function slicing(extent: number, start: number, end: number, step: number): readonly [number, number] {
  if (step === 0) throw new NodeError("steps by 0");
  const clamp = (position: number, low: number, high: number): number => {
    const from = position < 0 ? position + extent : position;
    return Math.min(Math.max(from, low), high);
  };
  const first = step > 0 ? clamp(start, 0, extent) : clamp(start, 0, extent - 1);
  const last = step > 0 ? clamp(end, 0, extent) : clamp(end, -1, extent - 1);
  return [first, Math.max(0, Math.ceil((last - first) / step))];
}

function slice(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const [starts, ends] = [listOf(application, 1, "starts") ?? [], listOf(application, 2, "ends") ?? []];
  const axes = listOf(application, 3, "axes") ?? starts.map((_, axis) => axis);
  const steps = application.inputs[4] === undefined ? starts.map(() => 1) : Array.from(application.inputs[4].data);
  const shape = [...x.shape];
  const strides = stridesOf(x.shape);
  let offset = 0;
  for (const [index, listed] of axes.entries()) {
    const axis = axisWithin(listed, x.shape.length);
    const [first, count] = slicing(x.shape[axis]!, starts[index] ?? 0, ends[index] ?? 0, steps[index] ?? 1);
    offset += first * strides[axis]!;
    shape[axis] = count;
    strides[axis]! *= steps[index] ?? 1;
  }
  return picked(x, shape, strides, offset);
}

/** A position counted from the end made positive. @throws FoveaError when it is not there. */
function position(index: number, extent: number): number {
  const at = index < 0 ? index + extent : index;
  if (Number.isInteger(at) && at >= 0 && at < extent) return at;
  throw new NodeError(`picks position ${index} of ${extent}, which is not there`);
}

function gather(application: Application): OnnxTensor {
  const [x, indices] = [operand(application, 0), operand(application, 1)];
  const axis = axisWithin(numberOf(application, "axis", 0), x.shape.length);
  const [outer, extent, inner] = [sizeOf(x.shape.slice(0, axis)), x.shape[axis]!, sizeOf(x.shape.slice(axis + 1))];
  const shape = allowed(application, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
  const data = allocated(x.kind, sizeOf(shape));
  const positions = Array.from(indices.data, (index) => position(index, extent));
  let at = 0;
  for (let row = 0; row < outer; row++)
    for (const location of positions)
      for (let i = 0; i < inner; i++) data[at++] = x.data[(row * extent + location) * inner + i]!;
  return { ...x, shape, data };
}

/** Offsets in `x` that the elements of `indices` point at: along `axis` by value, elsewhere by their own place. */
function targets(x: OnnxTensor, indices: OnnxTensor, axis: number): number[] {
  const [steps, strides] = [stridesOf(indices.shape), stridesOf(x.shape)];
  return Array.from(indices.data, (index, at) => {
    let offset = 0;
    for (let i = 0, rest = at; i < steps.length; i++) {
      const coordinate = Math.floor(rest / steps[i]!);
      rest -= coordinate * steps[i]!;
      offset += (i === axis ? position(index, x.shape[axis]!) : coordinate) * strides[i]!;
    }
    return offset;
  });
}

/** Offsets of the blocks that rows of `indices` point at, and the size of a block. */
function blocks(x: OnnxTensor, indices: OnnxTensor): { starts: number[]; size: number; rest: Shape } {
  const depth = indices.shape.at(-1) ?? 0;
  const rest = x.shape.slice(depth);
  const strides = stridesOf(x.shape);
  const starts = Array.from({ length: indices.data.length / Math.max(1, depth) }, (_, row) => {
    let offset = 0;
    for (let i = 0; i < depth; i++) offset += position(indices.data[row * depth + i]!, x.shape[i] ?? 0) * strides[i]!;
    return offset;
  });
  return { starts, size: sizeOf(rest), rest };
}

function copied(x: OnnxTensor): Float32Array | Float64Array {
  const data = allocated(x.kind, x.data.length);
  data.set(x.data);
  return data;
}

/** Combines the number that `x` has with the one that scattering puts there, by the attribute `reduction`. */
function combination({ node }: Application): (old: number, update: number) => number {
  const { reduction = "none" } = node.attributes;
  if (reduction === "none") return (_, update) => update;
  if (reduction === "add") return (old, update) => old + update;
  if (reduction === "mul") return (old, update) => old * update;
  if (reduction === "max") return Math.max;
  if (reduction === "min") return Math.min;
  throw new NodeError(`combines by ${String(reduction)}`);
}

function scatterND(application: Application): OnnxTensor {
  const [x, indices, updates] = [operand(application, 0), operand(application, 1), operand(application, 2)];
  const { starts, size } = blocks(x, indices);
  if (updates.data.length !== starts.length * size) throw new NodeError("puts in more or less than there is room for");
  const data = copied(x);
  const combine = combination(application);
  for (const [row, start] of starts.entries())
    for (let i = 0; i < size; i++) data[start + i] = combine(data[start + i]!, updates.data[row * size + i]!);
  return { ...x, data };
}

function scatterElements(application: Application): OnnxTensor {
  const [x, indices, updates] = [operand(application, 0), operand(application, 1), operand(application, 2)];
  const axis = axisWithin(numberOf(application, "axis", 0), x.shape.length);
  if (updates.data.length !== indices.data.length || indices.shape.length !== x.shape.length)
    throw new NodeError("puts in more or less than there is room for");
  const data = copied(x);
  const combine = combination(application);
  for (const [i, at] of targets(x, indices, axis).entries()) data[at] = combine(data[at]!, updates.data[i]!);
  return { ...x, data };
}

function split(application: Application): readonly OnnxTensor[] {
  const x = operand(application, 0);
  const axis = axisWithin(numberOf(application, "axis", 0), x.shape.length);
  const strides = stridesOf(x.shape);
  let start = 0;
  return splitSizes(application, x.shape[axis]!).map((size) => {
    const shape = x.shape.map((extent, index) => (index === axis ? size : extent));
    const part = picked(x, shape, strides, start * strides[axis]!);
    start += size;
    return part;
  });
}

/** The extents of the parts that Split makes of an axis. */
export function splitSizes(application: Application, extent: number): readonly number[] {
  const count = application.node.outputs.length;
  const even = Math.ceil(extent / count);
  const sizes =
    listOf(application, 1, "split") ??
    Array.from({ length: count }, (_, i) => Math.min(even, Math.max(0, extent - i * even)));
  if (sizes.length !== count || sizes.some((size) => size < 0) || sizes.reduce((a, b) => a + b, 0) !== extent)
    throw new NodeError(`splits an axis of ${extent} into [${sizes.join(", ").slice(0, 60)}]`);
  return sizes;
}

export const INDEXING: Readonly<Record<string, Evaluate>> = {
  Gather: gather,
  GatherElements: (application) => {
    const [x, indices] = [operand(application, 0), operand(application, 1)];
    const axis = axisWithin(numberOf(application, "axis", 0), x.shape.length);
    const data = allocated(x.kind, indices.data.length);
    for (const [i, at] of targets(x, indices, axis).entries()) data[i] = x.data[at]!;
    return { ...x, shape: indices.shape, data };
  },
  GatherND: (application) => {
    const [x, indices] = [operand(application, 0), operand(application, 1)];
    if (numberOf(application, "batch_dims", 0) !== 0) throw new NodeError("has batch_dims, which is not supported");
    const { starts, size, rest } = blocks(x, indices);
    const shape = allowed(application, [...indices.shape.slice(0, -1), ...rest]);
    const data = allocated(x.kind, sizeOf(shape));
    for (const [row, start] of starts.entries())
      for (let i = 0; i < size; i++) data[row * size + i] = x.data[start + i]!;
    return { ...x, shape, data };
  },
  NonZero: (application) => {
    const x = operand(application, 0);
    const strides = stridesOf(x.shape);
    const found: number[] = [];
    for (let i = 0; i < x.data.length; i++) if (x.data[i] !== 0) found.push(i);
    const shape = allowed(application, [x.shape.length, found.length]);
    const data = x.shape.flatMap((extent, axis) => found.map((i) => Math.floor(i / strides[axis]!) % extent));
    return { kind: "int", shape, data: Float64Array.from(data) };
  },
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  Slice: slice,
  Split: split,
};

// Operators that make shapes, other shapes and other orders out of constants, and constants out of shapes.

import { broadcastShapes, broadcastStrides, sizeOf, stridesOf } from "../../../../core/shape.js";
import { NodeError } from "../node-error.js";
import type { OnnxTensor } from "../proto.js";
import type { Application, Evaluate } from "./application.js";
import { allocated, filled, fromStart, picked, reordered, strided, whole } from "./arrays.js";
import { allowed, axisWithin, listOf, numberOf, operand, operands } from "./operands.js";

function constant({ node }: Application): OnnxTensor {
  const { value, value_float: float, value_int: int, value_ints: ints, value_floats: floats } = node.attributes;
  if (typeof value === "object" && "kind" in value) return value;
  if (typeof float === "number") return { kind: "float", shape: [], data: Float32Array.of(float) };
  if (typeof int === "number") return whole([int], []);
  if (Array.isArray(ints)) return whole(ints as readonly number[]);
  if (Array.isArray(floats))
    return { kind: "float", shape: [floats.length], data: Float32Array.from(floats as readonly number[]) };
  throw new NodeError("holds neither an array nor numbers");
}

function reshaped(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const wanted = listOf(application, 1, "shape") ?? [];
  const keepsZero = numberOf(application, "allowzero", 0) === 1;
  const shape = wanted.map((extent, axis) => (extent === 0 && !keepsZero ? (x.shape[axis] ?? 0) : extent));
  const known = sizeOf(shape.filter((extent) => extent !== -1));
  const full = shape.map((extent) => (extent === -1 ? x.data.length / known : extent));
  if (sizeOf(full) !== x.data.length) throw new NodeError(`makes [${wanted.join(", ")}] of [${x.shape.join(", ")}]`);
  return { ...x, shape: allowed(application, full) };
}

function expanded(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const shape = allowed(application, broadcastShapes(x.shape, Array.from(operand(application, 1).data)));
  return picked(x, shape, broadcastStrides(x.shape, shape));
}

function unsqueezed(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const inserted = listOf(application, 1, "axes") ?? [];
  const rank = x.shape.length + inserted.length;
  const axes = new Set(inserted.map((axis) => axisWithin(axis, rank)));
  const left = [...x.shape];
  const shape = Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : left.shift()!));
  return { ...x, shape: allowed(application, shape) };
}

function squeezed(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const dropped = listOf(application, 1, "axes")?.map((axis) => fromStart(axis, x.shape.length));
  const shape = x.shape.filter((extent, axis) => (dropped === undefined ? extent !== 1 : !dropped.includes(axis)));
  if (sizeOf(shape) !== x.data.length) throw new NodeError("takes away axes that are not of extent 1");
  return { ...x, shape };
}

function range(application: Application): OnnxTensor {
  const [start, limit, step] = operands(application).map(({ data }) => data[0]!) as [number, number, number];
  const count = Math.max(0, Math.ceil((limit - start) / step));
  allowed(application, [count]);
  const { kind } = operand(application, 0);
  const data = allocated(kind, count);
  for (let i = 0; i < count; i++) data[i] = start + i * step;
  return { kind, shape: [count], data };
}

function tiled(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const repeats = Array.from(operand(application, 1).data);
  const shape = allowed(
    application,
    x.shape.map((extent, axis) => extent * (repeats[axis] ?? 1)),
  );
  const split = x.shape.flatMap((extent, axis) => [repeats[axis] ?? 1, extent]);
  const separated = x.shape.flatMap((extent) => [1, extent]);
  return { ...picked(x, split, broadcastStrides(separated, split)), shape };
}

function joined(application: Application): OnnxTensor {
  const all = operands(application);
  const [first] = all;
  if (first === undefined) throw new NodeError("joins nothing");
  const axis = axisWithin(numberOf(application, "axis", 0), first.shape.length);
  const outer = sizeOf(first.shape.slice(0, axis));
  const shape = first.shape.map((extent, index) =>
    index === axis ? all.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0) : extent,
  );
  const data = allocated(first.kind, sizeOf(allowed(application, shape)));
  const widths = all.map((part) => sizeOf(part.shape.slice(axis)));
  let at = 0;
  for (let row = 0; row < outer; row++)
    for (const [index, part] of all.entries()) {
      const width = widths[index]!;
      for (let i = 0; i < width; i++) data[at++] = part.data[row * width + i]!;
    }
  if (at !== data.length) throw new NodeError("joins arrays of other shapes");
  return { ...first, shape, data };
}

function padded(application: Application): OnnxTensor {
  const x = operand(application, 0);
  const pads = listOf(application, 1, "pads") ?? [];
  if ((application.node.attributes.mode ?? "constant") !== "constant" || application.inputs[3] !== undefined)
    throw new NodeError("pads constants otherwise than all axes with one number");
  const rank = x.shape.length;
  if (pads.length !== 2 * rank || pads.some((cells) => cells < 0))
    throw new NodeError("pads other axes than there are");
  const shape = allowed(
    application,
    x.shape.map((extent, axis) => extent + pads[axis]! + pads[axis + rank]!),
  );
  const out = filled(x.kind, shape, application.inputs[2]?.data[0] ?? numberOf(application, "value", 0));
  const data = out.data as Float32Array | Float64Array;
  const strides = stridesOf(shape);
  const start = strides.reduce((sum, stride, axis) => sum + stride * pads[axis]!, 0);
  strided(x.shape, strides, (index, offset) => {
    data[start + offset] = x.data[index]!;
  });
  return out;
}

export const RESHAPING: Readonly<Record<string, Evaluate>> = {
  Concat: joined,
  Constant: constant,
  ConstantOfShape: (application) => {
    const { value } = application.node.attributes;
    const fill = typeof value === "object" && "kind" in value ? value : filled("float", [1], 0);
    return filled(fill.kind, allowed(application, Array.from(operand(application, 0).data)), fill.data[0] ?? 0);
  },
  Dropout: (application) => operand(application, 0),
  Expand: expanded,
  Flatten: (application) => {
    const x = operand(application, 0);
    const axis = fromStart(numberOf(application, "axis", 1), x.shape.length);
    return { ...x, shape: [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))] };
  },
  Identity: (application) => operand(application, 0),
  Pad: padded,
  Range: range,
  Reshape: reshaped,
  Shape: (application) => {
    const { shape } = operand(application, 0);
    return whole(shape.slice(numberOf(application, "start", 0), numberOf(application, "end", shape.length)));
  },
  Size: (application) => whole([operand(application, 0).data.length], []),
  Squeeze: squeezed,
  Tile: tiled,
  Transpose: (application) => {
    const x = operand(application, 0);
    const reverse = x.shape.map((_, axis) => x.shape.length - 1 - axis);
    const order = listOf(application, -1, "perm") ?? reverse;
    if ([...order].sort((a, b) => a - b).some((axis, index) => axis !== index) || order.length !== x.shape.length)
      throw new NodeError(`orders ${x.shape.length} axes as [${order.join(", ")}]`);
    return reordered(x, order);
  },
  Unsqueeze: unsqueezed,
};

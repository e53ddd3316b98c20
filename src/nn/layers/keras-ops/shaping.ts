// The operations of keras.ops that move elements: shapes, orders of axes, parts, copies.
import {
  broadcastTo,
  concatenate,
  flip,
  pad,
  reshape,
  slice,
  sliceAxis,
  transpose,
} from "../../../core/functions/index.js";
import type { Value } from "../../../core/graph/node.js";
import type { Json } from "../../../core/json.js";
import { type Argument, ELLIPSIS, type Operation, type OperationCall, type Slice } from "./operation-call.js";

const rankOf = (x: Value): number => x.type.shape.length;

/** The shape in the config, in which null and -1 are what is left; the batch where it stands first. */
function shapeIn(call: OperationCall, key: string, batch: number): number[] {
  const extents = call.config[key];
  const list = (Array.isArray(extents) ? extents : [extents]) as readonly Json[];
  return list.map((extent, axis) => {
    if (typeof extent === "number" && extent >= 0) return extent;
    if (extent === null || extent === -1) return axis === 0 ? batch : -1;
    throw call.refusal(`${key} is no list of whole numbers`);
  });
}

function reshaped(call: OperationCall): Value {
  const x = call.value();
  const shape = shapeIn(call, "newshape", x.type.shape[0]!);
  const open = shape.filter((extent) => extent === -1).length;
  const [from, to] = [x.type.shape, shape].map((all) => all.reduce((size, extent) => size * Math.abs(extent), 1));
  if (open > 1 || (open === 0 ? from !== to : from! % to! !== 0))
    throw call.refusal(`samples [${x.type.shape.slice(1)}] do not fit the shape [${shape.slice(1)}]`);
  return reshape(x, shape);
}

function transposed(call: OperationCall): Value {
  const x = call.value();
  const axes = call.numbers("axes") ?? x.type.shape.map((_, axis) => axis).reverse();
  return moved(call, x, axes);
}

function moved(call: OperationCall, x: Value, order: readonly number[]): Value {
  const axes = order.map((axis) => call.axis(axis, rankOf(x)));
  if (new Set(axes).size !== rankOf(x)) throw call.refusal(`the axes [${order}] are not those of its tensor`);
  return axes.every((axis, i) => axis === i) ? x : transpose(x, axes);
}

function swapped(call: OperationCall): Value {
  const x = call.value();
  const [a, b] = ["axis1", "axis2"].map((key) => call.axis(call.number(key), rankOf(x))) as [number, number];
  return moved(
    call,
    x,
    x.type.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis)),
  );
}

function moveAxis(call: OperationCall): Value {
  const x = call.value();
  const [from, to] = ["source", "destination"].map((key) =>
    (call.numbers(key) ?? []).map((axis) => call.axis(axis, rankOf(x))),
  ) as [number[], number[]];
  const order = x.type.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  for (const [target, source] of to.map((axis, i) => [axis, from[i]!] as const).sort((a, b) => a[0] - b[0]))
    order.splice(target, 0, source);
  return moved(call, x, order);
}

function expanded(call: OperationCall): Value {
  const x = call.value();
  const inserted = call.numbers("axis") ?? [];
  const rank = rankOf(x) + inserted.length;
  const axes = new Set(inserted.map((axis) => call.axis(axis, rank)));
  const left = [...x.type.shape];
  return reshape(
    x,
    Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? 1 : left.shift()!)),
  );
}

function squeezed(call: OperationCall): Value {
  const x = call.value();
  const { shape } = x.type;
  const axes = call.numbers("axis")?.map((axis) => call.axis(axis, shape.length));
  const bad = axes?.find((axis) => shape[axis] !== 1);
  if (bad !== undefined) throw call.refusal(`axis ${bad} has ${shape[bad]} elements and cannot be squeezed`);
  // The batch may be a single sample, and stays.
  return reshape(
    x,
    shape.filter((extent, axis) => (axes === undefined ? axis === 0 || extent !== 1 : !axes.includes(axis))),
  );
}

function stacked(call: OperationCall): Value {
  const all = call.values();
  const axis = call.axis(call.number("axis", 0), rankOf(all[0]!) + 1);
  return concatenate(
    all.map((x) => reshape(x, [...x.type.shape.slice(0, axis), 1, ...x.type.shape.slice(axis)])),
    axis,
  );
}

function split(call: OperationCall): readonly Value[] {
  const x = call.value();
  const axis = call.axis(call.number("axis", 0), rankOf(x));
  const extent = x.type.shape[axis]!;
  const sections = call.numbers("indices_or_sections") ?? [1];
  const isCount = !Array.isArray(call.config.indices_or_sections);
  if (isCount && extent % sections[0]! !== 0)
    throw call.refusal(`${sections[0]} parts do not share ${extent} elements evenly`);
  const size = extent / sections[0]!;
  const ends = isCount ? Array.from({ length: sections[0]! }, (_, i) => (i + 1) * size) : [...sections, extent];
  return ends.map((end, i) => sliceAxis(x, axis, ends[i - 1] ?? 0, end - (ends[i - 1] ?? 0)));
}

function unstacked(call: OperationCall): readonly Value[] {
  const x = call.value();
  const axis = call.axis(call.number("axis", 0), rankOf(x));
  return Array.from({ length: x.type.shape[axis]! }, (_, i) => without(sliceAxis(x, axis, i, 1), axis));
}

const without = (x: Value, axis: number): Value =>
  reshape(
    x,
    x.type.shape.filter((_, i) => i !== axis),
  );

const isSlice = (key: Argument): key is Slice => typeof key === "object" && key !== null && "slice" in key;

/** x[...] of Python: whole numbers, slices, None and the ellipsis. */
function item(call: OperationCall): Value {
  const x = call.value(0);
  const { shape } = x.type;
  const index = call.argument(1) as Argument;
  const keys = (Array.isArray(index) ? index : [index]) as readonly Argument[];
  const taken = keys.filter((key) => key !== null && key !== ELLIPSIS).length;
  if (taken > shape.length) throw call.refusal(`has more indices than its tensor axes`);
  const whole: Argument = { slice: [null, null, null] };
  const rest = Array<Argument>(shape.length - taken).fill(whole);
  const dots = keys.indexOf(ELLIPSIS);
  const all = dots < 0 ? [...keys, ...rest] : [...keys.slice(0, dots), ...rest, ...keys.slice(dots + 1)];
  if (all[0] !== whole && !(isSlice(all[0]!) && all[0].slice.every((bound) => bound === null)))
    throw call.refusal("takes some of the samples, which is not supported");
  const [begin, size, strides, out] = [[], [], [], []] as [number[], number[], number[], number[]];
  let axis = 0;
  for (const key of all) {
    if (key === null) {
      out.push(1);
      continue;
    }
    const extent = shape[axis++]!;
    if (typeof key === "number") {
      begin.push(call.axis(key, extent));
      size.push(1);
      strides.push(1);
    } else if (isSlice(key)) {
      const [start, count, step] = sliced(call, key, extent);
      begin.push(start);
      size.push(count);
      strides.push(step);
      out.push(count);
    } else throw call.refusal("an index that is a tensor or a list is not supported");
  }
  return reshape(slice(x, begin, size, strides), out);
}

/** Start of Python's slice among `extent` elements, the number of elements it takes, and its step. */
function sliced(call: OperationCall, { slice: [from, to, by] }: Slice, extent: number): [number, number, number] {
  const step = by ?? 1;
  const at = (index: number): number => (index < 0 ? index + extent : index);
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const within = (index: number): number => Math.min(Math.max(index, low), high);
  const start = from === null ? (step > 0 ? 0 : extent - 1) : within(at(from));
  const stop = to === null ? (step > 0 ? extent : -1) : within(at(to));
  const count = Math.ceil((stop - start) / step);
  if (step === 0 || !(count > 0)) throw call.refusal(`takes nothing of ${extent} elements`);
  return [start, count, step];
}

function taken(call: OperationCall): Value {
  const index = call.operand(1);
  if (typeof index !== "number") throw call.refusal("indices that are a tensor are not supported");
  const x = call.value(0);
  const axis = call.axis(call.number("axis"), rankOf(x));
  return without(sliceAxis(x, axis, call.axis(index, x.type.shape[axis]!), 1), axis);
}

function padded(call: OperationCall): Value {
  const x = call.value();
  if (call.config.mode !== "constant") throw call.refusal(`mode "${call.config.mode}" is not supported`);
  const value = call.argument("constant_values") ?? call.argument(1) ?? 0;
  if (typeof value !== "number") throw call.refusal("padding with a tensor is not supported");
  const widths = call.config.pad_width as readonly (readonly [number, number])[];
  const isPairs = Array.isArray(widths) && widths.every((pair) => Array.isArray(pair) && pair.length === 2);
  if (!isPairs || (widths.length !== 1 && widths.length !== rankOf(x)))
    throw call.refusal("its pad_width is no list of pairs");
  return pad(
    x,
    x.type.shape.map((_, axis) => widths[widths.length === 1 ? 0 : axis]!),
    value,
  );
}

function tiled(call: OperationCall): Value {
  const x = call.value();
  const repeats = call.numbers("repeats") ?? [];
  const rank = Math.max(repeats.length, rankOf(x));
  const filled = (list: readonly number[]): number[] => [...Array<number>(rank - list.length).fill(1), ...list];
  const [shape, times] = [filled(x.type.shape), filled(repeats)];
  const pairs = broadcastTo(
    reshape(
      x,
      shape.flatMap((extent) => [1, extent]),
    ),
    shape.flatMap((extent, axis) => [times[axis]!, extent]),
  );
  return reshape(
    pairs,
    shape.map((extent, axis) => extent * times[axis]!),
  );
}

function repeated(call: OperationCall): Value {
  const x = call.value();
  const [times, ...others] = call.numbers("repeats") ?? [];
  if (call.config.axis === null || others.length > 0 || times === undefined)
    throw call.refusal("needs one axis and one number of repeats");
  const axis = call.axis(call.number("axis"), rankOf(x));
  const { shape } = x.type;
  const wide = broadcastTo(reshape(x, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]), [
    ...shape.slice(0, axis + 1),
    times,
    ...shape.slice(axis + 1),
  ]);
  return reshape(
    wide,
    shape.map((extent, i) => (i === axis ? extent * times : extent)),
  );
}

export const SHAPING_OPERATIONS: Readonly<Record<string, Operation>> = {
  BroadcastTo: (call) => {
    const x = call.value();
    return broadcastTo(x, shapeIn(call, "shape", x.type.shape[0]!));
  },
  Concatenate: (call) => {
    const all = call.values();
    return concatenate(all, call.axis(call.number("axis", 0), rankOf(all[0]!)));
  },
  ExpandDims: expanded,
  Flip: (call) => {
    const x = call.value();
    const axes = (call.numbers("axis") ?? [0]).map((axis) => call.axis(axis, rankOf(x)));
    if (axes.includes(0)) throw call.refusal("turns the order of samples, which is not supported");
    return flip(x, axes);
  },
  GetItem: item,
  Moveaxis: moveAxis,
  Pad: padded,
  Repeat: repeated,
  Reshape: reshaped,
  Split: split,
  Squeeze: squeezed,
  Stack: stacked,
  Swapaxes: swapped,
  Take: taken,
  Tile: tiled,
  Transpose: transposed,
  Unstack: unstacked,
};

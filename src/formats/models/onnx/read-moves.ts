// Operators that move numbers without computing any, as layers or as nothing but another layout: reshape, transpose,
// squeeze, slice, split, gather, concatenate, pad, expand.
import { NodeError } from "./node-error.js";
import { broadcastShapes, sizeOf } from "../../../core/shape.js";
import { concatenate } from "../../../nn/layers/index.js";
import type { SymbolicTensor } from "../../../nn/layers/layer.js";
import { affine, flowingOf, widened } from "./affine.js";
import { type Folded, filled, picked, slicing, splitSizes } from "./constants/index.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { BATCH, batchAxis, type Extent, type Layout } from "./layout.js";
import { alignedAll } from "./read-arithmetic.js";
import { relabelled } from "./read-products.js";
import { type Coarse, coarse, layoutOf, padded, regroup, reshapedTo, slotKey, sliced } from "./moves.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

/** More pieces than a rearrangement of positions is cut into. */
const MOST_PIECES = 64;

export function reshaped(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const given: Folded = reader.has(node, 1)
    ? reader.constant(node, 1)
    : { kind: "int", shape: [], data: (node.attributes.shape ?? []) as readonly number[] };
  const before = reader.extents(x);
  const keepsZero = reader.number(node, "allowzero", 0) === 1;
  const side = (list: OnnxTensor, which: 0 | 1): number[] => {
    const wanted = Array.from(list.data, (extent, axis) =>
      extent === 0 && !keepsZero ? (before[axis]?.[which] ?? 0) : extent,
    );
    const known = sizeOf(wanted.filter((extent) => extent !== -1));
    const size = sizeOf(before.map((extent) => extent[which]));
    return wanted.map((extent) => (extent === -1 ? size / known : extent));
  };
  const [first, second] = [side(given, 0), side(given.twin ?? given, 1)];
  const all = first.map((extent, axis): Extent => [extent, second[axis] ?? 0]);
  if (all.flat().some((extent) => !Number.isInteger(extent) || extent < 1) || first.length !== second.length)
    throw reader.refusal(node, `makes [${first.join(", ")}] of ${reader.shown(x)}, which mixes samples or has no such size`);
  return regroup(reader, withoutAbsorb(x), all);
}

/** A tensor whose last layer takes in no constants any more, since the axes are others now. */
const withoutAbsorb = ({ absorb: _, ...x }: Flowing): Flowing => x;

export function transposed(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const rank = x.layout.length;
  const given = node.attributes.perm;
  const order = Array.isArray(given) ? (given as readonly number[]) : x.layout.map((_, axis) => rank - 1 - axis);
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, index) => axis !== index))
    throw reader.refusal(node, `orders ${rank} axes as [${order.join(", ")}]`);
  return relabelled(withoutAbsorb(x), order);
}

export function flattened(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const axis = reader.number(node, "axis", 1);
  const at = axis < 0 ? axis + x.layout.length : axis;
  return { ...x, layout: [x.layout.slice(0, at).flat(), x.layout.slice(at).flat()] };
}

export function unsqueezed(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const given = reader.list(node, 1, "axes") ?? [];
  const rank = x.layout.length + given.length;
  const added = new Set(given.map((axis) => reader.axis(node, axis, rank)));
  const left = [...x.layout];
  const layout = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? [] : left.shift()!));
  return { ...x, layout: recovered(reader, layout, Math.min(...added)) };
}

/** A batch of 1 that went with an axis that was taken away comes back with the axis of extent 1 that is put in. */
function recovered(reader: GraphReader, layout: Layout, added: number): Layout {
  const isDropped = reader.batch[0] === 1 && reader.batch[1] === 1 && layout.some((parts) => parts.includes(BATCH) && parts.length > 1);
  if (!isDropped) return layout;
  return layout.map((parts, axis) => (axis === added ? [BATCH] : parts.filter((part) => part !== BATCH)));
}

export function squeezed(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const isOne = (axis: number): boolean => reader.extent(x, axis).every((extent) => extent === 1);
  const given = reader.list(node, 1, "axes")?.map((axis) => reader.axis(node, axis, x.layout.length));
  const gone = given ?? x.layout.map((_, axis) => axis).filter((axis) => isOne(axis) && !x.layout[axis]!.includes(BATCH));
  if (!gone.every(isOne)) throw reader.refusal(node, `takes away axes of ${reader.shown(x)} that are not of extent 1`);
  return removed(reader, node, x, gone);
}

/** Without axes of extent 1. A batch of 1 that goes with them is still in front here, so another axis takes it along. */
function removed(reader: GraphReader, node: OnnxNode, x: Flowing, gone: readonly number[]): Flowing {
  const layout = x.layout.filter((_, axis) => !gone.includes(axis));
  if (!gone.some((axis) => x.layout[axis]!.includes(BATCH))) return { ...x, layout };
  if (layout.length === 0) throw reader.refusal(node, "leaves no axis for the batch");
  return { ...x, layout: [[BATCH, ...layout[0]!], ...layout.slice(1)] };
}

/** A coarse tensor with one axis of the file as an axis here, whatever its extent. */
function withAxis(reader: GraphReader, node: OnnxNode, given: Flowing, axis: number): { x: Coarse; part: number } {
  const x = coarse(reader, withoutAbsorb(given));
  if (x.batch === axis) throw reader.refusal(node, "works along the batch, which mixes samples");
  const at = x.slots.findIndex((slot) => slotKey(slot) === 2 * axis);
  if (at >= 0) return { x, part: at + 1 };
  const tensor = reshapedTo(reader, x.tensor, [...x.tensor.shape, 1]);
  const part = tensor.shape.length;
  return { x: { ...x, tensor, slots: [...x.slots, { axis, behind: false, parts: [part] }] }, part };
}

/** Ranges of positions along an axis of the file, one behind the other. */
function ranges(
  reader: GraphReader,
  node: OnnxNode,
  given: Flowing,
  axis: number,
  pieces: readonly (readonly [first: number, count: number, step: number])[],
): Flowing {
  const { x, part } = withAxis(reader, node, given, axis);
  const whole = pieces.length === 1 && pieces[0]![0] === 0 && pieces[0]![1] === reader.extent(given, axis)[0] && pieces[0]![2] === 1;
  if (whole) return given;
  const parts = pieces.map((piece) => sliced(reader, x.tensor, part, piece));
  const tensor = parts.length === 1 ? parts[0]! : reader.apply(concatenate({ axis: part }), parts);
  return flowingOf({ ...x, tensor }, given.positive === undefined ? {} : { positive: given.positive });
}

export function slice(reader: GraphReader, node: OnnxNode): Flowing {
  let x = reader.flowing(node);
  const lists = (index: number, attribute: string): Folded | undefined => {
    if (reader.has(node, index)) return reader.constant(node, index);
    const value = node.attributes[attribute];
    return Array.isArray(value) ? { kind: "int", shape: [], data: value as readonly number[] } : undefined;
  };
  const [starts, ends] = [lists(1, "starts"), lists(2, "ends")];
  if (starts === undefined || ends === undefined) throw reader.refusal(node, "has no starts or ends");
  const axes = lists(3, "axes")?.data ?? Array.from(starts.data, (_, axis) => axis);
  const steps = lists(4, "steps")?.data ?? Array.from(starts.data, () => 1);
  for (const [index, given] of Array.from(axes).entries()) {
    const axis = reader.axis(node, given, x.layout.length);
    const extent = reader.extent(x, axis);
    const cut = (side: 0 | 1) =>
      slicing(
        extent[side],
        ((side === 1 && starts.twin) || starts).data[index] ?? 0,
        ((side === 1 && ends.twin) || ends).data[index] ?? 0,
        steps[index] ?? 1,
      );
    const [[first, count], [first2, count2]] = [cut(0), cut(1)];
    const step = steps[index] ?? 1;
    if (first === 0 && step === 1 && count === extent[0] && count2 === extent[1]) continue;
    if (first !== first2 || count !== count2) throw reader.refusal(node, "takes parts that depend on the batch");
    if (count < 1) throw reader.refusal(node, `takes nothing of ${reader.shown(x)}`);
    const pieces: [number, number, number][] = step > 0 ? [[first, count, step]] : singles(node, reader, first, count, step);
    x = ranges(reader, node, x, axis, pieces);
  }
  return x;
}

function singles(node: OnnxNode, reader: GraphReader, first: number, count: number, step: number): [number, number, number][] {
  if (count > MOST_PIECES) throw reader.refusal(node, `reverses an axis with more than ${MOST_PIECES} positions, which is not supported`);
  return Array.from({ length: count }, (_, i) => [first + i * step, 1, 1]);
}

/** Positions in any order, as ranges of neighbours. */
function runsOf(positions: readonly number[]): [number, number, number][] {
  const runs: [number, number, number][] = [];
  for (const position of positions) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === 1 && position > last[0]) {
      last[2] = position - last[0];
      last[1] = 2;
    } else if (last !== undefined && last[1] > 1 && position === last[0] + last[1] * last[2]) last[1]++;
    else runs.push([position, 1, 1]);
  }
  return runs;
}

export function gather(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const axis = reader.axis(node, reader.number(node, "axis", 0), x.layout.length);
  const indices = reader.fixed(node, 1);
  const extent = reader.extent(x, axis);
  const positions = Array.from(indices.data, (index) => (index < 0 ? index + extent[0] : index));
  if (positions.some((at) => !Number.isInteger(at) || at < 0 || at >= extent[0]))
    throw reader.refusal(node, `picks positions of ${reader.shown(x)} that are not there`);
  if (indices.shape.length === 0 && extent.every((one) => one === 1)) return removed(reader, node, withoutAbsorb(x), [axis]);
  const runs = runsOf(positions);
  if (runs.length > MOST_PIECES)
    throw reader.refusal(node, `picks positions in an order of more than ${MOST_PIECES} pieces, which is not supported`);
  const found = ranges(reader, node, x, axis, runs);
  if (indices.shape.length === 1) return found;
  if (indices.shape.length === 0) return { ...found, layout: found.layout.filter((_, index) => index !== axis) };
  const extents = reader.extents(found);
  const inner = indices.shape.map((one): Extent => [one, one]);
  return regroup(reader, found, [...extents.slice(0, axis), ...inner, ...extents.slice(axis + 1)]);
}

export function split(reader: GraphReader, node: OnnxNode): readonly Flowing[] {
  const x = reader.flowing(node);
  const axis = reader.axis(node, reader.number(node, "axis", 0), x.layout.length);
  const inputs = [undefined, reader.has(node, 1) ? reader.fixed(node, 1) : undefined];
  let first = 0;
  return splitSizes({ node, opset: reader.opset, inputs, most: 0 }, reader.extent(x, axis)[0]).map((size) => {
    if (size < 1) throw reader.refusal(node, "makes parts without anything in them");
    const part = ranges(reader, node, x, axis, [[first, size, 1]]);
    first += size;
    return part;
  });
}

export function joined(reader: GraphReader, node: OnnxNode): Flowing {
  const all = node.inputs.map((_, index) => reader.at(node, index));
  const flowing = all.filter((one) => one.kind === "flowing").map(withoutAbsorb);
  const rank = flowing[0]!.layout.length;
  const axis = reader.axis(node, reader.number(node, "axis", 0), rank);
  const batch = batchAxis(flowing[0]!.layout);
  if (axis === batch) throw reader.refusal(node, "joins along the batch, which mixes samples");
  // Constants are zeros around the tensors at first, and are added in the end.
  const aligned = alignedAll(reader, flowing, 2 * axis);
  const part = aligned.keys.indexOf(2 * axis) + 1;
  const tensors = surrounded(reader, all, aligned.tensors, part, axis);
  const tensor = tensors.length === 1 ? tensors[0]! : reader.apply(concatenate({ axis: part }), tensors);
  const positive = flowing.length === all.length && flowing.every((one) => one.positive === true);
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
  const widths = all.map((one) => (one.kind === "flowing" ? undefined : (one.shape[axis] ?? 0)));
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
  const widths = all.map((one) => (one.kind === "flowing" ? undefined : one.shape[axis]!));
  const total = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  // What the axis has beyond the constants belongs to the tensors.
  const lengths = all.map((one, index) => widths[index] ?? (one.kind === "flowing" ? reader.extent(one, axis)[0] : 0));
  if (lengths.reduce((a, b) => a + b, 0) !== shape[axis] || total === 0) throw new NodeError("joins tensors and constants of other shapes");
  const out = filled("float", shape, 0);
  const data = out.data as Float32Array;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  let start = 0;
  for (const [index, one] of all.entries()) {
    if (one.kind !== "flowing") {
      const part = oneSample(one, shape, axis, batch);
      const width = one.shape[axis]! * inner;
      for (let row = 0; row < outer; row++)
        for (let i = 0; i < width; i++) data[row * shape[axis]! * inner + start * inner + i] = part.data[row * width + i]!;
    }
    start += lengths[index]!;
  }
  const lying = coarse(reader, x);
  const order = lying.slots.map(({ axis: own }) => own);
  const offset = picked(
    out,
    order.map((own) => shape[own]!),
    order.map((own) => sizeOf(shape.slice(own + 1))),
  );
  if (keys.some((key) => key % 2 === 1)) throw new NodeError("joins constants to an axis that the batch is a part of");
  return flowingOf(affine(reader, lying, { offset }));
}

/** A constant as it is for one sample; all samples must have the same. */
function oneSample(constant: Folded, shape: readonly number[], axis: number, batch: number): OnnxTensor {
  const wanted = shape.map((extent, index) => (index === axis ? constant.shape[axis]! : extent));
  const check = (one: OnnxTensor): OnnxTensor => {
    if (one.shape.length !== shape.length || one.shape.some((extent, index) => index !== batch && extent !== wanted[index]))
      throw new NodeError("joins tensors and constants of other shapes");
    const strides = one.shape.map((_, index) => sizeOf(one.shape.slice(index + 1)));
    const first = picked(one, wanted, strides);
    const again = picked(
      first,
      one.shape,
      wanted.map((_, index) => (index === batch ? 0 : sizeOf(wanted.slice(index + 1)))),
    );
    if (!one.data.every((value, i) => value === again.data[i])) throw new NodeError("joins a constant that differs between images");
    return first;
  };
  const found = check(constant);
  if (constant.twin !== undefined) check(constant.twin);
  return found;
}

export function pad(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const rank = x.layout.length;
  const given = reader.list(node, 1, "pads") ?? [];
  const axes = reader.has(node, 3) ? Array.from(reader.fixed(node, 3).data, (axis) => reader.axis(node, axis, rank)) : x.layout.map((_, axis) => axis);
  const mode = node.attributes.mode ?? "constant";
  const fill = reader.has(node, 2) ? (reader.fixed(node, 2).data[0] ?? 0) : reader.number(node, "value", 0);
  if (given.length !== 2 * axes.length) throw reader.refusal(node, "pads other axes than there are");
  if (given.every((cells) => cells === 0)) return x;
  if (mode !== "constant" || fill !== 0)
    throw reader.refusal(node, `pads by ${mode === "constant" ? fill : mode}, which is not supported; zeros are`);
  let now = x;
  for (const [index, axis] of axes.entries()) {
    const [front, behind] = [given[index]!, given[index + axes.length]!];
    if (front === 0 && behind === 0) continue;
    const extent = reader.extent(now, axis)[0];
    if (front < 0 || behind < 0) {
      const count = extent + Math.min(front, 0) + Math.min(behind, 0);
      now = ranges(reader, node, now, axis, [[Math.max(0, -front), count, 1]]);
    }
    const { x: lying, part } = withAxis(reader, node, now, axis);
    now = flowingOf({ ...lying, tensor: padded(reader, lying.tensor, part, [Math.max(0, front), Math.max(0, behind)]) });
  }
  return { ...now, positive: x.positive === true };
}

export function expanded(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const given = reader.constant(node, 1);
  const wanted = broadcastShapes(
    reader.extents(x).map(([extent]) => extent),
    Array.from(given.data),
  );
  const lead = wanted.length - x.layout.length;
  const raised = { ...x, layout: [...new Array<number[]>(lead).fill([]), ...x.layout] };
  return widened(reader, raised, wanted);
}

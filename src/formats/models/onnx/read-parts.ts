// Operators that take parts of tensors: slices, splits, and positions in any order.
import { concatenate } from "../../../nn/layers/index.js";
import { flowingOf } from "./affine.js";
import { type Folded, slicing, splitSizes } from "./constants/index.js";
import { type Flowing, type GraphReader, withoutAbsorb } from "./graph-reader.js";
import { BATCH, type Extent } from "./layout.js";
import { type Coarse, coarse, regroup, reshapedTo, sliced, slotKey } from "./moves.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";

/** More pieces than a rearrangement of positions is cut into. */
const MOST_PIECES = 64;

/** Without axes of extent 1. A batch of 1 that goes with them is still in front here, so another axis takes it along. */
export function removed(reader: GraphReader, node: OnnxNode, x: Flowing, gone: readonly number[]): Flowing {
  const layout = x.layout.filter((_, axis) => !gone.includes(axis));
  if (!gone.some((axis) => x.layout[axis]!.includes(BATCH))) return { ...x, layout };
  if (layout.length === 0) throw reader.refusal(node, "leaves no axis for the batch");
  return { ...x, layout: [[BATCH, ...layout[0]!], ...layout.slice(1)] };
}

/** A coarse tensor with one axis of the file as an axis here, whatever its extent. */
export function withAxis(
  reader: GraphReader,
  node: OnnxNode,
  value: Flowing,
  axis: number,
): { x: Coarse; part: number } {
  const x = coarse(reader, withoutAbsorb(value));
  if (x.batch === axis) throw reader.refusal(node, "works along the batch, which mixes samples");
  const at = x.slots.findIndex((slot) => slotKey(slot) === 2 * axis);
  if (at >= 0) return { x, part: at + 1 };
  const tensor = reshapedTo(reader, x.tensor, [...x.tensor.shape, 1]);
  const part = tensor.shape.length;
  return { x: { ...x, tensor, slots: [...x.slots, { axis, behind: false, parts: [part] }] }, part };
}

/** Ranges of positions along an axis of the file, one behind the other. */
export function ranges(
  reader: GraphReader,
  node: OnnxNode,
  value: Flowing,
  axis: number,
  pieces: readonly (readonly [first: number, count: number, step: number])[],
): Flowing {
  const { x, part } = withAxis(reader, node, value, axis);
  const whole =
    pieces.length === 1 &&
    pieces[0]![0] === 0 &&
    pieces[0]![1] === reader.extent(value, axis)[0] &&
    pieces[0]![2] === 1;
  if (whole) return value;
  const parts = pieces.map((piece) => sliced(reader, x.tensor, part, piece));
  const tensor = parts.length === 1 ? parts[0]! : reader.apply(concatenate({ axis: part }), parts);
  return flowingOf({ ...x, tensor }, value.positive === undefined ? {} : { positive: value.positive });
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
  for (const [index, listed] of Array.from(axes).entries()) {
    const axis = reader.axis(node, listed, x.layout.length);
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
    const pieces: [number, number, number][] =
      step > 0 ? [[first, count, step]] : singles(node, reader, first, count, step);
    x = ranges(reader, node, x, axis, pieces);
  }
  return x;
}

function singles(
  node: OnnxNode,
  reader: GraphReader,
  first: number,
  count: number,
  step: number,
): [number, number, number][] {
  if (count > MOST_PIECES)
    throw reader.refusal(node, `reverses an axis with more than ${MOST_PIECES} positions, which is not supported`);
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
  const x = withoutAbsorb(reader.flowing(node));
  const axis = reader.axis(node, reader.number(node, "axis", 0), x.layout.length);
  const indices = reader.constant(node, 1);
  const bySample = x.layout[axis]!.includes(BATCH) ? sampleIndices(reader, x, axis, indices) : undefined;
  if (bySample === undefined) return gathered(reader, node, x, axis, reader.fixed(node, 1));
  const [samples, ...rest] = reader.extents(x) as [Extent, ...Extent[]];
  const size = samples[0] / reader.batch[0];
  return gathered(reader, node, regroup(reader, x, [reader.batch, [size, size], ...rest]), 1, bySample);
}

/**
 * The positions that each sample picks of its own numbers, where all samples lie in a row along the first axis and pick
 * the same, as PyTorch writes `as_strided`; undefined where they do not.
 */
function sampleIndices(reader: GraphReader, x: Flowing, axis: number, indices: Folded): OnnxTensor | undefined {
  if (axis !== 0 || x.layout[0]![0] !== BATCH) return undefined;
  const size = reader.extent(x, 0)[0] / reader.batch[0];
  const [first, second] = [indices, indices.twin ?? indices].map(({ shape, data }, side) => {
    const batch = reader.batch[side]!;
    if (shape[0] !== batch) return undefined;
    const each = data.length / batch;
    const isSame = Array.from(data).every((index, at) => index === data[at % each]! + Math.floor(at / each) * size);
    return isSame
      ? { kind: "int" as const, shape: shape.slice(1), data: Float64Array.from(data).subarray(0, each) }
      : undefined;
  });
  return first !== undefined && second !== undefined ? first : undefined;
}

function gathered(reader: GraphReader, node: OnnxNode, x: Flowing, axis: number, indices: OnnxTensor): Flowing {
  const extent = reader.extent(x, axis);
  const positions = Array.from(indices.data, (index) => (index < 0 ? index + extent[0] : index));
  if (positions.some((at) => !Number.isInteger(at) || at < 0 || at >= extent[0]))
    throw reader.refusal(node, `picks positions of ${reader.shown(x)} that are not there`);
  if (indices.shape.length === 0 && extent.every((count) => count === 1)) return removed(reader, node, x, [axis]);
  const runs = runsOf(positions);
  if (runs.length > MOST_PIECES)
    throw reader.refusal(
      node,
      `picks positions in an order of more than ${MOST_PIECES} pieces, which is not supported`,
    );
  const found = ranges(reader, node, x, axis, runs);
  if (indices.shape.length === 1) return found;
  if (indices.shape.length === 0) return { ...found, layout: found.layout.filter((_, index) => index !== axis) };
  const extents = reader.extents(found);
  const inner = indices.shape.map((count): Extent => [count, count]);
  return regroup(reader, found, [...extents.slice(0, axis), ...inner, ...extents.slice(axis + 1)]);
}

export function split(reader: GraphReader, node: OnnxNode): readonly Flowing[] {
  const x = reader.flowing(node);
  const axis = reader.axis(node, reader.number(node, "axis", 0), x.layout.length);
  // One part is the whole, also of a batch of one image, which PyTorch takes apart.
  if (node.outputs.length === 1) return [x];
  const inputs = [undefined, reader.has(node, 1) ? reader.fixed(node, 1) : undefined];
  let first = 0;
  return splitSizes({ node, opset: reader.opset, inputs, most: 0 }, reader.extent(x, axis)[0]).map((size) => {
    if (size < 1) throw reader.refusal(node, "makes parts without anything in them");
    const part = ranges(reader, node, x, axis, [[first, size, 1]]);
    first += size;
    return part;
  });
}

// Operators that give numbers other axes, more of them or a border, as layers or as nothing but another layout.
import { broadcastShapes, sizeOf } from "../../../core/shape.js";
import { flowingOf, widened } from "./affine.js";
import type { Folded } from "./constants/index.js";
import { type Flowing, type GraphReader, withoutAbsorb } from "./graph-reader.js";
import { BATCH, type Extent, type Layout } from "./layout.js";
import { padded, regroup } from "./moves.js";
import type { OnnxNode, OnnxTensor } from "./proto.js";
import { ranges, removed, withAxis } from "./read-parts.js";
import { relabelled } from "./read-products.js";

export function reshaped(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const target: Folded = reader.has(node, 1)
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
  const [first, second] = [side(target, 0), side(target.twin ?? target, 1)];
  const all = first.map((extent, axis): Extent => [extent, second[axis] ?? 0]);
  if (all.flat().some((extent) => !Number.isInteger(extent) || extent < 1) || first.length !== second.length)
    throw reader.refusal(
      node,
      `makes [${first.join(", ")}] of ${reader.shown(x)}, which mixes samples or has no such size`,
    );
  return regroup(reader, withoutAbsorb(x), all);
}

export function transposed(reader: GraphReader, node: OnnxNode): Flowing {
  const x = reader.flowing(node);
  const rank = x.layout.length;
  const stated = node.attributes.perm;
  const order = Array.isArray(stated) ? (stated as readonly number[]) : x.layout.map((_, axis) => rank - 1 - axis);
  if (order.length !== rank || [...order].sort((a, b) => a - b).some((axis, index) => axis !== index))
    throw reader.refusal(node, `orders ${rank} axes as [${order.join(", ")}]`);
  return relabelled(withoutAbsorb(x), order);
}

export function flattened(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const axis = reader.number(node, "axis", 1);
  const rank = x.layout.length;
  const at = axis === rank ? rank : reader.axis(node, axis, rank);
  return { ...x, layout: [x.layout.slice(0, at).flat(), x.layout.slice(at).flat()] };
}

export function unsqueezed(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const inserted = reader.list(node, 1, "axes") ?? [];
  const rank = x.layout.length + inserted.length;
  const added = new Set(inserted.map((axis) => reader.axis(node, axis, rank)));
  const left = [...x.layout];
  const layout = Array.from({ length: rank }, (_, axis) => (added.has(axis) ? [] : left.shift()!));
  return { ...x, layout: recovered(reader, layout, Math.min(...added)) };
}

/** A batch of 1 that went with an axis that was taken away comes back with the axis of extent 1 that is put in. */
function recovered(reader: GraphReader, layout: Layout, added: number): Layout {
  const isDropped =
    reader.batch[0] === 1 && reader.batch[1] === 1 && layout.some((parts) => parts.includes(BATCH) && parts.length > 1);
  if (!isDropped) return layout;
  return layout.map((parts, axis) => (axis === added ? [BATCH] : parts.filter((part) => part !== BATCH)));
}

export function squeezed(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const isOne = (axis: number): boolean => reader.extent(x, axis).every((extent) => extent === 1);
  const dropped = reader.list(node, 1, "axes")?.map((axis) => reader.axis(node, axis, x.layout.length));
  const gone =
    dropped ?? x.layout.map((_, axis) => axis).filter((axis) => isOne(axis) && !x.layout[axis]!.includes(BATCH));
  if (!gone.every(isOne)) throw reader.refusal(node, `takes away axes of ${reader.shown(x)} that are not of extent 1`);
  return removed(reader, node, x, gone);
}

export function pad(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const rank = x.layout.length;
  const pads = reader.list(node, 1, "pads") ?? [];
  const axes = reader.has(node, 3)
    ? Array.from(reader.fixed(node, 3).data, (axis) => reader.axis(node, axis, rank))
    : x.layout.map((_, axis) => axis);
  const mode = node.attributes.mode ?? "constant";
  const fill = reader.has(node, 2) ? (reader.fixed(node, 2).data[0] ?? 0) : reader.number(node, "value", 0);
  if (pads.length !== 2 * axes.length) throw reader.refusal(node, "pads other axes than there are");
  if (pads.every((cells) => cells === 0)) return x;
  if (mode !== "constant" || fill !== 0)
    throw reader.refusal(node, `pads by ${mode === "constant" ? fill : mode}, which is not supported; zeros are`);
  let now = x;
  for (const [index, axis] of axes.entries()) {
    const [front, behind] = [pads[index]!, pads[index + axes.length]!];
    if (front === 0 && behind === 0) continue;
    const extent = reader.extent(now, axis)[0];
    if (front < 0 || behind < 0) {
      const count = extent + Math.min(front, 0) + Math.min(behind, 0);
      now = ranges(reader, node, now, axis, [[Math.max(0, -front), count, 1]]);
    }
    const { x: lying, part } = withAxis(reader, node, now, axis);
    now = flowingOf({
      ...lying,
      tensor: padded(reader, lying.tensor, part, [Math.max(0, front), Math.max(0, behind)]),
    });
  }
  return { ...now, positive: x.positive === true };
}

export function expanded(reader: GraphReader, node: OnnxNode): Flowing {
  const x = withoutAbsorb(reader.flowing(node));
  const target = reader.constant(node, 1);
  const extents = reader.extents(x);
  const [wanted, second] = ([0, 1] as const).map((side) =>
    broadcastShapes(
      extents.map((extent) => extent[side]),
      Array.from(((side === 1 && target.twin) || target).data),
    ),
  ) as [readonly number[], readonly number[]];
  const lead = wanted.length - x.layout.length;
  const raised = { ...x, layout: [...new Array<number[]>(lead).fill([]), ...x.layout] };
  // An axis that is widened must be so for every size of the batch, one that is not keeps its own extents.
  const differs = (axis: number): boolean => {
    const [a, b] = reader.extent(raised, axis);
    return a === wanted[axis] ? b !== second[axis] : wanted[axis] !== second[axis];
  };
  if (second.length !== wanted.length || wanted.some((_, axis) => differs(axis)))
    throw reader.refusal(node, "repeats by how many images there are in a batch, which is not supported");
  return widened(reader, raised, wanted);
}

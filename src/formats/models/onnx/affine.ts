// Constants beside tensors of the model: brought to the axes here, then multiplied and added by a layer whose weights they
// become, so that training may go on with them.

import { sizeOf, stridesOf } from "../../../core/shape.js";
import { batchNormalization, rescaling } from "../../../nn/layers/index.js";
import { type Folded, filled, picked, reordered, spreadTo } from "./constants/index.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { type Coarse, coarse, inOrder, layoutOf, repeated, reshapedTo, slotKey } from "./moves.js";
import { NodeError } from "./node-error.js";
import type { OnnxTensor } from "./proto.js";

/** The largest finite float32, which replaces infinite entries of masks, since weights are finite. */
export const BIGGEST = 3.4028234663852886e38;
/** Largest factor by which spreading may grow a constant; beyond it, `affine` moves the constant's axes to the end. */
const MOST_SPREAD = 32;

/** The shape with axes of extent 1 in front, or without those that are too many. */
function ofRank(shape: readonly number[], rank: number): readonly number[] {
  const spare = shape.length - rank;
  if (spare <= 0) return [...new Array<number>(-spare).fill(1), ...shape];
  if (shape.slice(0, spare).some((extent) => extent !== 1))
    throw new NodeError(`has a constant of ${shape.length} axes beside a tensor of ${rank}`);
  return shape.slice(spare);
}

/** The tensor repeated along the file's axes where it has extent 1 and the other shape has more. */
export function widened(reader: GraphReader, x: Flowing, shape: readonly number[]): Flowing {
  let now = x;
  for (const [axis, extent] of shape.entries()) {
    if (extent === 1 || now.layout[axis]!.some((part) => part === 0) || reader.extent(now, axis)[0] !== 1) continue;
    const part = now.tensor.shape.length + 1;
    const tensor = reshapedTo(reader, now.tensor, [...now.tensor.shape, 1]);
    now = {
      ...now,
      tensor: repeated(reader, tensor, part, extent),
      layout: now.layout.map((parts, index) => (index === axis ? [part] : parts)),
    };
  }
  return now;
}

/** A constant as it lies beside a tensor: one extent a slot, 1 where it is the same all along. */
function beside(reader: GraphReader, x: Coarse, constant: OnnxTensor, side: 0 | 1): OnnxTensor {
  const shape = ofRank(constant.shape, x.rank);
  const has = (key: number): number => {
    const at = x.slots.findIndex((slot) => slotKey(slot) === key);
    return at < 0 ? 1 : x.tensor.shape[at]!;
  };
  // The file's axes, the batch's one as up to three.
  const keys: (number | undefined)[] = [];
  const split = shape.flatMap((extent, axis) => {
    if (axis !== x.batch) {
      keys.push(2 * axis);
      if (extent !== 1 && extent !== has(2 * axis)) throw new NodeError("has a constant of another shape");
      return [extent];
    }
    keys.push(2 * axis, undefined, 2 * axis + 1);
    if (extent === 1) return [1, 1, 1];
    const parts = [has(2 * axis), reader.batch[side], has(2 * axis + 1)];
    if (extent !== sizeOf(parts))
      throw new NodeError("has a constant of another shape, or one that differs between images");
    return parts;
  });
  const full: OnnxTensor = { ...constant, shape: split };
  const at = keys.indexOf(undefined);
  const strides = stridesOf(split);
  const single = split.map((extent, axis) => (axis === at ? 1 : extent));
  const first = picked(full, single, strides);
  if (at >= 0 && split[at]! > 1) {
    const spread = spreadTo(first, split).data;
    if (!full.data.every((value, i) => value === spread[i]))
      throw new NodeError("has a constant that differs between images");
  }
  const places = stridesOf(single);
  const order = x.slots.map((slot) => keys.indexOf(slotKey(slot)));
  const turned = picked(
    first,
    order.map((axis) => single[axis]!),
    order.map((axis) => places[axis]!),
  );
  return { ...turned, data: finite(turned) };
}

const finite = ({ data }: OnnxTensor): Float32Array =>
  Float32Array.from(data, (value) => (Number.isNaN(value) ? value : Math.min(Math.max(value, -BIGGEST), BIGGEST)));

/** A tensor and a constant that is broadcast against it, with the same axes. */
export function paired(
  reader: GraphReader,
  x: Flowing,
  constant: Folded,
): { readonly x: Coarse; readonly constant: OnnxTensor } {
  const rank = Math.max(x.layout.length, constant.shape.length);
  const lead = rank - x.layout.length;
  const raised: Flowing =
    lead === 0 || constant.shape.slice(0, lead).every((extent) => extent === 1)
      ? x
      : { ...x, layout: [...new Array<number[]>(lead).fill([]), ...x.layout] };
  const wide = coarse(reader, widened(reader, raised, ofRank(constant.shape, raised.layout.length)));
  const found = beside(reader, wide, constant, 0);
  if (constant.twin !== undefined) {
    const other = beside(reader, wide, constant.twin, 1);
    const same = other.data.length === found.data.length && found.data.every((value, i) => value === other.data[i]);
    if (!same) throw new NodeError("depends on how many images there are in a batch");
  }
  return { x: wide, constant: found };
}

/** The tensor of the file that a coarse one stands for. */
export const flowingOf = ({ tensor, slots, rank, batch }: Coarse, notes: Partial<Flowing> = {}): Flowing => ({
  ...notes,
  kind: "flowing",
  tensor,
  layout: layoutOf(slots.map(slotKey), rank, batch),
});

/** x * scale + offset, where both have one extent a slot of `x`. */
export function affine(
  reader: GraphReader,
  x: Coarse,
  { scale, offset }: { readonly scale?: OnnxTensor; readonly offset?: OnnxTensor },
): Coarse {
  const factors = [scale, offset].filter((factor) => factor !== undefined);
  if (factors.every(({ data }) => data.length === 1)) {
    const layer = rescaling(scale?.data[0] ?? 1, offset?.data[0] ?? 0);
    return { ...x, tensor: reader.apply(layer, x.tensor) };
  }
  const used = x.slots.map((_, at) => factors.some(({ shape }) => shape[at] !== 1));
  const first = used.indexOf(true);
  const covered = x.tensor.shape.slice(first);
  const needed = sizeOf(x.tensor.shape.filter((_, at) => used[at]));
  if (sizeOf(covered) > MOST_SPREAD * needed) {
    const order = [...used.keys()].sort((a, b) => Number(used[a]) - Number(used[b]) || a - b);
    const slots = order.map((at, index) => ({ ...x.slots[at]!, parts: [index + 1] }));
    const tensor = inOrder(
      reader,
      x,
      order.map((at) => slotKey(x.slots[at]!)),
    );
    const turn = (factor: OnnxTensor | undefined): OnnxTensor | undefined => factor && reordered(factor, order);
    return affine(reader, { ...x, tensor, slots }, definedOf(turn(scale), turn(offset)));
  }
  const size = sizeOf(covered);
  const row = (factor: OnnxTensor): OnnxTensor => ({
    ...spreadTo({ ...factor, shape: factor.shape.slice(first) }, covered),
    shape: [size],
  });
  const weights = [scale, offset].flatMap((factor) => (factor === undefined ? [] : [row(factor)]));
  const layer = batchNormalization({ epsilon: 0, scale: scale !== undefined, center: offset !== undefined });
  const flat = reshapedTo(reader, x.tensor, [...x.tensor.shape.slice(0, first), size]);
  const arrays = [...weights, filled("float", [size], 0), filled("float", [size], 1)];
  // Without training, for the constants are no statistics of batches.
  const done = reader.apply(layer, flat, arrays, { training: false });
  return { ...x, tensor: reshapedTo(reader, done, x.tensor.shape) };
}

const definedOf = (scale: OnnxTensor | undefined, offset: OnnxTensor | undefined) => ({
  ...(scale && { scale }),
  ...(offset && { offset }),
});

// Moves of tensors on the way to layers: axes put side by side, in another order, split, cut, padded and repeated, by the
// layers that there are for it. All of them keep the batch in front.

import { sizeOf } from "../../../core/shape.js";
import { cropping2d, maxPooling2d, permute, reshape, upSampling2d, zeroPadding2d } from "../../../nn/layers/index.js";
import type { SymbolicTensor } from "../../../nn/layers/layer.js";
import type { Flowing, GraphReader } from "./graph-reader.js";
import { BATCH, batchAxis, type Extent, type Layout, type Piece, regrouped, type Slot, slotsOf } from "./layout.js";
import { NodeError } from "./node-error.js";

/** Samples under another shape. */
export function reshapedTo(reader: GraphReader, x: SymbolicTensor, shape: readonly number[]): SymbolicTensor {
  const same = shape.length === x.shape.length && shape.every((extent, axis) => extent === x.shape[axis]);
  return same ? x : reader.apply(reshape(shape), x);
}

/**
 * Axes here in another order and put together: one new axis for each group. Axes of extent 1 may be left out.
 * @param groups axes here, counted from 1, the slowest of each group first
 */
export function arranged(
  reader: GraphReader,
  x: SymbolicTensor,
  groups: readonly (readonly number[])[],
): SymbolicTensor {
  const real = x.shape.map((_, index) => index + 1).filter((part) => x.shape[part - 1] !== 1);
  const order = groups.flat().filter((part) => x.shape[part - 1] !== 1);
  const shape = groups.map((group) => sizeOf(group.map((part) => x.shape[part - 1]!)));
  if (order.every((part, index) => part === real[index])) return reshapedTo(reader, x, shape);
  // Neighbours that stay neighbours move as one.
  const runs: number[][] = [];
  for (const part of order) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && real.indexOf(part) === real.indexOf(last) + 1) runs.at(-1)!.push(part);
    else runs.push([part]);
  }
  const lying = [...runs].sort((a, b) => a[0]! - b[0]!);
  const merged = reshapedTo(
    reader,
    x,
    lying.map((run) => sizeOf(run.map((part) => x.shape[part - 1]!))),
  );
  const turned = reader.apply(permute(runs.map((run) => lying.indexOf(run) + 1)), merged);
  return reshapedTo(reader, turned, shape);
}

/** A tensor each of whose slots is one axis here. */
export interface Coarse {
  readonly tensor: SymbolicTensor;
  /** In the order in which they lie, so that slot i is axis i + 1. */
  readonly slots: readonly Slot[];
  readonly rank: number;
  readonly batch: number;
}

export const slotKey = ({ axis, behind }: Pick<Slot, "axis" | "behind">): number => 2 * axis + (behind ? 1 : 0);

/** Puts the axes here side by side that make up one axis of the file, and moves no others. */
export function coarse(reader: GraphReader, { tensor, layout }: Flowing): Coarse {
  const slots = slotsOf(layout, tensor.shape).sort((a, b) => Math.min(...a.parts) - Math.min(...b.parts));
  return {
    tensor: arranged(
      reader,
      tensor,
      slots.map(({ parts }) => parts),
    ),
    slots: slots.map((slot, index) => ({ ...slot, parts: [index + 1] })),
    rank: layout.length,
    batch: batchAxis(layout),
  };
}

/** The layout of a tensor with one axis here for each of the keys, in that order. */
export function layoutOf(keys: readonly number[], rank: number, batch: number): Layout {
  const parts = (key: number): number[] => {
    const at = keys.indexOf(key);
    return at < 0 ? [] : [at + 1];
  };
  return Array.from({ length: rank }, (_, axis) =>
    axis === batch ? [...parts(2 * axis), BATCH, ...parts(2 * axis + 1)] : parts(2 * axis),
  );
}

/** The tensor with one axis here for each of the keys, in that order; of extent 1 where it has no such slot. */
export const inOrder = (reader: GraphReader, { tensor, slots }: Coarse, keys: readonly number[]): SymbolicTensor =>
  arranged(
    reader,
    tensor,
    keys.map((key) => slots.find((slot) => slotKey(slot) === key)?.parts ?? []),
  );

/** The tensor with all its axes as the file has them. @throws FoveaError unless the first of them is the batch. */
export function plain(reader: GraphReader, x: Flowing): SymbolicTensor {
  const first = slotsOf(x.layout, x.tensor.shape).filter(({ axis }) => axis === 0);
  if (batchAxis(x.layout) !== 0 || first.length > 0)
    throw new NodeError(`has a tensor ${reader.shown(x)} whose first axis is not the batch alone`);
  return arranged(reader, x.tensor, x.layout.slice(1));
}

/** The tensor with other extents in the file; -1 and 0 are settled already. */
export function regroup(reader: GraphReader, x: Flowing, wanted: readonly Extent[]): Flowing {
  const partsOf = ({ layout, tensor }: Flowing) =>
    layout.flat().map((part) => {
      const extent = part === BATCH ? undefined : tensor.shape[part - 1]!;
      return { part, extent: extent === undefined ? reader.batch : ([extent, extent] as const) };
    });
  const direct = regrouped(partsOf(x), wanted);
  if (direct !== undefined) return split(reader, x, direct.splits, direct.groups);
  const joined = sideBySide(reader, x);
  const found = regrouped(partsOf(joined), wanted);
  if (found === undefined)
    throw new NodeError(
      `makes [${wanted.map(([a, b]) => (a === b ? a : `${a / reader.batch[0]} batch`)).join(", ")}] of ${reader.shown(x)}, which mixes samples`,
    );
  return split(reader, joined, found.splits, found.groups);
}

/** All that stands before the batch in the file as one axis here, and all that stands behind as another. */
function sideBySide(reader: GraphReader, x: Flowing): Flowing {
  const flat = x.layout.flat();
  const at = flat.indexOf(BATCH);
  const [front, behind] = [flat.slice(0, at), flat.slice(at + 1)];
  const groups = [front, behind].filter((group) => group.length > 0);
  const layout = [[...(front.length > 0 ? [1] : []), BATCH, ...(behind.length > 0 ? [groups.length] : [])]];
  return { ...x, tensor: arranged(reader, x.tensor, groups), layout };
}

/** Splits axes here, and says of which pieces the file's axes are made. */
function split(
  reader: GraphReader,
  x: Flowing,
  splits: ReadonlyMap<number, readonly number[]>,
  groups: readonly (readonly Piece[])[],
): Flowing {
  const shape: number[] = [];
  const first = new Map<number, number>([[BATCH, BATCH]]);
  x.tensor.shape.forEach((extent, index) => {
    first.set(index + 1, shape.length + 1);
    shape.push(...(splits.get(index + 1) ?? [extent]));
  });
  const layout = groups.map((group) => group.map(({ part, piece }) => first.get(part)! + piece));
  return { ...x, tensor: reshapedTo(reader, x.tensor, shape), layout };
}

/** Does something along one axis here, seen as the middle one of three: [all before, it, all after]. */
export function along(
  reader: GraphReader,
  x: SymbolicTensor,
  part: number,
  work: (rows: SymbolicTensor) => SymbolicTensor,
): SymbolicTensor {
  const { shape } = x;
  const rows = [sizeOf(shape.slice(0, part - 1)), shape[part - 1]!, sizeOf(shape.slice(part))];
  const done = work(reshapedTo(reader, x, rows));
  return reshapedTo(reader, done, [...shape.slice(0, part - 1), done.shape[1]!, ...shape.slice(part)]);
}

/** Positions `first`, `first + step` ... of an axis here, `count` of them. */
export function sliced(
  reader: GraphReader,
  x: SymbolicTensor,
  part: number,
  [first, count, step]: readonly [number, number, number],
): SymbolicTensor {
  const extent = x.shape[part - 1]!;
  if (first === 0 && count === extent && step === 1) return x;
  return along(reader, x, part, (rows) => {
    const last = first + (count - 1) * step;
    const [cutFront, cutBehind] = [first, extent - 1 - last];
    const cut =
      cutFront === 0 && cutBehind === 0
        ? rows
        : reader.apply(
            cropping2d([
              [0, 0],
              [cutFront, cutBehind],
            ]),
            rows,
          );
    return step === 1 ? cut : reader.apply(maxPooling2d([1, 1], { strides: [1, step] }), cut);
  });
}

/** Zeros in front of and behind an axis here. */
export const padded = (
  reader: GraphReader,
  x: SymbolicTensor,
  part: number,
  [front, behind]: readonly [number, number],
): SymbolicTensor =>
  front === 0 && behind === 0
    ? x
    : along(reader, x, part, (rows) =>
        reader.apply(
          zeroPadding2d([
            [0, 0],
            [front, behind],
          ]),
          rows,
        ),
      );

/** An axis here of extent 1 repeated. */
export const repeated = (reader: GraphReader, x: SymbolicTensor, part: number, times: number): SymbolicTensor =>
  times === 1 ? x : along(reader, x, part, (rows) => reader.apply(upSampling2d([1, times]), rows));

// Layout of a file's tensor here. An axis of the file may be made of several axes here. The batch is always the first
// axis here, and may stand anywhere in the file, also as a part of an axis (windows of all images in a row). So axes in
// another order and axes put together cost nothing until a layer needs its numbers side by side.
import type { Shape } from "../../../core/shape.js";

/** The batch among the axes here; the others are those of samples, counted from 1. */
export const BATCH = 0;

/** The axes here that make up each axis of the file, the slowest first; none for an axis of extent 1. */
export type Layout = readonly (readonly number[])[];

/** Two extents, for two sizes of the batch; equal where they do not depend on it. */
export type Extent = readonly [number, number];

/** Samples that lie as the file has them, the batch in front. */
export const plainLayout = (rank: number): Layout => Array.from({ length: rank + 1 }, (_, axis) => [axis]);

/** Images that the file has as [n, c, h, w] and that lie as [n, h, w, c]. */
export const IMAGE_LAYOUT: Layout = [[BATCH], [3], [1], [2]];

/** A part of the axis of the file: all that stands before the batch in it, or behind. */
export interface Slot {
  readonly axis: number;
  readonly behind: boolean;
  /** The axes here, the slowest first. */
  readonly parts: readonly number[];
}

/** The parts of a file's axes that have an extent other than 1, in the file's order. */
export function slotsOf(layout: Layout, shape: Shape): Slot[] {
  return layout.flatMap((parts, axis) => {
    const at = parts.indexOf(BATCH);
    const real = (some: readonly number[]): number[] => some.filter((part) => shape[part - 1] !== 1);
    const [front, behind] = at < 0 ? [real(parts), []] : [real(parts.slice(0, at)), real(parts.slice(at + 1))];
    return [
      { axis, behind: false, parts: front },
      { axis, behind: true, parts: behind },
    ].filter((slot) => slot.parts.length > 0);
  });
}

/** The file's axis that the batch is, or is a part of. */
export const batchAxis = (layout: Layout): number => layout.findIndex((parts) => parts.includes(BATCH));

/** A piece of an axis here: the `piece`-th of those into which it is split. */
export interface Piece {
  readonly part: number;
  readonly piece: number;
}

/** Splits of axes here, and the pieces that make up each axis of the file. */
export interface Regrouping {
  /** The extents of the pieces of each axis that is split. */
  readonly splits: ReadonlyMap<number, readonly number[]>;
  readonly groups: readonly (readonly Piece[])[];
}

const divides = (whole: Extent, by: Extent): boolean => whole[0] % by[0] === 0 && whole[1] % by[1] === 0;
const quotient = (whole: Extent, by: Extent): Extent => [whole[0] / by[0], whole[1] / by[1]];
const isOne = ([a, b]: Extent): boolean => a === 1 && b === 1;

/**
 * The axes here in the file's order, given other extents in the file: whole axes put together, or one split.
 * Undefined where an axis would have to be made of a part of one and a part of another.
 */
export function regrouped(
  parts: readonly { readonly part: number; readonly extent: Extent }[],
  wanted: readonly Extent[],
): Regrouping | undefined {
  const splits = new Map<number, number[]>();
  const groups: Piece[][] = [];
  let next = 0;
  let left: Extent | undefined;
  for (const extent of wanted) {
    const group: Piece[] = [];
    let need = extent;
    for (;;) {
      const current = parts[next];
      // A batch of 1 goes where it stands, though its extent does not ask for it.
      if (current?.part === BATCH && isOne(current.extent)) {
        group.push({ part: BATCH, piece: 0 });
        next++;
        if (isOne(need)) break;
        continue;
      }
      if (isOne(need)) break;
      if (current === undefined) return undefined;
      const rest = left ?? current.extent;
      const pieces = splits.get(current.part) ?? [];
      if (divides(need, rest)) {
        group.push({ part: current.part, piece: pieces.length });
        if (left !== undefined) splits.set(current.part, [...pieces, rest[0]]);
        need = quotient(need, rest);
        left = undefined;
        next++;
      } else if (current.part !== BATCH && need[0] === need[1] && divides(rest, need)) {
        group.push({ part: current.part, piece: pieces.length });
        splits.set(current.part, [...pieces, need[0]]);
        left = quotient(rest, need);
        need = [1, 1];
      } else return undefined;
    }
    groups.push(group);
  }
  const remaining = parts.slice(next);
  if (left !== undefined || remaining.some(({ extent }) => !isOne(extent))) return undefined;
  if (remaining.some(({ part }) => part === BATCH)) groups[0]?.unshift({ part: BATCH, piece: 0 });
  return { splits, groups };
}

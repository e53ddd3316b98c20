// A coarse picture of evidence: a number for each cell of the image, smoothed, cut into regions, and drawn as a map.
import type { EvidenceMap, Region } from "../record/evidence.js";

/** Numbers of cells by rows. Cells are squares of `cell` pixels; those at the right and lower edge may be cut. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly cell: number;
  readonly values: Float32Array;
}

/** The mean over the square of `2 * radius + 1` cells around each cell, or over as much of it as lies inside. */
export function smoothed({ width, height, cell, values }: Grid, radius: number): Grid {
  const rows = new Float32Array(values.length);
  const out = new Float32Array(values.length);
  average(values, rows, { count: height, length: width, step: 1, stride: width }, radius);
  average(rows, out, { count: width, length: height, step: width, stride: 1 }, radius);
  return { width, height, cell, values: out };
}

interface Lines {
  readonly count: number;
  readonly length: number;
  /** From one value of a line to the next, and from one line to the next. */
  readonly step: number;
  readonly stride: number;
}

function average(from: Float32Array, to: Float32Array, { count, length, step, stride }: Lines, radius: number): void {
  for (let line = 0; line < count; line++) {
    const start = line * stride;
    let sum = 0;
    for (let i = 0; i < Math.min(radius, length); i++) sum += from[start + i * step]!;
    for (let i = 0; i < length; i++) {
      if (i + radius < length) sum += from[start + (i + radius) * step]!;
      if (i - radius - 1 >= 0) sum -= from[start + (i - radius - 1) * step]!;
      to[start + i * step] = sum / (Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1);
    }
  }
}

/** Connected cells (by their sides) with values above a threshold. */
export interface Blob {
  readonly cells: number;
  /** Mean of their values. */
  readonly mean: number;
  /** First and last column and row. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The connected regions above a threshold, largest first. */
export function blobsAbove({ width, height, values }: Grid, threshold: number): Blob[] {
  const isSeen = new Uint8Array(values.length);
  const stack: number[] = [];
  const blobs: Blob[] = [];
  const visit = (i: number): void => {
    if (isSeen[i] === 1 || !(values[i]! > threshold)) return;
    isSeen[i] = 1;
    stack.push(i);
  };
  for (let start = 0; start < values.length; start++) {
    visit(start);
    let [cells, sum] = [0, 0];
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const [x, y] = [i % width, Math.floor(i / width)];
      cells++;
      sum += values[i]!;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
      if (x > 0) visit(i - 1);
      if (x < width - 1) visit(i + 1);
      if (y > 0) visit(i - width);
      if (y < height - 1) visit(i + width);
    }
    if (cells > 0) blobs.push({ cells, mean: sum / cells, left, right, top, bottom });
  }
  return blobs.sort((a, b) => b.cells - a.cells);
}

/** The middle value, or 0 of none. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A blob in pixels of an image of a size. */
export const regionOf = (
  { left, right, top, bottom }: Blob,
  cell: number,
  size: { readonly width: number; readonly height: number },
  label: string,
): Region => ({
  x: left * cell,
  y: top * cell,
  width: Math.min(size.width, (right + 1) * cell) - left * cell,
  height: Math.min(size.height, (bottom + 1) * cell) - top * cell,
  label,
});

/** A grid as a map in a dossier: values from `from` to `to` become 0 to 255. */
export const mapOf = (
  grid: Grid,
  words: Pick<EvidenceMap, "title" | "low" | "high">,
  [from, to]: readonly [number, number] = [0, 1],
): EvidenceMap => ({
  ...words,
  width: grid.width,
  height: grid.height,
  values: Uint8Array.from(grid.values, (value) =>
    Math.round(255 * Math.min(1, Math.max(0, (value - from) / (to - from)))),
  ),
});

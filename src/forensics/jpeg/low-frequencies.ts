// The lowest DCT frequencies of blocks on any grid, and their histograms: where an earlier quantisation shows.
import { forwardDct } from "../signal/dct.js";
import type { Plane } from "../signal/plane.js";

/** Places by rows of the frequencies that are looked at: DC and the nine that follow in zigzag order. */
export const FREQUENCIES: readonly number[] = [0, 1, 8, 16, 9, 2, 3, 10, 17, 24];

/** Coefficients are counted from -BOUND to BOUND. */
export const BOUND = 1024;
export const BINS = 2 * BOUND + 1;

/** A part of a plane in whole blocks of a grid. */
export interface BlockArea {
  /** First pixel of its first block. */
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

/** The blocks of the grid that begins at (x, y), as many as lie inside the plane. */
export const areaFrom = ({ width, height }: Plane, x: number, y: number): BlockArea => ({
  x,
  y,
  columns: Math.max(0, Math.floor((width - x) / 8)),
  rows: Math.max(0, Math.floor((height - y) / 8)),
});

const block = new Float32Array(64);

/**
 * Coefficients of the blocks of an area.
 * @param every 1 for all of a row, 2 for each second one, and so on. Default 1
 * @returns for each of FREQUENCIES the values of all blocks by rows; DC counts from the middle grey of 128
 */
export async function lowFrequencies(
  plane: Plane,
  area: BlockArea,
  pause: () => Promise<void>,
  every = 1,
): Promise<Float32Array[]> {
  const { rows } = area;
  const columns = Math.ceil(area.columns / every);
  const out = FREQUENCIES.map(() => new Float32Array(columns * rows));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      forwardDct(plane.values, (area.y + 8 * row) * plane.width + area.x + 8 * every * column, plane.width, block);
      block[0]! -= 1024;
      for (let f = 0; f < FREQUENCIES.length; f++) out[f]![row * columns + column] = block[FREQUENCIES[f]!]!;
    }
    await pause();
  }
  return out;
}

/** The histogram of rounded values, a bin for each whole number from -BOUND to BOUND; others count at the edge. */
export function histogramOf(values: Float32Array): Float64Array {
  const counts = new Float64Array(BINS);
  for (let i = 0; i < values.length; i++) counts[binOf(values[i]!)]!++;
  return counts;
}

/** The bin of a coefficient. */
export const binOf = (value: number): number => Math.max(0, Math.min(BINS - 1, Math.round(value) + BOUND));

/**
 * Smooth density of a histogram: the mean over `2 * width + 1` bins with triangular weights, wider in the tails, where
 * few values are, and no bin empty.
 */
export function densityOf(counts: Float64Array): Float64Array {
  const sums = new Float64Array(BINS + 1);
  for (let i = 0; i < BINS; i++) sums[i + 1] = sums[i]! + counts[i]!;
  const total = sums[BINS]!;
  const out = new Float64Array(BINS);
  let mass = 0;
  for (let i = 0; i < BINS; i++) {
    // Wider away from the middle: the density falls there, and its slope with it.
    const width = Math.max(1, Math.min(48, Math.round(Math.abs(i - BOUND) / 6)));
    const [from, to] = [Math.max(0, i - width), Math.min(BINS, i + width + 1)];
    out[i] = (sums[to]! - sums[from]!) / (to - from) + total * 1e-7 + 1e-9;
    mass += out[i]!;
  }
  for (let i = 0; i < BINS; i++) out[i]! /= mass;
  return out;
}

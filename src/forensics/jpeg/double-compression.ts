// Parts of a JPEG picture that went through JPEG once among parts that went twice on the same grid: Popescu and Farid
// 2004 (periodic histograms), Lin et al. 2009, Bianchi and Piva 2012 (likelihoods for each block). A part that was
// pasted from elsewhere, or drawn, lost or never had the first quantisation. Blind where the first quality was higher
// than the last one, where both are alike, and where all of the picture was saved equally often.
import { breather } from "../../platform/breather.js";
import { inverseDct } from "../signal/dct.js";
import { type Grid, smoothed } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";
import type { Coefficients } from "./coefficients.js";
import { chosenFits } from "./first-quality.js";
import { type FirstQuantization, fitFirstQuantization } from "./first-quantization.js";
import { areaFrom, BINS, BOUND, densityOf, FREQUENCIES, histogramOf, lowFrequencies } from "./low-frequencies.js";

export interface DoubleCompression {
  /**
   * Gain of log-likelihood for each block, all frequencies together, of the first quantisation over none (nats), above
   * what the middle of all qualities gains: the model is never exact.
   */
  readonly gain: number;
  /** Share of the blocks that went through it. */
  readonly share: number;
  /** First quality, by libjpeg's tables; undefined where they explain the coefficients worse than other steps. */
  readonly quality: number | undefined;
  /** Steps of the first quantisation by frequency in zigzag order. */
  readonly steps: readonly number[];
  /** The mean log-likelihood ratio around each block of being compressed once against twice (nats). */
  readonly once: Grid;
}

/** Errors between both quantisations: rounding to whole levels in three channels, and clipping. */
const DEVIATIONS: readonly number[] = [0.45, 0.8];
/** Blocks around each that are averaged. */
const RADIUS = 2;

/** The decoded luminance of a JPEG file, before any rounding, in the size of the image. */
export async function planeOf(coefficients: Coefficients, pause: () => Promise<void>): Promise<Plane> {
  const { columns, rows, table, values } = coefficients;
  const { width, height } = coefficients;
  const plane = { width, height, values: new Float32Array(width * height) };
  const block = new Float32Array(64);
  const stride = 8 * columns;
  const lines = new Float32Array(8 * stride);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = 64 * (row * columns + column);
      for (let k = 0; k < 64; k++) block[k] = values[from + k]! * table[k]!;
      block[0]! += 1024;
      inverseDct(block, 0, lines, 8 * column, stride);
    }
    // Blocks at the right and lower edge may stand over.
    for (let y = 0; y < Math.min(8, height - 8 * row); y++)
      plane.values.set(lines.subarray(y * stride, y * stride + width), (8 * row + y) * width);
    await pause();
  }
  return plane;
}

/**
 * Looks for two quantisations on the grid of the file.
 * @param plane the decoded luminance, from `planeOf`
 */
export async function doubleCompression(coefficients: Coefficients, plane: Plane): Promise<DoubleCompression> {
  const pause = breather();
  const { columns, rows, table, values } = coefficients;
  // Off the grid, the picture looks as if it had never been quantised (Lukas and Fridrich 2003).
  const calibration = await lowFrequencies(plane, areaFrom(plane, 4, 4), pause);
  const fits: FirstQuantization[][] = [];
  for (const [f, frequency] of FREQUENCIES.entries()) {
    const counts = new Float64Array(BINS);
    for (let i = frequency; i < values.length; i += 64) counts[countedAt(values[i]!)]!++;
    const density = densityOf(histogramOf(calibration[f]!));
    fits.push(fitFirstQuantization(counts, density, { last: table[frequency]!, deviations: DEVIATIONS }));
    await pause();
  }
  const { quality, chosen, gain, share } = chosenFits(fits);
  const once = new Float32Array(columns * rows);
  for (const [f, fit] of chosen.entries())
    if (fit !== undefined)
      for (let i = 0; i < once.length; i++) once[i]! -= fit.ratio[countedAt(values[64 * i + FREQUENCIES[f]!]!)]!;
  return {
    ...{ gain, share, quality },
    steps: chosen.map((fit) => fit?.step ?? 1),
    once: smoothed({ width: columns, height: rows, cell: 8, values: once }, RADIUS),
  };
}

const countedAt = (value: number): number => Math.max(0, Math.min(BINS - 1, value + BOUND));

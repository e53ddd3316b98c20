// Parts of a picture that went through JPEG on another grid than the file's: pasted from another JPEG file, or all of it
// after it was cut. Bianchi and Piva 2012 (IEEE TIFS 7(2) and 7(3), non-aligned double compression). Blind where the
// last quality is lower than the first, and for parts of a few blocks.
import { breather } from "../../platform/breather.js";
import type { Grid } from "../signal/grid.js";
import { smoothed } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";
import { chosenFits, type FirstQuality } from "./first-quality.js";
import { fitFirstQuantization } from "./first-quantization.js";
import { type GridTrace, gridTraces } from "./grid-search.js";
import { areaFrom, type BlockArea, binOf, densityOf, histogramOf, lowFrequencies } from "./low-frequencies.js";

export interface ShiftedCompression {
  /** The grid that stands out most, in pixels from the file's, and how much. */
  readonly trace: GridTrace;
  /** Quality of the compression on that grid; undefined where libjpeg's tables do not explain it. */
  readonly quality: number | undefined;
  /** Gain of log-likelihood for each block of the tile where the grid stands out (nats), above the middle of all qualities. */
  readonly gain: number;
  /** Share of that tile's blocks that went through it. */
  readonly share: number;
  /** The mean log-likelihood ratio around each block of having gone through that compression (nats). */
  readonly before: Grid;
}

/** Errors of a coefficient after the last compression, in levels: little for qualities near 100, more for 85. */
const DEVIATIONS: readonly number[] = [0.5, 1, 1.8, 3];
const RADIUS = 2;
/** The grids whose steps are looked at. */
const CANDIDATES = 3;
/** Deviations by which all but the first must stand out for it. */
const CANDIDATE_STRENGTH = 4;

/**
 * Looks for an earlier compression on another grid.
 * @param plane brightness, of a JPEG file as its blocks give it
 * @param hasOwnGrid whether the file has a grid at 0, 0 itself, which is then left out
 * @returns undefined for pictures that are too small
 */
export async function shiftedCompression(plane: Plane, hasOwnGrid: boolean): Promise<ShiftedCompression | undefined> {
  const pause = breather();
  const traces = await gridTraces(plane, hasOwnGrid);
  // The strongest grids, each where it is strongest; which one was compressed on, its steps tell.
  const distinct = traces.filter(({ x, y }, i) => i === traces.findIndex((other) => other.x === x && other.y === y));
  let best: { readonly trace: GridTrace; readonly fit: FirstQuality; readonly score: number } | undefined;
  for (const [i, trace] of distinct.slice(0, CANDIDATES).entries()) {
    if (i > 0 && trace.strength < CANDIDATE_STRENGTH) break;
    const fit = await fitAt(plane, trace, pause);
    const score = fit.quality === undefined ? fit.gain / 4 : fit.gain;
    if (best === undefined || score > best.score) best = { trace, fit, score };
  }
  if (best === undefined) return undefined;
  const { trace, fit } = best;
  const { quality, chosen, gain, share } = fit;
  const area = areaFrom(plane, trace.x, trace.y);
  const all = await lowFrequencies(plane, area, pause);
  const [width, height] = [Math.ceil(plane.width / 8), Math.ceil(plane.height / 8)];
  const before = new Float32Array(width * height);
  const [right, down] = [Math.round(trace.x / 8), Math.round(trace.y / 8)];
  for (const [f, part] of chosen.entries()) {
    if (part === undefined) continue;
    for (let row = 0; row < area.rows; row++)
      for (let column = 0; column < area.columns; column++) {
        const cell = Math.min(height - 1, row + down) * width + Math.min(width - 1, column + right);
        before[cell]! += part.ratio[binOf(all[f]![row * area.columns + column]!)]!;
      }
  }
  return {
    ...{ trace, quality, gain, share },
    before: smoothed({ width, height, cell: 8, values: before }, RADIUS),
  };
}

/** The first quantisation that a tile shows on a grid. */
async function fitAt(plane: Plane, trace: GridTrace, pause: () => Promise<void>): Promise<FirstQuality> {
  const values = await lowFrequencies(plane, trace.tile, pause);
  // A grid away from this one and from the file's shows what was never quantised on a grid.
  const away = (shift: number): number => ((shift + 4) % 8 === 0 ? 3 - shift : ((shift + 4) % 8) - shift);
  const calibrated = inside(plane, { ...trace.tile, x: trace.tile.x + away(trace.x), y: trace.tile.y + away(trace.y) });
  const calibration = await lowFrequencies(plane, calibrated, pause);
  const fits = [];
  for (const [f, mine] of values.entries()) {
    const density = densityOf(histogramOf(calibration[f]!));
    fits.push(fitFirstQuantization(histogramOf(mine), density, { last: 1, deviations: DEVIATIONS }));
    await pause();
  }
  return chosenFits(fits);
}

/** An area without the blocks that would stand over the plane. */
const inside = ({ width, height }: Plane, { x, y, columns, rows }: BlockArea): BlockArea => ({
  ...{ x, y },
  columns: Math.min(columns, Math.floor((width - x) / 8)),
  rows: Math.min(rows, Math.floor((height - y) / 8)),
});

// JPEG ghosts: Farid 2009, "Exposing digital forgeries from JPEG ghosts" (IEEE TIFS 4(1), 154-160). A part that was
// saved with a lower quality before changes least when it is saved again with that quality. The change is computed from
// coefficients (Parseval), without writing files. Sees parts on the file's own grid whose tables were libjpeg's.
import { breather } from "../../platform/breather.js";
import { type Grid, medianOf, smoothed } from "../signal/grid.js";
import type { Coefficients } from "./coefficients.js";
import { FREQUENCIES } from "./low-frequencies.js";
import { estimatedQuality, standardTable } from "./quantization.js";

export interface Ghosts {
  /** The quality at which the parts of the image differ most. */
  readonly quality: number;
  /** Contrast between the parts at that quality, and at the qualities where it is usual. */
  readonly contrast: number;
  readonly usual: number;
  /** The dip of each block's change at that quality below its changes at the qualities around, 0 to 1. */
  readonly ghost: Grid;
}

/** Qualities that are tried, in steps of one: a ghost is narrow. */
export const GHOST_QUALITIES: readonly number[] = Array.from({ length: 61 }, (_, i) => 35 + i);
/** Distance to the qualities that a ghost is compared with. */
const APART = 4;
/** Qualities below that of the file, as ImageMagick estimates it, from which a ghost can be told from the file's own dip. */
const BELOW = 6;
/** Least change of a block, in squares of steps, all frequencies together, from which it tells something. */
const LEAST_CHANGE = 0.15;
/** Blocks whose middle value is looked for; of more, each second one, and so on. */
const MOST_SORTED = 8000;
/** Blocks around each that are averaged: 5 x 5, as Farid's 16 pixels are too few for high qualities. */
const RADIUS = 2;

/** Squares of each block's change when it is saved again, a grid for each quality. */
export function* changes({ values, table, columns, rows }: Coefficients): Generator<Grid> {
  const count = columns * rows;
  // DC depends on no texture; without it smooth areas do not drown the others.
  const places = FREQUENCIES.slice(1);
  for (const quality of GHOST_QUALITIES) {
    const steps = standardTable("luminance", quality);
    const out = new Float32Array(count);
    for (const frequency of places) {
      const [step, last] = [steps[frequency]!, table[frequency]!];
      // Coefficients are whole multiples of the last step: few different ones.
      const squares = Float32Array.from({ length: 129 }, (_, i) => {
        const value = i * last;
        return (value - step * Math.round(value / step)) ** 2 / (step * step);
      });
      for (let i = 0; i < count; i++) out[i]! += squares[Math.min(128, Math.abs(values[64 * i + frequency]!))]!;
    }
    yield { width: columns, height: rows, cell: 8, values: out };
  }
}

/** Looks for the quality at which a part of the image, and not all of it, changes least. */
export async function jpegGhosts(coefficients: Coefficients): Promise<Ghosts> {
  const pause = breather();
  const grids: Grid[] = [];
  for (const grid of changes(coefficients)) {
    grids.push(smoothed(grid, RADIUS));
    await pause();
  }
  const last = estimatedQuality([coefficients.table]) ?? 100;
  const isTried = (i: number): boolean =>
    i >= APART && i + APART < grids.length && GHOST_QUALITIES[i]! <= Math.max(GHOST_QUALITIES[APART]!, last - BELOW);
  const found: (Grid | undefined)[] = [];
  const contrasts: number[] = [];
  for (const i of grids.keys()) {
    const depth = isTried(i) ? depthOf(grids, i) : undefined;
    found.push(depth);
    contrasts.push(depth === undefined ? 0 : contrastOf(depth.values));
    await pause();
  }
  const best = contrasts.indexOf(Math.max(...contrasts));
  return {
    quality: GHOST_QUALITIES[best]!,
    contrast: contrasts[best]!,
    usual: medianOf(contrasts.filter((_, i) => found[i] !== undefined)),
    ghost: found[best]!,
  };
}

/**
 * The dip of blocks' changes at a quality below those at the qualities around it: 0 is no dip, 1 no change at all.
 * Blocks that change little in any case tell nothing, and get the middle value of the others.
 */
function depthOf(grids: readonly Grid[], i: number): Grid {
  const [before, here, after] = [grids[i - APART]!, grids[i]!, grids[i + APART]!];
  const values = new Float32Array(here.values.length);
  const known: number[] = [];
  const every = Math.max(1, Math.floor(values.length / MOST_SORTED));
  for (let at = 0; at < values.length; at++) {
    const around = (before.values[at]! + after.values[at]!) / 2;
    values[at] = around < LEAST_CHANGE ? NaN : Math.max(0, Math.min(1, 1 - here.values[at]! / around));
    if (around >= LEAST_CHANGE && at % every === 0) known.push(values[at]!);
  }
  const middle = medianOf(known);
  return { ...here, values: values.map((value) => (Number.isNaN(value) ? middle : value)) };
}

/** Variance between the two sides of the best threshold (Otsu 1979), times the distance of their means. */
function contrastOf(values: Float32Array): number {
  const counts = new Float64Array(64);
  for (let i = 0; i < values.length; i++) counts[Math.min(63, Math.floor(64 * values[i]!))]!++;
  const total = values.length;
  const sum = counts.reduce((all, count, bin) => all + count * bin, 0);
  let [below, weight, best] = [0, 0, 0];
  for (let bin = 0; bin < 63; bin++) {
    below += counts[bin]!;
    weight += counts[bin]! * bin;
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const gap = ((sum - weight) / above - weight / below) / 64;
    best = Math.max(best, ((below * above) / (total * total)) * gap * gap);
  }
  return best;
}

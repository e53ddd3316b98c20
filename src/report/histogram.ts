// Histograms with the bins of NumPy's np.histogram: the same edges, the same treatment of values on an edge.
// Computes numbers only; the charts draw them.
import { FoveaError } from "../core/errors.js";

/** Counts per bin, their densities (which integrate to 1), and the `bins + 1` edges between them. */
export interface Histogram {
  /** Edges of the bins, one more than there are bins. */
  readonly edges: readonly number[];
  /** Number of values in each bin. */
  readonly counts: readonly number[];
  /** Share of all values in each bin, divided by the bin's width. */
  readonly densities: readonly number[];
}

/** The smallest range that holds all values of all `groups`; widened by a half on both sides when it is one point. */
export function rangeOf(...groups: readonly ArrayLike<number>[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of groups) {
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
    }
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/**
 * Counts `values` in `bins` bins of equal width; every bin is half-open but the last, which includes its right edge.
 * @param range first and last edge, by default the smallest and largest value; values outside are not counted.
 * @throws FoveaError for a number of bins below 1, or a range that is empty or not finite.
 * @example histogram([1, 2, 2, 4], 3).counts // [1, 2, 1]
 */
export function histogram(values: ArrayLike<number>, bins: number, range = rangeOf(values)): Histogram {
  const [low, high] = range;
  if (!Number.isInteger(bins) || bins < 1)
    throw new FoveaError("out-of-range", `histogram: expected a whole number of bins, at least 1, received ${bins}`);
  if (!(high > low) || !Number.isFinite(high - low))
    throw new FoveaError(
      "out-of-range",
      `histogram: expected a finite range of some width, received ${low} to ${high}`,
    );
  const step = (high - low) / bins;
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : i * step + low));
  const counts = new Array<number>(bins).fill(0);
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= low && value <= high)) continue;
    let bin = Math.min(Math.trunc(((value - low) / (high - low)) * bins), bins - 1);
    // The division may land one bin off where the value lies on an edge: the edges themselves decide, as in NumPy.
    if (value < edges[bin]!) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin] = counts[bin]! + 1;
    total++;
  }
  const densities = counts.map((count, i) => (total === 0 ? 0 : count / (edges[i + 1]! - edges[i]!) / total));
  return { edges, counts, densities };
}

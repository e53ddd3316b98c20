// Numbers that are likely to be wrong: a model of other samples and the nearest other samples both contradict them, in
// the same direction. The measure is a robust z-score: 0.6745 of the distance from the median over the median absolute
// deviation (Iglewicz and Hoaglin, "How to detect and handle outliers", 1993), beyond 2.5 for both (Leys, Ley, Klein,
// Bernard and Licata, Journal of Experimental Social Psychology 49, 2013).
import { FoveaError } from "../../core/errors.js";

/** Robust z-score beyond which a number is an outlier. */
export const OUTLIER = 2.5;
/** Median absolute deviation of a standard normal distribution. */
const NORMAL_MAD = 0.6745;
/** Standard deviation of a normal distribution over its mean absolute deviation. */
const NORMAL_MEAN = 1.253314;

/** The middle of some numbers, or the mean of the two in the middle. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/**
 * Robust z-scores of numbers. Where more than half of them are equal, the mean absolute deviation stands for the median one,
 * as the authors have it; equal numbers have scores of 0.
 * @param values Any finite numbers.
 * @example robustScores([1, 2, 3, 4, 100])[4] // 65.4
 */
export function robustScores(values: ArrayLike<number>): Float64Array {
  const middle = medianOf(values);
  const distances = Float64Array.from(values, (value) => Math.abs(value - middle));
  const median = medianOf(distances);
  const mean = distances.reduce((sum, value) => sum + value, 0) / Math.max(1, distances.length);
  const factor = median > 0 ? NORMAL_MAD / median : mean > 0 ? 1 / (NORMAL_MEAN * mean) : 0;
  return Float64Array.from(values, (value) => (value - middle) * factor);
}

/**
 * Nearest other samples of each, by the angle between their features; those of its group are none.
 * @param features `[count, width]`
 * @param groups group of each sample
 * @param k number of neighbours; fewer where there are not as many
 * @param width Features of a sample.
 * @returns rows of the neighbours, the nearest first
 * @throws FoveaError unless there are `width` features for each group.
 * @example
 * const near = nearestOthers([1, 0, 1, 0.1, 0, 1], 2, ["a", "b", "c"], 1);
 * suspectTargets([1, 2, 30], [1, 2, 3], near);
 */
export function nearestOthers(
  features: ArrayLike<number>,
  width: number,
  groups: readonly string[],
  k: number,
): readonly Int32Array[] {
  const count = groups.length;
  if (features.length !== count * width)
    throw new FoveaError(
      "length-mismatch",
      `nearestOthers: expected ${count * width} features, received ${features.length}`,
    );
  const unit = Float64Array.from(features);
  for (let row = 0; row < count; row++) {
    const of = unit.subarray(row * width, (row + 1) * width);
    const length = Math.sqrt(of.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let i = 0; i < width; i++) of[i]! /= length;
  }
  return groups.map((group, row) => {
    const near: { readonly at: number; readonly cosine: number }[] = [];
    for (let at = 0; at < count; at++) {
      if (at === row || groups[at] === group) continue;
      let cosine = 0;
      for (let i = 0; i < width; i++) cosine += unit[row * width + i]! * unit[at * width + i]!;
      if (near.length === k && cosine <= near[k - 1]!.cosine) continue;
      let index = near.length;
      while (index > 0 && near[index - 1]!.cosine < cosine) index--;
      near.splice(index, 0, { at, cosine });
      if (near.length > k) near.pop();
    }
    return Int32Array.from(near, ({ at }) => at);
  });
}

/** A number that model and neighbours contradict. */
export interface SuspectTarget {
  /** Number of the sample. */
  readonly row: number;
  /** The number of the data. */
  readonly value: number;
  /** Answer of a model that learned from others, and its distance from the value as a robust z-score. */
  readonly predicted: number;
  /** Distance of the model's answer from the value, as a robust z-score. */
  readonly modelScore: number;
  /** Median of the neighbours, and its distance from the value as a robust z-score. */
  readonly near: number;
  /** Distance of the neighbours' median from the value, as a robust z-score. */
  readonly nearScore: number;
}

/**
 * Numbers that a model and the neighbours both contradict in the same direction, the farthest first.
 * @param values the numbers, on a scale on which errors are as large for small as for large ones
 * @param predicted answers of models that did not learn from the same samples
 * @param neighbours rows of the nearest others, see `nearestOthers`
 * @param above robust z-score that both exceed. Default 2.5
 * @throws FoveaError where the lists differ in length
 */
export function suspectTargets(
  values: ArrayLike<number>,
  predicted: ArrayLike<number>,
  neighbours: readonly ArrayLike<number>[],
  above = OUTLIER,
): SuspectTarget[] {
  if (predicted.length !== values.length || neighbours.length !== values.length)
    throw new FoveaError(
      "length-mismatch",
      `suspectTargets: ${values.length} numbers need as many answers and lists of neighbours, received ${predicted.length} and ${neighbours.length}`,
    );
  const near = neighbours.map((rows, row) =>
    rows.length === 0 ? values[row]! : medianOf(Array.from(rows, (at) => values[at]!)),
  );
  const byModel = robustScores(Float64Array.from(values, (value, row) => value - predicted[row]!));
  const byNear = robustScores(Float64Array.from(values, (value, row) => value - near[row]!));
  const weaker = (row: number): number => Math.min(Math.abs(byModel[row]!), Math.abs(byNear[row]!));
  return Array.from(values, (value, row) => ({
    row,
    value,
    predicted: predicted[row]!,
    modelScore: byModel[row]!,
    near: near[row]!,
    nearScore: byNear[row]!,
  }))
    .filter(({ row, modelScore, nearScore }) => weaker(row) > above && modelScore * nearScore > 0)
    .sort((a, b) => weaker(b.row) - weaker(a.row) || a.row - b.row);
}

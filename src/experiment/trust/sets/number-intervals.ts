// Conformal intervals: a range around a predicted number that holds the true one as often as was asked for, whatever the
// model. Valid where new images are exchangeable with those that it was fitted on.
import { FoveaError, oneOf } from "../../../core/errors.js";
import { checkOptions } from "../../../core/options.js";
import type { Interval } from "../../../core/statistics/index.js";
import { conformalLimit } from "./class-sets.js";
import { fitQuantileLines, type QuantileLines, quantilesAt } from "./quantile-lines.js";

/** Methods of measuring how far a number is off. */
export const INTERVAL_METHODS = ["absolute", "relative", "quantile"] as const;
/**
 * - `absolute`: |y - m|; intervals of one width (Lei et al., Distribution-free predictive inference for regression, JASA 113,
 *   2018).
 * - `relative`: |y - m| / max(|m|, floor), the normalised score with the prediction itself as scale (Papadopoulos et al., 2002):
 *   intervals as wide as the amount is large, for costs.
 * - `quantile`: max(low(m) - (y - m), (y - m) - high(m)), how far the error is outside of its quantiles at the prediction (Romano,
 *   Patterson and Candès, Conformalized quantile regression, NeurIPS 2019); a half of the samples fits these, the other the
 *   limit. Intervals are wider on the side where errors are larger.
 */
export type IntervalMethod = (typeof INTERVAL_METHODS)[number];

/** Options of intervals: their coverage, and the measure of an error. */
export interface NumberIntervalOptions {
  /** Share of images whose interval holds the true number, above 0 and below 1. Default 0.9. */
  readonly coverage?: number;
  /** Default "absolute". */
  readonly method?: IntervalMethod;
  /** The smallest scale of `relative`, in the unit of the numbers, above 0. Default: a hundredth of the mean prediction. */
  readonly floor?: number;
}

/** The limit and the settings that intervals are made by; kept with a model. */
export interface NumberIntervals {
  /** Share of images whose interval holds the true number, above 0 and below 1. */
  readonly coverage: number;
  /** Measure of an error. */
  readonly method: IntervalMethod;
  /** The smallest scale of the method `relative`, in the unit of the numbers. */
  readonly floor: number;
  /** The largest score inside; infinity where there were too few images for the coverage. */
  readonly limit: number;
  /** Quantiles of the errors; of the method `quantile` alone. */
  readonly lines?: QuantileLines;
}

const scaleOf = (predicted: number, { method, floor }: Pick<NumberIntervals, "method" | "floor">): number =>
  method === "relative" ? Math.max(Math.abs(predicted), floor) : 1;

/**
 * Fits intervals to a coverage, on images that the model did not learn from.
 * @param actual the true numbers
 * @param predicted the predicted ones, in the same order
 * @throws FoveaError for options that are none, and lists of different lengths
 * @example
 * const intervals = fitNumberIntervals([90, 210, 290, 420], [100, 200, 300, 400], { coverage: 0.6 });
 * numberInterval(1000, intervals); // { low: 990, high: 1010 }
 */
export function fitNumberIntervals(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: NumberIntervalOptions = {},
): NumberIntervals {
  checkOptions("fitNumberIntervals", options, ["coverage", "method", "floor"]);
  if (actual.length !== predicted.length)
    throw new FoveaError(
      "length-mismatch",
      `fitNumberIntervals: expected a prediction for each of ${actual.length} numbers, received ${predicted.length}`,
    );
  const { coverage = 0.9 } = options;
  if (!(coverage > 0 && coverage < 1))
    throw new FoveaError(
      "out-of-range",
      `fitNumberIntervals: expected a coverage above 0 and below 1, received ${coverage}`,
    );
  const method = oneOf("fitNumberIntervals method", options.method ?? "absolute", INTERVAL_METHODS);
  const mean = Array.from(predicted).reduce((sum, value) => sum + Math.abs(value), 0) / predicted.length;
  const floor = options.floor ?? (mean > 0 ? mean / 100 : 1);
  if (!(floor > 0) || !Number.isFinite(floor))
    throw new FoveaError("out-of-range", `fitNumberIntervals: expected a floor above 0, received ${floor}`);
  if (method === "quantile") return { coverage, method, floor, ...quantileLimit(actual, predicted, coverage) };
  const scores = Array.from(
    actual,
    (value, n) => Math.abs(value - predicted[n]!) / scaleOf(predicted[n]!, { method, floor }),
  );
  return { coverage, method, floor, limit: conformalLimit(scores, coverage) };
}

/** Quantile lines by every second sample, and the limit by the others. */
function quantileLimit(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  coverage: number,
): Pick<NumberIntervals, "lines" | "limit"> {
  const half = (values: ArrayLike<number>, rest: number): number[] =>
    Array.from(values).filter((_, n) => n % 2 === rest);
  if (actual.length < 2) return { limit: Number.POSITIVE_INFINITY };
  const lines = fitQuantileLines(half(actual, 0), half(predicted, 0), coverage);
  const numbers = half(predicted, 1);
  const scores = half(actual, 1).map((value, n) => {
    const [low, high] = quantilesAt(lines, numbers[n]!);
    const error = value - numbers[n]!;
    return Math.max(low - error, error - high);
  });
  return { lines, limit: conformalLimit(scores, coverage) };
}

/**
 * The interval of a predicted number.
 * @param predicted the number that the model predicts
 * @param intervals limits from `fitNumberIntervals` or `storedIntervals`
 * @returns the lowest and the highest number of the interval, in the unit of the numbers
 * @example
 * const intervals = fitNumberIntervals([75, 250, 300], [100, 200, 300], { coverage: 0.75, method: "relative" });
 * numberInterval(1200, intervals); // { low: 900, high: 1500 }: a quarter to each side
 */
export function numberInterval(predicted: number, intervals: NumberIntervals): Interval {
  const { limit, lines } = intervals;
  if (lines !== undefined) {
    const [below, above] = quantilesAt(lines, predicted);
    const [low, high] = [predicted + below - limit, predicted + above + limit];
    // A limit below 0 may shrink the range to less than nothing.
    return low <= high ? { low, high } : { low: (low + high) / 2, high: (low + high) / 2 };
  }
  const reach = limit * scaleOf(predicted, intervals);
  return { low: predicted - reach, high: predicted + reach };
}

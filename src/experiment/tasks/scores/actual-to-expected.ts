// Actual-to-expected: what came over what was predicted, with an interval that says how much of the difference to 1 may be
// chance.
import { gammaQuantile } from "../../../core/statistics/gamma.js";
import { type Interval, USUAL_CONFIDENCE } from "../../../core/statistics/index.js";
import { normalQuantile } from "../../../core/statistics/normal.js";
import type { Family } from "./family.js";
import { type Pairs, weightOf } from "./pairs.js";

/** Actual over expected, and its 95 % interval. */
export interface Ratio extends Interval {
  readonly ratio: number;
}

/** Share outside of the interval on either side. */
const TAIL = (1 - USUAL_CONFIDENCE) / 2;

/**
 * R = A / E with A = sum w y and E = sum w mu over some rows.
 *
 * Counts (poisson, weights being exposures): A is a Poisson count, so the interval of its mean is from the alpha/2 quantile
 * of gamma(A) to the 1 - alpha/2 quantile of gamma(A + 1), over E (Garwood, Fiducial limits for the Poisson distribution,
 * Biometrika 28, 1936). It stands with no claim at all, and is too narrow where counts vary more than Poisson's.
 *
 * Else: a ratio of sums has the variance n / (n - 1) sum (w (y - R mu))^2 / E^2 (Cochran, Sampling Techniques, 3rd edition,
 * 1977, section 6.4), and R -+ 1.96 roots of it. Where no target is negative the interval ends at 0.
 */
export function actualToExpected(pairs: Pairs, rows: readonly number[], family: Family): Ratio {
  let [came, expected] = [0, 0];
  for (const row of rows) {
    came += weightOf(pairs, row) * pairs.actual[row]!;
    expected += weightOf(pairs, row) * pairs.predicted[row]!;
  }
  const ratio = came / expected;
  if (family.kind === "poisson")
    return {
      ratio,
      low: came === 0 ? 0 : gammaQuantile(TAIL, came) / expected,
      high: gammaQuantile(1 - TAIL, came + 1) / expected,
    };
  const n = rows.length;
  let squares = 0;
  for (const row of rows) squares += (weightOf(pairs, row) * (pairs.actual[row]! - ratio * pairs.predicted[row]!)) ** 2;
  // A single row says nothing about its variance.
  const reach =
    n < 2
      ? Number.POSITIVE_INFINITY
      : (normalQuantile(1 - TAIL) * Math.sqrt((n / (n - 1)) * squares)) / Math.abs(expected);
  const floor = rows.some((row) => pairs.actual[row]! < 0) ? Number.NEGATIVE_INFINITY : 0;
  return { ratio, low: Math.max(floor, ratio - reach), high: ratio + reach };
}

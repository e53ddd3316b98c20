// Intervals of a rate that was counted: Wilson's, for people to read, and the one-sided bound of Clopper and Pearson, which
// never promises too much.
import { FoveaError } from "../errors.js";
import { checkOptions } from "../options.js";
import { betaQuantile } from "./beta.js";
import { normalQuantile } from "./normal.js";

/** A range that holds the true value with some confidence. */
export interface Interval {
  /** The lower bound. */
  readonly low: number;
  /** The upper bound. */
  readonly high: number;
}

/** Default confidence of intervals. */
export const USUAL_CONFIDENCE = 0.95;

/** A share that was counted, with the ends of its interval, each from 0 to 1. */
export interface Proportion extends Interval {
  /** NaN where nothing was counted. */
  readonly share: number;
}

/** The option of intervals of a rate. */
export interface IntervalOptions {
  /** Above 0 and below 1. Default 0.95. */
  readonly confidence?: number;
}

function checked(what: string, count: number, total: number, options: IntervalOptions): number {
  if (!Number.isSafeInteger(total) || total < 0 || !Number.isSafeInteger(count) || count < 0 || count > total)
    throw new FoveaError(
      "out-of-range",
      `${what}: expected whole numbers of cases, some of all, received ${count} of ${total}; count the cases, not their share`,
    );
  checkOptions(what, options, ["confidence"]);
  const { confidence = USUAL_CONFIDENCE } = options;
  if (!(confidence > 0 && confidence < 1))
    throw new FoveaError("out-of-range", `${what}: expected a confidence above 0 and below 1, received ${confidence}`);
  return confidence;
}

/**
 * A share and its two-sided interval by Wilson's score (Probable inference, the law of succession, and statistical inference,
 * JASA 22, 1927; recommended by Brown, Cai and DasGupta, 2001): the two solutions p of (share - p)^2 = z^2 p (1 - p) / total,
 * z being the normal quantile. It stays within 0 to 1 and is of use from few cases on.
 * @param count cases that are counted, a whole number from 0 to `total`
 * @param total all cases; without any the share is NaN and the interval 0 to 1
 * @throws FoveaError for other numbers
 * @example wilsonInterval(8, 10) // { share: 0.8, low: 0.4901..., high: 0.9433... }
 */
export function wilsonInterval(count: number, total: number, options: IntervalOptions = {}): Proportion {
  const confidence = checked("wilsonInterval", count, total, options);
  if (total === 0) return { share: Number.NaN, low: 0, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  const share = count / total;
  const squared = z * z;
  const centre = (share + squared / (2 * total)) / (1 + squared / total);
  const reach = (z * Math.sqrt((share * (1 - share)) / total + squared / (4 * total * total))) / (1 + squared / total);
  // Rounding must not move the ends of a share that is none or all.
  return { share, low: count === 0 ? 0 : centre - reach, high: count === total ? 1 : centre + reach };
}

/**
 * The one-sided upper bound of a share (Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case
 * of the binomial, Biometrika 26, 1934). Exact: it holds with at least this confidence whatever the true share, so that no
 * error among 300 cases means "at most 1 %".
 * @param count cases that are counted, a whole number from 0 to `total`
 * @param total all cases; without any the bound is 1
 * @throws FoveaError for other numbers
 * @example upperBound(0, 300) // 0.00993...
 */
export function upperBound(count: number, total: number, options: IntervalOptions = {}): number {
  const confidence = checked("upperBound", count, total, options);
  return count === total ? 1 : betaQuantile(confidence, count + 1, total - count);
}

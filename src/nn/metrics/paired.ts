// Two models' answers about the same cases, compared: how much better one was, with an interval, and whether that may be
// chance. They are no metrics of compile.
import { FoveaError } from "../../core/errors.js";
import { exp, log } from "../../core/math.js";

/** Cases by which of two models was right about them. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

/** A difference, the second less the first, with the ends of its interval of 95 %. */
export interface PairedDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** Normal quantile of a two-sided interval of 95 %. */
const Z = 1.959963984540054;
/** Cases from which on the mean of their differences is taken for normal. */
const FEWEST_OF_MEAN = 30;

/**
 * Counts the cases that both models, one of them or neither was right about.
 * @param first for each case whether the first model was right
 * @param second the same of the second model, case by case
 * @throws FoveaError for lists of different lengths
 * @example pairedCounts([true, true, false], [true, false, false]) // { both: 1, onlyFirst: 1, onlySecond: 0, neither: 1 }
 */
export function pairedCounts(first: readonly boolean[], second: readonly boolean[]): PairedCounts {
  checkPairs("pairedCounts", first, second);
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (let i = 0; i < first.length; i++) {
    if (first[i]) counts[second[i] ? "both" : "onlyFirst"]++;
    else counts[second[i] ? "onlySecond" : "neither"]++;
  }
  return counts;
}

/**
 * McNemar's exact test, two-sided (McNemar, Note on the sampling error of the difference between correlated proportions or
 * percentages, Psychometrika 12, 1947; exact by the binomial distribution): the probability that cases which only one of two
 * equally good models is right about divide as unevenly as these, `min(1, 2 P(X <= min(b, c)))` with X binomial of b + c
 * cases and probability 1/2. SciPy: `binomtest(b, b + c, 0.5).pvalue`.
 * @param onlyFirst cases that only the first model was right about, b
 * @param onlySecond cases that only the second model was right about, c
 * @returns the p-value, from 0 to 1; 1 where there is no such case
 * @throws FoveaError for other than whole numbers from 0
 * @example mcnemarTest(2, 10) // 0.0385...
 */
export function mcnemarTest(onlyFirst: number, onlySecond: number): number {
  checkCounts("mcnemarTest", [onlyFirst, onlySecond]);
  const cases = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  // The logarithm of a binomial coefficient as a sum: counts of any size stay within the range of a number.
  let ways = 0;
  for (let i = 1; i <= fewer; i++) ways += log((cases - i + 1) / i);
  let term = exp(ways - cases * log(2));
  let below = 0;
  for (let i = fewer; i >= 0 && term > below * 1e-17; i--) {
    below += term;
    term *= i / (cases - i + 1);
  }
  return Math.min(1, 2 * below);
}

/**
 * The difference of two models' shares of right answers about the same cases, with its interval of 95 % (Bonett and Price,
 * Adjusted Wald confidence interval for a difference of binomial proportions based on paired data, Journal of Educational and
 * Behavioral Statistics 37, 2012): with p = (c + 1) / (n + 2) and q = (b + 1) / (n + 2) the ends are
 * `p - q -+ z sqrt((p + q - (p - q)^2) / (n + 2))`, within -1 to 1. The difference itself is (c - b) / n.
 * @throws FoveaError for other than whole numbers from 0, and without any case
 * @example pairedShareDifference({ both: 80, onlyFirst: 2, onlySecond: 10, neither: 8 }).difference // 0.08
 */
export function pairedShareDifference({ both, onlyFirst, onlySecond, neither }: PairedCounts): PairedDifference {
  checkCounts("pairedShareDifference", [both, onlyFirst, onlySecond, neither]);
  const cases = both + onlyFirst + onlySecond + neither;
  if (cases === 0) throw new FoveaError("pairedShareDifference: expected at least one case, received none");
  const p = (onlySecond + 1) / (cases + 2);
  const q = (onlyFirst + 1) / (cases + 2);
  const reach = Z * Math.sqrt((p + q - (p - q) * (p - q)) / (cases + 2));
  return {
    difference: (onlySecond - onlyFirst) / cases,
    low: Math.max(-1, p - q - reach),
    high: Math.min(1, p - q + reach),
  };
}

/**
 * The difference of two models' mean errors about the same cases, with its interval of 95 % by the normal distribution of
 * the mean of paired differences: `mean -+ z s / sqrt(n)`, s their deviation with n - 1.
 * @param first a number for each case, such as the absolute error of the first model, in the unit of the target
 * @param second the same of the second model, case by case
 * @returns undefined where there are fewer than 30 cases, for which the mean may not be taken for normal
 * @throws FoveaError for lists of different lengths
 * @example pairedMeanDifference(errorsOfFirst, errorsOfSecond)?.difference
 */
export function pairedMeanDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): PairedDifference | undefined {
  checkPairs("pairedMeanDifference", first, second);
  const cases = first.length;
  if (cases < FEWEST_OF_MEAN) return undefined;
  let mean = 0;
  for (let i = 0; i < cases; i++) mean += (second[i]! - first[i]!) / cases;
  let squares = 0;
  for (let i = 0; i < cases; i++) squares += (second[i]! - first[i]! - mean) * (second[i]! - first[i]! - mean);
  const reach = Z * Math.sqrt(squares / (cases - 1) / cases);
  return { difference: mean, low: mean - reach, high: mean + reach };
}

function checkPairs(what: string, first: ArrayLike<unknown>, second: ArrayLike<unknown>): void {
  if (first.length !== second.length)
    throw new FoveaError(
      `${what}: expected both models' answers about the same cases, received ${first.length} and ${second.length}; give as many of each`,
    );
}

function checkCounts(what: string, counts: readonly number[]): void {
  const wrong = counts.find((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong !== undefined)
    throw new FoveaError(`${what}: expected whole numbers of cases from 0, received ${wrong}; count the cases`);
}

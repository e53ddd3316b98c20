// The band that a count of new images lies in 19 times of 20, where a limit was set by a rank among others: for the measurements of
// coverage and of "none of these".
import { logGamma } from "../src/core/statistics/gamma.js";

/** Counts of the band, both inside. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/**
 * The band of how many of the tested images stay within a limit at rank k = ceil((n + 1) share) of n others. The share that such a limit
 * covers is beta(k, n + 1 - k), so the count is beta-binomial: wider than a binomial one, which forgets that the limit was drawn too
 * (Vovk, Conditional validity of inductive conformal predictors, 2012).
 * @param share asked for
 * @param tested new images
 * @param fitted images that set the limit
 */
export function betaBinomialBand(share: number, tested: number, fitted: number): Band {
  const rank = Math.ceil((fitted + 1) * share - 1e-9);
  const [a, b] = [rank, fitted + 1 - rank];
  const logBeta = (x: number, y: number): number => logGamma(x) + logGamma(y) - logGamma(x + y);
  const logChoose = (count: number): number =>
    logGamma(tested + 1) - logGamma(count + 1) - logGamma(tested - count + 1);
  const probability = (count: number): number =>
    Math.exp(logChoose(count) + logBeta(count + a, tested - count + b) - logBeta(a, b));
  let [low, high] = [0, tested];
  for (let sum = probability(low); sum <= TAIL; sum += probability(low)) low++;
  for (let sum = probability(high); sum <= TAIL; sum += probability(high)) high--;
  return { low, high };
}

const TAIL = 0.025;

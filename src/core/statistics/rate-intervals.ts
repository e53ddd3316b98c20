// Intervals of a rate that was counted: Wilson's, for people to read, and the one-sided bound of Clopper and Pearson, which
// never promises too much.
import { FoveaError } from "../errors.js";
import { numberWithin } from "../options.js";
import { betaQuantile } from "./beta.js";
import { normalQuantile } from "./normal.js";

/** A range that holds the true value with some confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Confidence of intervals where nobody asks for another. */
export const USUAL_CONFIDENCE = 0.95;

function checkCounts(what: string, successes: number, trials: number): void {
  if (!Number.isFinite(trials) || !(trials >= 0) || !(successes >= 0) || successes > trials)
    throw new FoveaError(
      `${what}: expected a number of successes from 0 to the number of trials, received ${successes} of ${trials}`,
    );
}

/**
 * Wilson's score interval of a rate: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) (Wilson, Probable inference, the law
 * of succession, and statistical inference, JASA 22, 1927; recommended by Brown, Cai and DasGupta, 2001).
 * @param successes number of right answers, from 0 to `trials`
 * @param trials number of answers; with none the interval is from 0 to 1
 * @param confidence from 0 to 1. Default 0.95
 * @throws FoveaError for counts that are none, and a confidence outside of 0 to 1
 * @example wilsonInterval(93, 100); // { low: 0.863, high: 0.966 }
 */
export function wilsonInterval(successes: number, trials: number, confidence = USUAL_CONFIDENCE): Interval {
  checkCounts("wilsonInterval", successes, trials);
  numberWithin("wilsonInterval confidence", confidence, 0, 1);
  if (trials === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  if (!Number.isFinite(z)) return { low: 0, high: 1 };
  const p = successes / trials;
  const middle = p + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  // Rounding must not move an end that is exactly 0 or 1.
  return {
    low: successes === 0 ? 0 : Math.max(0, (middle - reach) / scale),
    high: successes === trials ? 1 : Math.min(1, (middle + reach) / scale),
  };
}

/**
 * The upper bound of a rate that holds with some confidence, whatever the rate is: the exact bound of Clopper and Pearson
 * (The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26, 1934), one-sided.
 * @param events number of mistakes, from 0 to `trials`
 * @param trials number of answers; with none the bound is 1
 * @param confidence from 0 to 1. Default 0.95
 * @throws FoveaError as `wilsonInterval`
 * @example upperBound(0, 100); // 0.0295: "at most 3 in 100 are wrong"
 */
export function upperBound(events: number, trials: number, confidence = USUAL_CONFIDENCE): number {
  checkCounts("upperBound", events, trials);
  numberWithin("upperBound confidence", confidence, 0, 1);
  return events === trials ? 1 : betaQuantile(confidence, events + 1, trials - events);
}

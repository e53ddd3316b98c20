// Risk and coverage: how wrong the surest answers are, for every share of them; and a threshold that keeps a promise about the
// error among accepted answers.
import { FoveaError } from "../../../core/errors.js";
import { upperBound } from "../../../core/statistics/index.js";

/** Risk of the surest answers for every share of them, and the area under that curve. */
export interface RiskCoverage {
  /** Shares of images that are answered, ascending to 1. */
  readonly coverage: readonly number[];
  /** Share of wrong answers among those, for each share of `coverage`. */
  readonly risk: readonly number[];
  /** The area under the curve: the mean risk over all shares; the lower the better. */
  readonly area: number;
}

function checkLengths(what: string, confidence: ArrayLike<number>, isRight: ArrayLike<boolean>): void {
  if (confidence.length !== isRight.length)
    throw new FoveaError(
      "length-mismatch",
      `${what}: expected a confidence for each of ${isRight.length} answers, received ${confidence.length}`,
    );
}

/** Places of answers, the surest first; equal ones in their order. */
const surestFirst = (confidence: ArrayLike<number>): number[] =>
  Array.from(confidence, (_, n) => n).sort((a, b) => confidence[b]! - confidence[a]! || a - b);

/**
 * The risk-coverage curve and the area under it (El-Yaniv and Wiener, On the foundations of noise-free selective
 * classification, JMLR 11, 2010; Geifman, Uziel and El-Yaniv, Bias-reduced uncertainty estimation, ICLR 2019).
 * @param confidence confidence of each answer; a higher number means surer
 * @param isRight true for each right answer, in the same order
 * @throws FoveaError for lists of different lengths
 * @example
 * const { risk, area } = riskCoverage([0.9, 0.8, 0.6], [true, true, false]);
 * risk; // [0, 0, 0.333]
 * area; // 0.111
 */
export function riskCoverage(confidence: ArrayLike<number>, isRight: ArrayLike<boolean>): RiskCoverage {
  checkLengths("riskCoverage", confidence, isRight);
  const order = surestFirst(confidence);
  let wrong = 0;
  const risk = order.map((n, index) => {
    if (!isRight[n]) wrong++;
    return wrong / (index + 1);
  });
  return {
    coverage: order.map((_, index) => (index + 1) / order.length),
    risk,
    area: risk.reduce((sum, value) => sum + value, 0) / order.length,
  };
}

/** A threshold of confidence, with the bound of the error that it keeps. */
export interface BoundedRisk {
  /** Answers of at least this confidence are accepted. */
  readonly threshold: number;
  /** Number of answers that it accepts among those that it was fitted on. */
  readonly accepted: number;
  /** Number of wrong answers among those. */
  readonly wrong: number;
  /** The share of wrong ones among accepted answers is at most this, with the confidence that was asked for. */
  readonly bound: number;
}

/**
 * The threshold that accepts most answers while the share of wrong ones among them is at most `risk`, with a stated
 * confidence (selection with guaranteed risk: Geifman and El-Yaniv, Selective classification for deep neural networks,
 * NIPS 2017, algorithm 1): a binary search over the confidences, whose few looks share the doubt between them.
 * @param confidence of answers about images that the model did not learn from
 * @param options.risk from 0 to 1
 * @param options.confidence above 0 and below 1. Default 0.95
 * @param isRight true for each right answer, in the same order
 * @returns undefined where no threshold keeps the promise
 * @throws FoveaError for lists of different lengths, and numbers that are no shares
 * @example
 * const confidence = Array.from({ length: 400 }, (_, i) => i / 400);
 * const isRight = confidence.map((p) => p > 0.25);
 * boundedRisk(confidence, isRight, { risk: 0.05 })?.threshold; // 0.24: surer answers are wrong in 5 % at most
 */
export function boundedRisk(
  confidence: ArrayLike<number>,
  isRight: ArrayLike<boolean>,
  { risk, confidence: sureness = 0.95 }: { readonly risk: number; readonly confidence?: number },
): BoundedRisk | undefined {
  checkLengths("boundedRisk", confidence, isRight);
  if (!(risk >= 0 && risk <= 1) || !(sureness > 0 && sureness < 1))
    throw new FoveaError(
      "out-of-range",
      `boundedRisk: expected a risk from 0 to 1 and a confidence between 0 and 1, received ${risk} and ${sureness}`,
    );
  const images = confidence.length;
  if (images === 0) return undefined;
  const order = surestFirst(confidence);
  const looks = Math.max(1, Math.ceil(Math.log2(images)));
  const each = 1 - (1 - sureness) / looks;
  let [low, high] = [0, images - 1];
  let best: BoundedRisk | undefined;
  for (let look = 0; look < looks && low <= high; look++) {
    const threshold = confidence[order[(low + high + 1) >> 1]!]!;
    const kept = order.filter((n) => confidence[n]! >= threshold);
    const wrong = kept.reduce((sum, n) => sum + (isRight[n] ? 0 : 1), 0);
    const bound = upperBound(wrong, kept.length, { confidence: each });
    if (bound <= risk) {
      if (best === undefined || kept.length > best.accepted) best = { threshold, accepted: kept.length, wrong, bound };
      low = ((low + high + 1) >> 1) + 1;
    } else high = ((low + high + 1) >> 1) - 1;
  }
  return best;
}

// Referral: answers below a confidence go to a person. The curve has the answers that remain, and a bound of their
// errors.
import { FoveaError } from "../../../core/errors.js";
import { upperBound } from "../../../core/statistics/index.js";
import type { ClassOutcome } from "../../tasks/index.js";

/** The effect of a threshold on some images. */
export interface ReferralPoint {
  /** Answers of a confidence below it go to a person. */
  readonly threshold: number;
  /** Number of images that go to a person. */
  readonly referred: number;
  /** Number of images that the model decides. */
  readonly decided: number;
  /** Number of those that it decides wrongly. */
  readonly wrong: number;
  /** The share of wrong ones among what it decides is at most this with 95 % confidence (`upperBound`). */
  readonly bound: number;
}

/** Distance between two thresholds. */
const STEP = 0.01;

/**
 * The effect of each threshold from 0 to 1, in steps of a hundredth.
 *
 * A bound is that of its threshold alone: who chooses the threshold on the same images, because it looks best there,
 * has made the bound too small.
 * @param outcome of images that the model has not seen
 * @throws FoveaError for lists of different lengths
 * @example referralCurve({ labels: [0, 1], predicted: [0, 0], confidence: [0.9, 0.6] })[70] // referred 1, wrong 0
 */
export function referralCurve({ labels, predicted, confidence }: Omit<ClassOutcome, "kind">): ReferralPoint[] {
  if (labels.length !== predicted.length || labels.length !== confidence.length)
    throw new FoveaError(
      "length-mismatch",
      `referralCurve: expected as many answers and confidences as labels, received ${predicted.length}, ${confidence.length} and ${labels.length}`,
    );
  const order = Array.from(confidence, (_, at) => at).sort((a, b) => confidence[a]! - confidence[b]!);
  let wrong = order.reduce((sum, at) => sum + Number(labels[at] !== predicted[at]), 0);
  let referred = 0;
  return Array.from({ length: Math.round(1 / STEP) + 1 }, (_, n): ReferralPoint => {
    // A quotient, for 29 hundredths are not 29 times a hundredth.
    const threshold = n / Math.round(1 / STEP);
    for (; referred < order.length && confidence[order[referred]!]! < threshold; referred++)
      if (labels[order[referred]!] !== predicted[order[referred]!]) wrong--;
    const decided = order.length - referred;
    return { threshold, referred, decided, wrong, bound: upperBound(wrong, decided) };
  });
}

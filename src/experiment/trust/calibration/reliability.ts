// Confidence against accuracy: reliability diagrams of a classifier, and the calibration errors that sum them up.
import { wholeNumber } from "../../../core/options.js";
import { type ClassAnswers, checkAnswers, decided } from "../answers.js";

/** Answers of about one confidence. */
export interface ReliabilityBin {
  /** The confidence that answers of the bin lie above, from 0 to 1. */
  readonly from: number;
  /** The largest confidence of the bin, from 0 to 1. */
  readonly to: number;
  /** Number of answers in the bin. */
  readonly count: number;
  /** Number of answers in the bin that are right. */
  readonly right: number;
  /** Mean confidence; 0 where there are no answers. */
  readonly confidence: number;
  /** Share of right answers; 0 where there are no answers. */
  readonly accuracy: number;
}

/** Bins of confidence against accuracy, and the calibration errors that sum them up. */
export interface Reliability {
  /** Bins from the least sure answers to the surest; those without answers are among them. */
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: the mean distance of confidence and accuracy, bins weighed by their answers. */
  readonly ece: number;
  /** Maximum calibration error: the largest distance of a bin that has answers. */
  readonly mce: number;
}

/** The bin of a confidence among bins of equal width; one on an edge belongs to the bin below. */
export const equalBinOf = (confidence: number, bins: number): number =>
  Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));

/** Reliability of answers in bins. */
function reliabilityOf(
  edges: readonly number[],
  binOf: ArrayLike<number>,
  confidence: Float64Array,
  isRight: readonly boolean[],
): Reliability {
  const bins = edges.slice(1).map((to, b) => ({ from: edges[b]!, to, count: 0, right: 0, sum: 0 }));
  for (let n = 0; n < confidence.length; n++) {
    const bin = bins[binOf[n]!]!;
    bin.count++;
    bin.sum += confidence[n]!;
    if (isRight[n]) bin.right++;
  }
  const done = bins.map(({ from, to, count, right, sum }) => {
    const [mean, accuracy] = count === 0 ? [0, 0] : [sum / count, right / count];
    return { from, to, count, right, confidence: mean, accuracy };
  });
  const gaps = done.map((bin) => Math.abs(bin.confidence - bin.accuracy));
  return {
    bins: done,
    ece: done.reduce((sum, { count }, b) => sum + (count / confidence.length) * gaps[b]!, 0),
    mce: Math.max(0, ...gaps.filter((_, b) => done[b]!.count > 0)),
  };
}

/** Confidence of each answer, and whether it is right. */
function confidences(what: string, answers: ClassAnswers) {
  checkAnswers(what, answers);
  const { predicted, confidence } = decided(answers);
  return { confidence, isRight: Array.from(predicted, (k, n) => k === answers.labels[n]) };
}

/**
 * Reliability of the most probable class in bins of equal width (Naeini, Cooper and Hauskrecht, Obtaining well
 * calibrated probabilities using Bayesian binning, AAAI 2015; Guo et al., 2017).
 * @param answers rows of probabilities `[images, classes]` and the true class of each image
 * @param bins number of bins. Default 15
 * @throws FoveaError unless there is a row of probabilities for each label
 * @example
 * const answers = { classes: 2, probabilities: Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.8, 0.2), labels: [0, 0, 1] };
 * reliability(answers).ece; // 0.433, the mean distance of confidence and accuracy
 * adaptiveReliability(answers, 2).bins.map(({ count }) => count); // [2, 1]
 */
export function reliability(answers: ClassAnswers, bins = 15): Reliability {
  const { confidence, isRight } = confidences("reliability", answers);
  wholeNumber("reliability bins", bins);
  const edges = Array.from({ length: bins + 1 }, (_, b) => b / bins);
  const binOf = Array.from(confidence, (p) => equalBinOf(p, bins));
  return reliabilityOf(edges, binOf, confidence, isRight);
}

/**
 * Reliability of the most probable class in bins of about equally many answers (Nixon et al., Measuring Calibration in
 * Deep Learning, CVPR Workshops 2019). Where nearly all answers are sure, bins of equal width look at few of them.
 * @param answers rows of probabilities `[images, classes]` and the true class of each image
 * @param bins number of bins. Default 15; as many as there are answers where there are fewer
 * @throws FoveaError unless there is a row of probabilities for each label
 */
export function adaptiveReliability(answers: ClassAnswers, bins = 15): Reliability {
  const { confidence, isRight } = confidences("adaptiveReliability", answers);
  wholeNumber("adaptiveReliability bins", bins);
  const order = Array.from(confidence.keys()).sort((a, b) => confidence[a]! - confidence[b]! || a - b);
  const parts = Math.min(bins, order.length);
  const binOf = new Int32Array(order.length);
  for (const [rank, n] of order.entries()) binOf[n] = Math.floor((rank * parts) / order.length);
  const edges = Array.from({ length: parts + 1 }, (_, b) =>
    b === 0 ? 0 : b === parts ? 1 : confidence[order[Math.ceil((b * order.length) / parts) - 1]!]!,
  );
  return reliabilityOf(edges, binOf, confidence, isRight);
}

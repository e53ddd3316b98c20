// The Brier score of a classifier and its parts: what it costs to be badly calibrated, what is won by telling images apart, and
// what no model can help.
import { wholeNumber } from "../../../core/options.js";
import { type ClassAnswers, checkAnswers, decided } from "../answers.js";
import { equalBinOf } from "./reliability.js";

/**
 * The Brier score: the mean of the squared distances between probabilities and truth, summed over classes, from 0 to 2
 * (Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78, 1950).
 * @param answers rows of probabilities `[images, classes]` and the true class of each image
 * @throws FoveaError unless there is a row of probabilities for each label
 * @example
 * const answers = { classes: 2, probabilities: Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.8, 0.2), labels: [0, 0, 1] };
 * brierScore(answers); // 0.54
 */
export function brierScore(answers: ClassAnswers): number {
  checkAnswers("brierScore", answers);
  const { classes, probabilities, labels } = answers;
  let sum = 0;
  for (let n = 0; n < labels.length; n++)
    for (let k = 0; k < classes; k++) sum += (probabilities[n * classes + k]! - (labels[n] === k ? 1 : 0)) ** 2;
  return sum / labels.length;
}

/** Parts of the score of "is the answer right?": score = reliability - resolution + uncertainty + within. */
export interface BrierParts {
  /** Mean squared distance between confidence and truth. */
  readonly score: number;
  /** The cost of confidences that are not met; 0 at best. */
  readonly reliability: number;
  /** The gain of confidences that differ where accuracy does. */
  readonly resolution: number;
  /** a (1 - a) for the accuracy a. */
  readonly uncertainty: number;
  /** The rest, since confidences within a bin differ (Stephenson, Coelho and Jolliffe, 2008). */
  readonly within: number;
}

/**
 * Murphy's parts of the Brier score of the most probable class (Murphy, A new vector partition of the probability
 * score, Journal of Applied Meteorology 12, 1973), in bins of equal width.
 * @param answers rows of probabilities `[images, classes]` and the true class of each image
 * @param bins number of bins. Default 15
 * @throws FoveaError unless there is a row of probabilities for each label
 * @example
 * const answers = { classes: 2, probabilities: Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.8, 0.2), labels: [0, 0, 1] };
 * const { score, reliability, resolution, uncertainty, within } = brierParts(answers, 10);
 * score - (reliability - resolution + uncertainty + within); // 0
 */
export function brierParts(answers: ClassAnswers, bins = 15): BrierParts {
  checkAnswers("brierParts", answers);
  wholeNumber("brierParts bins", bins);
  const { predicted, confidence } = decided(answers);
  const images = predicted.length;
  const [count, right, sum] = [0, 1, 2].map(() => new Float64Array(bins)) as [Float64Array, Float64Array, Float64Array];
  let [score, accuracy] = [0, 0];
  for (let n = 0; n < images; n++) {
    const b = equalBinOf(confidence[n]!, bins);
    const truth = predicted[n] === answers.labels[n] ? 1 : 0;
    count[b]!++;
    right[b]! += truth;
    sum[b]! += confidence[n]!;
    score += (confidence[n]! - truth) ** 2 / images;
    accuracy += truth / images;
  }
  let [reliability, resolution] = [0, 0];
  for (let b = 0; b < bins; b++) {
    if (count[b] === 0) continue;
    const rate = right[b]! / count[b]!;
    reliability += (count[b]! / images) * (sum[b]! / count[b]! - rate) ** 2;
    resolution += (count[b]! / images) * (rate - accuracy) ** 2;
  }
  const uncertainty = accuracy * (1 - accuracy);
  return { score, reliability, resolution, uncertainty, within: score - reliability + resolution - uncertainty };
}

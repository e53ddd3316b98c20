// Temperature scaling: one number that makes a classifier as sure as it is right, and changes none of its decisions (Guo,
// Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017).
import { exp, log } from "../../../core/math.js";
import { type ClassAnswers, checkAnswers } from "../answers.js";

/** Temperatures beyond these say that something else is wrong: answers without sense, or no mistake at all. */
const [COLDEST, HOTTEST] = [0.05, 20];

/** The smallest probability above 0 that 32 bits hold: what a softmax rounds to 0 was no more than this. */
const LEAST = 1.401298464324817e-45;

/**
 * Probabilities at another temperature: p^(1/T), with a sum of 1. They are the softmax of the logits over T.
 * @param probabilities rows `[images, classes]`
 * @param classes number of classes, the length of a row
 * @param temperature above 0; 1 changes nothing, more makes answers less sure
 * @returns rows of the same shape
 */
export function atTemperature(probabilities: Float64Array, classes: number, temperature: number): Float64Array {
  if (temperature === 1) return probabilities.slice();
  const out = new Float64Array(probabilities.length);
  for (let start = 0; start < out.length; start += classes) {
    let largest = 0;
    for (let k = start; k < start + classes; k++) largest = Math.max(largest, probabilities[k]!);
    let sum = 0;
    for (let k = start; k < start + classes; k++)
      sum += out[k] = exp((log(Math.max(probabilities[k]!, LEAST)) - log(largest)) / temperature);
    for (let k = start; k < start + classes; k++) out[k]! /= sum;
  }
  return out;
}

/**
 * The mean of -log p of the true class, with probabilities of 0 taken as the smallest 32-bit number above 0.
 * @param answers rows of probabilities `[images, classes]` and the true class of each image
 */
export function meanLogLoss({ classes, probabilities, labels }: ClassAnswers): number {
  let sum = 0;
  for (let n = 0; n < labels.length; n++) sum -= log(Math.max(probabilities[n * classes + labels[n]!]!, LEAST));
  return sum / labels.length;
}

/** A fitted temperature and the log loss that it saves. */
export interface Temperature {
  /** From 0.05 to 20; above 1 for a model that is too sure. */
  readonly temperature: number;
  /** Mean log loss of the answers as the model gives them. */
  readonly before: number;
  /** Mean log loss of the answers at the temperature. */
  readonly after: number;
}

/**
 * The temperature with the least log loss on images that the model did not learn from. The loss is convex in 1/T:
 * Newton's steps, or halves of the range where a step leaves it, end within the last bits.
 * @param answers of validation images, at least one
 * @throws FoveaError unless there is a row of probabilities for each label
 * @example
 * const answers = { classes: 2, probabilities: Float64Array.of(0.99, 0.01, 0.9, 0.1, 0.9, 0.1), labels: [0, 0, 1] };
 * const { temperature, before, after } = fitTemperature(answers); // above 1: the model is too sure
 * const { classes, probabilities } = answers;
 * const calibrated = { ...answers, probabilities: atTemperature(probabilities, classes, temperature) };
 * meanLogLoss(calibrated) === after; // true, and less than before
 */
export function fitTemperature(answers: ClassAnswers): Temperature {
  checkAnswers("fitTemperature", answers);
  const { classes, probabilities } = answers;
  const logits = probabilities.map((p) => log(Math.max(p, LEAST)));
  let [low, high] = [1 / HOTTEST, 1 / COLDEST];
  let inverse = 1;
  for (let round = 0; round < MOST_ROUNDS && high - low > TINY * low; round++) {
    const { slope, bend } = slopeAt(inverse, logits, answers);
    if (slope > 0) high = inverse;
    else low = inverse;
    const newton = inverse - slope / bend;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    const isDone = Math.abs(next - inverse) <= TINY * inverse;
    inverse = next;
    if (isDone) break;
  }
  const temperature = 1 / inverse;
  const scaled = { ...answers, probabilities: atTemperature(probabilities, classes, temperature) };
  return { temperature, before: meanLogLoss(answers), after: meanLogLoss(scaled) };
}

/** Newton's step after one of this relative size is exact to the last bits: its error is the square. */
const [MOST_ROUNDS, TINY] = [100, 1e-10];

/** Slope and curvature of the log loss in b = 1/T: the mean logit under the model less that of the truth, and its variance. */
function slopeAt(b: number, logits: Float64Array, { classes, labels }: ClassAnswers) {
  let [slope, bend] = [0, 0];
  for (let n = 0; n < labels.length; n++) {
    const start = n * classes;
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = start; k < start + classes; k++) largest = Math.max(largest, logits[k]!);
    let [weights, mean, square] = [0, 0, 0];
    for (let k = start; k < start + classes; k++) {
      const below = logits[k]! - largest;
      const weight = exp(b * below);
      weights += weight;
      mean += weight * below;
      square += weight * below * below;
    }
    mean /= weights;
    slope += mean - (logits[start + labels[n]!]! - largest);
    bend += square / weights - mean * mean;
  }
  return { slope, bend };
}

// Facts fitted on validation images and stored with a model, and the limits that follow from them: sets of any coverage,
// thresholds of any risk. The pure part; experiment/training asks the model.
import { sampledPlaces } from "../../core/random.js";
import { type ClassTrust, MOST_ANSWERS, type NumberTrust } from "../../formats/models/trust-facts.js";
import type { NumberOutcome } from "../tasks/index.js";
import { type ClassAnswers, decided } from "./answers.js";
import { brierScore } from "./calibration/brier.js";
import { atTemperature, fitTemperature } from "./calibration/temperature.js";
import { type BoundedRisk, boundedRisk } from "./referral/risk-coverage.js";
import { type ClassSetOptions, type ClassSets, setsOf, trueClasses } from "./sets/class-sets.js";
import { fitNumberIntervals, type IntervalMethod, type NumberIntervals } from "./sets/number-intervals.js";

/** Digits that are stored: more than 32-bit outputs have. */
const DIGITS = 12;
const stored = (value: number): number => Number(value.toPrecision(DIGITS));

/**
 * Places of at most so many images, ascending: all, or a random sample, which stays exchangeable with new images. The same
 * number of images gives the same places.
 */
export const sampled = (images: number, most: number): Int32Array => sampledPlaces(images, most, 0x7275);

/**
 * The temperature of a classifier, and the answers that its limits follow from.
 * @param answers about validation images, as the model gives them; at least one
 * @param options.choseEpoch true where the same images chose the epoch
 * @throws FoveaError unless there is a row of probabilities for each label
 * @example
 * const probabilities = Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.8, 0.2, 0.3, 0.7);
 * const answers = { classes: 2, probabilities, labels: [0, 0, 1, 1] };
 * const trust = fitClassTrust(answers, { choseEpoch: true });
 * trust.temperature.value; // 1.68: the model is too sure
 * storedSets(trust, 2, { coverage: 0.8 }).limits; // one limit for both classes
 * storedThreshold(trust, { risk: 0.9, confidence: 0.8 })?.threshold; // answers from this probability on keep the risk
 */
export function fitClassTrust(answers: ClassAnswers, { choseEpoch }: { readonly choseEpoch: boolean }): ClassTrust {
  const { classes, probabilities, labels } = answers;
  const temperature = settledTemperature(answers);
  const rows = sampled(labels.length, MOST_ANSWERS);
  const some = new Float64Array(rows.length * classes);
  for (const [at, n] of rows.entries()) some.set(probabilities.subarray(n * classes, (n + 1) * classes), at * classes);
  const calibrated: ClassAnswers = {
    classes,
    probabilities: atTemperature(some, classes, temperature.value),
    labels: Array.from(rows, (n) => labels[n]!),
  };
  const { truth, probability, above, rank } = trueClasses(calibrated);
  return {
    kind: "classification",
    images: labels.length,
    choseEpoch,
    temperature,
    answers: {
      truth: [...truth],
      rank: [...rank],
      probability: probability.map(stored),
      above: above.map(stored),
      confidence: Array.from(decided(calibrated).confidence, stored),
    },
  };
}

/**
 * The temperature of least log loss, or 1 where that would make the Brier score worse. The log loss has no bound: a few answers that
 * a model is surest and wrong about can outweigh all others, and then most answers would be too unsure.
 */
function settledTemperature(answers: ClassAnswers): ClassTrust["temperature"] {
  const { temperature, before, after } = fitTemperature(answers);
  const scaled = { ...answers, probabilities: atTemperature(answers.probabilities, answers.classes, temperature) };
  return brierScore(scaled) <= brierScore(answers)
    ? { value: temperature, before, after }
    : { value: 1, before, after: before, refused: temperature };
}

/**
 * The answers that intervals of numbers follow from, at most as many as a model's file holds.
 * @param outcome true and predicted numbers of validation images, at least one
 * @param options.choseEpoch true where the same images chose the epoch
 * @param options.method method of intervals that the model's file names as its own
 * @example
 * const costs = { targets: 1, actual: Float32Array.of(90, 210, 290), predicted: Float32Array.of(100, 200, 300) };
 * const trust = fitNumberTrust(costs, { choseEpoch: true, method: "absolute" });
 * storedIntervals(trust, 0.5)[0]?.limit; // 10: half of new numbers are expected within 10 of the prediction
 */
export function fitNumberTrust(
  { targets, actual, predicted }: Omit<NumberOutcome, "kind">,
  { choseEpoch, method }: { readonly choseEpoch: boolean; readonly method: NumberTrust["method"] },
): NumberTrust {
  const images = actual.length / targets;
  const rows = sampled(images, MOST_ANSWERS);
  const column = (values: Float32Array, target: number): number[] =>
    Array.from(rows, (row) => stored(values[row * targets + target]!));
  return {
    kind: "regression",
    images,
    choseEpoch,
    method,
    targets: Array.from({ length: targets }, (_, at) => ({
      actual: column(actual, at),
      predicted: column(predicted, at),
    })),
  };
}

/**
 * Sets of a coverage by the answers that a model's file has.
 * @param trust facts of the model's file
 * @param classes number of classes
 * @param options coverage and method of the sets. Default: those of `fitClassSets`
 * @throws FoveaError as `fitClassSets` does
 */
export const storedSets = ({ answers }: ClassTrust, classes: number, options: ClassSetOptions): ClassSets =>
  setsOf(answers, classes, options);

/**
 * The threshold that keeps a risk, by the answers that a model's file has.
 * @param trust facts of the model's file
 * @param options the promise that the threshold keeps
 * @param options.risk largest share of wrong answers among the accepted ones, from 0 to 1
 * @param options.confidence confidence of that promise, above 0 and below 1. Default 0.95
 * @returns undefined where no threshold keeps the promise
 * @throws FoveaError for numbers that are no shares
 */
export const storedThreshold = (
  { answers: { confidence, rank } }: ClassTrust,
  options: { readonly risk: number; readonly confidence?: number },
): BoundedRisk | undefined =>
  boundedRisk(
    confidence,
    rank.map((position) => position === 1),
    options,
  );

/**
 * Intervals of each target of a regression.
 * @param trust facts of the model's file
 * @param coverage share of images whose interval holds the true number, above 0 and below 1
 * @param method method of the intervals. Default: the one that the file names
 * @throws FoveaError as `fitNumberIntervals` does
 */
export const storedIntervals = (
  { targets, ...trust }: NumberTrust,
  coverage: number,
  method: IntervalMethod = trust.method,
): NumberIntervals[] =>
  targets.map(({ actual, predicted }) => fitNumberIntervals(actual, predicted, { coverage, method }));

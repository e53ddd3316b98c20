// Intervals of figures that are no simple rates, such as an RMSE or an F1: by drawing the images again. Several images
// of a claim are drawn together.
import { bootstrapIntervals, type Figures, type Interval } from "../../core/statistics/index.js";
import type { LabelOutcome, NumberOutcome } from "./outcome.js";

/** Numbers that all draws together look at: more draws for few images, whose figures are quick. */
const LOOKS = 1_000_000;
const [FEWEST_DRAWS, MOST_DRAWS] = [200, 1000];
/** The most numbers that are drawn from: the time of the fewest draws grows with them. */
const MOST_NUMBERS = 200_000;

type Drawable = LabelOutcome | NumberOutcome;

const imagesOf = (outcome: Drawable): number =>
  outcome.actual.length / (outcome.kind === "regression" ? outcome.targets : outcome.labels);

/** Rows of `width` numbers, some of them and in another order. */
function taken<T extends Float32Array | Uint8Array>(values: T, rows: Int32Array, width: number, out: T): T {
  for (const [at, row] of rows.entries()) out.set(values.subarray(row * width, (row + 1) * width), at * width);
  return out;
}

/** Answers about some images. */
export function someOf<O extends Drawable>(outcome: O, rows: Int32Array): O;
export function someOf(outcome: Drawable, rows: Int32Array): Drawable {
  if (outcome.kind === "multiLabel") {
    const { labels, actual, scores } = outcome;
    const length = rows.length * labels;
    return {
      ...outcome,
      actual: taken(actual, rows, labels, new Uint8Array(length)),
      scores: taken(scores, rows, labels, new Float32Array(length)),
    };
  }
  const { targets, actual, predicted, weight } = outcome;
  const length = rows.length * targets;
  return {
    ...outcome,
    actual: taken(actual, rows, targets, new Float32Array(length)),
    predicted: taken(predicted, rows, targets, new Float32Array(length)),
    ...(weight && { weight: Float64Array.from(rows, (row) => weight[row]!) }),
  };
}

/**
 * Bootstrap intervals of figures of some answers.
 * @param figuresOf figures of answers
 * @param groups group of each answer
 * @returns none for more than 200,000 numbers, those of all images and targets together
 */
export function intervalsOf<O extends Drawable>(
  outcome: O,
  figuresOf: (outcome: O) => Figures,
  groups: readonly string[] | undefined,
): Readonly<Record<string, Interval>> {
  const images = imagesOf(outcome);
  const numbers = outcome.actual.length;
  if (numbers > MOST_NUMBERS) return {};
  const draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.round(LOOKS / Math.max(1, numbers))));
  // Percentiles: acceleration would need as many looks again as there are images.
  const how = { draws, method: "percentile", ...(groups && { groups }) } as const;
  return bootstrapIntervals(images, (rows) => figuresOf(someOf(outcome, rows)), how);
}

/**
 * Intervals as machines get them: `[low, high]`, by the same keys.
 * @param intervals interval of each figure, as the records of tasks make them
 * @example endsOf({ accuracy: { low: 0.91, high: 0.96 } }) // { accuracy: [0.91, 0.96] }
 */
export const endsOf = (intervals: Readonly<Record<string, Interval>>): Record<string, readonly [number, number]> =>
  Object.fromEntries(Object.entries(intervals).map(([key, { low, high }]) => [key, [low, high]]));

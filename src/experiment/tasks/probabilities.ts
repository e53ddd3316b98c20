// A model's answers about images, as classes with probabilities.
import { exp } from "../../core/math.js";
import type { Tensor } from "../../core/tensor.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import type { Model } from "../../nn/index.js";
import type { ClassificationFacts } from "../../report/facts.js";

/** A class and the probability that it was given. */
export interface Ranked {
  /** Number of the class, counted from 0. */
  readonly classIndex: number;
  /** Probability of the class, from 0 to 1. */
  readonly probability: number;
}

/** Rows of probabilities, `[n, classes]`. */
export interface Predictions {
  /** Number of classes, the length of a row. */
  readonly classes: number;
  /** `[n, classes]`, row by row; each row adds up to 1. */
  readonly probabilities: Float64Array;
}

/**
 * Turns a model's outputs `[n, classes]` into probabilities: by softmax where they are logits. A single output is the
 * probability, or the logit, of the second of two classes.
 * @param model the model that gave the outputs; its last activation tells probabilities from logits
 * @param outputs result of `model.predict`
 * @param output index of the model's output, counted from 0. Default 0.
 * @example
 * const answers = probabilitiesOf(model, await model.predict(images));
 * const [best] = ranked(answers, 0, 1); // the class of the first image, and its probability
 * const { predicted, confidence } = decisionsOf(answers); // the same of all images
 */
export function probabilitiesOf(model: Model, { shape, data }: Tensor<"float32">, output = 0): Predictions {
  const classes = shape.at(-1)!;
  const areProbabilities = endsInProbabilities(model, output);
  if (classes === 1) return { classes: 2, probabilities: bothOf(data, areProbabilities) };
  const probabilities = Float64Array.from(data);
  if (!areProbabilities)
    for (let start = 0; start < probabilities.length; start += classes)
      softmax(probabilities.subarray(start, start + classes));
  return { classes, probabilities };
}

/** [1 - p, p] for each p, or for each logit of it. */
function bothOf(data: Float32Array, areProbabilities: boolean): Float64Array {
  const both = new Float64Array(2 * data.length);
  data.forEach((value, n) => {
    const p = areProbabilities ? value : 1 / (1 + exp(-value));
    both.set([1 - p, p], 2 * n);
  });
  return both;
}

function softmax(row: Float64Array): void {
  const largest = row.reduce((a, b) => Math.max(a, b));
  let sum = 0;
  for (const [i, value] of row.entries()) sum += row[i] = exp(value - largest);
  for (const [i, value] of row.entries()) row[i] = value / sum;
}

/** The `k` most probable classes of row `n`, the most probable first; equal probabilities keep the order of the classes. */
export function ranked({ classes, probabilities }: Predictions, n: number, k: number): Ranked[] {
  const row = probabilities.subarray(n * classes, (n + 1) * classes);
  return Array.from(row, (probability, classIndex) => ({ classIndex, probability }))
    .sort((a, b) => b.probability - a.probability || a.classIndex - b.classIndex)
    .slice(0, k);
}

/** The most probable class of each row, and its probability. */
export function decisionsOf({
  classes,
  probabilities,
}: Predictions): Pick<ClassificationFacts, "predicted" | "confidence"> {
  const rows = Array.from({ length: probabilities.length / classes }, (_, n) =>
    probabilities.subarray(n * classes, (n + 1) * classes),
  );
  const confidence = rows.map((row) => row.reduce((a, b) => Math.max(a, b)));
  // A model that has diverged says NaN, which indexOf never finds: like Keras's argmax, the first one then.
  const predicted = rows.map((row, n) => row.findIndex((probability) => Object.is(probability, confidence[n])));
  return { predicted, confidence };
}

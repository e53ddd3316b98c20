// A classifier's answers about some images, beside what is on them: all that calibration, sets and referral are worked out
// from. Nothing here knows a model or a file.
import { FoveaError } from "../../core/errors.js";

/** Rows of probabilities, `[images, classes]`, with the true class of each image. */
export interface ClassAnswers {
  /** Number of classes, at least 2. */
  readonly classes: number;
  /** Row after row; each row has a sum of 1. */
  readonly probabilities: Float64Array;
  /** Index of the true class of each image. */
  readonly labels: ArrayLike<number>;
}

/** @throws FoveaError unless there is a row of probabilities for each label */
export function checkAnswers(what: string, { classes, probabilities, labels }: ClassAnswers): void {
  if (!Number.isSafeInteger(classes) || classes < 2)
    throw new FoveaError("out-of-range", `${what}: expected at least 2 classes, received ${classes}`);
  if (probabilities.length !== classes * labels.length)
    throw new FoveaError(
      "length-mismatch",
      `${what}: expected ${classes} probabilities for each of ${labels.length} images, received ${probabilities.length}`,
    );
  for (let n = 0; n < labels.length; n++)
    if (!Number.isSafeInteger(labels[n]) || labels[n]! < 0 || labels[n]! >= classes)
      throw new FoveaError("out-of-range", `${what}: expected classes from 0 to ${classes - 1}, received ${labels[n]}`);
}

/** The probabilities of an image. */
export const rowOf = ({ classes, probabilities }: Omit<ClassAnswers, "labels">, n: number): Float64Array =>
  probabilities.subarray(n * classes, (n + 1) * classes);

/** The most probable class of each image, the first of equals, and its probability. */
export function decided({ classes, probabilities }: Omit<ClassAnswers, "labels">): {
  readonly predicted: Int32Array;
  readonly confidence: Float64Array;
} {
  const images = probabilities.length / classes;
  const predicted = new Int32Array(images);
  const confidence = new Float64Array(images);
  for (let n = 0; n < images; n++) {
    for (let k = 0; k < classes; k++) {
      const p = probabilities[n * classes + k]!;
      if (k === 0 || p > confidence[n]!) {
        predicted[n] = k;
        confidence[n] = p;
      }
    }
  }
  return { predicted, confidence };
}

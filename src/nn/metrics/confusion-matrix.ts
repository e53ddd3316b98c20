// The confusion matrix of a classifier, counted on the host from labels and predictions. It is no metric of compile: it is
// no number that could be logged.
import { FoveaError } from "../../core/errors.js";
import { showShape } from "../../core/shape.js";
import type { Tensor } from "../../core/tensor.js";

type Classes = ArrayLike<number> | Tensor;

/**
 * Counts how often each true class (row) was taken for each class (column).
 * @param labels class numbers, `[n]`, as an array or a tensor
 * @param predicted the same, or what `predict` returned, `[n, classes]`: then the class with the largest value counts,
 * the first of equals
 * @param classes Number of classes, at least 1.
 * @returns `classes * classes` counts, row by row.
 * @throws FoveaError when the lengths differ or a class number lies outside 0..classes-1.
 * @example confusionMatrix(y, await model.predict(x), 3)[3 * 1 + 2] // images of class 1 taken for class 2
 */
export function confusionMatrix(labels: Classes, predicted: Classes, classes: number): Int32Array {
  if (!Number.isInteger(classes) || classes < 1)
    throw new FoveaError("out-of-range", `confusionMatrix: expected a whole number of classes, received ${classes}`);
  const [truth, chosen] = [numbersOf(labels, classes), numbersOf(predicted, classes)];
  if (truth.length !== chosen.length)
    throw new FoveaError(
      "length-mismatch",
      `confusionMatrix: expected as many predictions as labels, received ${chosen.length} and ${truth.length}`,
    );
  const matrix = new Int32Array(classes * classes);
  for (let i = 0; i < truth.length; i++) {
    const row = classIndex(truth[i]!, classes, i);
    const column = classIndex(chosen[i]!, classes, i);
    matrix[row * classes + column] = matrix[row * classes + column]! + 1;
  }
  return matrix;
}

/** Class numbers, out of scores where these are given. */
function numbersOf(labels: Classes, classes: number): ArrayLike<number> {
  if (!("dtype" in labels)) return labels;
  const { shape, data } = labels;
  if (shape.length === 1 || (shape.length === 2 && shape[1] === 1)) return data;
  if (shape.length !== 2 || shape[1] !== classes)
    throw new FoveaError(
      "shape-mismatch",
      `confusionMatrix: expected class numbers [n] or scores [n, ${classes}], received ${showShape(shape)}`,
    );
  return Array.from({ length: shape[0]! }, (_, n) => largestOf(data.subarray(n * classes, (n + 1) * classes)));
}

/** The place of the largest score, the first of equals; NaN where a score is none. */
function largestOf(scores: ArrayLike<number>): number {
  let best = 0;
  for (let k = 0; k < scores.length; k++) {
    if (Number.isNaN(scores[k])) return Number.NaN;
    if (scores[k]! > scores[best]!) best = k;
  }
  return best;
}

function classIndex(value: number, classes: number, position: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= classes)
    throw new FoveaError(
      "wrong-value",
      `confusionMatrix: expected a class 0 to ${classes - 1} at ${position}, received ${value}`,
    );
  return value;
}

// What raw predictions say: confusion matrix, per-class table, mistakes in order, confidences of right and wrong.
// Pure functions over labels and predictions; nothing here draws or formats.
import { FoveaError } from "../core/errors.js";
import type { EvaluationFacts } from "./facts.js";

/** One class's precision, recall and F1 (0 where nothing defines them, as scikit-learn does) and its images. */
export interface ClassScore {
  readonly classIndex: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Images that truly belong to the class. */
  readonly support: number;
}

/**
 * Counts how often each true class (row) was taken for each class (column).
 * @returns `classes * classes` counts, row by row.
 * @throws FoveaError when the lengths differ or a class index lies outside 0..classes-1.
 */
export function confusionMatrix(labels: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Int32Array {
  if (labels.length !== predicted.length)
    throw new FoveaError(
      `confusionMatrix: expected as many predictions as labels, received ${predicted.length} and ${labels.length}`,
    );
  const matrix = new Int32Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    const row = classIndex(labels[i]!, classes, i);
    const column = classIndex(predicted[i]!, classes, i);
    matrix[row * classes + column] = matrix[row * classes + column]! + 1;
  }
  return matrix;
}

function classIndex(value: number, classes: number, position: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= classes)
    throw new FoveaError(`confusionMatrix: expected a class 0 to ${classes - 1} at ${position}, received ${value}`);
  return value;
}

/** Precision, recall, F1 and support of every class, from a confusion matrix of `confusionMatrix`. */
export function perClassTable(matrix: ArrayLike<number>, classes: number): ClassScore[] {
  return Array.from({ length: classes }, (_, k) => {
    let support = 0;
    let chosen = 0;
    for (let other = 0; other < classes; other++) {
      support += matrix[k * classes + other]!;
      chosen += matrix[other * classes + k]!;
    }
    const right = matrix[k * classes + k]!;
    return {
      classIndex: k,
      precision: chosen === 0 ? 0 : right / chosen,
      recall: support === 0 ? 0 : right / support,
      f1: support + chosen === 0 ? 0 : (2 * right) / (support + chosen),
      support,
    };
  });
}

/** Positions of the wrong predictions, the most confident first; equal confidences keep the order of the data. */
export function failureList(evaluation: EvaluationFacts, limit = Number.POSITIVE_INFINITY): number[] {
  const { labels, predicted, confidence } = evaluation;
  const wrong: number[] = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] !== predicted[i]) wrong.push(i);
  return wrong.sort((a, b) => confidence[b]! - confidence[a]! || a - b).slice(0, limit);
}

/** The confidences of the right and of the wrong predictions, each in the order of the data. */
export function splitConfidence(evaluation: EvaluationFacts): { right: number[]; wrong: number[] } {
  const right: number[] = [];
  const wrong: number[] = [];
  for (let i = 0; i < evaluation.labels.length; i++)
    (evaluation.labels[i] === evaluation.predicted[i] ? right : wrong).push(evaluation.confidence[i]!);
  return { right, wrong };
}

// Summaries of raw predictions: per-class table of a confusion matrix, mistakes in order, confidences of right and wrong.
// Pure functions over labels and predictions; nothing here draws or formats.
import type { ClassificationFacts, EvaluationFacts, SplitFacts } from "./facts.js";

type Decisions = Pick<ClassificationFacts, "labels" | "predicted" | "confidence">;

/** Words for a sample of some parts, and for several: rows where no part has sizes of images. */
export const nounsOf = (splits: readonly SplitFacts[]): readonly [singular: string, plural: string] =>
  splits.length > 0 && splits.every(({ heights }) => heights === undefined) ? ["row", "rows"] : ["image", "images"];

/** Facts of one decision an image; undefined for another evaluation. */
export const decisionsIn = (evaluation: EvaluationFacts | undefined): ClassificationFacts | undefined =>
  evaluation !== undefined && "confidence" in evaluation ? evaluation : undefined;

/** One class's precision, recall and F1 (0 where nothing defines them, as scikit-learn does) and its images. */
export interface ClassScore {
  /** Number of the class, from 0. */
  readonly classIndex: number;
  /** Share of right answers among those of the class or label, from 0 to 1. */
  readonly precision: number;
  /** Share of the class or label that was found, from 0 to 1. */
  readonly recall: number;
  /** Harmonic mean of precision and recall, from 0 to 1. */
  readonly f1: number;
  /** Images that truly belong to the class. */
  readonly support: number;
}

/**
 * Precision, recall, F1 and support of every class, from the counts of `confusionMatrix` (fovea/metrics).
 * @param matrix Counts, `[classes, classes]` row by row.
 * @param classes Number of classes.
 * @example perClassTable([2, 0, 1, 3], 2)[1].recall; // 0.75
 */
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

/**
 * Positions of the wrong predictions, the most confident first; equal confidences keep the order of the data.
 * @param evaluation Answers about each image.
 * @param limit Most positions; default all.
 */
export function failureList(evaluation: Decisions, limit = Number.POSITIVE_INFINITY): number[] {
  const { labels, predicted, confidence } = evaluation;
  const wrong: number[] = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] !== predicted[i]) wrong.push(i);
  return wrong.sort((a, b) => confidence[b]! - confidence[a]! || a - b).slice(0, limit);
}

/**
 * The confidences of the right and of the wrong predictions, each in the order of the data.
 * @param evaluation Answers about each image.
 * @example
 * const evaluation = { labels: [0, 1, 1], predicted: [0, 0, 1], confidence: [0.9, 0.6, 0.8] };
 * splitConfidence(evaluation).wrong; // [0.6]
 * failureList(evaluation); // [1]
 */
export function splitConfidence(evaluation: Decisions): { right: number[]; wrong: number[] } {
  const right: number[] = [];
  const wrong: number[] = [];
  for (let i = 0; i < evaluation.labels.length; i++)
    (evaluation.labels[i] === evaluation.predicted[i] ? right : wrong).push(evaluation.confidence[i]!);
  return { right, wrong };
}

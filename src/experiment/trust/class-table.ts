// Classes as a model tells them: precision, recall and F1 of each, with the counts behind them and what chance may do to them.
import { type Proportion, wilsonInterval } from "../../core/statistics/index.js";
import { confusionMatrix } from "../../nn/metrics/index.js";
import { type ClassScore, perClassTable } from "../../report/evaluation.js";
import type { ClassOutcome } from "../tasks/index.js";

/** One class of a classification. */
export interface ClassRow extends ClassScore {
  /** Images that were taken for it, rightly or not. */
  readonly chosen: number;
  /** Images of the class that were taken for it. */
  readonly right: number;
  /** Precision and recall with their 95 % intervals by Wilson's score. */
  readonly intervals: { readonly precision: Proportion; readonly recall: Proportion };
}

/**
 * The classes of a classification, in their order.
 * @param outcome numbers of classes, from 0
 * @param classes number of all classes
 * @throws FoveaError as `confusionMatrix` does
 * @example classTable({ labels: [0, 0, 1], predicted: [0, 1, 1] }, 2)[0].recall // 0.5
 */
export function classTable(
  { labels, predicted }: Pick<ClassOutcome, "labels" | "predicted">,
  classes: number,
): ClassRow[] {
  const matrix = confusionMatrix(labels, predicted, classes);
  return perClassTable(matrix, classes).map((score): ClassRow => {
    const { classIndex: k, support } = score;
    const right = matrix[k * classes + k]!;
    let chosen = 0;
    for (let actual = 0; actual < classes; actual++) chosen += matrix[actual * classes + k]!;
    const intervals = { precision: wilsonInterval(right, chosen), recall: wilsonInterval(right, support) };
    return { ...score, chosen, right, intervals };
  });
}

// From scores of labels to the facts that a report draws of them.
import type { LabelFigures, LabelMissFacts, MultiLabelFacts } from "../../../report/facts.js";
import { errorPairs, type LabelScores, type LabelTable, multiLabelScores } from "./labels.js";

/** Images of the worst misses that a report keeps. */
const MISSES = 60;

/** Figures without those that nothing defines. */
const figuresOf = ({ auc, averagePrecision, ...scores }: LabelScores): LabelFigures => ({
  ...scores,
  ...(auc === undefined ? {} : { auc }),
  ...(averagePrecision === undefined ? {} : { averagePrecision }),
});

/**
 * The facts of a multi-label evaluation. Misses come by the sum of |label - score| over an image's wrong labels, the
 * largest first: confident errors, and many of them.
 * @param split name of the part in the report, such as `Test`
 * @param labelNames name of each label, in the model's order
 * @param table true labels and probabilities of all images, row by row
 * @param thresholds probability from which each label counts, from validation images (`bestThresholds`)
 * @param imageOf image and file of a row, for the worst misses; `{}` where there are none
 * @example
 * const table = { labels: 2, actual: Uint8Array.of(1, 0, 1, 1), scores: Float32Array.of(0.9, 0.1, 0.3, 0.8) };
 * const facts = multiLabelFacts("Test", ["dent", "scratch"], table, [0.5, 0.4], () => ({}));
 * facts.misses; // the dent of the second image
 */
export function multiLabelFacts(
  split: string,
  labelNames: readonly string[],
  table: LabelTable,
  thresholds: readonly number[],
  imageOf: (row: number) => Pick<LabelMissFacts, "image" | "file">,
): MultiLabelFacts {
  const { labels, macro, micro, exact } = multiLabelScores(table, thresholds);
  const images = table.actual.length / table.labels;
  const judged = Array.from({ length: images }, (_, row) => ({ row, ...errorsOf(table, thresholds, row) }));
  const isWrong = ({ missed, falsely }: (typeof judged)[number]): boolean => missed.length + falsely.length > 0;
  const wrong = judged.filter(isWrong).sort((a, b) => b.size - a.size || a.row - b.row);
  return {
    kind: "multiLabel",
    split,
    labelNames,
    images,
    labels: labels.map((label, i) => ({ threshold: thresholds[i]!, ...figuresOf(label) })),
    macro: figuresOf(macro),
    micro: figuresOf(micro),
    exact,
    errors: errorPairs(table, thresholds),
    wrong: wrong.length,
    rights: judged.map((row) => Number(!isWrong(row))),
    misses: wrong
      .slice(0, MISSES)
      .map(({ row, right, missed, falsely }) => ({ right, missed, falsely, ...imageOf(row) })),
  };
}

/** The right, missed and false labels of an image, and how wrong it is. */
function errorsOf({ labels, actual, scores }: LabelTable, thresholds: readonly number[], row: number) {
  const [right, missed, falsely]: [number[], number[], number[]] = [[], [], []];
  let size = 0;
  for (let label = 0; label < labels; label++) {
    const [truth, score] = [actual[row * labels + label]!, scores[row * labels + label]!];
    const said = score > thresholds[label]!;
    if (said && truth === 1) right.push(label);
    if (said === (truth === 1)) continue;
    (truth === 1 ? missed : falsely).push(label);
    size += Math.abs(truth - score);
  }
  return { right, missed, falsely, size };
}

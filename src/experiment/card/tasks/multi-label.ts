// Cards of models that give several labels: figures of each label, and the images with most wrong labels.
import { metric, percent, whole } from "../../../report/format.js";
import { known } from "../rows.js";
import { EVALUATION, MOST_FAILURES, MOST_SLICES, number, type TaskCard } from "./task-card.js";

const optional = (value: number | undefined): string => (value === undefined ? "" : metric(value));

export const multiLabelCard: TaskCard<"multiLabel"> = {
  figures: ({ macro, micro, split }) => [
    {
      title: `Labels of ${split} together`,
      columns: [{ head: "mean" }, ...["precision", "recall", "F1"].map(number)],
      rows: (
        [
          ["of labels (macro)", macro, "macro"],
          ["of decisions (micro)", micro, "micro"],
        ] as const
      ).map(([title, { precision, recall, f1 }, key]) => ({
        cells: [title, metric(precision), metric(recall), metric(f1)],
        from: [`${EVALUATION}/${key}`],
      })),
    },
  ],
  calibration: () => [],
  slices: ({ labels, labelNames, split }) => [
    {
      title: `Labels of ${split}, the lowest F1 first`,
      columns: [{ head: "label" }, ...["images", "precision", "recall", "F1", "AUC", "threshold"].map(number)],
      rows: labels
        .map((figures, at) => ({ at, figures }))
        .sort((a, b) => a.figures.f1 - b.figures.f1 || a.at - b.at)
        .slice(0, MOST_SLICES)
        .map(({ at, figures: { support, precision, recall, f1, auc, threshold } }) => ({
          cells: [
            labelNames[at] ?? "",
            whole(support),
            ...[precision, recall, f1].map(metric),
            optional(auc),
            metric(threshold),
          ],
          from: [`${EVALUATION}/labelNames/${at}`, `${EVALUATION}/labels/${at}`],
        })),
    },
  ],
  failures: ({ wrong, images, exact, misses, labelNames }) => ({
    rows: [
      known(
        "Images with a wrong label",
        `${whole(wrong)} of ${whole(images)}`,
        `${EVALUATION}/wrong`,
        `${EVALUATION}/images`,
      ),
      known("Images of which every label is right", percent(exact), `${EVALUATION}/exact`),
    ],
    tables:
      misses.length === 0
        ? []
        : [
            {
              title: "The images with most wrong labels",
              columns: [{ head: "file" }, { head: "missed" }, { head: "said falsely" }],
              rows: misses.slice(0, MOST_FAILURES).map(({ file = "", missed, falsely }, i) => ({
                cells: [file, ...[missed, falsely].map((list) => list.map((at) => labelNames[at] ?? "").join(", "))],
                from: [`${EVALUATION}/misses/${i}`, `${EVALUATION}/labelNames`],
              })),
            },
          ],
  }),
};

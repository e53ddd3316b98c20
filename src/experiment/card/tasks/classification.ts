// Cards of classifications: the worst classes with intervals, and the surest mistakes.
import { percent, whole } from "../../../report/format.js";
import { classTable } from "../../trust/index.js";
import { known } from "../rows.js";
import { EVALUATION, MOST_FAILURES, MOST_SLICES, number, type TaskCard } from "./task-card.js";

const ranged = ({
  share,
  low,
  high,
}: {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}): string => `${percent(share)} (${percent(low)} to ${percent(high)})`;

export const classificationCard: TaskCard<"classification"> = {
  figures: () => [],
  calibration: () => [],
  slices: (evaluation, { facts: { classNames } }) => {
    const labels = Int32Array.from(evaluation.labels);
    const predicted = Int32Array.from(evaluation.predicted);
    const worst = classTable({ labels, predicted }, classNames.length)
      .filter(({ support }) => support > 0)
      .sort((a, b) => a.recall - b.recall || a.classIndex - b.classIndex)
      .slice(0, MOST_SLICES);
    return [
      {
        title: `Classes of ${evaluation.split}, the lowest recall first`,
        columns: [{ head: "class" }, ...["images", "right", "recall", "precision"].map(number)],
        rows: worst.map(({ classIndex, support, right, intervals }) => ({
          cells: [
            classNames[classIndex] ?? "",
            whole(support),
            whole(right),
            ranged(intervals.recall),
            Number.isNaN(intervals.precision.share) ? "never chosen" : ranged(intervals.precision),
          ],
          from: [`${EVALUATION}/labels`, `${EVALUATION}/predicted`],
        })),
        note: "Counted from the answers; in brackets the interval of 95 % by Wilson's score.",
      },
    ];
  },
  failures: ({ labels, predicted, split }, { facts: { failures, classNames } }) => {
    const wrong = Array.from(labels).filter((label, n) => label !== predicted[n]).length;
    return {
      rows: [
        known(
          `Wrong answers on ${split}`,
          `${whole(wrong)} of ${whole(labels.length)}`,
          `${EVALUATION}/labels`,
          `${EVALUATION}/predicted`,
        ),
      ],
      tables:
        failures.length === 0
          ? []
          : [
              {
                title: "The surest mistakes",
                columns: [{ head: "file" }, { head: "true class" }, { head: "answer" }, number("confidence")],
                rows: failures
                  .slice(0, MOST_FAILURES)
                  .map(({ file = "", trueClass, predictedClass, confidence }, i) => ({
                    cells: [file, classNames[trueClass] ?? "", classNames[predictedClass] ?? "", percent(confidence)],
                    from: [`facts.json#/facts/failures/${i}`, "facts.json#/facts/classNames"],
                  })),
              },
            ],
    };
  },
};

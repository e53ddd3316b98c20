// Cards of detections: figures of each class of objects, and the images with the most errors.
import { metric, percent, whole } from "../../../report/format.js";
import { known } from "../rows.js";
import { EVALUATION, MOST_FAILURES, MOST_SLICES, number, type TaskCard } from "./task-card.js";

const optional = (value: number | undefined): string => (value === undefined ? "not defined" : metric(value));

export const detectionCard: TaskCard<"detection"> = {
  figures: () => [],
  calibration: () => [],
  slices: ({ classes, classNames, split }) => [
    {
      title: `Classes of objects of ${split}, the lowest AP first`,
      columns: [{ head: "class" }, ...["objects", "told", "AP", "AP50", "precision", "recall"].map(number)],
      rows: classes
        .map((ofClass, at) => ({ at, ofClass }))
        .sort((a, b) => (a.ofClass.figures.ap ?? 2) - (b.ofClass.figures.ap ?? 2) || a.at - b.at)
        .slice(0, MOST_SLICES)
        .map(({ at, ofClass: { truths, told, figures, precision, recall } }) => ({
          cells: [
            classNames[at] ?? "",
            ...[whole(truths), whole(told)],
            ...[figures.ap, figures.ap50, precision, recall].map(optional),
          ],
          from: [`${EVALUATION}/classNames/${at}`, `${EVALUATION}/classes/${at}`],
        })),
    },
  ],
  failures: ({ score, shown }) => ({
    rows: [known("Score above which objects are reported", percent(score), `${EVALUATION}/score`)],
    tables:
      shown.length === 0
        ? []
        : [
            {
              title: "The images with the most errors",
              columns: [{ head: "file" }, ...["missed", "invented", "taken for others"].map(number)],
              rows: shown.slice(0, MOST_FAILURES).map(({ file = "", missed, invented, confused }, i) => ({
                cells: [file, whole(missed), whole(invented), whole(confused)],
                from: [`${EVALUATION}/shown/${i}`],
              })),
            },
          ],
  }),
};

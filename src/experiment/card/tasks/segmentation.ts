// Cards of segmentations: figures of each class of pixels, and the images with the least overlap.
import { metric, percent, whole } from "../../../report/format.js";
import { known } from "../rows.js";
import { EVALUATION, MOST_FAILURES, MOST_SLICES, number, type TaskCard } from "./task-card.js";

const optional = (value: number | undefined): string => (value === undefined ? "does not occur" : metric(value));

export const segmentationCard: TaskCard<"segmentation"> = {
  figures: () => [],
  calibration: () => [],
  slices: ({ classes, classNames, split }) => [
    {
      title: `Classes of pixels of ${split}, the lowest IoU first`,
      columns: [{ head: "class" }, ...["pixels", "predicted", "IoU", "Dice"].map(number)],
      rows: classes
        .map((figures, at) => ({ at, figures }))
        .sort((a, b) => (a.figures.iou ?? 2) - (b.figures.iou ?? 2) || a.at - b.at)
        .slice(0, MOST_SLICES)
        .map(({ at, figures: { pixels, predicted, iou, dice } }) => ({
          cells: [classNames[at] ?? "", whole(pixels), whole(predicted), optional(iou), optional(dice)],
          from: [`${EVALUATION}/classNames/${at}`, `${EVALUATION}/classes/${at}`],
        })),
    },
  ],
  failures: ({ pixelAccuracy, shown }) => ({
    rows: [known("Pixels that are right", percent(pixelAccuracy), `${EVALUATION}/pixelAccuracy`)],
    tables:
      shown.length === 0
        ? []
        : [
            {
              title: "The images with the least overlap",
              columns: [{ head: "file" }, number("mean IoU")],
              rows: shown.slice(0, MOST_FAILURES).map(({ file = "", iou }, i) => ({
                cells: [file, metric(iou)],
                from: [`${EVALUATION}/shown/${i}`],
              })),
            },
          ],
  }),
};

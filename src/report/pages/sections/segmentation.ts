// A segmentation on its page: figures of each class of pixels, the confusion of pixels, and the images that overlap least with
// their masks, truth beside prediction.
import { countsPerClass } from "../../charts/class-counts.js";
import { confusion } from "../../charts/confusion.js";
import type { Chart } from "../../charts/render.js";
import { NARROW_WIDTH } from "../../charts/theme.js";
import { classColor, mapOverImage } from "../../class-colors.js";
import type { FactRow, MaskFacts, RunFacts, SegmentationFacts } from "../../facts.js";
import { percent, whole } from "../../format.js";
import { folded } from "../gallery.js";
import { type Content, type Html, html } from "../html.js";
import { className, type Figures, image, type Section, table } from "../parts.js";
import type { TaskPage } from "./task-page.js";

/** More classes than these are not squeezed into a narrow screen, which scrolls then. */
const MOST_NARROW = 14;

/** The pieces of a segmentation's page. */
export function segmentationPage({ splits, classNames }: RunFacts, evaluation: SegmentationFacts): TaskPage {
  return {
    headline: headline(evaluation),
    countsOf: ["class", "classes"],
    dataCharts: splits.length > 0 && classNames.length > 0 ? [counts(splits, classNames)] : [],
    charts: [confusion(evaluation.confusion, evaluation.classNames, evaluation.split)],
    sections: (figures) => sections(evaluation, figures),
    attention:
      "Seg-Grad-CAM: the brighter a place, the more it spoke for the class that overlaps least, over the pixels that were taken for it.",
    sayOneSizeOnly: true,
  };
}

function counts(splits: RunFacts["splits"], classNames: readonly string[]): Chart {
  const title = "Images with each class";
  const wide = countsPerClass(splits, classNames, title);
  if (classNames.length > MOST_NARROW) return wide;
  return { ...wide, narrow: countsPerClass(splits, classNames, title, NARROW_WIDTH).spec };
}

const headline = ({ split, meanIou, dice, pixelAccuracy }: SegmentationFacts): FactRow[] => [
  { label: `${split} mean IoU`, value: meanIou.toFixed(3) },
  { label: `${split} Dice, mean of classes`, value: dice.toFixed(3) },
  { label: `${split}, pixels that are right`, value: percent(pixelAccuracy) },
];

function sections(evaluation: SegmentationFacts, figures: Figures): Section[] {
  const { images, shown } = evaluation;
  return [
    {
      id: "classes",
      title: "Classes of pixels",
      body: html`<p>Counted over all pixels of ${whole(images)} images whose class is known. IoU is the part that true and predicted pixels of a class have in common; means are over the classes that occur, the background among them.</p>
${classTable(evaluation)}
<div class="charts">${figures.show("confusion", "full")}</div>`,
    },
    ...(shown.length === 0
      ? []
      : [
          {
            id: "masks",
            title: "Least overlap",
            body: html`<p>The images that overlap least with their masks first: the image, the true mask and the predicted one. ${legend(evaluation.classNames)}</p>
${folded(
  shown.map((facts) => () => figure(facts)),
  images,
  "images with more overlap",
)}`,
          },
        ]),
  ];
}

/** The colour of each class but the first, which shows the image. */
const legend = (names: readonly string[]): Html =>
  html`${names.slice(1).map((name, i) => html`<span class="said"><svg width="12" height="12" role="presentation"><rect width="12" height="12" fill="${classColor(i + 1)}"/></svg> ${className(name)}</span> `)}`;

const three = (value: number | undefined): string => value?.toFixed(3) ?? "–";

/** The lowest IoU first. */
function classTable({ classes, classNames }: SegmentationFacts): Html {
  const listed = classes
    .map((figures, index) => ({ ...figures, index }))
    .sort((a, b) => (a.iou ?? 2) - (b.iou ?? 2) || a.index - b.index);
  return table(
    "Figures of the classes of pixels",
    [{ head: "class" }, ...["pixels", "predicted", "IoU", "Dice"].map((head) => ({ head, number: true }))],
    listed.map(({ index, pixels, predicted, iou, dice }): Content[] => [
      html`<span class="glyph">${className(classNames[index])}</span>`,
      whole(pixels),
      whole(predicted),
      three(iou),
      three(dice),
    ]),
  );
}

/** One image with its maps. */
function figure({ iou, truth, said, image: photo, file }: MaskFacts): Html {
  const named = file ?? "an image";
  return html`<figure>${photo && image(photo, named)}${image(mapOverImage(truth, photo), `true mask of ${named}`)}${image(mapOverImage(said, photo), `predicted mask of ${named}`)}
<figcaption>mean IoU ${iou.toFixed(3)}${file !== undefined && html`<span class="file" title="${file}">${file}</span>`}</figcaption></figure>
`;
}

// A detection on its page: COCO's figures, each class with its curve, the confusion with background, and the images with the most
// objects missed or invented.
import { boxesOverImage, outcomeColor } from "../../box-outlines.js";
import { countsPerClass } from "../../charts/class-counts.js";
import { confusion } from "../../charts/confusion.js";
import { precisionRecall } from "../../charts/precision-recall.js";
import type { Chart } from "../../charts/render.js";
import { NARROW_WIDTH } from "../../charts/theme.js";
import type { BoxImageFacts, DetectionFacts, FactRow, RunFacts, ShownBoxFacts } from "../../facts.js";
import { percent, whole } from "../../format.js";
import { folded } from "../gallery.js";
import { type Content, type Html, html } from "../html.js";
import { className, type Figures, image, type Section, table } from "../parts.js";
import type { TaskPage } from "./task-page.js";

/** More classes than these are not squeezed into a narrow screen, which scrolls then. */
const MOST_NARROW = 14;
/** The longer side of images with boxes. */
const LONGEST = 256;

/** The pieces of a detection's page. */
export function detectionPage({ splits, classNames }: RunFacts, evaluation: DetectionFacts): TaskPage {
  const names = [...evaluation.classNames, "background"];
  return {
    headline: headline(evaluation),
    countsOf: ["class", "classes"],
    dataCharts: splits.length > 0 && classNames.length > 0 ? [counts(splits, classNames)] : [],
    charts: [precisionRecall(evaluation), confusion(evaluation.confusion, names, evaluation.split)].filter(
      (chart) => chart !== undefined,
    ),
    sections: (figures) => sections(evaluation, figures),
    attention:
      "Grad-CAM of the surest object of a class: the brighter a place, the more it spoke for it. Images with the most errors.",
    sayOneSizeOnly: true,
  };
}

function counts(splits: RunFacts["splits"], classNames: readonly string[]): Chart {
  const title = "Images with objects of each class";
  const wide = countsPerClass(splits, classNames, title);
  if (classNames.length > MOST_NARROW) return wide;
  return { ...wide, narrow: countsPerClass(splits, classNames, title, NARROW_WIDTH).spec };
}

const three = (value: number | undefined): string => value?.toFixed(3) ?? "–";

const headline = ({ split, figures }: DetectionFacts): FactRow[] => [
  { label: `${split} AP at an overlap of 0.50`, value: three(figures.ap50) },
  { label: `${split} AP, overlaps 0.50 to 0.95`, value: three(figures.ap) },
  { label: `${split} average recall, 100 boxes per image`, value: three(figures.ar100) },
];

function sections(evaluation: DetectionFacts, figures: Figures): Section[] {
  const { images, shown, score, errors } = evaluation;
  const wrong = Array.from(errors).filter((count) => count > 0).length;
  const isDrawn = evaluation.classes.some(({ curve }) => curve !== undefined);
  return [
    {
      id: "objects",
      title: "Objects",
      body: html`<p>COCO's figures over ${whole(images)} images. Precision, recall and the confusion count the boxes with a score of at least ${percent(score)}, the score that balances both best on the validation images; a pair overlaps by 0.50 or more.</p>
${sizeTable(evaluation)}
${classTable(evaluation)}
<div class="charts">${isDrawn && figures.show("precision-recall", "full")}${figures.show("confusion", "full")}</div>`,
    },
    ...(shown.length === 0
      ? []
      : [
          {
            id: "boxes",
            title: "Missed and invented",
            body: html`<p>The images with the most errors first, of ${whole(wrong)} with any. ${LEGEND.map(([outcome, text]) => swatch(outcome, text))}</p>
${folded(
  shown.map((facts) => () => figure(facts, evaluation.classNames)),
  wrong,
  "images with fewer errors",
)}`,
          },
        ]),
  ];
}

const LEGEND: readonly (readonly [ShownBoxFacts["outcome"], string])[] = [
  ["true", "a true object that was found"],
  ["missed", "missed"],
  ["right", "found rightly"],
  ["confused", "taken for another class"],
  ["invented", "nothing there"],
];

const swatch = (outcome: ShownBoxFacts["outcome"], text: string): Html =>
  html`<span class="said"><svg width="12" height="12" role="presentation"><rect x="1" y="1" width="10" height="10" fill="none" stroke="${outcomeColor(outcome)}" stroke-width="2"/></svg> ${text}</span> `;

/** AP and recall by the size of objects. */
function sizeTable({ figures }: DetectionFacts): Html {
  const rows = [
    ["all", figures.ap, figures.ar100],
    ["small, up to 32 x 32 pixels", figures.apSmall, figures.arSmall],
    ["medium, up to 96 x 96", figures.apMedium, figures.arMedium],
    ["large", figures.apLarge, figures.arLarge],
  ] as const;
  return table(
    "Figures by the size of objects",
    [{ head: "objects" }, { head: "AP", number: true }, { head: "average recall", number: true }],
    rows.map(([name, ap, recall]): Content[] => [name, three(ap), three(recall)]),
  );
}

/** The lowest AP first. */
function classTable({ classes, classNames }: DetectionFacts): Html {
  const listed = classes
    .map((row, index) => ({ ...row, index }))
    .sort((a, b) => (a.figures.ap ?? 2) - (b.figures.ap ?? 2) || a.index - b.index);
  return table(
    "Figures of the classes of objects",
    [
      { head: "class" },
      ...["objects", "told", "AP", "AP50", "precision", "recall"].map((head) => ({ head, number: true })),
    ],
    listed.map(({ index, truths, told, figures, precision, recall }): Content[] => [
      html`<span class="glyph">${className(classNames[index])}</span>`,
      ...[whole(truths), whole(told)],
      ...[figures.ap, figures.ap50, precision, recall].map(three),
    ]),
  );
}

/** One image with its boxes. */
function figure(
  { missed, invented, confused, boxes, image: photo, file }: BoxImageFacts,
  names: readonly string[],
): Html {
  const words = [
    ...(missed > 0 ? [`${whole(missed)} missed`] : []),
    ...(invented > 0 ? [`${whole(invented)} invented`] : []),
    ...(confused > 0 ? [`${whole(confused)} taken for others`] : []),
  ].join(", ");
  const classes = [...new Set(boxes.filter(({ outcome }) => outcome !== "true").map(({ classIndex }) => classIndex))];
  return html`<figure>${photo && image(boxesOverImage(boxes, photo), `boxes on ${file ?? "an image"}: ${words}`, LONGEST)}
<figcaption>${words} ${classes.slice(0, 3).map((k) => html`${className(names[k])} `)}${file !== undefined && html`<span class="file" title="${file}">${file}</span>`}</figcaption></figure>
`;
}

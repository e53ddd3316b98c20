// Several labels an image on their page: figures per label, errors that occur together, and the images that are most wrong.
import { countsPerClass } from "../../charts/class-counts.js";
import { labelBars } from "../../charts/multi-label/bars.js";
import { errorPairsChart } from "../../charts/multi-label/error-pairs.js";
import type { Chart } from "../../charts/render.js";
import { NARROW_WIDTH } from "../../charts/theme.js";
import { nounsOf } from "../../evaluation.js";
import type { FactRow, LabelFigures, LabelMissFacts, MultiLabelFacts, RunFacts } from "../../facts.js";
import { percent, whole } from "../../format.js";
import { folded } from "../gallery.js";
import { type Content, type Html, html } from "../html.js";
import { className, type Figures, image, type Section, table } from "../parts.js";
import type { TaskPage } from "./task-page.js";

/** Of more labels than this only those with the lowest F1 are listed. */
const MOST_LISTED = 400;
/** With more labels than this the bars of their counts are thinner than a line. */
const MOST_COUNTED = 400;
/** More labels than this are not squeezed into a narrow screen, which scrolls then. */
const MOST_NARROW = 14;

/** The pieces of a multi-label page. */
export function multiLabelPage({ splits, classNames }: RunFacts, evaluation: MultiLabelFacts): TaskPage {
  const few = splits.length > 0 && classNames.length > 0 && classNames.length <= MOST_COUNTED;
  return {
    headline: headline(evaluation),
    countsOf: ["label", "labels"],
    dataCharts: few ? [counts(splits, classNames)] : [],
    charts: [labelBars(evaluation), errorPairsChart(evaluation)].filter((chart) => chart !== undefined),
    sections: (figures) => sections(evaluation, figures, nounsOf(splits)),
    attention:
      "Grad-CAM: the brighter a place, the more it spoke for a label: of mistakes, which come first, the one that was given " +
      "wrongly or missed, else the most probable.",
    sayOneSizeOnly: true,
  };
}

function counts(splits: RunFacts["splits"], labelNames: readonly string[]): Chart {
  const title = nounsOf(splits)[1] === "rows" ? "Rows per label" : "Images per label";
  const wide = countsPerClass(splits, labelNames, title);
  if (labelNames.length > MOST_NARROW) return wide;
  return { ...wide, narrow: countsPerClass(splits, labelNames, title, NARROW_WIDTH).spec };
}

const headline = ({ split, macro, micro, exact }: MultiLabelFacts): FactRow[] => [
  { label: `${split} F1, mean of labels`, value: macro.f1.toFixed(3) },
  { label: `${split} F1, all decisions`, value: micro.f1.toFixed(3) },
  ...(macro.auc === undefined ? [] : [{ label: `${split} AUC, mean of labels`, value: macro.auc.toFixed(3) }]),
  { label: `${split}, all labels right`, value: percent(exact) },
];

function sections(evaluation: MultiLabelFacts, figures: Figures, nouns: ReturnType<typeof nounsOf>): Section[] {
  const [noun, plural] = nouns;
  const { images, wrong, split, misses } = evaluation;
  return [
    {
      id: "labels",
      title: "Labels",
      body: html`<p>${whole(images - wrong)} of ${whole(images)} ${plural} of ${className(split)} have all their labels right and no others, ${whole(wrong)} ${wrong === 1 ? "has" : "have"} not.</p>
${labelTable(evaluation, plural)}
<div class="charts">${figures.show("label-bars", "full")}</div>`,
    },
    {
      id: "errors",
      title: "Errors",
      body:
        wrong === 0
          ? html`<p>There are none.</p>`
          : html`<p>A cell counts the ${plural} on which the label of its row was missed and that of its column was said falsely: large numbers are labels taken for one another. ${noun === "row" ? "A row" : "An image"} with several errors counts in several cells.</p>
<div class="charts">${figures.show("error-pairs", "full")}</div>`,
    },
    ...(misses.length === 0
      ? []
      : [
          {
            id: "mistakes",
            title: "Worst misses",
            body: html`<p>The most confident errors first; labels that were <b class="missed">missed</b>, and those said <b class="falsely">falsely</b>.</p>
${missGallery(evaluation, plural)}`,
          },
        ]),
  ];
}

const three = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(3));

const figuresOf = ({ precision, recall, f1, auc, averagePrecision }: LabelFigures): string[] =>
  [precision, recall, f1, auc, averagePrecision].map(three);

/** The lowest F1 first, and the averages at the foot. */
function labelTable({ labels, labelNames, macro, micro }: MultiLabelFacts, nouns: string): Html {
  const listed = labels
    .map((label, i) => ({ ...label, index: i }))
    .sort((a, b) => a.f1 - b.f1 || a.index - b.index)
    .slice(0, MOST_LISTED);
  const foot = (title: string, of: LabelFigures): Content[] => [
    html`<i>${title}</i>`,
    whole(of.support),
    "",
    ...figuresOf(of),
  ];
  return html`<p class="muted">The lowest F1 first${labels.length > MOST_LISTED && `; ${whole(labels.length - MOST_LISTED)} labels with a higher one are left out`}. A score above the threshold means yes.</p>
${table(
  "Figures of the labels",
  [
    { head: "label" },
    ...[nouns, "threshold", "precision", "recall", "F1", "AUC", "average precision"].map((head) => ({
      head,
      number: true,
    })),
  ],
  [
    ...listed.map((label): Content[] => [
      html`<span class="glyph">${className(labelNames[label.index])}</span>`,
      whole(label.support),
      label.threshold.toFixed(3),
      ...figuresOf(label),
    ]),
    foot("mean of labels (macro)", macro),
    foot("all decisions (micro)", micro),
  ],
)}`;
}

/** Images with their right, missed and false labels. */
function missGallery({ misses, labelNames, wrong }: MultiLabelFacts, nouns: string): Html {
  const list = (indices: readonly number[]): Content =>
    indices.map((index, i) => [i > 0 && ", ", className(labelNames[index])]);
  const figure = ({ right, missed, falsely, image: pixels, file }: LabelMissFacts): Html => {
    const named = (indices: readonly number[]): string => indices.map((index) => labelNames[index] ?? "?").join(", ");
    return html`<figure>${pixels && image(pixels, `missed: ${named(missed) || "none"}; falsely: ${named(falsely) || "none"}`)}
<figcaption>${missed.length > 0 && html`<b class="missed">− ${list(missed)}</b> `}${
      falsely.length > 0 && html`<b class="falsely">+ ${list(falsely)}</b> `
    }${right.length > 0 && html`<span class="said">right: ${list(right)}</span>`}${
      file !== undefined && html`<span class="file" title="${file}">${file}</span>`
    }</figcaption></figure>
`;
  };
  const makers = misses.map((miss) => () => figure(miss));
  return folded(makers, wrong, `further ${nouns} with errors of less confidence`);
}

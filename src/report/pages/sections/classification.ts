// A classification on its page: confusion matrix, table of classes, mistakes, confidence.
import { confusionMatrix } from "../../../nn/metrics/confusion-matrix.js";
import { classCounts } from "../../charts/class-counts.js";
import { confidenceHistograms } from "../../charts/confidence.js";
import { confusion, MOST_CLASSES } from "../../charts/confusion.js";
import { nounsOf, perClassTable } from "../../evaluation.js";
import type { ClassificationFacts, RunFacts } from "../../facts.js";
import { whole } from "../../format.js";
import { failureGallery } from "../gallery.js";
import { type Content, type Html, html } from "../html.js";
import { className, type Figures, type Section, table } from "../parts.js";
import type { TaskPage } from "./task-page.js";

/** The pieces of a classification's page; without an evaluation those of its data. */
export function classificationPage(facts: RunFacts, evaluation: ClassificationFacts | undefined): TaskPage {
  const { classNames } = facts;
  const matrix = evaluation && confusionMatrix(evaluation.labels, evaluation.predicted, classNames.length);
  return {
    countsOf: ["class", "classes"],
    dataCharts: classCounts(facts.splits, classNames),
    charts:
      evaluation && matrix
        ? [
            confusion(matrix, classNames, evaluation.split),
            ...confidenceHistograms(evaluation, nounsOf(facts.splits)[1]),
          ]
        : [],
    sections: (figures) => (evaluation && matrix ? evaluated(facts, evaluation, matrix, figures) : []),
    attention:
      "Grad-CAM: the brighter a place, the more it spoke for the class that the model chose. Mistakes come first.",
    sayOneSizeOnly: false,
    hasUsualCurves: true,
  };
}

function evaluated(facts: RunFacts, evaluation: ClassificationFacts, matrix: Int32Array, figures: Figures): Section[] {
  const { classNames, failures } = facts;
  const [, nouns] = nounsOf(facts.splits);
  const classes = classNames.length;
  const total = evaluation.labels.length;
  const right = Array.from({ length: classes }, (_, k) => matrix[k * classes + k]!).reduce((sum, n) => sum + n, 0);
  const said = html`${whole(right)} of ${whole(total)} ${nouns} of ${className(evaluation.split)} are classified correctly, ${whole(total - right)} ${total - right === 1 ? "is" : "are"} not.`;
  return [
    {
      id: "confusion",
      title: "Confusion",
      body: html`<p>${said}${classes > MOST_CLASSES && ` Drawn are the ${MOST_CLASSES} classes with the most mistakes.`}</p>
<div class="charts">${figures.show("confusion", "full")}</div><div id="cell" class="muted" aria-live="polite">Point at a cell, or go there by the arrow keys, to read it; open a mistake to see its ${nouns}.</div>`,
    },
    { id: "classes", title: "Per class", body: classTable(matrix, classNames, nouns) },
    {
      id: "mistakes",
      title: "Mistakes",
      body:
        total === right
          ? html`<p>There are none.</p>`
          : html`<p>True class, predicted class and the probability it was given; the most confident first.</p>
${failureGallery(failures, classNames, total - right)}`,
    },
    {
      id: "confidence",
      title: "Confidence",
      body: html`<div class="charts">${figures.show("confidence-")}</div>`,
    },
  ];
}

/** Of more classes than this only those with the lowest F1 are listed. */
const MOST_LISTED = 400;

/** Worst F1 first, so that the classes that need attention are at the top; set in as many columns as the page holds. */
function classTable(matrix: Int32Array, classNames: readonly string[], nouns: string): Html {
  const scores = perClassTable(matrix, classNames.length)
    .sort((a, b) => a.f1 - b.f1 || a.classIndex - b.classIndex)
    .slice(0, MOST_LISTED);
  const length = Math.max(10, Math.ceil(scores.length / 3));
  const columns = [
    { head: "class" },
    ...["precision", "recall", "F1", nouns].map((title) => ({ head: title, number: true })),
  ];
  const tables: Content[] = [];
  for (let start = 0; start < scores.length; start += length)
    tables.push(
      table(
        "Figures of the classes",
        columns,
        scores
          .slice(start, start + length)
          .map(({ classIndex, precision, recall, f1, support }) => [
            html`<span class="glyph" title="${classNames[classIndex] ?? "?"}">${className(classNames[classIndex])}</span>`,
            ...[precision, recall, f1].map((value) => value.toFixed(3)),
            whole(support),
          ]),
      ),
    );
  return html`<p class="muted">The lowest F1 first${classNames.length > MOST_LISTED && `; ${whole(classNames.length - MOST_LISTED)} classes with a higher one are left out`}.</p><div class="columns">${tables}</div>`;
}

// A regression on its page: a section for each number that was predicted, with figures, actual against predicted, deciles,
// order and the images that were missed most.
import { isWithinChance } from "../../charts/regression/deciles.js";
import { targetCharts, targetHistograms, targetPrefix } from "../../charts/regression/index.js";
import type { FactRow, MissFacts, RegressionFacts, RunFacts, TargetFacts } from "../../facts.js";
import { amount, percent, whole } from "../../format.js";
import { folded } from "../gallery.js";
import { type Content, type Html, html } from "../html.js";
import { className, type Figures, image, type Section, table } from "../parts.js";
import type { TaskPage } from "./task-page.js";

/** The pieces of a regression's page. */
export const regressionPage = (facts: RunFacts, evaluation: RegressionFacts): TaskPage => ({
  headline: headline(evaluation),
  countsOf: "nothing",
  dataCharts: targetHistograms(facts.splits),
  charts: evaluation.targets.flatMap(targetCharts),
  sections: (figures) => evaluation.targets.map((_, index) => section(evaluation, index, figures)),
  attention:
    "Grad-CAM: the brighter a place, the more it raised the predicted number. The worst misses come first, then the closest answers.",
  sayOneSizeOnly: true,
});

/** All figures of a single number; of several the explained share of each. */
function headline({ targets, split }: RegressionFacts): FactRow[] {
  const [only] = targets;
  if (only === undefined || targets.length > 1)
    return targets.map(({ name, figures }) => ({
      label: `${split}, explained of ${name}`,
      value: percent(figures.d2),
    }));
  const { figures, unit, baseline } = only;
  return [
    { label: `${split}, explained (D²)`, value: percent(figures.d2) },
    { label: `${split} RMSE`, value: amount(figures.rmse, unit) },
    { label: `${split} MAE`, value: amount(figures.mae, unit) },
    ...(figures.normalizedGini === undefined
      ? []
      : [{ label: `${split} Gini, normalized`, value: figures.normalizedGini.toFixed(3) }]),
    { label: `${split} RMSE, always ${amount(baseline.value, unit)}`, value: amount(baseline.rmse, unit) },
  ];
}

const INTERVALS: Readonly<Record<TargetFacts["intervals"], string>> = {
  count:
    "Intervals are those of a Poisson count (Garwood, 1936); they are too narrow where counts vary more than that.",
  ratio: "Intervals are those of a ratio of sums, by the spread of the rows (Cochran, 1977).",
};

function section({ targets, split }: RegressionFacts, index: number, figures: Figures): Section {
  const target = targets[index]!;
  const prefix = targetPrefix(index);
  return {
    id: `target-${index + 1}`,
    title: target.name,
    body: html`<p>${sentence(target, split)}</p>
${figureTable(target)}
<div class="charts">${["scatter", "residuals"].map((chart) => figures.show(prefix + chart))}</div>
<h3>Deciles of the prediction</h3>
<p class="muted">Each decile has a tenth of ${target.weight === undefined ? "the rows" : html`all ${className(target.weight)}`}; equal predictions stay together. ${INTERVALS[target.intervals]}</p>
${decileTable(target)}
<div class="charts">${["ratio", "lift", "lorenz", "residual-histogram"].map((chart) => figures.show(prefix + chart))}</div>
${
  target.misses.length > 0 &&
  html`<h3>Worst misses</h3>
${missList(target, targets.length)}`
}`,
  };
}

/** Checks whether sums can be compared as a ratio: nowhere a mean below 0. */
const hasRatios = ({ deciles }: TargetFacts): boolean =>
  deciles.every(({ actual, predicted }) => actual >= 0 && predicted > 0);

/** Share of the deviance that the model explains, and the fit of its level. */
function sentence(target: TargetFacts, split: string): Html {
  const { figures, deviance, actual, baseline, unit, name } = target;
  const { d2, meanActual, meanPredicted } = figures;
  const rows = html`On the ${whole(actual.length)} rows of ${className(split)}`;
  const mean = amount(baseline.value, unit);
  const explained =
    d2 > 0
      ? html`${rows} the model explains ${percent(d2)} of the ${deviance} of ${className(name)}; always saying ${mean} explains ${baseline.d2 < 0.0005 ? "nothing" : percent(baseline.d2)}.`
      : html`${rows} the model explains nothing of the ${deviance} of ${className(name)}: always saying ${mean} predicts it better (D² ${d2.toFixed(3)}).`;
  const level =
    hasRatios(target) && meanActual > 0
      ? `In total it predicts ${percent(meanPredicted / meanActual)} of the actual sum.`
      : `Its mean prediction is ${amount(meanPredicted, unit)}, the actual mean ${amount(meanActual, unit)}.`;
  return html`${explained} ${level}`;
}

function figureTable({ figures, baseline, unit, deviance, weight }: TargetFacts): Html {
  const number = (value: number): string => amount(value, unit);
  const rows: Content[][] = [
    ["Explained share of the deviance (D²)", figures.d2.toFixed(4), baseline.d2.toFixed(4)],
    ["Root of the mean square error (RMSE)", number(figures.rmse), number(baseline.rmse)],
    ["Mean absolute error (MAE)", number(figures.mae), number(baseline.mae)],
    [`Mean ${deviance}`, amount(figures.deviance), amount(baseline.deviance)],
    ["Mean prediction", number(figures.meanPredicted), number(baseline.value)],
    ["Mean actual", number(figures.meanActual), ""],
    ...(figures.gini === undefined ? [] : [["Gini of the order", figures.gini.toFixed(4), "0.0000"]]),
    ...(figures.normalizedGini === undefined
      ? []
      : [["Gini, as a share of the perfect order's", figures.normalizedGini.toFixed(4), "0.0000"]]),
  ];
  return html`${table(
    "Figures",
    [
      { head: "figure", isPlain: true },
      { head: "model", number: true },
      { head: `always ${amount(baseline.value, unit)}`, number: true },
    ],
    rows,
  )}
${weight !== undefined && html`<p class="muted">Weighted by ${className(weight)}.</p>`}`;
}

function decileTable({ deciles, unit, weight }: TargetFacts): Html {
  const columns = [
    { head: "decile", number: true },
    { head: "predictions", number: true },
    { head: "rows", number: true },
    ...(weight === undefined ? [] : [{ head: className(weight), number: true }]),
    { head: "predicted", number: true },
    { head: "actual", number: true },
    { head: "actual / expected", number: true },
    { head: "95% interval", number: true },
    { head: "lift", number: true },
  ];
  return html`<details><summary>Table of deciles</summary>${table(
    "Deciles",
    columns,
    deciles.map((decile) => [
      decile.number,
      `${amount(decile.from)} to ${amount(decile.to)}`,
      whole(decile.rows),
      ...(weight === undefined ? [] : [amount(decile.weight)]),
      amount(decile.predicted, unit),
      amount(decile.actual, unit),
      isWithinChance(decile) ? decile.ratio.toFixed(3) : html`<strong>${decile.ratio.toFixed(3)}</strong>`,
      `${decile.low.toFixed(3)} to ${decile.high.toFixed(3)}`,
      decile.lift.toFixed(2),
    ]),
  )}</details>`;
}

/** Rows of a table that are listed. */
const LISTED = 20;

/** Images as a gallery, rows of a table as one. */
function missList(target: TargetFacts, targets: number): Html {
  const { misses, deviance, unit } = target;
  if (misses.some((miss) => miss.image !== undefined))
    return html`<p class="muted">The images that add most to the ${deviance}: the actual number, and the predicted one under it.</p>
${missGallery(target, targets)}`;
  const columns = [
    { head: "row", isPlain: true },
    { head: "actual", number: true },
    { head: "predicted", number: true },
  ];
  return html`<p class="muted">The rows that add most to the ${deviance}.</p>
${table(
  "Worst misses",
  columns,
  misses.slice(0, LISTED).map((miss) => [miss.file ?? "", amount(miss.actual, unit), amount(miss.predicted, unit)]),
)}`;
}

/** Images with what is and what was said, in their unit. */
function missGallery({ misses, unit, name }: TargetFacts, targets: number): Html {
  const figure = ({ actual, predicted, image: pixels, file }: MissFacts): Html =>
    html`<figure>${pixels && image(pixels, `${name}: ${amount(actual, unit)}, predicted ${amount(predicted, unit)}`)}
<figcaption><span class="is">${amount(actual, unit)}</span><span class="said">predicted ${amount(predicted, unit)}</span>${
      file !== undefined && html`<span class="file" title="${file}">${file}</span>`
    }</figcaption></figure>
`;
  const makers = misses.map((miss) => () => figure(miss));
  return folded(makers, misses.length, "further misses", 0.6 / targets);
}

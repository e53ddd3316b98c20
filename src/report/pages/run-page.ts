// The page of a training run: data, model, training, mistakes, and how to do it again, in one self-contained file.
// Decides what is said and in which order; the pieces come from parts.ts and the charts from ../charts.

import { curve } from "../charts/curves.js";
import { imageSizes } from "../charts/image-sizes.js";
import type { Chart } from "../charts/render.js";
import { nounsOf } from "../evaluation.js";
import type { FactRow, ModelFacts, ReplayFacts, RunFacts } from "../facts.js";
import { duration, metric, percent, whole } from "../format.js";
import { attentionGallery } from "./gallery.js";
import { type Html, html } from "./html.js";
import { layerGallerySection } from "./layer-gallery.js";
import {
  className,
  code,
  Figures,
  factList,
  page,
  type RenderedPage,
  type Section,
  sampleGrid,
  splitTable,
  table,
} from "./parts.js";
import { SCRIPT } from "./script.js";
import { type TaskPage, taskPage } from "./sections/index.js";
import { slicesSection } from "./sections/slices.js";
import { trustCharts, trustSections } from "./sections/trust.js";

/**
 * Draws a run's report.
 * @param facts All facts of the run.
 * @returns the page, which needs no other file and no network, and each of its charts as an SVG file.
 * @throws FoveaError when facts contradict one another, such as a label outside the classes.
 * @example
 * const facts = await factsOf(await RunFolder.open("runs/pets"));
 * const { html, charts } = await renderRunPage(facts);
 * await writeFile("report.html", html);
 */
export async function renderRunPage(facts: RunFacts): Promise<RenderedPage> {
  const { classNames } = facts;
  const task = taskPage(facts);
  const sizes = task.sayOneSizeOnly && haveOneSize(facts.splits) ? [] : imageSizes(facts.splits);
  const [, nouns] = nounsOf(facts.splits);
  const charts = [
    ...task.dataCharts,
    ...sizes,
    ...curves(facts, task),
    ...task.charts,
    ...trustCharts(facts.trust, nouns),
  ];
  const figures = await Figures.draw(charts);
  const sections: (Section | false | undefined)[] = [
    facts.splits.length > 0 && { id: "data", title: "Data", body: data(facts, task, figures) },
    facts.model && { id: "model", title: "Model", body: modelTable(facts.model) },
    facts.history && {
      id: "training",
      title: "Training",
      body: training(facts, figures),
    },
    facts.metrics.length > 0 && { id: "metrics", title: "Metrics", body: metricsTable(facts) },
    ...task.sections(figures),
    ...trustSections(facts.trust, figures, nouns),
    facts.slices && slicesSection(facts.slices),
    facts.attention !== undefined &&
      facts.attention.length > 0 && {
        id: "attention",
        title: "Attention",
        body: html`<p>${task.attention}</p>
${attentionGallery(facts.attention, classNames)}`,
      },
    facts.gallery && { id: "layers", title: "Features of the layers", body: layerGallerySection(facts.gallery) },
    (facts.replay || facts.hashes.length > 0) && {
      id: "again",
      title: "How to do it again",
      body: again(facts.hashes, facts.replay),
    },
  ];
  return {
    html: await page({
      title: facts.name,
      createdBy: facts.createdBy,
      kind: "training run",
      head: head(facts, task),
      sections: sections.filter((section) => section !== undefined && section !== false),
      script: SCRIPT,
    }),
    charts: await figures.files(),
  };
}

/** Checks whether all images are of one size, which the table says and needs no chart. */
const haveOneSize = (splits: RunFacts["splits"]): boolean =>
  (["heights", "widths"] as const).every(
    (side) => new Set(splits.flatMap((split) => Array.from(split[side] ?? []))).size <= 1,
  );

/** Accuracy with its legend at the lower right, loss with its at the upper right, where the curves leave room. */
function curves({ history, bestEpoch, monitor }: RunFacts, { hasUsualCurves }: TaskPage): Chart[] {
  if (history === undefined) return [];
  // The quantity that chose the epoch, where that was neither of both.
  const key = monitor?.replace(/^val_/, "");
  const watched =
    key !== undefined && key !== "loss" && !isAccuracy(key) && (key in history || `val_${key}` in history)
      ? key
      : undefined;
  const best = bestEpoch === undefined ? {} : { bestEpoch };
  const accuracy = Object.keys(history).find((key) => isAccuracy(key) && !/^val_|top_k/.test(key));
  return [
    ...(accuracy === undefined
      ? []
      : [curve(history, { key: accuracy, title: "Accuracy", legend: "bottom-right", ...best })]),
    ...("loss" in history ? [curve(history, { key: "loss", title: "Loss", legend: "top-right", ...best })] : []),
    ...(hasUsualCurves || watched === undefined
      ? []
      : [curve(history, { key: watched, title: shortName(watched), legend: "bottom-right", ...best })]),
  ];
}

function head(facts: RunFacts, task: TaskPage): Html {
  const last = facts.metrics.at(-1);
  const epochs = facts.history?.loss?.length;
  const total = facts.model?.layers.reduce((sum, layer) => sum + layer.params, 0);
  const figures: FactRow[] = [
    ...(task.headline ??
      Object.entries(last?.values ?? {})
        .sort(([a], [b]) => Number(isAccuracy(b)) - Number(isAccuracy(a)))
        .map(([key, value]) => ({
          label: `${last!.split} ${shortName(key)}`,
          value: isAccuracy(key) ? percent(value) : metric(value),
        }))),
    ...(last?.baseline === undefined || facts.commonestClass === undefined
      ? []
      : [{ label: `${last.split}, always the commonest class`, value: percent(last.baseline) }]),
    ...(total === undefined ? [] : [{ label: "Parameters", value: whole(total) }]),
    ...(epochs === undefined
      ? []
      : [{ label: "Best epoch", value: facts.bestEpoch ? `${facts.bestEpoch} of ${epochs}` : `${epochs}` }]),
    ...(facts.seconds === undefined ? [] : [{ label: "Training time", value: duration(facts.seconds) }]),
  ];
  return html`<dl class="headline">${figures.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
${facts.warnings.length > 0 && html`<ul class="warnings">${facts.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}
${factList(facts.recipe)}`;
}

const isAccuracy = (key: string): boolean => key.endsWith("accuracy");

/** A metric's key in the few words that a headline has room for. */
const shortName = (key: string): string =>
  /top_k/.test(key) ? "top-k accuracy" : isAccuracy(key) ? "accuracy" : key.replaceAll("_", " ");

function data({ splits, samples, classNames }: RunFacts, { countsOf }: TaskPage, figures: Figures): Html {
  return html`${splitTable(splits, countsOf)}
${samples.length > 0 && html`<h3>Samples</h3>${sampleGrid(samples, classNames)}`}
<div class="charts">${figures.show("spread-")}${figures.show("class-count-histogram")}${figures.show("counts-per-class", "full")}${figures.show("image-")}</div>`;
}

function training({ bestEpoch, history, monitor }: RunFacts, figures: Figures): Html {
  const epochs = history?.loss?.length ?? 0;
  return html`${bestEpoch !== undefined && html`<p>The best of ${epochs} epochs is epoch ${bestEpoch}${monitor !== undefined && ` by ${monitor}`}.</p>`}
<div class="charts">${figures.show("curve-")}</div>`;
}

function modelTable({ name, layers, totals }: ModelFacts): Html {
  const foot = html`<tfoot>${totals.map(({ label, value }) => html`<tr><td colspan="2">${label}</td><td class="number">${value}</td></tr>`)}</tfoot>`;
  return html`<p class="muted">${name}</p>${table(
    "Layers of the model",
    [{ head: "Layer (type)" }, { head: "Output shape" }, { head: "Param #", number: true }],
    layers.map((layer) => [
      html`${layer.name} <span class="muted">(${layer.type})</span>`,
      html`<span class="mono">${layer.outputShape}</span>`,
      whole(layer.params),
    ]),
    foot,
  )}`;
}

function metricsTable({ metrics, commonestClass, classNames, monitor }: RunFacts): Html {
  const keys = [...new Set(metrics.flatMap(({ values }) => Object.keys(values)))];
  const always = commonestClass === undefined ? [] : [className(classNames[commonestClass])];
  const hasIntervals = metrics.some(({ intervals }) => intervals !== undefined);
  return html`${table(
    "Metrics of each part",
    [
      { head: "part", isPlain: true },
      ...keys.map((key) => ({ head: html`<span class="mono">${key}</span>`, number: true })),
      ...always.map((name) => ({ head: html`accuracy of always saying ${name}`, number: true })),
    ],
    metrics.map(({ split, values, baseline, intervals = {} }) => [
      split,
      ...keys.map((key) => figure(values[key], intervals[key])),
      ...always.map(() => (baseline === undefined ? "" : metric(baseline))),
    ]),
  )}
${hasIntervals && html`<p class="muted">Below a figure stands its interval of 95 %: other images of the same kind may well give any value in it.</p>`}
${commonestClass !== undefined && monitor?.startsWith("val_") && html`<p class="muted">Validation chose the epoch, so it is no test of the model.</p>`}`;
}

/** A figure, with its interval on a line below. */
function figure(value: number | undefined, interval: readonly [low: number, high: number] | undefined): Html | string {
  if (value === undefined || interval === undefined) return value === undefined ? "" : metric(value);
  return html`${metric(value)}<br><small class="muted">${metric(interval[0])} to ${metric(interval[1])}</small>`;
}

function again(hashes: readonly FactRow[], replay: ReplayFacts | undefined): Html {
  return html`${
    replay &&
    html`<p>This command trains again from the recipe and compares the weights to the bit:</p>${code("Command", replay.command)}
<p>The same in TypeScript:</p>${code("Code", replay.code)}`
  }
${
  hashes.length > 0 &&
  table(
    "Hashes",
    [{ head: "what" }, { head: "SHA-256" }],
    hashes.map(({ label, value }) => [label, html`<span class="mono hash">${value}</span>`]),
  )
}`;
}

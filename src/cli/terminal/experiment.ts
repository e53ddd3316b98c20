// Data and results of an experiment in words, in the order in which they come up: what was loaded, how it was split,
// how good the model is on each part, and its mistakes.

import { defined } from "../../core/defined.js";
import { own } from "../../core/lookup.js";
import { singleLine } from "../../core/text.js";
import { sentenceOf } from "../../data/index.js";
import {
  baselineOf,
  type DataPaths,
  dataWarnings,
  type Evaluated,
  type ExperimentData,
  failuresOf,
  type LoadDataOptions,
  labelsOf,
  loadData,
  metricTitle,
  PART_NAMES,
  PART_TITLES,
  type Part,
  type Plan,
  type Training,
  telling,
} from "../../experiment/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { TooLarge } from "../../platform/cache.js";
import { splitConfidence } from "../../report/evaluation.js";
import { duration, metric, whole } from "../../report/format.js";
import { histogram } from "../../report/histogram.js";
import { textHistogram } from "../../report/text/bars.js";
import { type TextCurveOptions, textCurves } from "../../report/text/curves.js";
import { notKept } from "./not-kept.js";
import type { Output } from "./output.js";
import type { ProgressLine } from "./progress.js";

/** NumPy's way of writing a shape: `(32206, 80, 60, 1)`, `(32206,)`. */
const showTuple = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;

/** Shows how far loading is, folder by folder. */
export function loadingLines(output: Output): NonNullable<LoadDataOptions["onProgress"]> {
  let line: ProgressLine | undefined;
  return (folder, done, total) => {
    line ??= output.progress(`Loading ${folder}`);
    line.update(done, total, "images");
    if (done < total) return;
    line.end(`Loaded ${whole(total)} images of ${folder} in ${duration(line.seconds)}`);
    line = undefined;
  };
}

/** Loads what a plan or a recipe wants and tells of it. */
export async function loadAndTell(
  output: Output,
  paths: DataPaths,
  { preprocessing, split, data: recorded }: Pick<Plan, "preprocessing" | "split"> & Partial<Pick<Recipe, "data">>,
  options: Pick<LoadDataOptions, "skipBad" | "threads" | "cache">,
): Promise<ExperimentData> {
  const { skipBad, threads, cache } = options;
  const onProgress = loadingLines(output);
  const onNotKept = (folder: string, why: TooLarge): void =>
    output.warn(notKept(`the decoded images of ${folder}`, why));
  const loading = { onProgress, onNotKept, ...defined({ recorded, skipBad, threads, cache }) };
  const data = await loadData(paths, preprocessing, split, loading);
  tellData(output, data);
  return data;
}

/** All that is to be known before training: a hint as well where the recipe leaves uneven classes as they are. */
export function tellRecipe(output: Output, recipe: Recipe, data: ExperimentData): void {
  for (const warning of dataWarnings(recipe, data)) output.warn(warning);
}

/** What was loaded and how it is split. */
function tellData(output: Output, data: ExperimentData): void {
  const { folders, classNames, parts, notes } = data;
  output.say();
  for (const folder of [folders.train, folders.validation, folders.test])
    if (folder !== undefined) {
      const { x, y, skipped } = folder.images;
      output.say(`${folder.name}: X=${showTuple(x.shape)}, y=${showTuple(y.shape)}`);
      for (const { path, reason } of skipped) output.warn(`left out ${folder.path}/${path}: ${reason}`);
    }
  output.say(`${whole(classNames.length)} classes: ${classNames.map(singleLine).join(" ")}`);
  for (const note of notes) output.say(`${note[0]!.toUpperCase()}${note.slice(1)}.`);
  output.say("Training, validation and test:");
  output.say(PART_NAMES.map((part) => shapesOf(parts[part])).join(" "));
  output.say();
  // Errors are for whoever makes a recipe to refuse.
  for (const finding of data.findings) if (finding.severity === "warning") output.warn(sentenceOf(finding));
}

const shapesOf = ({ images, rows }: Part): string =>
  `${showTuple([rows.length, ...images.x.shape.slice(1)])} ${showTuple([rows.length])}`;

/** Loss and metrics of each part, a line each, and what is right about always saying the commonest class. */
export function resultLines({ metrics }: Pick<Evaluated, "metrics">, data: ExperimentData): string {
  const classes = data.classNames.length;
  const { classIndex, accuracy } = baselineOf(data, classes);
  return PART_NAMES.map((part) =>
    [
      ...Object.entries(telling(metrics[part], classes)).map(
        ([key, value]) => `${PART_TITLES[part]} ${metricTitle(key, classes)}: ${metric(value)}`,
      ),
      baselineLine(`${PART_TITLES[part]} `, data.classNames[classIndex]!, accuracy[part]),
    ].join("\n"),
  ).join("\n\n");
}

/** The accuracy of always saying one class. */
export const baselineLine = (part: string, className: string, accuracy: number): string =>
  `${part}Accuracy of always saying ${className}: ${metric(accuracy)}`;

const FAILURES = 10;

/** Some mistakes as titles, `太 not 大 (87%)`, the most confident first. */
export function failureLines(data: ExperimentData, { evaluation }: Evaluated): string {
  const { test } = data.parts;
  const labels = labelsOf(test);
  const wrong = labels.reduce((sum, label, i) => sum + Number(label !== evaluation.predicted[i]), 0);
  const nameOf = (classIndex: number): string => singleLine(data.classNames[classIndex]!);
  if (wrong === 0) return `All ${whole(labels.length)} test images are classified correctly.`;
  const titles = failuresOf(test, evaluation, FAILURES).map(
    ({ trueClass, predictedClass, confidence }) =>
      `${nameOf(trueClass)} not ${nameOf(predictedClass)} (${(100 * confidence).toFixed(0)}%)`,
  );
  const which = wrong > titles.length ? `the ${titles.length} most confident of ` : "";
  return `Mistakes on the test images (${which}${whole(wrong)}):\n${rows(titles, 5)}`;
}

/** Texts side by side, so many to a line. */
function rows(texts: readonly string[], perLine: number): string {
  const lines: string[] = [];
  for (let i = 0; i < texts.length; i += perLine) lines.push(`  ${texts.slice(i, i + perLine).join("   ")}`);
  return lines.join("\n");
}

/** Accuracy and loss over the epochs as curves of text. */
export function curveLines(
  { history: { history }, bestEpoch }: Training,
  options: Pick<TextCurveOptions, "columns" | "color">,
): string {
  return ["accuracy", "loss"]
    .map((key) =>
      textCurves(
        [
          { name: "training", values: own(history, key) ?? [] },
          { name: "validation", values: history[`val_${key}`] ?? [] },
        ],
        { title: key, rows: 8, bestEpoch, ...options },
      ),
    )
    .join("\n\n");
}

/** How sure the model was where it was right and where it was wrong. */
export function confidenceLines({ evaluation }: Evaluated, columns: number): string {
  const { right, wrong } = splitConfidence(evaluation);
  const bars = (values: readonly number[]): string => textHistogram(histogram(values, 10, [0, 1]), columns);
  const all = whole(right.length + wrong.length);
  return [
    `Confidence where the model is right, ${whole(right.length)} of ${all} images`,
    bars(right),
    `Confidence where it is wrong, ${whole(wrong.length)} of ${all} images`,
    bars(wrong),
  ].join("\n\n");
}

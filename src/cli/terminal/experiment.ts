// Data and results of an experiment in words, in the order in which they come up: what was loaded, how it was split,
// how good the model is on each part, and its mistakes.

import { defined } from "../../core/defined.js";
import { ownValue } from "../../core/lookup.js";
import { singleLine } from "../../core/text.js";
import { sentenceOf } from "../../data/index.js";
import {
  baselineOf,
  type DataPaths,
  type DataWish,
  type ExperimentData,
  type LoadDataOptions,
  loadData,
  namesOf,
  PART_NAMES,
  type Part,
} from "../../experiment/data/index.js";
import { findJournal } from "../../experiment/journal/index.js";
import { dataWishOf, type Plan } from "../../experiment/recipe/index.js";
import { dataWarnings, PART_TITLES } from "../../experiment/run/index.js";
import { taskOf } from "../../experiment/tasks/index.js";
import type { Evaluated, Training } from "../../experiment/training/index.js";
import { isOfTable, type Recipe } from "../../formats/run/recipe.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { TooLarge } from "../../platform/cache.js";
import { splitConfidence } from "../../report/evaluation.js";
import { duration, metric, whole } from "../../report/format.js";
import { histogram } from "../../report/histogram.js";
import { textHistogram } from "../../report/text/bars.js";
import { type TextCurveOptions, textCurves } from "../../report/text/curves.js";
import { notKept } from "./not-kept.js";
import type { Output } from "./output.js";
import type { ProgressLine } from "./progress.js";
import { trustLines } from "./trust.js";

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
  {
    preprocessing,
    split,
    data: recorded,
    task,
    columns,
  }: Pick<Plan, "preprocessing" | "split"> & Partial<Pick<Recipe, "data" | "task" | "columns">>,
  options: DataWish & Pick<LoadDataOptions, "skipBad" | "threads" | "cache" | "memory" | "batchSize">,
): Promise<ExperimentData> {
  const { skipBad, threads, cache, memory, batchSize, target, exposure } = options;
  const onProgress = loadingLines(output);
  // A recipe says which columns its targets come from.
  const wish =
    task === undefined
      ? { task: options.task, target, exposure, columns: columns ?? options.columns }
      : dataWishOf({ task, columns });
  const onNotKept = (folder: string, why: TooLarge): void =>
    output.warn(notKept(`the decoded images of ${folder}`, why));
  // Rows of a table are corrected in the table.
  const journal = isOfTable(preprocessing) ? undefined : await findJournal(paths);
  const loading = {
    onProgress,
    onNotKept,
    ...defined({ ...wish }),
    ...defined({ recorded, journal, skipBad, threads, cache, memory, batchSize }),
  };
  const data = await loadData(paths, preprocessing, split, loading);
  tellData(output, data);
  return data;
}

/** All that is to be known before training: a hint as well where the recipe leaves uneven classes as they are. */
export function tellRecipe(output: Output, recipe: Recipe, data: ExperimentData): void {
  for (const warning of dataWarnings(recipe, data)) output.warn(warning);
}

/** Tells of the data that were loaded, and of their parts. */
function tellData(output: Output, data: ExperimentData): void {
  const { folders, parts, notes } = data;
  output.say();
  for (const folder of [folders.train, folders.validation, folders.test])
    if (folder !== undefined) {
      const { x, files, skipped } = folder.samples;
      const y = taskOf(data).targetType(folder.targets).shape;
      output.say(`${folder.name}: X=${showTuple([files.length, ...x.shape])}, y=${showTuple([files.length, ...y])}`);
      for (const { path, reason } of skipped) output.warn(`left out ${folder.path}/${path}: ${reason}`);
    }
  const names = namesOf(parts.train.targets);
  const [noun, nouns] = taskOf(data).nouns;
  const between = names.some((name) => name.includes(" ")) ? ", " : " ";
  const { targets } = parts.train;
  // Identities may be people, and many: their number is enough.
  const isOpenSet = targets.kind === "classes" && targets.areIdentities === true;
  const listed = isOpenSet ? " of the training images' source" : `: ${names.map(singleLine).join(between)}`;
  output.say(`${whole(names.length)} ${names.length === 1 ? noun : nouns}${listed}`);
  for (const note of notes) output.say(`${note[0]!.toUpperCase()}${note.slice(1)}.`);
  output.say("Training, validation and test:");
  output.say(PART_NAMES.map((part) => shapesOf(parts[part])).join(" "));
  output.say();
  // Errors are for whoever makes a recipe to refuse.
  for (const finding of data.findings) if (finding.severity === "warning") output.warn(sentenceOf(finding));
}

const shapesOf = ({ samples, rows }: Part): string =>
  `${showTuple([rows.length, ...samples.x.shape])} ${showTuple([rows.length])}`;

/** Loss and metrics of each part, a line each, and the figure of the best answer without a look at images. */
export function resultLines(
  { metrics, task, intervals, trust }: Pick<Evaluated, "metrics" | "task" | "intervals" | "trust">,
  data: ExperimentData,
): string {
  const baseline = baselineOf(data, task);
  const [, nouns] = data.folders.train.samples.nouns;
  const trusted = trustLines(defined({ trust }), nouns).join("\n");
  const parts = PART_NAMES.map((part) =>
    [
      ...metricLines(metrics[part], task, `${PART_TITLES[part]} `, part === "test" ? intervals : {}),
      ...(baseline === undefined
        ? []
        : [`${PART_TITLES[part]} ${singleLine(baseline.title)}: ${metric(baseline.figures[part])}`]),
    ].join("\n"),
  );
  return [...parts, ...(trusted === "" ? [] : [trusted])].join("\n\n");
}

/**
 * Metrics under the names that people read, a line each.
 * @param intervals intervals of 95 % of some of them, which stand behind
 */
export function metricLines(
  metrics: Readonly<Record<string, number>>,
  task: TaskFacts,
  before = "",
  intervals: Evaluated["intervals"] = {},
): string[] {
  const record = taskOf(task);
  const monitors = record.monitors(task);
  return Object.entries(record.informative(metrics, task)).map(
    ([key, value]) =>
      `${before}${monitors.find((monitor) => monitor.key === key)?.title ?? titled(key)}: ${metric(value)}` +
      range(intervals[key]),
  );
}

/** An interval behind its figure. */
const range = (interval: readonly [low: number, high: number] | undefined): string =>
  interval === undefined ? "" : ` (95 % interval ${metric(interval[0])} to ${metric(interval[1])})`;

/** A key without a title of its own: `D2 price` for `d2_price`. */
const titled = (key: string): string =>
  key
    .split("_")
    .map((word) => (word === "" ? "" : word[0]!.toUpperCase() + word.slice(1)))
    .join(" ");

/** The accuracy of always saying one class. */
export const baselineLine = (part: string, className: string, accuracy: number): string =>
  `${part}Accuracy of always saying ${singleLine(className)}: ${metric(accuracy)}`;

const FAILURES = 10;

/**
 * Some of the worst answers as titles, `太 not 大 (87%)`, the worst first.
 * @param images words for what was judged, default `test images`
 * @param part the samples that were judged, whose names stand beside titles that have a line each
 */
export function failureLines(
  { task, loss, outcome }: Pick<Evaluated, "task" | "loss" | "outcome">,
  images = "test images",
  part?: Part,
): string {
  const record = taskOf(task);
  const worst = record.worst(outcome, task, { loss }, FAILURES);
  const title = record.worstTitle(outcome, task, { loss }, worst.length, images);
  return worst.length === 0
    ? title
    : `${title}\n${rows(
        worst.map(({ title, at, beside }) =>
          part === undefined || record.worstPerLine > 1
            ? title
            : `${title} (${[at, ...(beside === undefined ? [] : [beside])]
                .map((row) => singleLine(part.samples.files[part.rows[row]!]!))
                .join(" and ")})`,
        ),
        record.worstPerLine,
      )}`;
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
          { name: "training", values: ownValue(history, key) ?? [] },
          { name: "validation", values: history[`val_${key}`] ?? [] },
        ],
        { title: key, rows: 8, bestEpoch, ...options },
      ),
    )
    .join("\n\n");
}

/** Histograms of confidence where the model was right and where it was wrong. */
export function confidenceLines({ outcome }: Evaluated, columns: number): string {
  if (!("confidence" in outcome)) return "";
  const { right, wrong } = splitConfidence(outcome);
  const bars = (values: readonly number[]): string => textHistogram(histogram(values, 10, [0, 1]), columns);
  const all = whole(right.length + wrong.length);
  return [
    `Confidence where the model is right, ${whole(right.length)} of ${all} images`,
    bars(right),
    `Confidence where it is wrong, ${whole(wrong.length)} of ${all} images`,
    bars(wrong),
  ].join("\n\n");
}

// The facts of a finished run, which its report shows: taken from recipe, data, model and results. Drawing them is
// the report room's business.

import { defined } from "../../core/defined.js";
import { VERSION } from "../../core/version.js";
import { COLOR_MODES, type ImageDataset, resizeImage, sentenceOf } from "../../data/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { outputNamesOf } from "../../formats/run/task.js";
import { commandPrefix } from "../../platform/invocation.js";
import { baseName } from "../../platform/paths.js";
import { decisionsIn, failureList } from "../../report/evaluation.js";
import type {
  ClassificationFacts,
  EvaluationFacts,
  FailureFacts,
  ImageFacts,
  MetricsFacts,
  RunFacts,
  SampleFacts,
  SplitFacts,
} from "../../report/facts.js";
import { metric, whole } from "../../report/format.js";
import { baselineOf } from "../data/baseline.js";
import {
  areImages,
  type ExperimentData,
  type LoadedFolder,
  PART_NAMES,
  type Part,
  type PartName,
} from "../data/experiment-data.js";
import { allRows, countsOf, folderOfPart, namesOf } from "../data/parts.js";
import type { ImageSamples, Samples } from "../data/sample-set.js";
import { unevenHint } from "../data/weights.js";
import { modelFacts } from "../models/facts.js";
import { replayCode } from "../recipe/replay-code.js";
import { slicesOfPart } from "../slices/index.js";
import { taskOf } from "../tasks/index.js";
import type { Evaluated, Training } from "../training/train.js";
import { recipeRows } from "./recipe-rows.js";

/** Names of the parts in tables. */
export const PART_TITLES: Readonly<Record<PartName, string>> = {
  train: "Train",
  validation: "Validation",
  test: "Test",
};

const SAMPLES = 10;
const FAILURES = 200;
/** The longer side in pixels of a mistake's image: pages show 132 of them, and hundreds of photos would be large. */
const LONGEST_FAILURE = 160;
/** Validation this much better than test deserves a warning. */
const OPTIMISM = 0.02;

/** Everything that the report of the run in folder `path` shows. */
export async function runFacts(
  path: string,
  recipe: Recipe,
  data: ExperimentData,
  { model, history, bestEpoch, seconds, weightsSha256, warnings = [] }: Training,
  { metrics, task, loss, outcome, intervals, trust }: Evaluated,
): Promise<RunFacts> {
  const record = taskOf(task);
  const baseline = baselineOf(data, task);
  const { test } = data.parts;
  const against = { loss, baseline: baseline?.answer };
  const evaluation = await withImages(test, (imageOf) =>
    record.evaluationFacts(PART_TITLES.test, outcome, task, against, imageOf),
  );
  const decisions = decisionsIn(evaluation);
  return {
    name: baseName(path),
    createdBy: `Fovea ${VERSION}`,
    classNames: data.parts.train.targets.kind === "numbers" ? [] : outputNamesOf(task),
    recipe: recipeRows(recipe),
    splits: foldersOf(data).map(splitFacts),
    samples: await samplesOf(data.parts.train),
    model: modelFacts(model),
    history: history.history,
    bestEpoch,
    monitor: recipe.training.monitor,
    metrics: PART_NAMES.map(
      (part): MetricsFacts => ({
        split: PART_TITLES[part],
        values: record.informative(metrics[part], task),
        ...(baseline?.classIndex === undefined ? {} : { baseline: baseline.figures[part] }),
        ...(part === "test" && { intervals: record.informative(intervals, task) }),
      }),
    ),
    ...defined({ commonestClass: baseline?.classIndex, trust: trust?.report }),
    evaluation,
    ...(await testSlices(data, outcome, task)),
    failures: decisions === undefined ? [] : await failuresOf(test, decisions),
    warnings: [...dataWarnings(recipe, data), ...warnings, ...warningsOf(recipe, data, metrics)],
    hashes: [
      { label: "weights_sha256", value: weightsSha256 },
      ...foldersOf(data).map(({ name, samples }) => ({ label: `${name} sha256`, value: samples.contentHash })),
    ],
    seconds: seconds.reduce((sum, epoch) => sum + epoch, 0),
    replay: {
      command: `${commandPrefix()} replay ${path}`,
      code: replayCode(recipe, { skipBad: skippedOf(data) > 0 }),
    },
  };
}

const foldersOf = ({ folders }: ExperimentData): LoadedFolder[] => PART_NAMES.flatMap((part) => folders[part] ?? []);

/** Samples by class, label or number; of images sizes and colour modes of the files. */
function splitFacts({ name, samples, targets }: LoadedFolder): SplitFacts {
  const counts = countsOf(targets, allRows(samples));
  const looks = samples.kind === "images" ? looksOf(samples) : {};
  const facts = { name, counts: Array.from(counts ?? []), ...looks };
  if (targets.kind === "classes") return facts;
  if (targets.kind === "labels" || targets.kind === "masks" || targets.kind === "boxes")
    return { ...facts, images: samples.files.length };
  const width = targets.names.length;
  const columns = targets.names.map((target, at) => ({
    name: target,
    values: samples.files.map((_, row) => targets.values[row * width + at]!),
  }));
  return { ...facts, images: samples.files.length, targets: columns };
}

/** Sizes and colour modes of image files. */
function looksOf({ heights, widths, modes }: ImageSamples): Pick<SplitFacts, "heights" | "widths" | "modes"> {
  const perMode = COLOR_MODES.map((mode, index) => ({ mode, count: modes.filter((entry) => entry === index).length }));
  return { heights, widths, modes: perMode.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count) };
}

/** Slices of the test images. */
async function testSlices(
  data: ExperimentData,
  outcome: Evaluated["outcome"],
  task: Evaluated["task"],
): Promise<Pick<RunFacts, "slices">> {
  if (!areImages(data)) return {};
  const { folders, parts } = data;
  const folder = folderOfPart(folders, parts.test);
  return folder === undefined ? {} : { slices: await slicesOfPart(folder, parts.test, outcome, task) };
}

/** Facts of an evaluation, made twice: once to learn which images they show, once with these. */
async function withImages(
  { samples, rows }: Part,
  make: (imageOf: (at: number) => { readonly image?: ImageFacts; readonly file?: string }) => EvaluationFacts,
): Promise<EvaluationFacts> {
  const shown = new Set<number>();
  const facts = make((at) => {
    shown.add(at);
    return {};
  });
  if (shown.size === 0) return facts;
  const known = new Map<number, { readonly image?: ImageFacts; readonly file: string }>();
  for (const at of shown) {
    const row = rows[at]!;
    known.set(at, { ...(await thumbnail(samples, row)), file: samples.files[row]! });
  }
  return make((at) => known.get(at) ?? {});
}

/** A small image of a sample that is one. */
const thumbnail = async (samples: Samples, row: number): Promise<{ readonly image?: ImageFacts }> =>
  samples.kind === "images" ? { image: within(LONGEST_FAILURE, await imageFacts(samples, row)) } : {};

/** An image as the model sees it. */
async function imageFacts({ images }: Pick<ImageDataset, "images">, row: number): Promise<ImageFacts> {
  const [height, width, channels] = images.shape;
  return { height, width, channels, data: (await images.rows(Int32Array.of(row))).data };
}

/** The first image of each of some classes or labels, spread over all of them; of numbers images from low to high. */
async function samplesOf({ samples: images, rows, targets }: Part): Promise<SampleFacts[]> {
  if (images.kind !== "images") return [];
  const samples: SampleFacts[] = [];
  if (targets.kind === "numbers") {
    const width = targets.names.length;
    const value = (row: number): number => targets.values[row * width]!;
    const sorted = Array.from(rows).sort((a, b) => value(a) - value(b) || a - b);
    const wanted = Math.min(SAMPLES, sorted.length);
    for (let n = 0; n < wanted; n++) {
      const row = sorted[Math.floor(((n + 0.5) * sorted.length) / wanted)]!;
      samples.push({
        classIndex: 0,
        path: `${targets.names[0]} ${metric(value(row))}`,
        image: await imageFacts(images, row),
      });
    }
    return samples;
  }
  const names = namesOf(targets);
  const has = (row: number, index: number): boolean =>
    targets.kind === "classes" ? targets.indices[row] === index : targets.values[row * names.length + index] === 1;
  const wanted = Math.min(SAMPLES, names.length);
  for (let n = 0; n < wanted; n++) {
    const classIndex = Math.floor((n * names.length) / wanted);
    const row = rows.find((candidate) => has(candidate, classIndex));
    const path = targets.kind === "classes" && targets.areIdentities ? { path: names[classIndex]! } : {};
    if (row !== undefined) samples.push({ classIndex, ...path, image: await imageFacts(images, row) });
  }
  return samples;
}

/** An image no larger than `longest`, its aspect kept; one that is small enough stays as it is. */
function within(longest: number, image: ImageFacts): ImageFacts {
  const scale = longest / Math.max(image.height, image.width);
  if (scale >= 1) return image;
  const [height, width] = [image.height, image.width].map((side) => Math.max(1, Math.round(side * scale)));
  return resizeImage(image, height!, width!, "lanczos");
}

/**
 * Wrong decisions of a classifier, the most confident first, with small images and file names.
 * @param part images that it was asked about
 * @param evaluation numbers of true and predicted classes and the confidence of each image, in the part's order
 * @param limit largest number of decisions. Default 200
 */
export async function failuresOf(
  { samples, rows }: Part,
  evaluation: Pick<ClassificationFacts, "labels" | "predicted" | "confidence">,
  limit = FAILURES,
): Promise<FailureFacts[]> {
  const { labels, predicted, confidence } = evaluation;
  const failures: FailureFacts[] = [];
  for (const at of failureList(evaluation, limit))
    failures.push({
      trueClass: labels[at]!,
      predictedClass: predicted[at]!,
      confidence: confidence[at]!,
      ...(await thumbnail(samples, rows[at]!)),
      file: samples.files[rows[at]!]!,
    });
  return failures;
}

/** Number of images that were left out. */
const skippedOf = (data: ExperimentData): number =>
  foldersOf(data).reduce((sum, { samples }) => sum + samples.skipped.length, 0);

/**
 * Warnings about the images that are known before training: findings, and a hint at uneven classes.
 * @param recipe recipe of the training
 * @param data images, or the table, that it trains on
 * @returns sentences, none where nothing was found
 */
export function dataWarnings(recipe: Recipe, data: ExperimentData): string[] {
  const hint = unevenHint(recipe, data);
  return [...data.findings.map(sentenceOf), ...(hint === undefined ? [] : [hint])];
}

function warningsOf(recipe: Recipe, data: ExperimentData, metrics: Evaluated["metrics"]): string[] {
  const skipped = skippedOf(data);
  const gain = (metrics.validation.accuracy ?? 0) - (metrics.test.accuracy ?? 0);
  return [
    ...(skipped === 0 ? [] : [`Left out because they cannot be decoded: ${whole(skipped)} of the images.`]),
    ...(data.folders.test === undefined || gain < OPTIMISM
      ? []
      : [
          `Validation beats Test by ${(100 * gain).toFixed(1)} points: what makes the images of Test different ` +
            "(other writers, other cameras, other days) is not in the validation images.",
        ]),
    ...(recipe.mode === "fast" ? ['Trained in mode "fast": another machine may come to other bits than these.'] : []),
  ];
}

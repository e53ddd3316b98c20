// The facts of a finished run, which its report shows: taken from recipe, data, model and results. Drawing them is
// the report room's business.
import { VERSION } from "../../core/version.js";
import { COLOR_MODES, type ImageDataset, resizeImage, sentenceOf } from "../../data/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { commandPrefix } from "../../platform/invocation.js";
import { baseName } from "../../platform/paths.js";
import { failureList } from "../../report/evaluation.js";
import type {
  FactRow,
  FailureFacts,
  ImageFacts,
  MetricsFacts,
  RunFacts,
  SampleFacts,
  SplitFacts,
} from "../../report/facts.js";
import { whole } from "../../report/format.js";
import { baselineOf } from "../data/baseline.js";
import {
  type ExperimentData,
  type LoadedFolder,
  PART_NAMES,
  type Part,
  type PartName,
} from "../data/experiment-data.js";
import { unevenHint } from "../data/weights.js";
import { modelFacts } from "../models/facts.js";
import { modelName } from "../recipe/recipe.js";
import { replayCode } from "../recipe/replay-code.js";
import { telling } from "../tasks/metric-names.js";
import type { Evaluated, Training } from "../training/train.js";

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
export function runFacts(
  path: string,
  recipe: Recipe,
  data: ExperimentData,
  { model, history, bestEpoch, seconds, weightsSha256, warnings = [] }: Training,
  { metrics, evaluation }: Evaluated,
): RunFacts {
  const baseline = baselineOf(data, data.classNames.length);
  return {
    name: baseName(path),
    createdBy: `Fovea ${VERSION}`,
    classNames: data.classNames,
    recipe: recipeRows(recipe),
    splits: foldersOf(data).map(splitFacts),
    samples: samplesOf(data.parts.train, data.classNames.length),
    model: modelFacts(model),
    history: history.history,
    bestEpoch,
    monitor: recipe.training.monitor,
    metrics: PART_NAMES.map(
      (part): MetricsFacts => ({
        split: PART_TITLES[part],
        values: telling(metrics[part], data.classNames.length),
        baseline: baseline.accuracy[part],
      }),
    ),
    commonestClass: baseline.classIndex,
    evaluation,
    failures: failuresOf(data.parts.test, evaluation),
    warnings: [...dataWarnings(recipe, data), ...warnings, ...warningsOf(recipe, data, metrics)],
    hashes: [
      { label: "weights_sha256", value: weightsSha256 },
      ...foldersOf(data).map(({ name, images }) => ({ label: `${name} sha256`, value: images.contentHash })),
    ],
    seconds: seconds.reduce((sum, one) => sum + one, 0),
    replay: {
      command: `${commandPrefix()} replay ${path}`,
      code: replayCode(recipe, { skipBad: skippedOf(data) > 0 }),
    },
  };
}

const foldersOf = ({ folders }: ExperimentData): LoadedFolder[] => PART_NAMES.flatMap((part) => folders[part] ?? []);

/** Rows on a model: its name, or for a transfer its base, features, variants and fine-tuning. */
function modelRows(recipe: Pick<Recipe, "model" | "transfer">): FactRow[] {
  const { transfer } = recipe;
  if (transfer === undefined) return [{ label: "Model", value: modelName(recipe) }];
  const { weights, augmentation, variants, engine, fineTune } = transfer;
  const tuned = fineTune && `${fineTune.layers === "all" ? "all" : `the last ${fineTune.layers}`} layers`;
  return [
    { label: "Base", value: `${modelName(recipe)}, weights ${weights.sha256.slice(0, 12)}` },
    ...(engine === undefined ? [] : [{ label: "Features by", value: `${engine.name} ${engine.version}` }]),
    ...(variants === 0 ? [] : [{ label: "Variants", value: `${variants} of each training image, ${augmentation}` }]),
    {
      label: "Fine-tuning",
      value: fineTune ? `${tuned} at ${fineTune.learningRate}, at most ${fineTune.epochs} epochs` : "none",
    },
  ];
}

function recipeRows({ data, preprocessing, split, training, seed, mode, ...recipe }: Recipe): FactRow[] {
  const { imageSize, color, interpolation, orientation } = preprocessing;
  const upright = orientation === undefined ? ", as stored" : ", upright by EXIF";
  const held = [
    data.validation === undefined ? `${split.validation} for validation` : `validation in ${data.validation.path}`,
    data.test === undefined ? `${split.test ?? split.validation} for testing` : `test in ${data.test.path}`,
  ];
  const isCut = data.validation === undefined || data.test === undefined;
  const { classWeight, sampleWeight } = training;
  const named = (form: Recipe["training"]["loss"]): string => (typeof form === "string" ? form : form.class_name);
  const config = typeof training.loss === "string" ? {} : training.loss.config;
  return [
    { label: "Data", value: `${data.train.path}, ${recipe.classNames.length} classes` },
    { label: "Images", value: `${imageSize.join(" × ")}, ${color}, ${interpolation}${upright}` },
    {
      label: "Split",
      value: `${held.join(", ")}${isCut ? `, random state ${split.seed}` : ""}${split.stratify ? ", stratified" : ""}`,
    },
    ...modelRows(recipe),
    { label: "Optimizer", value: named(training.optimizer) },
    { label: "Loss", value: named(training.loss) + (config.from_logits === true ? " from logits" : "") },
    ...(classWeight === undefined
      ? []
      : [
          {
            label: "Class weights",
            value: recipe.classNames.map((name, k) => `${name} ${rounded(classWeight[k]!)}`).join(", "),
          },
        ]),
    ...(sampleWeight === undefined
      ? []
      : [{ label: "Image weights", value: `${sampleWeight.path}, hash ${sampleWeight.sha256.slice(0, 12)}` }]),
    { label: "Batches", value: `${training.batchSize} images, at most ${training.epochs} epochs` },
    {
      label: "Early stopping",
      value: `${training.monitor}, ${training.patience === null ? "never" : `patience ${training.patience}`}, best weights restored`,
    },
    { label: "Seed", value: String(seed) },
    { label: "Mode", value: mode },
  ];
}

const rounded = (weight: number): string => String(Number(weight.toPrecision(4)));

/** Classes by their images, with sizes and colour modes of the files. */
function splitFacts({ name, images }: LoadedFolder): SplitFacts {
  const { y, classNames, heights, widths, modes } = images;
  const counts = new Array<number>(classNames.length).fill(0);
  for (const label of y.data) counts[label]! += 1;
  const perMode = COLOR_MODES.map((mode, index) => ({ mode, count: modes.filter((one) => one === index).length }));
  const occurring = perMode.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  return { name, counts, heights, widths, modes: occurring };
}

/** An image as the model sees it. */
export function imageFacts({ x }: ImageDataset, row: number): ImageFacts {
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const size = height * width * channels;
  return { height, width, channels, data: x.data.slice(row * size, (row + 1) * size) };
}

/** The first image of each of some classes, spread over all of them. */
function samplesOf({ images, rows }: Part, classes: number): SampleFacts[] {
  const wanted = Math.min(SAMPLES, classes);
  return Array.from({ length: wanted }, (_, n) => Math.floor((n * classes) / wanted)).flatMap((classIndex) => {
    const row = rows.find((one) => images.y.data[one] === classIndex);
    return row === undefined ? [] : { classIndex, image: imageFacts(images, row) };
  });
}

/** An image no larger than `longest`, its aspect kept; one that is small enough stays as it is. */
function within(longest: number, image: ImageFacts): ImageFacts {
  const scale = longest / Math.max(image.height, image.width);
  if (scale >= 1) return image;
  const [height, width] = [image.height, image.width].map((side) => Math.max(1, Math.round(side * scale)));
  return resizeImage(image, height!, width!, "lanczos");
}

/** Wrong decisions, the most confident first, with small images and file names. */
export function failuresOf(
  { images, rows }: Part,
  evaluation: Evaluated["evaluation"],
  limit = FAILURES,
): FailureFacts[] {
  const { labels, predicted, confidence } = evaluation;
  return failureList(evaluation, limit).map((at) => ({
    trueClass: labels[at]!,
    predictedClass: predicted[at]!,
    confidence: confidence[at]!,
    image: within(LONGEST_FAILURE, imageFacts(images, rows[at]!)),
    file: images.files[rows[at]!]!,
  }));
}

/** Number of images that were left out. */
const skippedOf = (data: ExperimentData): number =>
  foldersOf(data).reduce((sum, { images }) => sum + images.skipped.length, 0);

/** Warnings about the images that are known before training: findings, and a hint at uneven classes. */
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

// `fovea evaluate`: how good a model is on a folder of images: loss and metrics, class by class, and what it mixes up.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { copyFindings, type Finding, isTable, sentenceOf } from "../../data/index.js";
import {
  baselineFor,
  type ClassOutcome,
  decide,
  findData,
  namesOf,
  type OpenedModel,
  type OpenOptions,
  type Outcome,
  openAny,
  openClassifier,
  openModel,
  type Part,
  partFor,
  RUN_FILES,
  readRunImages,
  seenFindings,
  sourceOf,
  type TaskFacts,
  type TrainedModel,
  tablePartFor,
  taskOf,
  unjudgedClasses,
} from "../../experiment/index.js";
import { confusionMatrix } from "../../nn/metrics/index.js";
import { exists, readText } from "../../platform/files.js";
import { joinPath, parentFolder } from "../../platform/paths.js";
import { perClassTable } from "../../report/evaluation.js";
import { whole } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { addForeignOptions, type ForeignOptions } from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, memoryOption, wholeNumber } from "../options.js";
import { baselineLine, failureLines, loadingLines, metricLines } from "../terminal/experiment.js";
import { notKept } from "../terminal/not-kept.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions, ForeignOptions {
  readonly batchSize: number;
  readonly skipBad?: true;
  readonly memory?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Says how good a model is on a folder of images: loss, accuracy and top-5 accuracy, precision and recall of " +
        "each class, and the classes that it takes for one another. Of a folder with splits, Test is taken, or else the " +
        "validation images.",
    )
    .argument("<model>", "a model file (.keras, .h5, .onnx, model.json) or the folder of a run or export")
    .argument("<dir>", "one folder per class, named as the model's classes; or a folder with Test or val in it")
    .option("--batch-size <N>", "images at a time", wholeNumber(1), 128)
    .option("--skip-bad", "leave out images that cannot be decoded, instead of stopping")
    .addOption(memoryOption());
  addForeignOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea evaluate runs/photos-cnn-1 photos
  fovea evaluate model.keras photos/Train --json | jq .accuracy`,
    )
    .action(run);
}

async function run(path: string, dir: string, options: Options): Promise<void> {
  const output = new Output(options);
  const { threads, batchSize, memory, skipBad = false, rescale, labels, imageSize } = options;
  const threading = defined({ threads });
  const opening = { compile: "objective", ...defined({ threads, rescale, labels, imageSize }) } as const;
  const ofRows = await isTable(dir);
  const trained = ofRows ? await openAny(path, opening) : await openJudged(path, opening);
  for (const warning of trained.warnings) output.warn(warning);
  const { model } = trained;
  const { test, validation, train } = await findData(dir);
  const folder = test ?? validation ?? train;
  if (test === undefined && validation !== undefined)
    output.say(`There is no Test folder: the images of ${folder} are judged, which is for validation.`);
  const loading = loadingLines(output);
  const { part, task, notes } =
    isOfImages(trained) && !ofRows
      ? await partFor(trained, folder, {
          ...threading,
          ...defined({ memory }),
          skipBad,
          batchSize,
          onProgress: (done, total) => loading(folder, done, total),
          onNotKept: (why) => output.warn(notKept(`the decoded images of ${folder}`, why)),
        })
      : await tablePartFor(trained, dir);
  const { samples } = part;
  for (const note of notes) output.say(`${note}.`);
  for (const { path, reason } of samples.skipped) output.warn(`left out ${folder}/${path}: ${reason}`);
  const warnings = (await findingsFor(trained, part)).map(sentenceOf);
  for (const warning of warnings) output.warn(warning);
  if (trained.task === undefined)
    output.warn(
      `${trained.file} does not name its classes, so its outputs are taken for the folders in their order: ` +
        `${listed(namesOf(part.targets))}; --labels FILE names them`,
    );
  if (!model.compiled) model.compile({ optimizer: "adam", ...taskOf(task).objective(model, task, {}) });
  const progress = output.progress("Evaluating");
  try {
    const results = await model.evaluate(sourceOf(part), {
      batchSize,
      onBatch: (done, total) => progress.update(done, total, samples.nouns[1]),
    });
    const outcome = await decide(model, task, part, batchSize);
    progress.end();
    const judged = { trained, folder, part, task, results, warnings };
    if (outcome.kind === "classification") answerClasses(output, judged, outcome);
    else answerOthers(output, judged, outcome);
  } finally {
    progress.end();
    await samples.close?.();
    await model.close();
  }
}

/** Tells a model of images from one of another input. */
const isOfImages = (opened: OpenedModel): opened is TrainedModel => opened.preprocessing !== undefined;

/** Opens a model of any task; of one that says nothing of it, a classifier. */
async function openJudged(path: string, options: OpenOptions): Promise<TrainedModel> {
  const opened = await openModel(path, options);
  if (opened.task !== undefined && opened.task.kind !== "classification") return opened;
  await opened.model.close();
  return openClassifier(path, { ...options, assumeClasses: true });
}

interface JudgedModel {
  readonly trained: OpenedModel;
  readonly folder: string;
  readonly part: Part;
  readonly task: TaskFacts;
  readonly results: Results;
  readonly warnings: readonly string[];
}

function answerClasses(output: Output, judged: JudgedModel, { labels, predicted }: ClassOutcome): void {
  const { trained, folder, part, task, results, warnings } = judged;
  const classNames = namesOf(part.targets);
  const confusion = confusionMatrix(labels, predicted, classNames.length);
  const baseline = baselineFor({ labels }, classNames.length, trained.facts?.classCounts);
  output.answer(
    { ...asJson(trained.file, folder, results, baseline, classNames, confusion), warnings },
    asText(folder, metricLines(results, task), baseline, classNames, confusion),
  );
}

/** Figures of a task whose answers are no classes. */
function answerOthers(output: Output, judged: JudgedModel, outcome: Outcome): void {
  const { trained, folder, part, task, results, warnings } = judged;
  const { objective } = trained.model.trainer;
  const figures = { ...results, ...taskOf(task).scores(outcome, task, { loss: objective[0]!.loss }) };
  const { rows, samples } = part;
  const [, nouns] = samples.nouns;
  output.answer(
    { model: trained.file, data: folder, task: task.kind, [nouns]: rows.length, ...figures, warnings },
    [
      `${whole(rows.length)} ${nouns} of ${folder}`,
      metricLines(figures, task).join("\n"),
      failureLines({ task, outcome }, nouns),
    ].join("\n\n"),
  );
}

/** Some names of a list that may be long. */
const listed = (names: readonly string[]): string =>
  names.length <= NAMED ? names.join(", ") : `${names.slice(0, NAMED - 1).join(", ")}, ..., ${names.at(-1)}`;
const NAMED = 6;

type Results = Readonly<Record<string, number>>;

type Baseline = ReturnType<typeof baselineFor>;

/** Findings that qualify the figures: images that the model has seen, and copies. */
async function findingsFor({ file, facts }: OpenedModel, part: Part): Promise<Finding[]> {
  const beside = joinPath(parentFolder(file), RUN_FILES.images);
  const known = (await exists(beside)) ? readRunImages(await readText(beside), facts?.weightsSha256) : undefined;
  const { samples, targets } = part;
  const { files, hashes } = samples;
  const named = { name: "evaluated", files, hashes: hashes ?? [] };
  const classes = targets.kind === "classes" && Array.from(targets.indices, (label) => targets.classNames[label]!);
  return [
    ...seenFindings(samples, known, facts?.recipe),
    ...(hashes === undefined ? [] : copyFindings([classes ? { ...named, classes } : named])),
    ...unjudgedClasses(part),
  ];
}

function asText(
  folder: string,
  metrics: readonly string[],
  { classIndex, accuracy, of }: Baseline,
  classNames: readonly string[],
  confusion: Int32Array,
): string {
  const classes = classNames.length;
  const scores = perClassTable(confusion, classes).filter(({ support }) => support > 0);
  const worst = [...scores].sort((a, b) => a.f1 - b.f1 || a.classIndex - b.classIndex);
  const images = scores.reduce((sum, { support }) => sum + support, 0);
  return [
    `${whole(images)} images of ${folder}`,
    [
      ...metrics,
      baselineLine("", classNames[classIndex]!, accuracy) +
        (of === "evaluated" ? ", the commonest class of these images" : ""),
    ].join("\n"),
    textTable(
      [
        { head: "class", most: 24 },
        ...["precision", "recall", "F1", "images"].map((head) => ({ head, align: "right" as const })),
      ],
      worst.map(({ classIndex, precision, recall, f1, support }) => [
        classNames[classIndex]!,
        ...[precision, recall, f1].map((value) => value.toFixed(3)),
        whole(support),
      ]),
    ),
    mixedUp(classNames, confusion),
  ].join("\n\n");
}

const LISTED = 15;

/** The most frequent confusions, a line each. */
function mixedUp(classNames: readonly string[], confusion: Int32Array): string {
  const classes = classNames.length;
  const wrong: { readonly count: number; readonly truth: number; readonly taken: number }[] = [];
  // Thousands of classes have millions of cells, nearly all of them 0.
  confusion.forEach((count, cell) => {
    const [truth, taken] = [Math.floor(cell / classes), cell % classes];
    if (count > 0 && truth !== taken) wrong.push({ count, truth, taken });
  });
  if (wrong.length === 0) return "No image is taken for another class.";
  const lines = wrong
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.taken - b.taken)
    .slice(0, LISTED)
    .map(({ count, truth, taken }) => [classNames[truth]!, classNames[taken]!, whole(count)]);
  return textTable([{ head: "true class" }, { head: "taken for" }, { head: "images", align: "right" }], lines);
}

function asJson(
  model: string,
  folder: string,
  results: Results,
  { classIndex, accuracy, of }: Baseline,
  classNames: readonly string[],
  confusion: Int32Array,
): object {
  const classes = classNames.length;
  return {
    model,
    data: folder,
    images: confusion.reduce((sum, count) => sum + count, 0),
    ...results,
    baseline: { class: classNames[classIndex]!, accuracy, commonest_of: of },
    classes: perClassTable(confusion, classes).map(({ classIndex, support, ...scores }) => ({
      class: classNames[classIndex]!,
      ...scores,
      images: support,
    })),
    confusion: Array.from({ length: classes }, (_, row) =>
      Array.from(confusion.subarray(row * classes, (row + 1) * classes)),
    ),
  };
}

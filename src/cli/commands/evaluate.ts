// `fovea evaluate`: how good a model is on images whose targets are known: loss and metrics, and what it gets wrong.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { copyFindings, type Finding, isTable, sentenceOf } from "../../data/index.js";
import { findData, namesOf, type Part, sourceOf, unjudgedClasses } from "../../experiment/data/index.js";
import { findJournal } from "../../experiment/journal/index.js";
import {
  calibratedOutcome,
  compileToJudge,
  detectorOutcome,
  type OpenedModel,
  openAnswering,
  openAny,
  partFor,
  type TrainedModel,
  tablePartFor,
} from "../../experiment/models/index.js";
import { RUN_FILES, readRunImages, seenFindings } from "../../experiment/run/index.js";
import { slicesOfPart } from "../../experiment/slices/index.js";
import { taskOf } from "../../experiment/tasks/index.js";
import { decideCalibrated } from "../../experiment/training/index.js";
import { groupErrorsOf } from "../../experiment/verification/index.js";
import type { TaskFacts } from "../../formats/run/task.js";
import { lossOf } from "../../nn/losses/index.js";
import { exists, readText } from "../../platform/files.js";
import { joinPath, parentFolder } from "../../platform/paths.js";
import {
  addDetectorOptions,
  addForeignOptions,
  checkDetecting,
  type DetectorOptions,
  detecting,
  type ForeignOptions,
  tellLeftOut,
} from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, memoryOption, wholeNumber } from "../options.js";
import { tellEvaluation } from "../terminal/evaluation.js";
import { loadingLines } from "../terminal/experiment.js";
import { notKept } from "../terminal/not-kept.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions, ForeignOptions, DetectorOptions {
  readonly batchSize: number;
  readonly skipBad?: true;
  readonly memory?: number;
  /** False for `--no-calibration`. */
  readonly calibration: boolean;
  readonly slices?: true;
  readonly fairness?: string;
  readonly groups?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Says how good a model is on images whose targets are known: loss and metrics, of classes and labels precision and " +
        "recall of each, and its most frequent confusions. Of data that are divided into parts, by folders or by a column split, the " +
        "test part is judged, or else the validation part.",
    )
    .argument("<model>", "a model file (.keras, .h5, .onnx, model.json) or the folder of a run or export")
    .argument(
      "<dir>",
      "one folder per class, named as the model's classes; a folder with Test or val in it; images with masks or annotations; or " +
        "a manifest with the model's columns",
    )
    .option("--batch-size <N>", "images at a time", wholeNumber(1), 128)
    .option("--skip-bad", "leave out images that cannot be decoded, instead of stopping")
    .option("--no-calibration", "leave probabilities as the model gives them")
    .option(
      "--slices",
      "also judge images that share a class, a column of the manifest, size, brightness, sharpness, camera or month, the worst first",
    )
    .option(
      "--fairness <column>",
      "column of the manifest with an attribute of people: demographic parity, equal opportunity, calibration within its groups (default: none)",
    )
    .option(
      "--groups <column>",
      "column of the manifest with groups of people: false acceptances and rejections of a verifier within each (default: none)",
    )
    .addOption(memoryOption());
  addForeignOptions(command);
  addDetectorOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea evaluate runs/photos-cnn-1 photos
  fovea evaluate model.keras photos/Train --json | jq .accuracy
  fovea evaluate runs/claims claims.csv --json | jq .d2
  fovea evaluate runs/claims claims.csv --slices --fairness region
  fovea evaluate runs/people people.csv --groups region
  fovea evaluate yolo11n.onnx street`,
    )
    .action(run);
}

async function run(path: string, dir: string, options: Options): Promise<void> {
  const output = new Output(options);
  const { threads, batchSize, memory, skipBad = false, rescale, labels, imageSize, fairness } = options;
  const threading = defined({ threads });
  const opening = { compile: "objective", ...defined({ threads, rescale, labels, imageSize }) } as const;
  const ofRows = await isTable(dir);
  const wantsSlices = options.slices === true || fairness !== undefined;
  if (wantsSlices && ofRows)
    throw new UsageError(
      `--${fairness === undefined ? "slices" : "fairness"} is about images, and ${dir} is a table; leave it out`,
    );
  if (options.groups !== undefined && ofRows)
    throw new UsageError(`--groups is about images, and ${dir} is a table; leave it out`);
  const trained = ofRows
    ? await openAny(path, opening)
    : await openAnswering(path, { ...opening, ...detecting(options), assumeClasses: true });
  await checkDetecting(trained, options);
  for (const warning of trained.warnings) output.warn(warning);
  const { model } = trained;
  const { test, validation, train } = await findData(dir, trained.task?.kind);
  const folder = test ?? validation ?? train;
  if (test === undefined && validation !== undefined)
    output.say(`There is no Test folder: the images of ${folder} are judged, which is for validation.`);
  const loading = loadingLines(output);
  const images =
    isOfImages(trained) && !ofRows
      ? await partFor(trained, folder, {
          ...threading,
          ...defined({ memory }),
          skipBad,
          batchSize,
          journal: await findJournal({ train: folder }),
          onProgress: (done, total) => loading(folder, done, total),
          onNotKept: (why) => output.warn(notKept(`the decoded images of ${folder}`, why)),
        })
      : undefined;
  const { part, task, notes } = images ?? (await tablePartFor(trained, dir));
  const { samples } = part;
  for (const note of notes) output.say(`${note}.`);
  for (const { path, reason } of samples.skipped) output.warn(`left out ${folder}/${path}: ${reason}`);
  const warnings = [...(images?.findings ?? []), ...(await findingsFor(trained, part))].map(sentenceOf);
  for (const warning of warnings) output.warn(warning);
  if (trained.task === undefined)
    output.warn(
      `${trained.file} does not name its classes, so its outputs are taken for the folders in their order: ` +
        `${listed(namesOf(part.targets))}; --labels FILE names them`,
    );
  const progress = output.progress("Evaluating");
  try {
    const judged = await judge(trained, part, task, options, (done, total) =>
      progress.update(done, total, samples.nouns[1]),
    );
    const { outcome } = judged;
    const slices =
      images && wantsSlices
        ? await slicesOfPart(
            images.folder,
            images.part,
            fairness === undefined ? outcome : await calibratedOutcome(trained, part, outcome, batchSize),
            task,
            defined({ fairness, threads }),
          )
        : undefined;
    const groups =
      images && options.groups !== undefined
        ? groupErrorsOf(outcome, task, images.folder, images.part, options.groups)
        : undefined;
    progress.end();
    tellLeftOut(trained, output);
    tellEvaluation(output, {
      ...defined({ groups }),
      trained,
      folder,
      part,
      task,
      warnings,
      slices,
      ...judged,
    });
  } finally {
    progress.end();
    await samples.close?.();
    await model.close();
  }
}

/** Figures of a model and its answers about a part. Boxes of a detector from elsewhere have no loss. */
async function judge(
  trained: OpenedModel,
  part: Part,
  task: TaskFacts,
  { batchSize, calibration }: Pick<Options, "batchSize" | "calibration">,
  onBatch: (done: number, total: number) => void,
) {
  const { model } = trained;
  const boxes = await detectorOutcome(trained, part, batchSize, onBatch);
  if (boxes !== undefined) {
    const { loss } = taskOf(task).objective(model, task, {});
    return { results: {}, loss: lossOf(loss), outcome: boxes, calibration: undefined };
  }
  compileToJudge(trained, task);
  const isWhole = taskOf(task).wholeFigures !== undefined;
  const results = isWhole ? {} : await model.evaluate(sourceOf(part), { batchSize, onBatch });
  const opened = calibration ? trained : { model, facts: undefined };
  const { loss } = model.trainer.objective[0]!;
  return { results, loss, ...(await decideCalibrated(opened, task, part, batchSize)) };
}

/** Tells a model of images from one of another input. */
const isOfImages = (opened: OpenedModel): opened is TrainedModel => opened.preprocessing !== undefined;

/** Findings that qualify the figures: images that the model has seen, and copies. */
async function findingsFor({ file, facts }: OpenedModel, part: Part): Promise<Finding[]> {
  const beside = joinPath(parentFolder(file), RUN_FILES.images);
  const known = (await exists(beside)) ? readRunImages(await readText(beside), facts?.weightsSha256) : undefined;
  const { samples, targets, rows } = part;
  const at = <T>(values: ArrayLike<T>): T[] => Array.from(rows, (row) => values[row]!);
  const files = at(samples.files);
  const hashes = samples.hashes && at(samples.hashes);
  // A hash of the whole source says nothing about a part of it.
  const { nouns, contentHash } = samples;
  const judged = {
    nouns,
    files,
    ...defined({ hashes }),
    contentHash: rows.length === samples.files.length ? contentHash : "",
  };
  const named = { name: "evaluated", files, hashes: hashes ?? [] };
  const classes = targets.kind === "classes" && at(targets.indices).map((label) => targets.classNames[label]!);
  return [
    ...seenFindings(judged, known, facts?.recipe),
    ...(hashes === undefined ? [] : copyFindings([classes ? { ...named, classes } : named])),
    ...unjudgedClasses(part),
  ];
}

/** Some names of a list that may be long. */
const listed = (names: readonly string[]): string =>
  names.length <= NAMED ? names.join(", ") : `${names.slice(0, NAMED - 1).join(", ")}, ..., ${names.at(-1)}`;
const NAMED = 6;

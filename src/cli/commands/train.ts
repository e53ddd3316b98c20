// `fovea train`: from a folder of images to a run's folder. Options become a plan, the plan a recipe; the work itself
// is the experiment room's.

import { type Command, InvalidArgumentError, Option } from "commander";
import { APPLICATION_NAMES, APPLICATIONS } from "../../applications/index.js";
import { TABLE_MODEL_NAMES, TABLE_MODELS } from "../../applications/tabular.js";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { isClassFolder, isTable } from "../../data/index.js";
import { closeData, type ExperimentData, findData, pathsOf, usualLook } from "../../experiment/data/index.js";
import { AUGMENTATIONS, makeRecipe, modelName, SCHEDULES, SOLVERS } from "../../experiment/recipe/index.js";
import { RunFolder, type RunOptions, recipeOf, resumeRun, startRun } from "../../experiment/run/index.js";
import { TASKS, WATCHED_KEYS } from "../../experiment/tasks/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { absolutePath } from "../../platform/files.js";
import { baseName, joinPath } from "../../platform/paths.js";
import { addBudgetOption } from "../budget-option.js";
import { withInferredTask } from "../inferred-task.js";
import {
  addCommonOptions,
  type CommonOptions,
  choice,
  colorOption,
  flagOf,
  imageSizeOption,
  modeOption,
  numberAbove,
  trainingMemoryOption,
  wholeNumber,
} from "../options.js";
import { type PlanOptions, planFrom, type Wished } from "../plan.js";
import { addSplitOptions, addWeightOptions, SPLIT_HELP } from "../split-options.js";
import {
  addTableOptions,
  checkTableOptions,
  TABLE_DEFAULTS,
  TABLE_SETTINGS,
  type TableOptions,
  tablePreprocessingFrom,
  withTableDefaults,
} from "../table-options.js";
import {
  addSplitByOptions,
  addTaskOptions,
  dataWishFrom,
  TASK_SETTINGS,
  type TaskOptions,
  withTaskDefaults,
} from "../task-options.js";
import { conclude } from "../terminal/conclusion.js";
import { loadAndTell, tellRecipe } from "../terminal/experiment.js";
import { interruptible } from "../terminal/interrupt.js";
import { Output } from "../terminal/output.js";
import { TrainingLines } from "../terminal/training.js";
import { limitsFrom, withinLimit } from "../training-memory.js";

interface Options extends CommonOptions, PlanOptions, TaskOptions, TableOptions {
  readonly out?: string;
  readonly resume?: string;
  readonly skipBad?: true;
  readonly memory?: number;
  readonly budget?: number;
}

/** Keys of all tasks; the recipe refuses those of another task. */
const MONITORS = [...new Set(WATCHED_KEYS.flatMap((key) => [`val_${key}`, key]))];

export function define(command: Command): void {
  command
    .description(
      "Trains a model on images and keeps everything in a run's folder: recipe, model, history, metrics and a report. " +
        "Folders of classes train a classifier; a manifest may have classes, several labels per image, or numbers; a folder of " +
        "masks beside that of the images says the class of each pixel (--task segmentation), annotation files beside them the boxes of objects (--task detection). With " +
        "the same images, options and seed the weights are the same to the last bit.",
    )
    .usage("DIR [options]\n       fovea train --resume RUN")
    .argument(
      "[dir]",
      "one folder per class, or Train and Test with one folder per class in each; a manifest (.csv with a column path, or a " +
        "folder with a manifest.csv), IDX or GNT files, or a zip of any of these; or a table (.csv without such a column)",
    )
    .optionsGroup("Model and images:")
    .addOption(
      new Option(
        "--model <name>",
        `${APPLICATION_NAMES.join(", ")}; for tables ${TABLE_MODEL_NAMES.join(", ")}; or a recipe.json`,
      )
        .argParser(modelChoice)
        .default(
          "cnn",
          `cnn, ${TASKS.segmentation.usual!.model} for masks, ${TASKS.detection.usual!.model} for boxes, ${TABLE_DEFAULTS.model} for tables`,
        ),
    )
    .addOption(imageSizeOption().default([80, 60], "80x60 for folders of classes, else at most 96 pixels per side"))
    .addOption(colorOption().default("grayscale", "grayscale for folders of classes, else as the images are"))
    .option("--skip-bad", "leave out images that cannot be decoded, instead of stopping")
    .addOption(trainingMemoryOption());
  addLearningOptions(addTableOptions(addTaskOptions(addBudgetOption(command))))
    .addOption(modeOption())
    .optionsGroup("The run:")
    .option("--out <dir>", "its folder (default: runs/DIR-MODEL-1, -2, ...)")
    .option("--resume <run>", "continue an interrupted run; DIR only if its images have moved");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Models:
${APPLICATION_NAMES.map((name) => `  ${name.padEnd(10)} ${APPLICATIONS[name].title}`).join("\n")}
Models for tables:
${TABLE_MODEL_NAMES.map((name) => `  ${name.padEnd(10)} ${TABLE_MODELS[name].title}`).join("\n")}
  A recipe.json of another run gives its model and settings; options given beside it win.

Where there is no Test folder, the same share is held out of all images to test on, before validation.
${SPLIT_HELP.trimStart()}
A labels.journal in the folder, or NAME.labels.journal beside an archive, corrects labels and leaves images out.
A .csv without a column of paths is a table: its rows are the samples, the other columns their features. Numbers are
standardized and categories become a feature each, by what the training rows have.
Training in batches keeps the weights of the best epoch by --monitor. Ctrl-C ends it after the current batch, saves the
best weights so far and exits with 1; a second Ctrl-C ends at once (130). Either way --resume goes on where it was.

Examples:
  fovea train CASIA-Dataset --model cnn --image-size 80x60 --seed 1
  fovea train photos --model logistic --image-size 64x64 --color rgb --out runs/first
  fovea train CASIA-Dataset --model resnet20 --augment light --schedule cosine --epochs 30
  fovea train claims --task regression --target cost --loss gamma --color rgb
  fovea train claims/manifest.csv --target labels --split-by group
  fovea train hail --task segmentation --augment photo
  fovea train hail --task detection --epochs 10
  fovea train policies.csv --target ClaimNb --exposure Exposure --loss poisson
  fovea train photos --budget 2m
  fovea train --resume runs/first
  fovea train photos --model runs/first/recipe.json --seed 2 --json`,
    )
    .action(run);
}

function modelChoice(text: string): string {
  const names = [...APPLICATION_NAMES, ...TABLE_MODEL_NAMES];
  if (names.some((name) => name === text) || text.endsWith(".json")) return text;
  throw new InvalidArgumentError(`Allowed choices are ${names.join(", ")}, or the path of a recipe.json.`);
}

/** Adds the options of training: its length, its split, its method. */
function addLearningOptions(command: Command): Command {
  command
    .optionsGroup("Training:")
    .option("--epochs <N>", "most passes over the training images", wholeNumber(1), 100)
    .addOption(
      new Option("--batch-size <N>", "images or rows per step")
        .argParser(wholeNumber(1))
        .default(
          128,
          `128, ${TASKS.segmentation.usual!.batchSize} for masks and boxes, ${TABLE_DEFAULTS.batchSize} for tables`,
        ),
    )
    .option("--patience <N>", "epochs without improvement before training stops", wholeNumber(0), 15)
    .addOption(
      choice(
        "--monitor <key>",
        "quantity that has to improve (default: val_accuracy, val_mean_iou for masks, val_loss for labels and numbers)",
        MONITORS,
      ),
    )
    .option("--validation-split <S>", "share of Train held out to validate on", numberAbove(0, 1, false), 0.2)
    .option("--split-seed <N>", "scikit-learn's random_state of the split", wholeNumber(0, 2 ** 32 - 1), 123);
  return addSplitByOptions(addWeightOptions(addSplitOptions(command)))
    .addOption(
      choice(
        "--solver <name>",
        "newton solves --model linear of numbers over all rows, adam learns from batches (default: newton where it can, unless --batch-size, --learning-rate, --schedule, --patience or --monitor is given)",
        SOLVERS,
      ),
    )
    .addOption(
      new Option("--learning-rate <R>", "Adam's; the highest of a schedule")
        .argParser(numberAbove(0, 1))
        .default(
          1e-3,
          `0.001, ${TASKS.detection.usual!.learningRate} for boxes, ${TABLE_MODELS.linear.learningRate} for --model linear`,
        ),
    )
    .addOption(
      choice(
        "--schedule <name>",
        "how the rate goes: constant, or a cosine down after a short rise",
        SCHEDULES,
      ).default("constant", "constant, cosine for boxes"),
    )
    .addOption(
      choice(
        "--augment <name>",
        "vary images while training: light shifts, turns and zooms; photo also mirrors them and varies the light; upright shifts, zooms and varies the light; mirrored also mirrors; mosaic also puts four images into one",
        AUGMENTATIONS,
      ).default("none", "none, upright for boxes"),
    );
}

async function run(dir: string | undefined, options: Options, command: Command): Promise<void> {
  const began = performance.now();
  const output = new Output(options);
  const isGiven = (name: keyof Options): boolean => command.getOptionValueSource(name) === "cli";
  if (options.budget !== undefined) return runInBudget(dir, options, options.budget, isGiven, output, began);
  const { recipe, data, path, resumed } =
    options.resume === undefined
      ? await prepare(dir, options, isGiven, output)
      : await prepareAgain(dir, options.resume, options, isGiven, output);
  const { threads } = options;
  const outcome = await interruptible(
    output,
    "Stopping after this batch; the best weights so far will be saved. Press Ctrl-C again to end at once.",
    (signal) => {
      const observer = new TrainingLines(output, recipe.task, data.folders.train.samples.nouns[1]);
      tellRecipe(output, recipe, data);
      const how: RunOptions = { signal, observer, ...defined({ threads, memory: limitsFrom(options).step }) };
      return resumed ? resumeRun(resumed, recipe, data, how) : startRun(path, recipe, data, how);
    },
  ).finally(() => closeData(data));
  conclude(output, outcome, data);
}

async function runInBudget(
  dir: string | undefined,
  said: Options,
  budget: number,
  isGiven: (name: keyof Options) => boolean,
  output: Output,
  began: number,
): Promise<void> {
  if (dir === undefined || (await isTable(dir)))
    throw new UsageError("train --budget: expected a folder of images; a table trains in seconds without it");
  checkTableOptions(dir, false, isGiven);
  const options = await withInferredTask(said, dir, output);
  const wished = await planFrom(withTaskDefaults(options, isGiven), isGiven);
  const { trainInBudget } = await import("../train-budget.js");
  await trainInBudget(dir, { ...options, budget }, wished, isGiven, output, began);
}

interface Prepared {
  readonly recipe: Recipe;
  readonly data: ExperimentData;
  readonly path: string;
  readonly resumed?: RunFolder;
}

async function prepare(
  dir: string | undefined,
  said: Options,
  isGiven: (name: keyof Options) => boolean,
  output: Output,
): Promise<Prepared> {
  if (dir === undefined)
    throw new UsageError("train: expected a folder of images, or --resume and a run; see fovea train --help");
  // A recipe.json says its task.
  const options = said.model.endsWith(".json") ? said : await withInferredTask(said, dir, output);
  const { plan, data: wish, notes } = await planFor(dir, options, isGiven, output);
  for (const note of notes) output.say(`Note: ${note}.`);
  if (options.out !== undefined) await RunFolder.checkFree(options.out);
  const data = await loadAndTell(output, await findData(dir, wish.task), plan, {
    ...loadingFrom(options),
    ...((await isClassFolder(dir)) ? dataWishFrom(options) : wish),
    batchSize: plan.training.batchSize,
  });
  const recipe = await withinLimit(makeRecipe(plan, data), data, limitsFrom(options).step, output);
  const base = joinPath("runs", `${baseName(await absolutePath(dir))}-${modelName(plan)}`);
  return { recipe, data, path: options.out ?? (await RunFolder.freeName(base)) };
}

/** The plan for a folder of images or a table, which have defaults of their own. */
async function planFor(
  dir: string,
  options: Options,
  isGiven: (name: keyof Options) => boolean,
  output: Output,
): Promise<Wished> {
  const isOfRows = await isTable(dir);
  checkTableOptions(dir, isOfRows, isGiven);
  if (isOfRows) return planFrom(withTableDefaults(options, isGiven), isGiven, tablePreprocessingFrom(options));
  const look = options.model.endsWith(".json") ? undefined : await usualLook(dir, dataWishFrom(options));
  if (look?.sentence !== undefined && !(isGiven("imageSize") && isGiven("color")))
    output.say(`Note: ${look.sentence}.`);
  return planFrom(withTaskDefaults(options, isGiven), isGiven, look);
}

/** Options of loading. */
const loadingFrom = (options: Options) => {
  const { skipBad, threads } = options;
  return defined({ skipBad, threads, memory: limitsFrom(options).pixels });
};

/** Settings of a run that is resumed are its recipe's; another value would make another run. */
const SETTINGS = [
  "model",
  "imageSize",
  "color",
  "epochs",
  "batchSize",
  "patience",
  "monitor",
  "validationSplit",
  "splitSeed",
  "stratify",
  "classWeight",
  "sampleWeight",
  "solver",
  "learningRate",
  "schedule",
  "augment",
  "mode",
  "out",
  "seed",
  ...TASK_SETTINGS,
  ...TABLE_SETTINGS,
] as const;

async function prepareAgain(
  dir: string | undefined,
  path: string,
  options: Options,
  isGiven: (name: keyof Options) => boolean,
  output: Output,
): Promise<Prepared> {
  const setting = SETTINGS.find(isGiven);
  if (setting !== undefined)
    throw new UsageError(
      `train --resume: ${path}/recipe.json has the settings of the run; leave out ${flagOf(setting)}`,
    );
  const resumed = await RunFolder.open(path);
  const recipe = await recipeOf(resumed);
  const paths = dir === undefined ? pathsOf(recipe) : await findData(dir, recipe.task.kind);
  const loading = { ...loadingFrom(options), skipBad: true, batchSize: recipe.training.batchSize };
  return { recipe, data: await loadAndTell(output, paths, recipe, loading), path, resumed };
}

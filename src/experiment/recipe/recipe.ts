// Makes a recipe of a user's plan, and a model of a recipe. The plan is the wish, made before any image was looked at;
// the recipe has the classes and the hashes of the images as well, and trains to the same bits anywhere.

import { APPLICATION_NAMES } from "../../applications/index.js";
import { TABLE_MODEL_NAMES, TABLE_MODELS, tableModel } from "../../applications/tabular.js";
import { defined } from "../../core/defined.js";
import { FoveaError, oneOf } from "../../core/errors.js";
import type { Numerics } from "../../core/graph/graph.js";
import { ownValue } from "../../core/lookup.js";
import { VERSION } from "../../core/version.js";
import { channelsOf } from "../../data/index.js";
import { defaultPlace } from "../../default-backend.js";
import { isOfTable, type Recipe } from "../../formats/run/recipe.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import { application } from "../../known-models.js";
import type { CompileOptions, Model, ModelOptions } from "../../nn/index.js";
import { type Loss, lossFromKeras, lossOf, lossToKeras } from "../../nn/losses/index.js";
import { metricFromKeras, metricToKeras } from "../../nn/metrics/index.js";
import { adam, cosineDecay, optimizerFromKeras, optimizerToKeras, type Schedule } from "../../nn/optimizers/index.js";
import { modelFromKeras, modelToKeras } from "../../nn/serialization/model.js";
import {
  type DataWish,
  type ExperimentData,
  judgedOf,
  PART_NAMES,
  recordedFolders,
  type SplitWish,
} from "../data/experiment-data.js";
import { refuseErrors } from "../data/findings.js";
import { type ClassWeightWish, classWeightsFor } from "../data/weights.js";
import { type TaskWish, taskOf } from "../tasks/index.js";
import { type AugmentationName, augmented, checkAugmentation } from "./augmentation.js";

type Training = Recipe["training"];
type Stated = "epochs" | "batchSize" | "monitor" | "patience";
type Weights = "classWeight" | "sampleWeight" | "solver";

/** Wish for an experiment. Optimizer, loss and metrics that are not stated are those of its task. */
export interface Plan {
  /** The network: `{ name: "cnn" }`, or `{ config }` with Keras's form of a model. */
  readonly model: Recipe["model"];
  /** Steps from an image file, or a row of a table, to the model's input. */
  readonly preprocessing: Recipe["preprocessing"];
  /** Shares of validation and test images, and the seed that draws them. */
  readonly split: SplitWish;
  /** Seed of weights, order and augmentation. */
  readonly seed: number;
  /** `"reproducible"` for the same bits anywhere, `"fast"` for relaxed SIMD. */
  readonly mode: Recipe["mode"];
  /** Version of the numerics of training steps. Default 2, the newest. */
  readonly numerics?: Numerics;
  /** Without a monitor it is the task's own. */
  readonly training: Pick<Training, Exclude<Stated, "monitor">> &
    Partial<Omit<Training, Exclude<Stated, "monitor"> | Weights>>;
  /** Choices about the task: its loss, say. */
  readonly wish?: TaskWish;
  /** Columns of a manifest by their roles, where they are not called so. */
  readonly columns?: Recipe["columns"];
  /** Weights of images in the loss, by their class. Default: all the same. */
  readonly classWeight?: ClassWeightWish;
  /** Weights image by image: a CSV table with columns `file` and `weight`, and its hash. */
  readonly sampleWeight?: Training["sampleWeight"];
  /** Put in front of the model; the recipe then has the whole model's config. Default "none". */
  readonly augmentation?: AugmentationName;
  /** Course of the learning rate: the same throughout, or up a little and down along a cosine. Default "constant". */
  readonly schedule?: ScheduleName;
  /** Adam's, or the highest of a schedule. Default 1e-3. */
  readonly learningRate?: number;
  /** Method of learning. Default: Newton's for a linear model of a table whose loss is a smooth deviance, else Adam. */
  readonly solver?: SolverName | HeadSolverName;
}

/** Methods for models of tables: Newton's, or Adam on batches. */
export const SOLVERS = ["newton", "adam"] as const;
/** A name among `SOLVERS`. */
export type SolverName = (typeof SOLVERS)[number];

/** Methods for the head of a transfer. */
export const HEAD_SOLVERS = ["logistic", "adam"] as const;
/** A name among `HEAD_SOLVERS`. */
export type HeadSolverName = (typeof HEAD_SOLVERS)[number];

/** Checks whether validation images chose the epoch that a recipe's weights are of: solvers keep what their rule says. */
export const validationChooses = ({ training, transfer }: Recipe): boolean =>
  training.solver === undefined || transfer?.fineTune !== undefined;

/** Features up to which Newton's method solves for their weights together; its memory grows with their square. */
const MOST_SOLVED = 1000;

/** Courses of the learning rate: the same throughout, or up in the first 5 % of steps and down along a cosine. */
export const SCHEDULES = ["constant", "cosine"] as const;
/** A name among `SCHEDULES`. */
export type ScheduleName = (typeof SCHEDULES)[number];

/** The share of all steps in which a cosine schedule's rate rises. */
const WARM_UP = 0.05;

/**
 * The plan that a recipe was made from; with other images it makes another recipe.
 * @param recipe A recipe, as `readRecipe` or `recipeOf` gives it.
 * @example
 * const recipe = await recipeOf(await RunFolder.open("runs/pets"));
 * const plan = planOf(recipe);
 * modelName(plan); // "logistic"
 * const data = await loadData(await findData("pets"), recipe.preprocessing, recipe.split, dataWishOf(recipe));
 * makeRecipe({ ...plan, seed: 2 }, data).seed; // 2
 * const fresh = buildModel(recipe, { threads: 1 }); // compiled, with weights of the recipe's seed
 * replayCode(recipe).split("\n").length > 10; // true: a program that trains the same weights
 * await closeData(data);
 */
export function planOf({ model, preprocessing, split, seed, mode, task, columns, training }: Recipe): Plan {
  const { classWeight, sampleWeight, solver: _solver, ...settings } = training;
  const named = classWeight?.map((weight, k) => ({ name: outputNamesOf(task)[k]!, weight }));
  const { validation, seed: splitSeed, stratify, by, keepCopies } = split;
  return {
    model,
    preprocessing,
    split: { validation, seed: splitSeed, ...defined({ stratify, by, keepCopies }) },
    seed,
    mode,
    training: settings,
    wish: taskOf(task).wishOf(lossFromKeras(training.loss), task),
    solver: training.solver ?? "adam",
    ...defined({ classWeight: named, sampleWeight, columns }),
  };
}

/**
 * Wish for the data of a recipe: its task and the columns that its targets come from. `loadData` takes it among its
 * options.
 * @param recipe A recipe.
 */
export const dataWishOf = ({ task, columns }: Pick<Recipe, "task" | "columns">): DataWish => ({
  ...taskOf(task).columnsOf(task),
  ...defined({ columns }),
});

/**
 * Name of a plan's model in messages and folders: `cnn`, or `model` for one that has a config.
 * @param plan A plan or a recipe.
 */
export const modelName = ({ model }: Pick<Plan, "model">): string => ("name" in model ? model.name : "model");

/**
 * The task of some data, as their recipe says it.
 * @param data Loaded images or rows.
 * @param wish Choices about the task, such as its loss; `{}` for the usual ones.
 * @throws FoveaError for targets, of any part, that the wished loss has no meaning for
 * @example
 * const look = { imageSize: [8, 8], color: "grayscale", interpolation: "bilinear" };
 * const data = await loadData(await findData("pets"), look, { validation: 0.2, seed: 1 });
 * taskFacts(data, {}); // { kind: "classification", classNames: ["cat", "dog", "fox"] }
 * await closeData(data);
 */
export function taskFacts(data: ExperimentData, wish: TaskWish): TaskFacts {
  const [train] = PART_NAMES.map((part) => taskOf(data).describe(judgedOf(data.parts[part]), data.source, wish));
  return train!;
}

/**
 * The recipe for training on these images.
 * @param plan The wish, made before the images were looked at.
 * @param data The images or rows, loaded by the plan's preprocessing and split.
 * @throws FoveaError when the model does not fit them, and for images that no training can be right about, such as a
 * class without a training image.
 */
export function makeRecipe(plan: Plan, data: ExperimentData): Recipe {
  refuseErrors(data.findings);
  const { model: wished, wish = {} } = plan;
  const known = "name" in wished && isOfTable(plan.preprocessing) ? ownValue(TABLE_MODELS, wished.name) : undefined;
  const task = taskFacts(data, { ...defined({ usualL2: known?.l2 }), ...wish });
  const { x: sample } = data.folders.train.samples;
  const plain = modelFor({ ...plan, task }, sample.shape, {});
  const { augmentation = "none" } = plan;
  checkAugmentation(augmentation, task);
  const model = augmented(plain, augmentation);
  const described = { model: model === plain ? plan.model : { config: configOf(model) }, task };
  return recipeFor(plan, data, model, described);
}

/** The recipe for training `model`, which `description` describes, on these images. */
export function recipeFor(
  plan: Plan,
  data: ExperimentData,
  model: Model,
  { task, ...description }: Pick<Recipe, "model" | "transfer" | "search" | "task">,
): Recipe {
  const { train, validation, test } = data.parts;
  const { classWeight, sampleWeight } = plan;
  const { loss: usual, metrics } = taskOf(task).objective(model, task, plan.wish ?? {});
  const loss = plan.training.loss === undefined ? lossOf(usual) : lossFromKeras(plan.training.loss);
  const optimizer = adam({ learningRate: rateOf(plan, train.rows.length) });
  const features = train.samples.kind === "table" ? train.samples.featureNames.length : undefined;
  return {
    version: 2,
    createdBy: { fovea: VERSION },
    ...description,
    task,
    ...defined({ columns: plan.columns }),
    data: recordedFolders(data),
    parts: { train: train.rows.length, validation: validation.rows.length, test: test.rows.length },
    preprocessing: preprocessingOf(plan, data),
    split: { ...data.split, ...(data.folders.test === undefined ? { test: data.split.validation } : {}) },
    seed: plan.seed,
    mode: plan.mode,
    ...(plan.numerics === 1 ? {} : { numerics: 2 }),
    training: {
      // Keras's forms are JSON objects with class and config, which is what a recipe holds.
      optimizer: optimizerToKeras(optimizer) as Training["optimizer"],
      loss: lossToKeras(loss) as Training["loss"],
      metrics: metrics.map(metricToKeras) as Training["metrics"],
      ...plan.training,
      ...solverOf(plan, task, loss, features),
      monitor: monitorOf(plan, task),
      ...defined({ classWeight: classWeight && classWeightsFor(classWeight, data), sampleWeight }),
    },
  };
}

/** The quantity that training watches. @throws FoveaError for one that the task does not log */
function monitorOf({ training: { monitor, metrics } }: Plan, task: TaskFacts): string {
  const record = taskOf(task);
  if (monitor === undefined) return record.defaultMonitor;
  // Metrics of a recipe of one's own may be any.
  const keys = record
    .monitors(task)
    .filter(({ key, isFinal }) => !isFinal && (record.wholeFigures?.includes(key) ?? true))
    .map(({ key }) => key);
  if (metrics === undefined && !keys.includes(monitor.replace(/^val_/, "")))
    throw new FoveaError(
      "unknown-quantity",
      `--monitor ${monitor} is not measured by a ${record.model}; choose ${keys.map((key) => `val_${key}`).join(", ")}`,
    );
  return monitor;
}

/** The method that a plan asks for, or that suits it. @throws FoveaError for Newton's where it does not suit */
function solverOf(
  { solver, model }: Plan,
  task: TaskFacts,
  loss: Loss,
  features: number | undefined,
): Pick<Training, "solver"> {
  if (solver === "adam") return {};
  // The head of a transfer, whose recipe has settled whether it suits.
  if (solver === "logistic") return { solver };
  const suits =
    features !== undefined &&
    features <= MOST_SOLVED &&
    "name" in model &&
    model.name === "linear" &&
    taskOf(task).convexLoss(loss, task) !== undefined;
  if (suits) return { solver: "newton" };
  if (solver === undefined) return {};
  throw new FoveaError(
    "unsuited-option",
    `--solver newton is for --model linear on tables of up to ${MOST_SOLVED} features, with numbers as targets and a loss ` +
      "of mse, poisson, gamma or tweedie; leave it out",
  );
}

type InFull = Extract<Recipe["model"], { config: unknown }>["config"];

/** A model in Keras's form, as a recipe holds it. */
export const configOf = (model: Model): InFull => modelToKeras(model) as unknown as InFull;

/** The model of a recipe of images in Keras's form, whether it is named or in full. */
export const formOf = (recipe: Recipe): InFull =>
  "config" in recipe.model ? recipe.model.config : configOf(modelFor(recipe, sampleOf(recipe), {}));

/** The learning rate of a plan, for so many training images. */
function rateOf({ training, schedule = "constant", learningRate = 1e-3 }: Plan, images: number): number | Schedule {
  if (schedule === "constant") return learningRate;
  const steps = training.epochs * Math.ceil(images / training.batchSize);
  const warmupSteps = Math.max(1, Math.round(WARM_UP * steps));
  return cosineDecay(0, Math.max(1, steps - warmupSteps), { warmupTarget: learningRate, warmupSteps });
}

/**
 * The recipe's model with fresh weights, compiled.
 * @param options.sample shape of a sample; images have the one of their preprocessing, features of a table follow from its rows
 * @param recipe A recipe, as `readRecipe` or `recipeOf` gives it.
 */
export function buildModel(
  recipe: Recipe,
  { sample = sampleOf(recipe), ...options }: Place & { readonly sample?: readonly number[] } = {},
): Model {
  const model = modelFor(recipe, sample, options);
  model.compile(compileOptionsOf(recipe));
  return model;
}

/** Optimizer, loss, metrics and numerics with which a recipe compiles its model. */
export function compileOptionsOf({ training, numerics }: Recipe): CompileOptions {
  const { optimizer, loss, metrics } = training;
  return {
    optimizer: optimizerFromKeras(optimizer),
    loss: lossFromKeras(loss),
    metrics: metrics.map(metricFromKeras),
    numerics: numerics ?? 1,
  };
}

type Described = Pick<Recipe, "model" | "preprocessing" | "seed" | "mode" | "task">;
/** Place where a model computes. */
type Place = Partial<Pick<ModelOptions, "threads" | "runtime">>;

/** Shape of one image by its preprocessing. @throws FoveaError for a table, whose features follow from its rows */
function sampleOf({ preprocessing }: Pick<Recipe, "preprocessing">): readonly number[] {
  if (isOfTable(preprocessing))
    throw new FoveaError(
      "missing-option",
      "the model of a table has an input for each feature; pass the shape of a sample of the data",
    );
  return [...preprocessing.imageSize, channelsOf(preprocessing.color)];
}

function modelFor(plan: Described, sample: readonly number[], options: Place): Model {
  const { task, preprocessing } = plan;
  const modelOptions = { ...options, seed: plan.seed, mode: plan.mode };
  if ("name" in plan.model) {
    const { name } = plan.model;
    if (isOfTable(preprocessing)) {
      checkTableModel(name);
      return tableModel(name, sample[0]!, taskOf(task).head(task), { ...defaultPlace, ...modelOptions });
    }
    const { imageSize, color } = preprocessing;
    const known = application(
      oneOf("model", name, APPLICATION_NAMES),
      {
        imageSize,
        channels: channelsOf(color),
        ...defined({ head: taskOf(task).applicationHead(task) }),
        classes: Math.max(1, outputNamesOf(task).length),
      },
      modelOptions,
    );
    checkFit(known, sample, task);
    return known;
  }
  const model = modelFromKeras(plan.model.config, { ...modelOptions, ...defaultPlace });
  if (!model.built) model.build(sample);
  checkFit(model, sample, task);
  return model;
}

/** @throws FoveaError for a model that is not for tables */
function checkTableModel(name: string): void {
  if (!TABLE_MODEL_NAMES.some((known) => known === name))
    throw new FoveaError(
      "unsuited-option",
      `--model ${name} takes images, and a table has features; choose ${TABLE_MODEL_NAMES.join(" or ")}, or leave it out`,
    );
}

/** Preprocessing as the data settled it: columns and types of a table are known once it was read. */
function preprocessingOf(plan: Plan, { folders: { train } }: ExperimentData): Recipe["preprocessing"] {
  return train.samples.kind === "table" ? train.samples.preprocessing : plan.preprocessing;
}

/** @throws FoveaError unless a model takes samples of that shape and has the outputs of the task. */
export function checkFit(model: Model, sample: readonly number[], task: TaskFacts): void {
  const show = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
  const { inputShape, outputShape } = model;
  if (show(inputShape) !== show(sample) && sample.length === 1)
    throw new FoveaError(
      "shape-mismatch",
      `the model expects samples of ${show(inputShape)}, the table has ${show(sample)} features; choose another model, or other features`,
    );
  if (show(inputShape) !== show(sample))
    throw new FoveaError(
      "shape-mismatch",
      `the model expects images ${show(inputShape)} (height, width, channels), these are ${show(sample)}; ` +
        "choose another --image-size or --color, or another model",
    );
  const misfit = taskOf(task).misfit(outputShape, task);
  if (misfit !== undefined)
    throw new FoveaError("shape-mismatch", `the model has outputs ${show(outputShape)}, ${misfit}`);
}

// Makes a recipe of a user's plan, and a model of a recipe. The plan is the wish, made before any image was looked at;
// the recipe has the classes and the hashes of the images as well, and trains to the same bits anywhere.

import { defined } from "../../core/defined.js";
import { oneOf } from "../../core/errors.js";
import { VERSION } from "../../core/version.js";
import { channelsOf } from "../../data/index.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { APPLICATION_NAMES, application, defaultPlace, FoveaError } from "../../index.js";
import type { CompileOptions, Model, ModelOptions } from "../../nn/index.js";
import {
  binaryCrossentropy,
  type LossLike,
  lossFromKeras,
  lossOf,
  lossToKeras,
  sparseCategoricalCrossentropy,
} from "../../nn/losses/index.js";
import {
  binaryAccuracy,
  type MetricLike,
  metricFromKeras,
  metricToKeras,
  sparseTopKCategoricalAccuracy,
} from "../../nn/metrics/index.js";
import { adam, cosineDecay, optimizerFromKeras, optimizerToKeras, type Schedule } from "../../nn/optimizers/index.js";
import { modelFromKeras, modelToKeras } from "../../nn/serialization/model.js";
import { type ExperimentData, recordedFolders, type SplitWish } from "../data/experiment-data.js";
import { refuseErrors } from "../data/findings.js";
import { type ClassWeightWish, classWeightsFor } from "../data/weights.js";
import { topK } from "../tasks/metric-names.js";
import { type AugmentationName, augmented } from "./augmentation.js";

type Training = Recipe["training"];
type Stated = "epochs" | "batchSize" | "monitor" | "patience";
type Weights = "classWeight" | "sampleWeight";

/** Wish for an experiment. Optimizer, loss and metrics that are not stated are those of a classifier. */
export interface Plan {
  readonly model: Recipe["model"];
  readonly preprocessing: Recipe["preprocessing"];
  readonly split: SplitWish;
  readonly seed: number;
  readonly mode: Recipe["mode"];
  readonly training: Pick<Training, Stated> & Partial<Omit<Training, Stated | Weights>>;
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
}

export const SCHEDULES = ["constant", "cosine"] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

/** The share of all steps in which a cosine schedule's rate rises. */
const WARM_UP = 0.05;

/** The plan that a recipe was made from; with other images it makes another recipe. */
export function planOf({ model, preprocessing, split, seed, mode, classNames, training }: Recipe): Plan {
  const { classWeight, sampleWeight, ...settings } = training;
  const named = classWeight?.map((weight, k) => ({ name: classNames[k]!, weight }));
  const { validation, seed: splitSeed, stratify } = split;
  return {
    model,
    preprocessing,
    split: { validation, seed: splitSeed, ...defined({ stratify }) },
    seed,
    mode,
    training: settings,
    ...defined({ classWeight: named, sampleWeight }),
  };
}

/** Name of a plan's model in messages and folders. */
export const modelName = ({ model }: Pick<Plan, "model">): string => ("name" in model ? model.name : "model");

interface ClassifierOptions {
  readonly loss: LossLike;
  readonly metrics: readonly MetricLike[];
}

/**
 * Optimizer, loss and metrics of a classifier by default: Adam, crossentropy, accuracy and top-5. A single output for
 * two classes has binary crossentropy and accuracy, for its probability of the second.
 */
function classifierCompileOptions(model: Model, classes: number): CompileOptions & ClassifierOptions {
  if (model.outputShape[0] === 1) {
    const fromLogits = !endsInProbabilities(model);
    const accuracy = binaryAccuracy({ name: "accuracy", threshold: fromLogits ? 0 : 0.5 });
    return { optimizer: "adam", loss: binaryCrossentropy({ fromLogits }), metrics: [accuracy] };
  }
  return {
    optimizer: "adam",
    loss: sparseCategoricalCrossentropy({ fromLogits: !endsInProbabilities(model) }),
    metrics: ["accuracy", sparseTopKCategoricalAccuracy({ k: topK(classes) })],
  };
}

/** Compiles a model that came without, so that it can be evaluated. */
export const compileForClasses = (model: Model, classes: number): void =>
  model.compile(classifierCompileOptions(model, classes));

/**
 * The recipe for training on these images.
 * @throws FoveaError when the model does not fit them, and for images that no training can be right about, such as a
 * class without a training image.
 */
export function makeRecipe(plan: Plan, data: ExperimentData): Recipe {
  refuseErrors(data.findings);
  const plain = modelFor(plan, data.classNames.length, {});
  const model = augmented(plain, plan.augmentation ?? "none");
  return recipeFor(plan, data, model, { model: model === plain ? plan.model : { config: configOf(model) } });
}

/** The recipe for training `model`, which `description` describes, on these images. */
export function recipeFor(
  plan: Plan,
  data: ExperimentData,
  model: Model,
  description: Pick<Recipe, "model" | "transfer">,
): Recipe {
  const { classNames } = data;
  const { train, validation, test } = data.parts;
  const { classWeight, sampleWeight } = plan;
  const { loss, metrics } = classifierCompileOptions(model, classNames.length);
  const optimizer = adam({ learningRate: rateOf(plan, train.rows.length) });
  return {
    version: 1,
    createdBy: { fovea: VERSION },
    ...description,
    classNames,
    data: recordedFolders(data),
    parts: { train: train.rows.length, validation: validation.rows.length, test: test.rows.length },
    preprocessing: plan.preprocessing,
    split: { ...data.split, ...(data.folders.test === undefined ? { test: data.split.validation } : {}) },
    seed: plan.seed,
    mode: plan.mode,
    training: {
      // Keras's forms are JSON objects with class and config, which is what a recipe holds.
      optimizer: optimizerToKeras(optimizer) as Training["optimizer"],
      loss: lossToKeras(lossOf(loss)) as Training["loss"],
      metrics: metrics.map(metricToKeras) as Training["metrics"],
      ...plan.training,
      ...defined({ classWeight: classWeight && classWeightsFor(classWeight, data), sampleWeight }),
    },
  };
}

type InFull = Extract<Recipe["model"], { config: unknown }>["config"];

/** A model in Keras's form, as a recipe holds it. */
const configOf = (model: Model): InFull => modelToKeras(model) as unknown as InFull;

/** The learning rate of a plan, for so many training images. */
function rateOf({ training, schedule = "constant", learningRate = 1e-3 }: Plan, images: number): number | Schedule {
  if (schedule === "constant") return learningRate;
  const steps = training.epochs * Math.ceil(images / training.batchSize);
  const warmupSteps = Math.max(1, Math.round(WARM_UP * steps));
  return cosineDecay(0, Math.max(1, steps - warmupSteps), { warmupTarget: learningRate, warmupSteps });
}

/** The recipe's model with fresh weights, compiled. */
export function buildModel(recipe: Recipe, options: Partial<Pick<ModelOptions, "threads" | "runtime">> = {}): Model {
  const model = modelFor(recipe, recipe.classNames.length, options);
  model.compile(compileOptionsOf(recipe));
  return model;
}

/** Optimizer, loss and metrics with which a recipe compiles its model. */
export function compileOptionsOf({ training }: Recipe): CompileOptions {
  const { optimizer, loss, metrics } = training;
  return {
    optimizer: optimizerFromKeras(optimizer),
    loss: lossFromKeras(loss),
    metrics: metrics.map(metricFromKeras),
  };
}

function modelFor(
  plan: Plan | Recipe,
  classes: number,
  options: Partial<Pick<ModelOptions, "threads" | "runtime">>,
): Model {
  const { imageSize, color } = plan.preprocessing;
  const own = { ...options, seed: plan.seed, mode: plan.mode };
  if ("name" in plan.model)
    return application(
      oneOf("model", plan.model.name, APPLICATION_NAMES),
      { imageSize, channels: channelsOf(color), classes },
      own,
    );
  const model = modelFromKeras(plan.model.config, { ...own, ...defaultPlace });
  const sample = [...imageSize, channelsOf(color)];
  if (!model.built) model.build(sample);
  checkFit(model, sample, classes);
  return model;
}

/** @throws FoveaError unless a model takes images of that shape and has one output a class, or one for two. */
export function checkFit(model: Model, sample: readonly number[], classes: number): void {
  const show = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
  const { inputShape, outputShape } = model;
  if (show(inputShape) !== show(sample))
    throw new FoveaError(
      `the model expects images ${show(inputShape)} (height, width, channels), these are ${show(sample)}; ` +
        "choose another --image-size or --color, or another model",
    );
  const fits = outputShape[0] === classes || (outputShape[0] === 1 && classes === 2);
  if (outputShape.length !== 1 || !fits)
    throw new FoveaError(
      `the model has outputs ${show(outputShape)}, the images have ${classes} classes; it needs one output per class`,
    );
}

// Seconds that training and features take here, measured on a few of the images themselves. Nothing follows from them but numbers of
// epochs and of varied copies, which the recipe then names.
import { defined } from "../../core/defined.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { type ExperimentData, imageData, sourceOf } from "../data/experiment-data.js";
import { buildModel, compileOptionsOf } from "../recipe/recipe.js";
import { readBaseWeights } from "../transfer/base.js";
import { buildTransferModel, type TransferPlan } from "../transfer/model.js";

/** Calls that are timed after the first, which compiles. */
const TIMED = 3;
/** Images whose features a transfer computes together. */
const FEATURE_BATCH = 16;

/** Middle of the seconds of a few calls, after a first that is not counted. */
async function secondsOf(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i <= TIMED; i++) {
    const began = performance.now();
    await call();
    if (i > 0) times.push((performance.now() - began) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(TIMED / 2)]!;
}

const firstRows = (size: number, count: number): Int32Array =>
  Int32Array.from({ length: Math.min(size, count) }, (_, i) => i);

/**
 * Seconds of one training step of a recipe on this machine.
 * @param recipe model and training; weights are drawn for the measurement only
 * @param data images that the recipe is for
 * @param threads threads to compute with; default all
 * @example const perEpoch = (await stepSeconds(recipe, data)) * steps;
 */
export async function stepSeconds(recipe: Recipe, data: ExperimentData, threads?: number): Promise<number> {
  const model = buildModel(recipe, { sample: data.parts.train.samples.x.shape, ...defined({ threads }) });
  try {
    const source = sourceOf(data.parts.train);
    const batch = await source.take(firstRows(source.size, recipe.training.batchSize));
    return await secondsOf(() => model.trainOnBatch(batch));
  } finally {
    await model.close();
  }
}

/** Seconds of the parts of a transfer on this machine. */
export interface TransferSeconds {
  /** Of the features of an image. */
  readonly feature: number;
  /** Of one step of a head that learns from batches. */
  readonly headStep: number;
}

/**
 * Seconds of a transfer's features and of its head's steps on this machine.
 * @param recipe a transfer
 * @param data images that the recipe is for
 * @param threads threads to compute with; default all
 */
export async function transferSeconds(
  recipe: TransferPlan,
  data: ExperimentData,
  threads?: number,
): Promise<TransferSeconds> {
  const name = "name" in recipe.model ? recipe.model.name : "";
  const weights = await readBaseWeights(name, recipe.transfer.weights.path);
  const { features, head, varied } = await buildTransferModel(recipe, weights, defined({ threads }));
  try {
    const { samples } = imageData(data).parts.train;
    const images = await samples.images.rows(firstRows(samples.images.count, FEATURE_BATCH));
    const feature = (await secondsOf(() => features.predict(images, { batchSize: FEATURE_BATCH }))) / images.shape[0]!;
    const source = sourceOf(data.parts.train);
    const { y } = await source.take(firstRows(source.size, recipe.training.batchSize));
    const count = y.shape[0]!;
    const x = {
      dtype: "float32",
      shape: [count, ...features.outputShape],
      data: new Float32Array(count * features.outputShape[0]!),
    } as const;
    head.compile(compileOptionsOf(recipe));
    return { feature, headStep: await secondsOf(() => head.trainOnBatch({ x, y })) };
  } finally {
    for (const model of [features, head, varied]) await model?.close();
  }
}

// The recipe of a transfer to masks or boxes: a head on a base's maps, which learns from images, epoch by epoch, as a network from
// scratch does.
import type { MapHeadName } from "../../applications/map-heads.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Preprocessing, Recipe, TransferRecipe } from "../../formats/run/recipe.js";
import type { ExperimentData } from "../data/experiment-data.js";
import { type Plan, recipeFor, taskFacts } from "../recipe/recipe.js";
import { taskOf } from "../tasks/index.js";
import { baseRescale, MODEL_BASE, modelFileFacts, readBaseWeights } from "./base.js";
import { buildMapModel } from "./model.js";
import type { TransferWish } from "./wish.js";

/** Default number of epochs of a head on maps. */
export const MAP_EPOCHS = 40;
/** Adam's highest rate where the task has none of its own. */
const RATE = 2e-3;

/** @throws FoveaError for wishes that only a head on features has a meaning for */
function refuseFeatureWishes({ variants, keepClasses, engine, solver }: TransferWish, task: string): void {
  const idle = Object.entries({
    variants,
    "keep-classes": keepClasses,
    engine: engine?.name,
    solver: solver === "adam" ? undefined : solver,
  }).find(([, value]) => value !== undefined);
  if (idle !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `--${idle[0]} is for heads on the mean of a base's maps, and ${task} learns from the maps of each image; leave it out`,
    );
}

/**
 * The recipe for transferring a base to masks or boxes.
 * @throws FoveaError for a base without the maps that the head needs, sizes that it does not take, and options for features
 */
export async function mapRecipe(
  wish: TransferWish,
  head: MapHeadName,
  preprocessing: Preprocessing,
  data: ExperimentData,
): Promise<Recipe> {
  const { base, split, seed, mode, training, fineTune, rescale } = wish;
  const { usual } = taskOf(data);
  refuseFeatureWishes(wish, data.kind);
  const weights = await readBaseWeights(base, wish.weights);
  const { path, sha256 } = weights;
  const found = base === MODEL_BASE ? await modelFileFacts(weights) : undefined;
  const transfer: TransferRecipe = {
    weights: { ...defined({ path }), sha256 },
    augmentation: wish.augmentation ?? usual?.augment ?? "none",
    variants: 0,
    head,
    ...defined({
      cut: wish.cut ?? found?.embedding,
      fineTune,
      rescale: rescale === undefined ? undefined : baseRescale(base, rescale),
    }),
  };
  const plan: Plan = {
    ...{ model: { name: base }, preprocessing, split, seed, mode },
    training: { epochs: MAP_EPOCHS, patience: null, ...defined(training) } as Plan["training"],
    schedule: "cosine",
    learningRate: wish.learningRate ?? usual?.learningRate ?? RATE,
    solver: "adam",
    ...defined({
      wish: wish.wish,
      columns: wish.columns,
      classWeight: wish.classWeight,
      sampleWeight: wish.sampleWeight,
    }),
  };
  const task = taskFacts(data, wish.wish ?? {});
  const { model } = await buildMapModel({ ...plan, preprocessing, transfer, task }, weights);
  return recipeFor(plan, data, model, { model: plan.model, transfer, task });
}

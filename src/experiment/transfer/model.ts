// A transfer model: pixels, a trained base in inference, pooling, a new head. Three models share its layers: the whole,
// the part that makes features, and the head on features alone.

import { FoveaError } from "../../core/errors.js";
import { channelsOf } from "../../data/index.js";
import { defaultPlace } from "../../default-backend.js";
import type { Preprocessing, Recipe, TransferRecipe } from "../../formats/run/recipe.js";
import { globalAveragePooling2d, input, type Layer, type SymbolicTensor } from "../../nn/layers/index.js";
import { Functional } from "../../nn/model/functional.js";
import type { Model, ModelOptions } from "../../nn/model/model.js";
import { AUGMENTATIONS, type AugmentationName, augmentationLayers } from "../recipe/augmentation.js";
import { taskOf } from "../tasks/index.js";
import { type BaseWeights, openBase } from "./base.js";

/** The recipe of a transfer. */
export type TransferPlan = Recipe & { readonly transfer: TransferRecipe; readonly preprocessing: Preprocessing };

export interface TransferModel {
  readonly model: Functional;
  readonly base: Model;
  /** From images to the features that the head sees, with augmentation in a training context. */
  readonly features: Functional;
  /** From images to varied images, in a training context; undefined where nothing varies them. */
  readonly varied: Functional | undefined;
  /** From features to the model's outputs. */
  readonly head: Functional;
}

type Described = Pick<Recipe, "model" | "seed" | "mode" | "task"> & {
  readonly preprocessing: Preprocessing;
  readonly transfer: Pick<TransferRecipe, "augmentation" | "rescale">;
};

/** Puts the model together, the base frozen and the head undecided. */
export async function buildTransferModel(
  { model: described, preprocessing, seed, mode, transfer, task }: Described,
  weights: Pick<BaseWeights, "bytes" | "path">,
  options: Partial<Pick<ModelOptions, "threads" | "runtime">> = {},
): Promise<TransferModel> {
  if (!("name" in described)) throw new FoveaError("recipe: expected the name of a base as the model of a transfer");
  const { imageSize, color } = preprocessing;
  const place = { ...defaultPlace, ...options, mode, seed };
  const { base, pixels } = await openBase(described.name, imageSize, weights, { ...place, rescale: transfer.rescale });
  const through = (x: SymbolicTensor, layers: readonly Layer[]): SymbolicTensor =>
    layers.reduce((y, layer) => layer.apply(y), x);
  const image = input([...imageSize, channelsOf(color)]);
  const augmentation = augmentationLayers(nameOf(transfer.augmentation));
  const drawn = through(image.output, augmentation);
  const maps = base.apply(through(drawn, pixels), { training: false });
  const pooled = maps.shape.length === 3 ? globalAveragePooling2d({ name: "pooling" }).apply(maps) : maps;
  const layers = taskOf(task).head(task);
  const model = new Functional({ ...place, name: "transfer", inputs: image, outputs: through(pooled, layers) });
  const features = new Functional({ ...place, name: "features", inputs: image, outputs: pooled });
  const varied =
    augmentation.length === 0 ? undefined : new Functional({ ...place, name: "varied", inputs: image, outputs: drawn });
  const given = input(pooled.shape);
  const head = new Functional({ ...place, name: "head_alone", inputs: given, outputs: through(given.output, layers) });
  return { model, base, features, varied, head };
}

/** @throws FoveaError for a name that this version does not know. */
function nameOf(text: string): AugmentationName {
  const name = AUGMENTATIONS.find((one) => one === text);
  if (name === undefined)
    throw new FoveaError(`recipe: expected augmentation ${AUGMENTATIONS.join(", ")}, found "${text}"`);
  return name;
}

/** Lets training change the last layers of a base, or all; takes effect at the next `compile`. */
export function thaw(base: Model, layers: number | "all"): void {
  base.trainable = true;
  if (layers !== "all") for (const layer of base.layers.slice(0, -layers)) layer.trainable = false;
}

// A transfer model: pixels, a trained base in inference, pooling, a new head. Three models share its layers: the whole,
// the part that makes features, and the head on features alone. A head on maps takes these without pooling, and learns from images.
import { MAP_HEAD_NAMES, MAP_HEADS } from "../../applications/map-heads.js";
import { FoveaError, oneOf } from "../../core/errors.js";
import { channelsOf } from "../../data/index.js";
import { defaultPlace } from "../../default-backend.js";
import type { Preprocessing, Recipe, TransferRecipe } from "../../formats/run/recipe.js";
import { outputNamesOf } from "../../formats/run/task.js";
import { globalAveragePooling2d, input, type Layer, type SymbolicTensor } from "../../nn/layers/index.js";
import { Functional } from "../../nn/model/functional.js";
import type { Model, ModelOptions } from "../../nn/model/model.js";
import { AUGMENTATIONS, type AugmentationName, augmentationLayers } from "../recipe/augmentation.js";
import { taskOf } from "../tasks/index.js";
import { type BaseWeights, openBase, recordedWeights } from "./base.js";
import { strideModel, wholeMaps } from "./strides.js";

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
  readonly transfer: Pick<TransferRecipe, "augmentation" | "rescale" | "cut" | "head">;
};

type PlaceOptions = Partial<Pick<ModelOptions, "threads" | "runtime">>;
type WeightBytes = Pick<BaseWeights, "bytes" | "path">;

const through = (x: SymbolicTensor, layers: readonly Layer[]): SymbolicTensor =>
  layers.reduce((y, layer) => layer.apply(y), x);

/** The base of a model and the layers before it, each stage by its name. */
async function upToBase(
  { model: described, preprocessing, seed, mode, transfer }: Omit<Described, "task">,
  weights: WeightBytes,
  options: PlaceOptions,
) {
  if (!("name" in described))
    throw new FoveaError("wrong-field", "recipe: expected the name of a base as the model of a transfer");
  const { imageSize, color } = preprocessing;
  const common = { ...defaultPlace, ...options, mode, seed };
  const { rescale, cut } = transfer;
  const { base, pixels } = await openBase(described.name, imageSize, weights, { ...common, rescale, cut });
  const image = input([...imageSize, channelsOf(color)]);
  const augmentation = augmentationLayers(nameOf(transfer.augmentation));
  const drawn = through(image.output, augmentation);
  return { common, base, image, augmentation, drawn, seen: through(drawn, pixels) };
}

/** The part of the model up to the features, each stage by its name. */
async function upToFeatures(described: Omit<Described, "task">, weights: WeightBytes, options: PlaceOptions) {
  const { base, seen, ...before } = await upToBase(described, weights, options);
  const maps = base.apply(seen, { training: false });
  if (maps.shape.length !== 1 && maps.shape.length !== 3)
    throw new FoveaError(
      "unsuited-model",
      `the base ends in [${maps.shape.join(", ")}] for an image; expected a vector or feature maps, so cut it at another layer`,
    );
  const pooled = maps.shape.length === 3 ? globalAveragePooling2d({ name: "pooling" }).apply(maps) : maps;
  return { ...before, base, pooled };
}

/** The network that makes features of images, without a head. */
export async function buildFeatures(
  described: Omit<Described, "task">,
  weights: WeightBytes,
  options: PlaceOptions = {},
): Promise<Functional> {
  const { common, image, pooled } = await upToFeatures(described, weights, options);
  return new Functional({ ...common, name: "features", inputs: image, outputs: pooled });
}

/** Puts the model together, the base frozen and the head undecided. */
export async function buildTransferModel(
  { task, ...described }: Described,
  weights: WeightBytes,
  options: PlaceOptions = {},
): Promise<TransferModel> {
  const { common, base, image, augmentation, drawn, pooled } = await upToFeatures(described, weights, options);
  const layers = taskOf(task).head(task);
  const model = new Functional({ ...common, name: "transfer", inputs: image, outputs: through(pooled, layers) });
  const features = new Functional({ ...common, name: "features", inputs: image, outputs: pooled });
  const varied =
    augmentation.length === 0
      ? undefined
      : new Functional({ ...common, name: "varied", inputs: image, outputs: drawn });
  const apart = input(pooled.shape);
  const head = new Functional({ ...common, name: "head_alone", inputs: apart, outputs: through(apart.output, layers) });
  return { model, base, features, varied, head };
}

/**
 * Puts a model with a head on maps together, the base frozen.
 * @throws FoveaError for a base without the maps that the head needs, and for images of a size that it does not take
 */
export async function buildMapModel(
  { task, ...described }: Described,
  weights: WeightBytes,
  options: PlaceOptions = {},
): Promise<Pick<TransferModel, "model" | "base">> {
  const { transfer, preprocessing } = described;
  const { imageSize } = preprocessing;
  const head = MAP_HEADS[oneOf("recipe head", transfer.head ?? "", MAP_HEAD_NAMES)];
  const { common, base: whole, image, seen } = await upToBase(described, weights, options);
  const { maps: base, strides } = await strideModel(whole, head, imageSize);
  base.trainable = false;
  const maps = wholeMaps(base.applyAll(seen, { training: false }), strides, imageSize);
  const classes = Math.max(1, outputNamesOf(task).length);
  const outputs = head.build(maps, { imageSize, classes });
  return { model: new Functional({ ...common, name: "transfer", inputs: image, outputs }), base };
}

/** The model of a transfer's recipe, with the weights that its base had. */
export async function openTransfer(recipe: TransferPlan): Promise<Pick<TransferModel, "model" | "base">> {
  const weights = await recordedWeights(recipe);
  return recipe.transfer.head === undefined ? buildTransferModel(recipe, weights) : buildMapModel(recipe, weights);
}

/** @throws FoveaError for a name that this version does not know. */
function nameOf(text: string): AugmentationName {
  const name = AUGMENTATIONS.find((known) => known === text);
  if (name === undefined)
    throw new FoveaError("wrong-field", `recipe: expected augmentation ${AUGMENTATIONS.join(", ")}, found "${text}"`);
  return name;
}

/** Lets training change the last layers of a base, or all; takes effect at the next `compile`. */
export function thaw(base: Model, layers: number | "all"): void {
  base.trainable = true;
  if (layers !== "all") for (const layer of base.layers.slice(0, -layers)) layer.trainable = false;
}

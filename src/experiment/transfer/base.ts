// The trained networks that can be the base of a new head: what each takes, how it is built and where its weights are.
// Networks of ImageNet need a file of weights; those for photos and for handwriting are in the package.
import {
  IMAGENET_APPLICATIONS,
  IMAGENET_NAMES,
  type ImageNetName,
  type PreprocessingMode,
  type WeightFile,
  weightFileNamed,
} from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import { FoveaError, oneOf } from "../../core/errors.js";
import { showShape } from "../../core/shape.js";
import { defaultPlace } from "../../default-backend.js";
import { siblingsIn } from "../../formats/models/model-place.js";
import { pixelLayer, RESCALE_NAMES, RESCALES, type RescaleName } from "../../formats/models/pixels.js";
import { loadWeights } from "../../formats/models/weights.js";
import {
  type Preprocessing,
  type Recipe,
  type Rescale,
  type TransferRecipe,
  UPRIGHT,
} from "../../formats/run/recipe.js";
import { classNamesOf } from "../../formats/run/task.js";
import { loadKeras, loadModel } from "../../loading.js";
import type { Layer } from "../../nn/layers/index.js";
import { layerOutputs } from "../../nn/model/layer-outputs.js";
import type { Model, ModelOptions } from "../../nn/model/model.js";
import { readBytes } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { baseName, parentFolder } from "../../platform/paths.js";
import { plainPreprocessing } from "../models/foreign-model.js";
import { embeddingLayer, hasFeatures, lastFeatures } from "../models/last-features.js";
import { modelFile } from "../models/model-file.js";
import { isShipped, readShipped, SHIPPED_BASES, SHIPPED_NAMES } from "../pretrained/shipped.js";
import { openWeights, storedWeights, type WeightsVariant, weightFileFor } from "../pretrained/weights-store.js";
import type { AugmentationName } from "../recipe/augmentation.js";

/**
 * Names of the trained networks that can be the base of a new head: those of ImageNet, whose weights are a file, and those in
 * the package.
 */
export const BASE_NAMES: readonly string[] = [...IMAGENET_NAMES, ...SHIPPED_NAMES];

/** The base that is a model file of the user, such as an export of Teachable Machine; its file is passed as the weights. */
export const MODEL_BASE = "model";

export interface BaseFacts {
  readonly name: string;
  readonly title: string;
  /** Preprocessing of the images that trained it; other sizes do where `anySize` is set. */
  readonly preprocessing: Preprocessing;
  readonly anySize: boolean;
  /** Default variation of training images, and the number of varied copies of each. */
  readonly augmentation: AugmentationName;
  readonly variants: number;
}

/**
 * Facts of a base before it is opened.
 * @param name One of `BASE_NAMES`.
 * @throws FoveaError listing the names there are.
 * @example
 * const { title, preprocessing, anySize } = baseFacts("mobilenet");
 * preprocessing.imageSize; // [224, 224]
 * preprocessingFor("mobilenet", [96, 96]).imageSize; // [96, 96], as anySize is true
 */
export function baseFacts(name: string): BaseFacts {
  oneOf("base", name, BASE_NAMES);
  if (isShipped(name)) {
    const { title, preprocessing, augmentation, variants } = SHIPPED_BASES[name];
    return { name, title, preprocessing, anySize: false, augmentation, variants };
  }
  const { title, size } = IMAGENET_APPLICATIONS[oneOf("base", name, IMAGENET_NAMES)];
  return {
    name,
    title,
    preprocessing: { imageSize: [size, size], color: "rgb", interpolation: "bilinear", ...UPRIGHT },
    anySize: true,
    augmentation: "none",
    variants: 4,
  };
}

/** The bytes of a base's weights with their hash. */
export interface BaseWeights {
  readonly path?: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * Reads a base's weights: of a file, else of the package or the local store.
 * @param name One of `BASE_NAMES`, or `MODEL_BASE`.
 * @param path File of the weights; default the package's, or the local store's.
 * @returns Bytes, path where there is one, and their SHA-256.
 * @throws FoveaError when they are nowhere, saying how to get them.
 * @example const { bytes, sha256 } = await readBaseWeights("photos"); // in the package
 */
export async function readBaseWeights(name: string, path?: string): Promise<BaseWeights> {
  if (path === undefined && name === MODEL_BASE)
    throw new FoveaError(
      "missing-option",
      "the base model is a file of your own; pass it by --base, as in --base keras_model.h5",
    );
  const found =
    path === undefined
      ? await ownWeights(name)
      : name === MODEL_BASE
        ? await modelFile(path)
        : { path, bytes: await readBytes(path) };
  return { ...found, sha256: await sha256Hex(found.bytes) };
}

/**
 * The weights that a recipe's transfer began with.
 * @throws FoveaError where the file has other ones by now, or is gone
 */
export async function recordedWeights({
  model,
  transfer,
}: Pick<Recipe, "model"> & { readonly transfer: TransferRecipe }): Promise<BaseWeights> {
  if (!("name" in model))
    throw new FoveaError("wrong-field", "recipe: expected the name of a base as a transfer's model");
  const { path, sha256 } = transfer.weights;
  const weights = await readBaseWeights(model.name, path);
  if (weights.sha256 === sha256) return weights;
  throw new FoveaError(
    "record-mismatch",
    `${path ?? model.name}: expected the weights with hash ${sha256.slice(0, 12)}, received ` +
      `${weights.sha256.slice(0, 12)}; bring back the run's weights, or train again`,
  );
}

async function ownWeights(name: string): Promise<Omit<BaseWeights, "sha256">> {
  if (isShipped(name)) return { bytes: await readShipped(name) };
  return openWeights(await baseFileInStore(oneOf("base", name, IMAGENET_NAMES)));
}

/**
 * A network's file in the local store, or the one that should be: without its top where that one is there.
 * @param name A network of ImageNet.
 * @param variant Width and the like, where a network is published in several; default the usual one.
 * @returns Name, address and hash of the file, there or not.
 * @example const { file } = await baseFileInStore("mobilenet"); // the name of the file that Keras publishes
 */
export async function baseFileInStore(name: ImageNetName, variant: WeightsVariant = {}): Promise<WeightFile> {
  const withoutTop = weightFileFor(name, { ...variant, includeTop: false });
  return (await storedWeights(withoutTop)) === undefined ? weightFileFor(name, variant) : withoutTop;
}

type OpenOptions = ModelOptions & {
  readonly rescale?: Rescale | undefined;
  readonly cut?: string | undefined;
};

/** A base with its trained weights, frozen, and the layers that turn pixels from 0 to 255 into what it takes. */
export interface OpenedBase {
  readonly base: Model;
  readonly pixels: readonly Layer[];
}

/**
 * Opens a base.
 * @param options.rescale how pixels are scaled for it, where that is not as it was published
 * @param options.cut the layer that it ends with, where that is not its own end
 * @throws FoveaError when the file has not all of the base's weights, or no such layer.
 */
export async function openBase(
  name: string,
  imageSize: Preprocessing["imageSize"],
  { bytes, path = name }: Pick<BaseWeights, "bytes" | "path">,
  { rescale, cut, ...options }: OpenOptions,
): Promise<OpenedBase> {
  const settings = { ...defaultPlace, ...options };
  if (name === MODEL_BASE) return openModelBase(imageSize, { bytes, path }, { ...settings, rescale, cut });
  if (isShipped(name)) {
    const { model } = await loadKeras(bytes, { ...settings, compile: false, file: path });
    const base = layerOutputs(model, cut ?? SHIPPED_BASES[name].features);
    base.assignName(name);
    return { base: frozen(base), pixels: [] };
  }
  const { build, preprocessing } = IMAGENET_APPLICATIONS[oneOf("base", name, IMAGENET_NAMES)];
  // Keras's own name of a file says how wide its network is.
  const { alpha } = weightFileNamed(baseName(path))?.options ?? {};
  const base = build({ ...settings, ...defined({ alpha }), includeTop: false, inputShape: [...imageSize, 3] });
  const found = new Set(await loadWeights(base, bytes, { byName: true, file: path }));
  const missing = base.weights.find((weight) => !found.has(weight.path));
  if (missing !== undefined)
    throw new FoveaError(
      "weights-mismatch",
      `${path}: has nothing for ${missing.path} of ${name}; expected the weights that Keras publishes for it`,
    );
  const part = cut === undefined ? base : layerOutputs(base, cut);
  return { base: frozen(part), pixels: pixelLayers(preprocessing, imageSize, rescale) };
}

/** A model file as a base: all of it up to the cut, in older recipes all before the layer that decides. */
async function openModelBase(
  imageSize: Preprocessing["imageSize"],
  file: Pick<BaseWeights, "bytes" | "path">,
  { rescale, cut, ...options }: OpenOptions,
): Promise<OpenedBase> {
  const { model, facts } = await loadBaseFile(file, options);
  const base = layerOutputs(model, cut ?? lastFeatures(model));
  base.assignName(MODEL_BASE);
  const scale = rescale ?? facts?.preprocessing?.rescale;
  const shape = [...imageSize, base.inputShape[2]!] as const;
  const pixels = scale === undefined ? [] : [pixelLayer(scale, shape, { name: "pixels" })];
  return { base: frozen(base), pixels };
}

export const loadBaseFile = ({ bytes, path }: Pick<BaseWeights, "bytes" | "path">, options: Partial<ModelOptions>) =>
  loadModel(bytes, { ...options, compile: false, ...defined({ file: path }) });

/** Facts of a model file that a transfer from it needs. */
export interface ModelFileFacts {
  /** Layer before the one that decides, and the embedding before the whole head; undefined for a model without features. */
  readonly last: string | undefined;
  readonly embedding: string | undefined;
  /** Class of each output, where the file or the labels beside it say so. */
  readonly classNames: readonly string[] | undefined;
}

/** The default cut of a model file, and its classes. */
export async function modelFileFacts({ bytes, path }: BaseWeights): Promise<ModelFileFacts> {
  const siblings = path === undefined ? undefined : siblingsIn(parentFolder(path));
  const { model, facts } = await loadModel(bytes, { compile: false, ...defined({ file: path, siblings }) });
  const has = hasFeatures(model);
  const [last, embedding] = has ? [lastFeatures(model), embeddingLayer(model)] : [undefined, undefined];
  await model.close();
  return { last, embedding, classNames: facts?.task === undefined ? facts?.classNames : classNamesOf(facts.task) };
}

/** Preprocessing of the images that a model file takes. @throws FoveaError for a model that takes no images */
export async function modelFilePreprocessing(weights: BaseWeights): Promise<Preprocessing> {
  const { model, facts } = await loadBaseFile(weights, {});
  const known = facts?.preprocessing ?? plainPreprocessing(model);
  const { inputShapes } = model;
  await model.close();
  if (known === undefined)
    throw new FoveaError(
      "unsuited-model",
      `${weights.path}: takes input ${inputShapes.map(showShape).join(" and ")}; expected images, [height, width, 1] or [height, width, 3]`,
    );
  // The scale of pixels becomes a layer of the new model.
  const { rescale: _, ...preprocessing } = known;
  return preprocessing;
}

function frozen(base: Model): Model {
  base.trainable = false;
  return base;
}

/** Scales of pixels in keras.applications; `none` is for networks that begin by scaling pixels themselves. */
const PUBLISHED = { tf: RESCALES["-1..1"], caffe: RESCALES.caffe, none: undefined } as const satisfies Record<
  PreprocessingMode,
  Rescale | undefined
>;

/**
 * The scale that a name stands for, as a recipe keeps it.
 * @throws FoveaError for a base that scales pixels itself, or a name that is none.
 */
export function baseRescale(name: string, rescale: RescaleName): Rescale {
  const scalesItself =
    isShipped(name) ||
    (name !== MODEL_BASE && IMAGENET_APPLICATIONS[oneOf("base", name, IMAGENET_NAMES)].preprocessing === "none");
  if (scalesItself)
    throw new FoveaError("unsuited-option", `the base ${name} scales pixels itself; leave out --rescale`);
  return RESCALES[oneOf("rescale", rescale, RESCALE_NAMES)] ?? { scale: 1, offset: 0 };
}

/** keras.applications' preprocess_input as layers, so that the model takes plain pixels. */
function pixelLayers(
  mode: PreprocessingMode,
  [height, width]: Preprocessing["imageSize"],
  rescale: Rescale | undefined = PUBLISHED[mode],
): Layer[] {
  return rescale === undefined ? [] : [pixelLayer(rescale, [height, width, 3], { name: "pixels" })];
}

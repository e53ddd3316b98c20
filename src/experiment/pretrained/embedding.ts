// Embeddings of images: a network's numbers just before it decides, which are alike for images that are alike. They
// come from any model file, or from an ImageNet application without its top.
import { IMAGENET_NAMES, type ImageNetName } from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { sliceRows, type Tensor } from "../../core/tensor.js";
import type { RescaleName } from "../../formats/models/pixels.js";
import { UPRIGHT } from "../../formats/run/recipe.js";
import type { Functional } from "../../nn/model/functional.js";
import { modelToKeras } from "../../nn/serialization/model.js";
import { featuresOf } from "../models/features.js";
import { imagesFor, openModel, type TrainedModel } from "../models/trained-model.js";
import { openPretrained, type PretrainedOptions, photosFor } from "./classification.js";
import { isShipped, openShipped, SHIPPED_BASES, type ShippedName } from "./shipped.js";
import { storedWeights, weightFileFor } from "./weights-store.js";

/** Options of an embedder: the model's variant and weights, and the layer that its vectors come from. */
export interface EmbedderOptions extends PretrainedOptions {
  /** The layer whose results are taken, as `getLayer` names it. Default: the layer before the one that decides. */
  readonly layer?: string;
  /** Scale of pixels for a model file that names none. Default: the scale of the file, else none. */
  readonly rescale?: RescaleName;
}

/** Turns images into vectors of length 1, so that their product says how alike they are. */
export interface Embedder {
  /** Numbers in a vector. */
  readonly size: number;
  /** Everything but the image that decides about a vector: weights, layer, preprocessing. */
  readonly settings: object;
  /** Facts that the model's file lacks or that Fovea could not take over, a sentence each. */
  readonly warnings: readonly string[];
  /**
   * One vector for each image file.
   * @param paths image files; one that cannot be read is an error
   */
  readonly embed: (paths: readonly string[]) => Promise<Float32Array[]>;
  /**
   * One vector for each of images that are prepared as the network takes them, `[n, height, width, channels]`.
   * @param images prepared pixels, or features, of n images
   */
  readonly embedImages: (images: Tensor) => Promise<Float32Array[]>;
  /** Frees the memory of the network; one of `embedderOf` leaves the model open. */
  readonly close: () => Promise<void>;
}

/**
 * An embedder out of a model file, a run, a network of the package, or the name of an ImageNet application whose
 * weights are in the local store.
 * @param which path of a model file or a run, "hanzi", "photos", or the name of an ImageNet application
 * @throws FoveaError when there is no such model, or it has no features to offer.
 * @example
 * const embedder = await openEmbedder("model.keras");
 * const [vector] = await embedder.embed(["photo.png"]); // embedder.size numbers, of length 1
 * await embedder.close();
 */
export async function openEmbedder(which: string, options: EmbedderOptions = {}): Promise<Embedder> {
  const { layer, threads, runtime, rescale, ...pretrainedOptions } = options;
  const name = IMAGENET_NAMES.find((known) => known === which);
  if (name !== undefined) {
    if (rescale !== undefined)
      throw new FoveaError(
        "unsuited-option",
        `--rescale is for model files; how ${name} scales pixels is known, so leave it out`,
      );
    const variant = await inStore(name, pretrainedOptions);
    const pretrained = await openPretrained(name, { ...variant, ...defined({ threads, runtime }) });
    const { model } = pretrained;
    const prepared = async (paths: readonly string[]): Promise<Tensor> =>
      pretrained.preprocessInput(await photosFor(pretrained, paths, INTERPOLATION));
    const settings = { name, size: pretrained.size, interpolation: INTERPOLATION, ...UPRIGHT };
    const made = await embedder(featuresOf(model, layer), prepared, settings, []);
    return {
      ...made,
      close: async () => {
        await made.close();
        await model.close();
      },
    };
  }
  if (isShipped(which)) return shippedEmbedder(which, options);
  const asked = await openModel(which, { compile: false, ...defined({ threads, runtime, rescale }) });
  const made = await embedderOf(asked, layer);
  return {
    ...made,
    close: async () => {
      await made.close();
      await asked.model.close();
    },
  };
}

/** An embedder out of a network of the package. @throws FoveaError for options that belong to other models */
async function shippedEmbedder(name: ShippedName, options: EmbedderOptions): Promise<Embedder> {
  const { layer, threads, runtime, ...others } = options;
  const [idle] = Object.keys(defined(others));
  if (idle !== undefined)
    throw new FoveaError("unsuited-option", `--${idle} is for other models than ${name} of the package; leave it out`);
  const { features, preprocessing } = SHIPPED_BASES[name];
  const model = await openShipped(name, defined({ threads, runtime }));
  const prepared = async (paths: readonly string[]): Promise<Tensor> => imagesFor({ preprocessing }, paths);
  const made = await embedder(featuresOf(model, layer ?? features), prepared, preprocessing, []);
  return {
    ...made,
    close: async () => {
      await made.close();
      await model.close();
    },
  };
}

/**
 * An embedder out of a model that is open, and stays so when the embedder is closed.
 * @param asked the open model of images
 * @param layer as `EmbedderOptions` has it
 * @throws FoveaError for a model that has no features to offer
 * @example
 * const opened = await openModel("model.keras");
 * const embedder = await embedderOf(opened);
 * const [vector] = await embedder.embed(["pets/cat/1.png"]);
 */
export const embedderOf = (asked: TrainedModel, layer?: string): Promise<Embedder> =>
  embedder(
    featuresOf(asked.original, layer, asked.model),
    (paths) => imagesFor(asked, paths),
    asked.preprocessing,
    asked.warnings,
  );

/** Averages where images shrink: picked pixels would make the same photo at half the size another one to the network. */
const INTERPOLATION = "lanczos";

/** The variant without the top where only that is in the store. */
async function inStore(name: ImageNetName, options: PretrainedOptions): Promise<PretrainedOptions> {
  if (options.weights !== undefined || options.includeTop !== undefined) return options;
  if ((await storedWeights(weightFileFor(name, options))) !== undefined) return options;
  const withoutTop = { ...options, includeTop: false };
  return (await storedWeights(weightFileFor(name, withoutTop))) === undefined ? options : withoutTop;
}

/** Images that are in memory at once. */
const BATCH = 32;

async function embedder(
  features: Functional,
  images: (paths: readonly string[]) => Promise<Tensor>,
  preparing: object,
  warnings: readonly string[],
): Promise<Embedder> {
  const embedImages = async (batch: Tensor): Promise<Float32Array[]> => {
    const outputs = await features.predict(batch, { batchSize: BATCH });
    return Array.from({ length: batch.shape[0]! }, (_, n) => unit(sliceRows(outputs, n, n + 1).data as Float32Array));
  };
  return {
    warnings,
    size: features.outputShape[0]!,
    settings: { network: modelToKeras(features), weights: await features.weightsSha256(), preparing },
    embed: async (paths) => {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < paths.length; start += BATCH)
        vectors.push(...(await embedImages(await images(paths.slice(start, start + BATCH)))));
      return vectors;
    },
    embedImages,
    close: () => features.close(),
  };
}

/** The vector over its length; one of zeros stays. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((total, value) => total + value * value, 0));
  return length === 0 ? Float32Array.from(vector) : vector.map((value) => value / length);
}

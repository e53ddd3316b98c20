// Photos in, ImageNet's words out: an application with its weights, asked about image files as Keras's load_img,
// preprocess_input, predict and decode_predictions would have it.
import {
  type Decoded,
  decodePredictions,
  IMAGENET_NAMES,
  type ImageNetName,
  imageNetApplication,
  type WeightFile,
  weightFileNamed,
} from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { type Interpolation, loadImage } from "../../data/index.js";
import { defaultPlace } from "../../default-backend.js";
import type { Functional } from "../../nn/model/functional.js";
import type { Runtime } from "../../nn/model/runtime.js";
import { readBytes } from "../../platform/files.js";
import { baseName } from "../../platform/paths.js";
import { type BadFile, eachReadable } from "../data/bad-files.js";
import type { Predictor } from "./onnxruntime.js";
import { openShipped, SHIPPED_BASES } from "./shipped.js";
import { loadPretrained, openWeights, type WeightsVariant, weightFileFor } from "./weights-store.js";

/** Options of a pretrained network: its variant, its weights, and the place where it computes. */
export interface PretrainedOptions extends WeightsVariant {
  /** A file with the weights. Default: the local store. A name of Keras's own also says the variant. */
  readonly weights?: string;
  /** Threads that compute. Default: the cores of the machine. */
  readonly threads?: number;
  /** Place to compute. Default: the one that models of equal threads share. */
  readonly runtime?: Runtime;
}

/** Name of a network that tells ImageNet's classes: one with weights of the user's, or that of the package. */
export type ClassifierName = ImageNetName | "photos";

/** Names of the networks that tell ImageNet's classes, that of the package first. */
export const CLASSIFIER_NAMES: readonly ClassifierName[] = ["photos", ...IMAGENET_NAMES];

/**
 * The network where none is named: weights of a file belong to the one that its name says, else that of the package.
 * @param options the weights and the variant that were asked for
 * @returns "photos" without options, "mobilenet_v2" for a variant or a file of another name
 * @example
 * usualNetwork({}); // "photos", which needs no weights of the user's
 * usualNetwork({ alpha: 0.5 }); // "mobilenet_v2"
 */
export function usualNetwork({ weights, ...variant }: PretrainedOptions): ClassifierName {
  if (weights !== undefined) return weightFileNamed(baseName(weights))?.model ?? "mobilenet_v2";
  return Object.keys(defined(variant)).length === 0 ? "photos" : "mobilenet_v2";
}

/** A network with the weights it was trained to. */
export interface Pretrained {
  /** The network from prepared pixels `[n, size, size, 3]` to probabilities, or to feature maps without its top. */
  readonly model: Functional;
  /**
   * Pixels from 0 to 255 as the network wants them.
   * @param pixels images `[n, height, width, 3]` with values from 0 to 255
   */
  readonly preprocessInput: (pixels: Tensor) => Tensor;
  /** Resizing of photos that the weights were published with. */
  readonly interpolation: Interpolation;
  /** Height and width of the images that it takes. */
  readonly size: number;
  /** Source of the weights. */
  readonly file: string;
}

/**
 * An ImageNet application with weights from a file or the local store, or the network of the package; nothing is
 * fetched.
 * @param name network: "photos" for that of the package, or an ImageNet application
 * @throws FoveaError when there are none, saying how to get them, or when they do not fit.
 * @example const { model, size } = await openPretrained("photos"); // or "mobilenet_v2", with its weights in the store
 */
export async function openPretrained(name: ClassifierName, options: PretrainedOptions = {}): Promise<Pretrained> {
  if (name === "photos") return openPhotos(options);
  const { weights, threads, runtime, ...variant } = options;
  const application = imageNetApplication(name);
  const known = knownFile(name, weights, variant);
  const { path, bytes } =
    weights === undefined ? await openWeights(known) : { path: weights, bytes: await readBytes(weights) };
  const model = application.build({ ...known.options, ...defaultPlace, ...defined({ threads, runtime }) });
  await loadPretrained(known, model, bytes, path);
  const { preprocessInput } = application;
  // Keras's load_img picks pixels unless told otherwise.
  return { model, preprocessInput, interpolation: "nearest", size: model.inputShape[0]!, file: path };
}

/** The network of the package. @throws FoveaError for options that belong to published weights */
async function openPhotos({ threads, runtime, ...others }: PretrainedOptions): Promise<Pretrained> {
  const [idle] = Object.keys(defined(others));
  if (idle !== undefined)
    throw new FoveaError("unsuited-option", `--${idle} is for networks with weights of their own; leave it out`);
  const { preprocessing } = SHIPPED_BASES.photos;
  const model = await openShipped("photos", defined({ threads, runtime }));
  return {
    model,
    preprocessInput: (pixels) => pixels,
    interpolation: preprocessing.interpolation,
    size: preprocessing.imageSize[0],
    file: "the package",
  };
}

/** The published weights: by the variant that was asked for, else by the file's name. */
function knownFile(name: ImageNetName, weights: string | undefined, variant: WeightsVariant): WeightFile {
  const named = weights === undefined ? undefined : weightFileNamed(baseName(weights));
  if (named !== undefined && named.model !== name)
    throw new FoveaError("weights-mismatch", `${weights} holds weights of ${named.model} by its name, not of ${name}`);
  return named !== undefined && Object.keys(variant).length === 0 ? named : weightFileFor(name, variant);
}

/** One photo turned upright, at the network's size. */
const photo = (
  { size, interpolation: usual }: Pretrained,
  path: string,
  interpolation: Interpolation = usual,
): Promise<Tensor<"uint8">> => loadImage(path, { height: size, width: size, color: "rgb", interpolation });

/**
 * Images turned upright, at the network's size, `[n, size, size, 3]`: as Keras's load_img resizes by default, without
 * averaging, unless another interpolation is asked for.
 */
export const photosFor = async (
  pretrained: Pretrained,
  paths: readonly string[],
  interpolation?: Interpolation,
): Promise<Tensor<"uint8">> =>
  stacked(pretrained, await Promise.all(paths.map((path) => photo(pretrained, path, interpolation))));

function stacked({ size }: Pretrained, images: readonly Tensor<"uint8">[]): Tensor<"uint8"> {
  const pixels = new Uint8Array(images.length * size * size * 3);
  for (const [n, { data }] of images.entries()) pixels.set(data, n * size * size * 3);
  return tensor(pixels, [images.length, size, size, 3], "uint8");
}

/** The answer of a classifier about one photo. */
export interface Classified {
  /** Path of the photo. */
  readonly image: string;
  /** The most probable classes, the most probable first. */
  readonly top: readonly Decoded[];
}

/** Images that are in memory at once. */
const BATCH = 32;

/**
 * Answers of a classifier with its ImageNet top about photos, 32 in memory at a time.
 * @param pretrained the opened network
 * @param paths files of the photos
 * @param options length of the answers, another engine, and the treatment of bad files
 * @param options.top number of classes in an answer. Default 3
 * @param options.by engine that computes in the model's place. Default: the model itself
 * @param options.onBad receives each file that cannot be read, which then has no answer; without it the first is an
 * error
 * @throws FoveaError for a photo that cannot be read, without `onBad`
 * @example
 * const network = await openPretrained("photos");
 * const [{ top }] = await classify(network, ["photo.png"], { top: 3 });
 * top[0]; // the most probable of ImageNet's classes: its number, name and probability
 * await network.model.close();
 */
export async function classify(
  pretrained: Pretrained,
  paths: readonly string[],
  options: {
    readonly top?: number;
    readonly by?: Pick<Predictor, "predict">;
    readonly onBad?: (file: BadFile) => void;
  } = {},
): Promise<Classified[]> {
  const { top = 3, by = pretrained.model, onBad } = options;
  const answers: Classified[] = [];
  for (let start = 0; start < paths.length; start += BATCH) {
    const { good, bad } = await eachReadable(paths.slice(start, start + BATCH), (path) => photo(pretrained, path));
    for (const file of bad) {
      if (onBad === undefined) throw new FoveaError(file.code, file.error);
      onBad(file);
    }
    if (good.length === 0) continue;
    const photos = stacked(
      pretrained,
      good.map(({ value }) => value),
    );
    const outputs = await by.predict(pretrained.preprocessInput(photos), { batchSize: BATCH });
    const decoded = await decodePredictions(outputs, { top });
    answers.push(...good.map(({ path: image }, i) => ({ image, top: decoded[i]! })));
  }
  return answers;
}

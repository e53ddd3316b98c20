// Photos in, ImageNet's words out: an application with its weights, asked about image files as Keras's load_img,
// preprocess_input, predict and decode_predictions would have it.
import {
  type Decoded,
  decodePredictions,
  type ImageNetApplication,
  type ImageNetName,
  imageNetApplication,
  type WeightFile,
  weightFileNamed,
} from "../applications/imagenet/index.js";
import { FoveaError } from "../core/errors.js";
import { type Tensor, tensor } from "../core/tensor.js";
import { loadImage } from "../data/index.js";
import { defaultBackend } from "../index.js";
import type { Functional } from "../nn/model/functional.js";
import { readBytes } from "../platform/files.js";
import { baseName } from "../platform/paths.js";
import { defined } from "./defined.js";
import type { Predictor } from "./engines.js";
import { loadPretrained, openWeights, type WeightsVariant, weightFileFor } from "./weights-store.js";

export interface PretrainedOptions extends WeightsVariant {
  /** A file with the weights; default: the local store. A name of Keras's own also says which variant it is. */
  readonly weights?: string;
  readonly threads?: number;
}

/** An application with the weights it was trained to. */
export interface Pretrained {
  readonly application: ImageNetApplication;
  readonly model: Functional;
  /** Height and width of the images that it takes. */
  readonly size: number;
  /** Where the weights come from. */
  readonly file: string;
}

/**
 * An ImageNet application with weights from a file or the local store; nothing is fetched.
 * @throws FoveaError when there are none, saying how to get them, or when they do not fit.
 * @example const { model } = await openPretrained("mobilenet_v2", { includeTop: false });
 */
export async function openPretrained(name: ImageNetName, options: PretrainedOptions = {}): Promise<Pretrained> {
  const { weights, threads, ...variant } = options;
  const application = imageNetApplication(name);
  const known = knownFile(name, weights, variant);
  const { path, bytes } =
    weights === undefined ? await openWeights(known) : { path: weights, bytes: await readBytes(weights) };
  const model = application.build({ ...known.options, backend: defaultBackend, ...defined({ threads }) });
  await loadPretrained(known, model, bytes, path);
  return { application, model, size: model.inputShape[0]!, file: path };
}

/** Which published weights these are: by the variant that was asked for, else by the file's name. */
function knownFile(name: ImageNetName, weights: string | undefined, variant: WeightsVariant): WeightFile {
  const named = weights === undefined ? undefined : weightFileNamed(baseName(weights));
  if (named !== undefined && named.model !== name)
    throw new FoveaError(`${weights} holds weights of ${named.model} by its name, not of ${name}`);
  return named !== undefined && Object.keys(variant).length === 0 ? named : weightFileFor(name, variant);
}

/** Images turned upright and resized as Keras's load_img does it, without averaging: `[n, size, size, 3]`. */
export async function photosFor({ size }: Pretrained, paths: readonly string[]): Promise<Tensor<"uint8">> {
  const look = { height: size, width: size, color: "rgb", interpolation: "nearest" } as const;
  const images = await Promise.all(paths.map((path) => loadImage(path, look)));
  const pixels = new Uint8Array(images.length * size * size * 3);
  for (const [n, { data }] of images.entries()) pixels.set(data, n * size * size * 3);
  return tensor(pixels, [images.length, size, size, 3], "uint8");
}

export interface Classified {
  readonly image: string;
  /** The most probable classes, the most probable first. */
  readonly top: readonly Decoded[];
}

/** Images that are in memory at once. */
const BATCH = 32;

/**
 * What a classifier with its ImageNet top sees on photos; `by` computes in the model's place, on another engine.
 * @example const [{ top }] = await classify(await openPretrained("mobilenet_v2"), ["cat.jpg"], { top: 3 });
 */
export async function classify(
  pretrained: Pretrained,
  paths: readonly string[],
  { top = 3, by = pretrained.model }: { readonly top?: number; readonly by?: Pick<Predictor, "predict"> } = {},
): Promise<Classified[]> {
  const { application } = pretrained;
  const answers: Classified[] = [];
  for (let start = 0; start < paths.length; start += BATCH) {
    const some = paths.slice(start, start + BATCH);
    const x = application.preprocessInput(await photosFor(pretrained, some));
    const decoded = await decodePredictions(await by.predict(x, { batchSize: BATCH }), { top });
    answers.push(...some.map((image, i) => ({ image, top: decoded[i]! })));
  }
  return answers;
}

// Attribution of a decision to pixels by gradients: saliency, Grad-CAM and Grad-CAM++. Each method gives one map for each
// image, with the height and width of the image and values from 0 to 1.
import { oneOf } from "../core/errors.js";
import * as f from "../core/functions/index.js";
import type { Value } from "../core/graph/node.js";
import { checkOptions } from "../core/options.js";
import type { Tensor } from "../core/tensor.js";
import type { Model } from "../nn/model/model.js";
import { normalizedMaps, resizedMaps } from "./maps.js";
import { classesOf, coarsestMaps, expectMaps, lastMaps, Probe, SCORES, type Score, slope } from "./probe.js";

/** Options of all maps that explain a score. */
export interface AttributionOptions {
  /**
   * The class or output to explain, of all images or of each; default: the class that the model chose, the most probable
   * label, or the first number.
   */
  readonly classIndex?: number | readonly number[];
  /** Meaning of the outputs. Default `"class"`. */
  readonly score?: Score;
}
/** Options of `gradCam` and `gradCamPlusPlus`. */
export interface GradCamOptions extends AttributionOptions {
  /** A layer that puts out maps, `"base/conv5"` in nested models. Default: the last one; of regions the coarsest. */
  readonly layer?: string;
}

/** Maps [n, height, width], each from 0 to 1, and the classes or outputs that they explain. */
export interface Attribution {
  /** One map per image, `[n, height, width]`, from 0 to 1. */
  readonly maps: Tensor<"float32">;
  /** The class or output that each map explains. */
  readonly classes: Int32Array;
}

const OPTIONS = ["classIndex", "score"];

/** @throws FoveaError for unknown options, and a score that is none. */
export function checkAttribution(who: string, options: AttributionOptions, ...more: readonly string[]): void {
  checkOptions(who, options, [...OPTIONS, ...more]);
  if (options.score !== undefined) oneOf(`${who} score`, options.score, SCORES);
}

const sizeOf = ({ inputShape }: Model): readonly [number, number] => [inputShape[0]!, inputShape[1]!];

/**
 * The absolute gradient of the score in each pixel, the largest over colours (Simonyan, Vedaldi and Zisserman,
 * "Deep inside convolutional networks", 2014).
 * @param model A built model of images.
 * @param images `[n, height, width, channels]`, as the model takes them.
 * @throws FoveaError for unknown options, and a class or an output that there is not.
 * @example const { maps } = await saliency(model, images);
 */
export async function saliency(model: Model, images: Tensor, options: AttributionOptions = {}): Promise<Attribution> {
  checkAttribution("saliency", options);
  const classes = await classesOf(model, images, options.classIndex, options.score);
  const probe = new Probe(model, "", options.score);
  try {
    const [maps] = await probe.compute("saliency", images, classes, ({ x, scores }) => [
      f.max(f.abs(slope(scores(), x)), [3]),
    ]);
    return { maps: normalizedMaps(maps as Tensor<"float32">), classes };
  } finally {
    await probe.close();
  }
}

type Weigh = (maps: Value, slopes: Value) => Value;

/** Each channel counts by its mean slope. */
const meanSlopes: Weigh = (_, slopes) => f.mean(slopes, [1, 2], true);

/**
 * Each channel counts by its positive slopes, and each of these by how much it alone raises the score. The paper's
 * share, g^2 / (2 g^2 + sum(A) g^3) with the second and third derivatives of exp(score) as powers of its slope g, is
 * written as 1 / (2 + sum(A) g), which small slopes do not drown in. It is at most 1: maps may be negative here.
 */
const weighedSlopes: Weigh = (maps, slopes) => {
  const rising = f.relu(slopes);
  const share = f.div(1, f.maximum(f.add(f.mul(f.sum(maps, [1, 2], true), rising), 2), 1));
  return f.sum(f.mul(share, rising), [1, 2], true);
};

async function classActivation(
  kind: string,
  weigh: Weigh,
  model: Model,
  images: Tensor,
  options: GradCamOptions,
): Promise<Attribution> {
  checkAttribution(kind, options, "layer");
  const { classIndex, score } = options;
  const { layer = score === "region" || score === "peak" ? coarsestMaps(model) : lastMaps(model) } = options;
  expectMaps(model, layer);
  const classes = await classesOf(model, images, classIndex, score);
  const probe = new Probe(model, layer, score);
  try {
    const [maps] = await probe.compute(kind, images, classes, ({ maps, scores }) => [
      f.relu(f.sum(f.mul(maps, weigh(maps, slope(scores(), maps))), [3])),
    ]);
    return { maps: normalizedMaps(resizedMaps(maps as Tensor<"float32">, sizeOf(model))), classes };
  } finally {
    await probe.close();
  }
}

/**
 * The places where the maps of a layer speak for a class (Selvaraju et al., "Grad-CAM", 2017).
 * @param model A built model of images.
 * @param images `[n, height, width, channels]`, as the model takes them.
 * @throws FoveaError as `saliency` does, and for a layer that puts out no maps.
 * @example const { maps } = await gradCam(model, images, { layer: "conv1", classIndex: 2 });
 */
export const gradCam = (model: Model, images: Tensor, options: GradCamOptions = {}): Promise<Attribution> =>
  classActivation("gradCam", meanSlopes, model, images, options);

/**
 * Grad-CAM++ (Chattopadhyay et al., 2018), which also finds the second and third object of a class.
 * @param model A built model of images.
 * @param images `[n, height, width, channels]`, as the model takes them.
 * @example
 * const net = sequential([input([12, 12, 1]), conv2d(4, 3), flatten(), dense(2)]);
 * const { maps, classes } = await gradCamPlusPlus(net, images);
 */
export const gradCamPlusPlus = (model: Model, images: Tensor, options: GradCamOptions = {}): Promise<Attribution> =>
  classActivation("gradCamPlusPlus", weighedSlopes, model, images, options);

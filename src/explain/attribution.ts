// Attribution of a decision to pixels: saliency, Grad-CAM and Grad-CAM++, occlusion. Each method gives one map for each
// image, with the height and width of the image and values from 0 to 1.
import { FoveaError, oneOf } from "../core/errors.js";
import * as f from "../core/functions/index.js";
import type { Value } from "../core/graph/node.js";
import { checkOptions, numberWithin, wholeNumber } from "../core/options.js";
import { sliceRows, type Tensor } from "../core/tensor.js";
import type { Model } from "../nn/model/model.js";
import { normalizedMaps, resizedMaps } from "./maps.js";
import {
  classesOf,
  coarsestMaps,
  expectMaps,
  lastMaps,
  outputScore,
  Probe,
  SCORES,
  type Score,
  slope,
} from "./probe.js";

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
  /** A map an image, `[n, height, width]`, from 0 to 1. */
  readonly maps: Tensor<"float32">;
  /** The class or output that each map explains. */
  readonly classes: Int32Array;
}

const OPTIONS = ["classIndex", "score"];

/** @throws FoveaError for unknown options, and a score that is none. */
function checkAttribution(who: string, options: AttributionOptions, ...more: readonly string[]): void {
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

/** Options of `occlusion`. */
export interface OcclusionOptions extends AttributionOptions {
  /** Side of the patch in pixels. Default: an eighth of the image's shorter side. */
  readonly size?: number;
  /** Pixels from one patch to the next. Default: half a patch. */
  readonly stride?: number;
  /** The value that covers the pixels. Default: each image's mean. */
  readonly fill?: number;
}

const BATCH = 32;

/**
 * The drop of the score when a patch of the image is covered, averaged over the patches that cover a pixel
 * (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014).
 * @param model A built model of images.
 * @param images `[n, height, width, channels]`, as the model takes them.
 * @throws FoveaError as `saliency` does, and for a patch that is larger than the images.
 * @example const { maps } = await occlusion(model, images, { size: 8 });
 */
export async function occlusion(model: Model, images: Tensor, options: OcclusionOptions = {}): Promise<Attribution> {
  checkAttribution("occlusion", options, "size", "stride", "fill");
  const [height, width] = sizeOf(model);
  const most = Math.min(height, width);
  const size = wholeNumber("occlusion size", options.size ?? Math.min(most, Math.max(2, Math.round(most / 8))));
  const stride = wholeNumber("occlusion stride", options.stride ?? Math.max(1, size >> 1));
  if (size > most)
    throw new FoveaError(
      "out-of-range",
      `occlusion size: expected at most the ${most} pixels of the image's shorter side, received ${size}`,
    );
  if (options.fill !== undefined) numberWithin("occlusion fill", options.fill);
  const classes = await classesOf(model, images, options.classIndex, options.score);
  const n = images.shape[0]!;
  const out = new Float32Array(n * height * width);
  const corners = (extent: number): number[] => {
    const starts = Array.from({ length: Math.ceil((extent - size) / stride) + 1 }, (_, i) => i * stride);
    return starts.map((start) => Math.min(start, extent - size));
  };
  const patches = corners(height).flatMap((top) => corners(width).map((left) => [top, left] as const));
  for (let i = 0; i < n; i++) {
    const drops = await dropsOf(model, sliceRows(images, i, i + 1), classes[i]!, patches, size, options);
    const sums = new Float64Array(height * width);
    const counts = new Uint32Array(height * width);
    patches.forEach(([top, left], p) => {
      for (let y = top; y < top + size; y++)
        for (let x = left; x < left + size; x++) {
          sums[y * width + x]! += drops[p]!;
          counts[y * width + x]!++;
        }
    });
    sums.forEach((sum, at) => {
      out[i * height * width + at] = counts[at] === 0 ? 0 : Math.max(0, sum / counts[at]!);
    });
  }
  return { maps: normalizedMaps({ dtype: "float32", shape: [n, height, width], data: out }), classes };
}

/** The drop of the class's output for each covered patch of one image. */
async function dropsOf(
  model: Model,
  image: Tensor,
  classIndex: number,
  patches: readonly (readonly [number, number])[],
  size: number,
  { fill, score = "class" }: OcclusionOptions,
): Promise<Float64Array> {
  const [, , width, channels] = image.shape as [number, number, number, number];
  const pixels = image.data.length;
  const cover = fill ?? (image.data as Float32Array).reduce((sum: number, value: number) => sum + value, 0) / pixels;
  const outputs = model.outputShape.reduce((a, b) => a * b, 1);
  const scores = async (batch: Tensor): Promise<Float64Array> => {
    const { data } = await model.predict(batch, { batchSize: BATCH });
    return Float64Array.from({ length: batch.shape[0]! }, (_, row) =>
      outputScore(data.subarray(row * outputs, (row + 1) * outputs), classIndex, score, model.outputShape.at(-1)!),
    );
  };
  const [whole] = await scores(image);
  const drops = new Float64Array(patches.length);
  for (let first = 0; first < patches.length; first += BATCH) {
    const part = patches.slice(first, first + BATCH);
    const data = new Float32Array(part.length * pixels);
    part.forEach(([top, left], p) => {
      data.set(image.data, p * pixels);
      for (let y = top; y < top + size; y++) {
        const at = p * pixels + (y * width + left) * channels;
        data.fill(cover, at, at + size * channels);
      }
    });
    const found = await scores({ dtype: "float32", shape: [part.length, ...image.shape.slice(1)], data });
    found.forEach((score, p) => {
      drops[first + p] = whole! - score;
    });
  }
  return drops;
}

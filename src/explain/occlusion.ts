// Occlusion: how much a score drops when a part of the image is covered (Zeiler and Fergus, "Visualizing and understanding
// convolutional networks", 2014). It asks a model and nothing else, so that it explains any score that can be computed.
import { FoveaError } from "../core/errors.js";
import { checkOptions, numberWithin, wholeNumber } from "../core/options.js";
import { sliceRows, type Tensor } from "../core/tensor.js";
import type { Model } from "../nn/model/model.js";
import { type Attribution, type AttributionOptions, checkAttribution } from "./attribution.js";
import { normalizedMaps } from "./maps.js";
import { classesOf, outputScore } from "./probe.js";

/** Options of the patches that cover an image. */
export interface PatchOptions {
  /** Side of the patch in pixels. Default: an eighth of the image's shorter side. */
  readonly size?: number;
  /** Pixels from one patch to the next. Default: half a patch. */
  readonly stride?: number;
  /** The value that covers the pixels. Default: each image's mean. */
  readonly fill?: number;
}

/** Options of `occlusion`. */
export interface OcclusionOptions extends AttributionOptions, PatchOptions {}

const PATCH = ["size", "stride", "fill"] as const;
/** Covered images that are asked about at a time. */
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
  checkAttribution("occlusion", options, ...PATCH);
  const { classIndex, score = "class", ...patch } = options;
  // Before the model is asked for its classes.
  patchOf(images, patch);
  const classes = await classesOf(model, images, classIndex, score);
  const outputs = model.outputShape.reduce((a, b) => a * b, 1);
  const scoresOf = async (batch: Tensor, image: number): Promise<Float64Array> => {
    const { data } = await model.predict(batch, { batchSize: BATCH });
    return Float64Array.from({ length: batch.shape[0]! }, (_, row) =>
      outputScore(data.subarray(row * outputs, (row + 1) * outputs), classes[image]!, score, model.outputShape.at(-1)!),
    );
  };
  return { maps: await occlusionOf(images, scoresOf, patch), classes };
}

/**
 * The same of any score: maps `[n, height, width]`, each from 0 to 1, of its drop under patches.
 * @param images `[n, height, width, channels]`
 * @param scoresOf gives the score of each image of a batch, all of which are copies of one image, the `image`-th, with parts covered
 * @param options the patches
 * @throws FoveaError for unknown options, and for a patch that is larger than the images
 * @example
 * const light = async ({ data, shape }) => Float64Array.from({ length: shape[0] }, (_, n) => data[n * 144]);
 * const maps = await occlusionOf(images, light, { size: 4 }); // the upper left corner alone
 */
export async function occlusionOf(
  images: Tensor,
  scoresOf: (batch: Tensor, image: number) => Promise<Float64Array>,
  options: PatchOptions = {},
): Promise<Tensor<"float32">> {
  checkOptions("occlusionOf", options, PATCH);
  const [n, height, width] = images.shape as [number, number, number, number];
  const { size, stride } = patchOf(images, options);
  const out = new Float32Array(n * height * width);
  const corners = (extent: number): number[] => {
    const starts = Array.from({ length: Math.ceil((extent - size) / stride) + 1 }, (_, i) => i * stride);
    return starts.map((start) => Math.min(start, extent - size));
  };
  const patches = corners(height).flatMap((top) => corners(width).map((left) => [top, left] as const));
  for (let i = 0; i < n; i++) {
    const drops = await dropsOf(sliceRows(images, i, i + 1), (batch) => scoresOf(batch, i), patches, size, options);
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
  return normalizedMaps({ dtype: "float32", shape: [n, height, width], data: out });
}

/** Side and distance of the patches. @throws FoveaError for a patch that is larger than the images */
function patchOf({ shape }: Tensor, options: PatchOptions): { readonly size: number; readonly stride: number } {
  const most = Math.min(shape[1]!, shape[2]!);
  const size = wholeNumber("occlusion size", options.size ?? Math.min(most, Math.max(2, Math.round(most / 8))));
  const stride = wholeNumber("occlusion stride", options.stride ?? Math.max(1, size >> 1));
  if (size > most)
    throw new FoveaError(
      "out-of-range",
      `occlusion size: expected at most the ${most} pixels of the image's shorter side, received ${size}`,
    );
  if (options.fill !== undefined) numberWithin("occlusion fill", options.fill);
  return { size, stride };
}

/** The drop of the score for each covered patch of one image. */
async function dropsOf(
  image: Tensor,
  scoresOf: (batch: Tensor) => Promise<Float64Array>,
  patches: readonly (readonly [number, number])[],
  size: number,
  { fill }: PatchOptions,
): Promise<Float64Array> {
  const [, , width, channels] = image.shape as [number, number, number, number];
  const pixels = image.data.length;
  const cover = fill ?? (image.data as Float32Array).reduce((sum: number, value: number) => sum + value, 0) / pixels;
  const [whole] = await scoresOf(image);
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
    const found = await scoresOf({ dtype: "float32", shape: [part.length, ...image.shape.slice(1)], data });
    found.forEach((score, p) => {
      drops[first + p] = whole! - score;
    });
  }
  return drops;
}

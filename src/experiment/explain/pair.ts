// The parts of two images that make them alike to a verifier: maps of the cosine, for each image with the other held still.
import { FoveaError } from "../../core/errors.js";
import { sliceRows, type Tensor, tensor } from "../../core/tensor.js";
import { overlay, type Picture, sheet } from "../../explain/index.js";
import { dense } from "../../nn/layers/index.js";
import { Functional } from "../../nn/model/functional.js";
import { layerOutputs } from "../../nn/model/layer-outputs.js";
import type { TrainedModel } from "../models/trained-model.js";
import { taskOf } from "../tasks/index.js";
import { cosineOf } from "../tasks/scores/verification/index.js";
import { type AttributionMethod, attribute, imageAt, visible } from "./explanation.js";

/** A pair with the maps of both images. */
export interface ExplainedPair {
  /** Cosine of the embeddings, from -1 to 1. */
  readonly score: number;
  /** Cosine from which two images count as of one identity; undefined where the file has none. */
  readonly threshold: number | undefined;
  /** Both images, and below them the maps over them. */
  readonly picture: Picture;
}

/**
 * Maps of the pixels by which two images are alike.
 * @param images `[2, height, width, channels]` from 0 to 255
 * @param trained A verifier, as `openModel` gives it.
 * @param method One of `ATTRIBUTIONS`.
 * @param options `layer`: path of the layer of Grad-CAM's maps; default the last convolution.
 * @throws FoveaError for a model that is no verifier
 * @example
 * const trained = await openModel("model.keras", { threads: 1 });
 * try {
 *   const { score, picture } = await explainPair(trained, sliceRows(images, 0, 2), "saliency");
 * } catch (error) {
 *   error.code; // "unsuited-model": this one knows classes, no identities
 * }
 * await trained.model.close();
 */
export async function explainPair(
  trained: TrainedModel,
  images: Tensor,
  method: AttributionMethod,
  options: { readonly layer?: string } = {},
): Promise<ExplainedPair> {
  const { task, file, model } = trained;
  const comparison = task && taskOf(task).comparison?.(task);
  if (comparison === undefined)
    throw new FoveaError("unsuited-model", `${file} is no verifier, so there is no pair to explain; leave out --pair`);
  const { data } = await model.predict(images);
  const { dimensions: width, threshold } = comparison;
  const embeddings = [0, 1].map((row) => data.slice(row * width, (row + 1) * width));
  const pictures: Picture[] = [];
  const over: Picture[] = [];
  for (const row of [0, 1]) {
    const image = sliceRows(images, row, row + 1);
    const map = await mapOf(trained, image, embeddings[1 - row]!, method, options);
    pictures.push(visible(overlay(imageAt(images, row), new Float32Array(map.length))));
    over.push(visible(overlay(imageAt(images, row), map)));
  }
  return {
    score: cosineOf(embeddings[0]!, embeddings[1]!),
    threshold,
    picture: sheet([...pictures, ...over], 2, 8),
  };
}

/** Map of the cosine with an embedding: of a model with one output more, whose weights that embedding is. */
async function mapOf(
  trained: TrainedModel,
  image: Tensor,
  other: Float32Array,
  method: AttributionMethod,
  options: { readonly layer?: string },
): Promise<Float32Array> {
  const whole = layerOutputs(trained.model, "");
  const cosine = dense(1, { name: "cosine_with_other", useBias: false });
  const outputs = cosine.apply(whole.outputs[0]!);
  const model = new Functional({ ...whole.place, inputs: [...whole.inputs], outputs });
  try {
    await cosine.setWeights([tensor(other, [other.length, 1], "float32")]);
    const { maps } = await attribute(method, { ...trained, model }, image, {
      ...options,
      classIndex: 0,
      score: "number",
    });
    return Float32Array.from(maps.data);
  } finally {
    await model.close();
  }
}

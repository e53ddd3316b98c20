// A classifier's numbers just before it decides: the model up to there, and the energy that follows from these numbers.
import { FoveaError } from "../../core/errors.js";
import { log } from "../../core/math.js";
import type { Tensor } from "../../core/tensor.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import { globalAveragePooling2d } from "../../nn/layers/index.js";
import { Functional } from "../../nn/model/functional.js";
import { layerOutputs } from "../../nn/model/layer-outputs.js";
import type { Model, PredictionOptions } from "../../nn/model/model.js";
import { energyOf } from "../trust/novelty/energy.js";
import { decidingLayer, hasFeatures, lastFeatures } from "./last-features.js";

/** Model from the input to a vector: the features of `inner`, below `outer` when that only prepares pixels for it. */
export function featuresOf(inner: Model, layer?: string, outer: Model = inner): Functional {
  const path = layer ?? lastFeatures(inner);
  const features = layerOutputs(outer, inner === outer ? path : `${inner.name}/${path}`);
  if (features.outputShape.length === 1) return features;
  if (features.outputShape.length !== 3)
    throw new FoveaError(
      "unsuited-model",
      `layer "${path}" puts out [${features.outputShape.join(", ")}] for an image; expected feature maps or a vector`,
    );
  const outputs = globalAveragePooling2d().apply(features.outputs[0]!);
  return new Functional({ ...features.place, inputs: [...features.inputs], outputs });
}

/** Embeddings and energies of some images. */
export interface Seen {
  /** One vector for each image; undefined for a model without embeddings. */
  readonly embeddings?: readonly Float32Array[];
  /** Energy of each image; undefined for a model whose probabilities do not say it. */
  readonly energies?: readonly number[];
}

/**
 * Reads embeddings and energies of batches, with the same weights as the model.
 * @example
 * const reader = new FeatureReader(model);
 * const outputs = await model.predict(images);
 * const { embeddings, energies } = await reader.read(images, { batchSize: 8 }, outputs); // of reader.width numbers each; one each
 * await reader.close();
 */
export class FeatureReader {
  readonly #original: Model;
  /** Undefined where the model's own input is the embedding. */
  readonly #features: Functional | undefined;
  readonly #areInputs: boolean;

  /**
   * @param original the model as its file has it
   * @param model the same, with pixels scaled before it where they have to be
   */
  constructor(original: Model, model: Model = original) {
    this.#original = original;
    this.#areInputs = !hasFeatures(original) && model.inputShapes.length === 1 && model.inputShape.length === 1;
    this.#features = hasFeatures(original) ? featuresOf(original, undefined, model) : undefined;
  }

  /** Numbers in an embedding; 0 for a model without. */
  get width(): number {
    if (this.#areInputs) return this.#original.inputShape[0]!;
    return this.#features?.outputShape[0] ?? 0;
  }

  /**
   * Embeddings of some images, and their energies where there are outputs.
   * @param x images as the model takes them, `[n, ...shape]`
   * @param options number of images that are computed together, and whether fewer are filled up to it
   * @param outputs outputs of the model for them, as it gives them. Default: none, and so no energies
   */
  async read(x: Tensor, options: PredictionOptions, outputs?: Tensor<"float32">): Promise<Seen> {
    const seen = this.#features ? await this.#features.predict(x, options) : this.#areInputs ? x : undefined;
    const embeddings = seen && rowsOf(seen);
    const energies = outputs && (await this.#energies(outputs, embeddings));
    return { ...(embeddings && { embeddings }), ...(energies && { energies }) };
  }

  /** Frees the memory of the features; the model stays open. */
  close(): Promise<void> {
    return this.#features?.close() ?? Promise.resolve();
  }

  /** Energies of logits; where the model ends in probabilities, by the logit of the most probable class: log p - z. */
  async #energies(outputs: Tensor<"float32">, embeddings: Seen["embeddings"]): Promise<Seen["energies"]> {
    const classes = outputs.shape[1] ?? 1;
    if (outputs.shape.length !== 2 || classes < 2) return undefined;
    const rows = rowsOf(outputs);
    if (!endsInProbabilities(this.#original)) return rows.map(energyOf);
    const layer = decidingLayer(this.#original);
    if (layer.className !== "Dense" || embeddings === undefined) return undefined;
    await this.#original.getWeights();
    const [kernel, bias] = layer.weights.map(({ contents }) => contents);
    if (kernel === undefined || kernel.shape[0] !== this.width || kernel.shape[1] !== classes) return undefined;
    return rows.map((row, n) => {
      const best = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
      let logit = bias?.data[best] ?? 0;
      for (const [i, value] of embeddings[n]!.entries()) logit += value * kernel.data[i * classes + best]!;
      return log(row[best]!) - logit;
    });
  }
}

function rowsOf({ shape, data }: Tensor): Float32Array[] {
  const width = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, n) => Float32Array.from(data.subarray(n * width, (n + 1) * width)));
}

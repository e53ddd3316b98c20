// A classifier's numbers just before it decides: the model up to there, and the logits that follow from these numbers.
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { endsInProbabilities } from "../../formats/models/outputs.js";
import { globalAveragePooling2d } from "../../nn/layers/index.js";
import { Functional } from "../../nn/model/functional.js";
import { layerOutputs } from "../../nn/model/layer-outputs.js";
import type { Model } from "../../nn/model/model.js";
import { decidingLayer, hasFeatures, lastFeatures } from "./last-features.js";

/** Model from the input to a vector: the features of `inner`, below `outer` when that only prepares pixels for it. */
export function featuresOf(inner: Model, layer?: string, outer: Model = inner): Functional {
  const path = layer ?? lastFeatures(inner);
  const features = layerOutputs(outer, inner === outer ? path : `${inner.name}/${path}`);
  if (features.outputShape.length === 1) return features;
  if (features.outputShape.length !== 3)
    throw new FoveaError(
      `layer "${path}" puts out [${features.outputShape.join(", ")}] for an image; expected feature maps or a vector`,
    );
  const outputs = globalAveragePooling2d().apply(features.outputs[0]!);
  return new Functional({ ...features.place, inputs: [...features.inputs], outputs });
}

/** What an image is like to a model. */
export interface Seen {
  /** One vector for each image; undefined for a model without embeddings. */
  readonly embeddings?: readonly Float32Array[];
  /** Logits of each image; undefined for a model whose probabilities do not say them. */
  readonly logits?: readonly Float64Array[];
}

/** Reads embeddings and logits of batches, with the same weights as the model. */
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
   * Embeddings and logits of some images.
   * @param outputs of the model for them, as it gives them
   */
  async read(x: Tensor, outputs: Tensor<"float32">, batchSize: number): Promise<Seen> {
    const seen = this.#features ? await this.#features.predict(x, { batchSize }) : this.#areInputs ? x : undefined;
    const embeddings = seen && rowsOf(seen);
    const logits = await this.#logits(outputs, embeddings);
    return { ...(embeddings && { embeddings }), ...(logits && { logits }) };
  }

  close(): Promise<void> {
    return this.#features?.close() ?? Promise.resolve();
  }

  /** Logits as the model gives them, or, where it ends in probabilities, those of its last layer. */
  async #logits(outputs: Tensor<"float32">, embeddings: Seen["embeddings"]): Promise<Seen["logits"]> {
    const classes = outputs.shape[1] ?? 1;
    if (outputs.shape.length !== 2 || classes < 2) return undefined;
    if (!endsInProbabilities(this.#original)) return rowsOf(outputs).map((row) => Float64Array.from(row));
    const layer = decidingLayer(this.#original);
    if (layer.className !== "Dense" || embeddings === undefined) return undefined;
    await this.#original.getWeights();
    const [kernel, bias] = layer.weights.map(({ contents }) => contents);
    if (kernel === undefined || kernel.shape[0] !== this.width || kernel.shape[1] !== classes) return undefined;
    return embeddings.map((embedding) => {
      const logits = Float64Array.from({ length: classes }, (_, k) => bias?.data[k] ?? 0);
      for (const [i, value] of embedding.entries())
        if (value !== 0) for (let k = 0; k < classes; k++) logits[k]! += value * kernel.data[i * classes + k]!;
      return logits;
    });
  }
}

function rowsOf({ shape, data }: Tensor): Float32Array[] {
  const width = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, n) => Float32Array.from(data.subarray(n * width, (n + 1) * width)));
}

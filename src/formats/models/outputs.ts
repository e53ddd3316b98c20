// What a model's outputs are: probabilities already, or logits; and any classifier with probabilities of all classes.
import { tensor } from "../../core/tensor.js";
import { dense, input, softmax } from "../../nn/layers/index.js";
import type { Layer } from "../../nn/layers/layer.js";
import { Streams } from "../../nn/layers/weight.js";
import type { Model } from "../../nn/model/model.js";
import { Sequential } from "../../nn/model/sequential.js";

/** The model with a probability for each class as its outputs: two, where a single output tells two classes apart. */
export function withProbabilities(model: Model, classes: number): Model {
  const probabilities = endsInProbabilities(model);
  const isSingle = classes === 2 && model.outputShape.length === 1 && model.outputShape[0] === 1;
  const layers: Layer[] = [...(isSingle ? [bothOf(probabilities)] : []), ...(probabilities ? [] : [softmax()])];
  return layers.length === 0 ? model : new Sequential([input(model.inputShape), model, ...layers], model.place);
}

/** From one output to those of both classes: `[1 - p, p]`, or the logits `[0, z]` that mean the same. */
function bothOf(probability: boolean): Layer {
  const both = dense(2, { name: "both" });
  both.build([1], new Streams(0));
  const [kernel, bias] = both.weights;
  kernel!.contents = tensor(Float32Array.of(probability ? -1 : 0, 1), [1, 2], "float32");
  bias!.contents = tensor(Float32Array.of(probability ? 1 : 0, 0), [2], "float32");
  return both;
}

/** Whether a model's outputs are probabilities already, rather than logits. */
export function endsInProbabilities(model: Layer): boolean {
  const last: Layer | undefined = model.layers.at(-1);
  if (last === undefined) return false;
  if (last.layers.length > 0) return endsInProbabilities(last);
  if (last.className === "Softmax") return true;
  const { activation } = last.toKerasObject().config;
  return activation === "softmax" || activation === "sigmoid";
}

// What a model's outputs are: probabilities already, or logits.
import type { Layer } from "../../nn/layers/layer.js";

/** Whether a model's outputs are probabilities already, rather than logits. */
export function endsInProbabilities(model: Layer): boolean {
  const last: Layer | undefined = model.layers.at(-1);
  if (last === undefined) return false;
  if (last.layers.length > 0) return endsInProbabilities(last);
  if (last.className === "Softmax") return true;
  const { activation } = last.toKerasObject().config;
  return activation === "softmax" || activation === "sigmoid";
}

// Kinds of a model's outputs: probabilities already, or logits; and any classifier with probabilities of all classes.
import { tensor } from "../../core/tensor.js";
import { dense, input, softmax } from "../../nn/layers/index.js";
import type { Layer } from "../../nn/layers/layer.js";
import { Streams } from "../../nn/layers/weight.js";
import { Model } from "../../nn/model/model.js";
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

/** Layers that move numbers about without changing them, so that an earlier layer decides the kind of output. */
const MOVING = ["Reshape", "Flatten", "Permute", "Dropout"];

/** The layer that decides an output's kind, inside of nested models too, and the activation that it ends in. */
export interface OutputEnd {
  readonly layer: Layer;
  /** By its name in Keras; `linear` where there is none. */
  readonly activation: string;
}

/**
 * Layer and activation that one of a model's outputs comes from.
 * @param output the number of the output, default the first
 */
export function outputEnd(model: Model, output = 0): OutputEnd {
  let end = model.outputs[output]!;
  for (;;) {
    const { layer, inputs } = end.call;
    if (layer instanceof Model && layer.layers.length > 0) return outputEnd(layer, end.index);
    const activation = activationOf(layer);
    const isIdle = layer.className === "Activation" && activation === "linear";
    const moves = MOVING.includes(layer.className) || isIdle || isBoth(layer);
    if (!moves || inputs.length !== 1) return { layer, activation };
    end = inputs[0]!;
  }
}

/** Checks whether a layer turns p into [1 - p, p], as Teachable Machine's form of two classes does. */
function isBoth(layer: Layer): boolean {
  if (layer.className !== "Dense" || String(layer.weights.map(({ shape }) => shape)) !== "1,2,2") return false;
  return String(layer.weights.map(({ contents }) => contents.data)) === "-1,1,1,0";
}

function activationOf(layer: Layer): string {
  if (layer.className === "Softmax") return "softmax";
  const { activation } = layer.toKerasObject().config;
  return typeof activation === "string" ? activation : "linear";
}

/**
 * Checks whether one of a model's outputs, default the first, is a probability already, rather than a logit.
 * @param model A built model.
 * @param output The output, from 0; default 0.
 * @example endsInProbabilities(model); // true: its last activation is softmax
 */
export const endsInProbabilities = (model: Model, output = 0): boolean =>
  ["softmax", "sigmoid"].includes(outputEnd(model, output).activation);

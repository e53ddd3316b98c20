// The layer of a network whose results the deciding layer takes: what the network sees in an image, before it says what it is.
import { FoveaError } from "../../core/errors.js";
import type { Layer, SymbolicTensor } from "../../nn/layers/layer.js";
import { Model } from "../../nn/model/model.js";

/** Layers that may follow the one that decides. */
const AFTER = ["Activation", "Softmax", "Reshape", "Flatten", "Dropout"];
const DECIDING = ["Dense", "Conv2D", "RadialBasis"];

/**
 * Path of the layer before the one that decides, as `getLayer` takes it, in nested models too: that is how exports of
 * Teachable Machine have their head. The last layer of a model that ends in features.
 * @throws FoveaError for a network whose one layer with weights takes the pixels themselves
 * @example lastFeatures(model) // "flatten", or "sequential_3/dense_Dense1"
 */
export function lastFeatures(model: Model): string {
  const path = featuresWithin(model);
  if (path !== undefined) return path;
  throw new FoveaError(
    "unsuited-model",
    `${model.label}: its one layer with weights takes the pixels themselves, so it has no features`,
  );
}

/** Layers that may stand between an embedding and the layer that decides: those of a head that learned its own classes. */
const HEAD = ["Dense", "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout", "BatchNormalization"];

/**
 * Path of the layer whose results suit other classes best: the pooling, flattening or embedding before all dense layers of
 * the head, in nested models too. An export of Teachable Machine has a hidden layer between this and `lastFeatures`.
 * @throws FoveaError for a network whose one layer with weights takes the pixels themselves
 * @example embeddingLayer(model) // "sequential_1/global_average_pooling2d"
 */
export function embeddingLayer(model: Model): string {
  const layers = [...backwards(model, "")];
  const end = layers.findIndex(({ layer }) => !AFTER.includes(layer.className));
  if (end >= 0 && DECIDING.includes(layers[end]!.layer.className)) {
    const isHead = ({ layer, rank }: Step): boolean => rank === 1 && HEAD.includes(layer.className);
    const found = layers.slice(end + 1).find((step) => !isHead(step));
    if (found !== undefined) return found.path;
  }
  return lastFeatures(model);
}

interface Step {
  readonly path: string;
  readonly layer: Layer;
  /** Axes of a sample of its results. */
  readonly rank: number;
}

/** The layers from a model's first output back to its input, by the first input of each. */
function* backwards({ network }: Model, prefix: string): Generator<Step> {
  for (let { call } = network.outputs[0]!; call.inputs.length > 0; call = call.inputs[0]!.call) {
    const path = `${prefix}${call.layer.name}`;
    if (call.layer instanceof Model) yield* backwards(call.layer, `${path}/`);
    else yield { path, layer: call.layer, rank: call.outputs[0]!.shape.length };
  }
}

/** Checks whether a layer decides by the results of another, rather than by the model's input. */
export const hasFeatures = (model: Model): boolean => featuresWithin(model) !== undefined;

/** The layer that decides, in nested models too; the last layer of a model that ends in features. */
export function decidingLayer({ network }: Model): Layer {
  let call = network.outputs[0]!.call;
  while (AFTER.includes(call.layer.className)) call = call.inputs[0]!.call;
  return call.layer instanceof Model ? decidingLayer(call.layer) : call.layer;
}

type Call = SymbolicTensor["call"];

/** Undefined where the layer that decides takes the model's own input. */
function featuresWithin({ network }: Model): string | undefined {
  const last = network.outputs[0]!.call;
  let call = last;
  while (AFTER.includes(call.layer.className)) call = call.inputs[0]!.call;
  if (call.layer instanceof Model) {
    const inner = featuresWithin(call.layer);
    return inner === undefined ? before(call) : `${call.layer.name}/${inner}`;
  }
  return DECIDING.includes(call.layer.className) ? before(call) : last.layer.name;
}

/** The layer that a call takes its input from; undefined for the model's own input. */
function before({ inputs }: Call): string | undefined {
  const from = inputs[0]!.call;
  return from.inputs.length > 0 ? from.layer.name : undefined;
}

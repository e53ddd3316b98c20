// Common parts of the ImageNet architectures, in Keras's words: options, input, pooling or classifier at the end, and
// the functional model around them. The layers between are in each architecture's file.
import { FoveaError, oneOf, shown } from "../../core/errors.js";
import { flag, wholeNumber } from "../../core/options.js";
import type { ActivationLike } from "../../nn/activations.js";
import {
  dense,
  globalAveragePooling2d,
  globalMaxPooling2d,
  type InputLayer,
  input,
  type Layer,
  type SymbolicInput,
  type SymbolicTensor,
} from "../../nn/layers/index.js";
import { Functional } from "../../nn/model/functional.js";
import type { ModelOptions } from "../../nn/model/model.js";

/** Options that all of keras.applications share. */
export interface ImageNetOptions extends ModelOptions {
  /** True where the classifier is on top. Default true. */
  readonly includeTop?: boolean;
  /** `[height, width, channels]` of the images. Default: the size that the architecture was published with, RGB. */
  readonly inputShape?: readonly [height: number, width: number, channels: number];
  /** Output without the top: the last feature maps (null, the default), or their mean or maximum. */
  readonly pooling?: "avg" | "max" | null;
  /** Classes that the top tells apart. Default 1000. */
  readonly classes?: number;
  /** The activation of the top; null for logits. Default `"softmax"`. */
  readonly classifierActivation?: ActivationLike | null;
}

/** Decisions of an architecture beforehand. */
interface Plan {
  /** The function that makes it, for messages. */
  readonly functionName: string;
  /** The model's name, for images of a height. */
  readonly name: (height: number) => string;
  /** Height and width by default, and at least. */
  readonly size: number;
  readonly leastSize: number;
  /** True where the pooling at the end has a name of its own. */
  readonly namesPooling: boolean;
}

/** Layers before the output of the top. */
export interface Top {
  readonly classes: number;
  /** The name of an activation, `"linear"` for logits. */
  readonly activation: ActivationLike;
}

/** Builds the top on the last feature maps. */
type Classifier = (features: SymbolicTensor, top: Top) => SymbolicTensor;

export interface Frame {
  readonly image: InputLayer;
  /** Ends the network that reached these feature maps. */
  finish(features: SymbolicTensor, classifier: Classifier): Functional;
}

/** Layers one after the other. */
export const through = (x: SymbolicInput, ...layers: readonly [Layer, ...Layer[]]): SymbolicTensor =>
  layers.slice(1).reduce((y, layer) => layer.apply(y), layers[0].apply(x));

/** Global average pooling and a dense layer called `predictions`. */
export const denseTop =
  (...before: readonly [Layer, ...Layer[]]): Classifier =>
  (features, { classes, activation }) =>
    through(features, ...before, dense(classes, { activation, name: "predictions" }));

/**
 * Reads the options and makes the input.
 * @throws FoveaError when the images are too small for the architecture.
 */
export function frame(plan: Plan, options: ImageNetOptions): Frame {
  const { functionName, size, leastSize } = plan;
  const {
    inputShape = [size, size, 3],
    pooling = null,
    classes = 1000,
    classifierActivation = "softmax",
    includeTop: _,
    ...modelOptions
  } = options;
  if ("weights" in modelOptions)
    throw new FoveaError(
      "unknown-option",
      `${functionName}: expected no option "weights"; make the model and fill it from a file of weights with loadWeights(model, bytes)`,
    );
  const fits = Array.isArray(inputShape) && inputShape.length === 3 && inputShape.every(Number.isInteger);
  if (!fits || inputShape[2] < 1 || Math.min(inputShape[0], inputShape[1]) < leastSize)
    throw new FoveaError(
      "shape-mismatch",
      `${functionName}: expected an inputShape [height, width, channels] of at least ${leastSize}x${leastSize} pixels, ` +
        `received ${shown(inputShape)}`,
    );
  const includeTop = flag(`${functionName} includeTop`, options.includeTop, true);
  const pooled = pooling === null ? null : oneOf(`${functionName} pooling`, pooling, ["avg", "max"]);
  const top: Top = {
    classes: wholeNumber(`${functionName} classes`, classes),
    activation: classifierActivation ?? "linear",
  };
  const image = input(inputShape);
  const named = plan.namesPooling ? { name: `${pooled}_pool` } : {};
  const end = (features: SymbolicTensor): SymbolicTensor => {
    if (pooled === null) return features;
    return (pooled === "avg" ? globalAveragePooling2d(named) : globalMaxPooling2d(named)).apply(features);
  };
  return {
    image,
    finish: (features, classifier) =>
      new Functional({
        name: plan.name(inputShape[0]),
        ...modelOptions,
        inputs: image,
        outputs: includeTop ? classifier(features, top) : end(features),
      }),
  };
}

/** @throws FoveaError when so small an alpha leaves no filters. */
export function scaledFilters(functionName: string, alpha: number, filters: number): number {
  if (Number.isFinite(alpha) && filters >= 1) return filters;
  throw new FoveaError(
    "out-of-range",
    `${functionName} alpha: expected a number above 0 that leaves filters everywhere, received ${alpha}`,
  );
}

/** The nearest multiple of 8, and never more than a tenth less. */
export function roundToEights(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/** Zeros with which a convolution of stride 2 and padding `"valid"` halves images of either parity, rounding up. */
export function paddingToHalve({ shape }: SymbolicTensor, kernel: number): [[number, number], [number, number]] {
  const side = (extent: number): [number, number] => {
    const half = Math.floor(kernel / 2);
    return [half - (1 - (extent % 2)), half];
  };
  return [side(shape[0]!), side(shape[1]!)];
}

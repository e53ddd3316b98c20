// Models that take other numbers than pixels, as models that take pixels: a layer inside scales them. Also the scales
// that have names, and the test of whether a model scales pixels itself.
import { tensor } from "../../core/tensor.js";
import { conv2d, input, rescaling } from "../../nn/layers/index.js";
import type { Layer, SymbolicTensor } from "../../nn/layers/layer.js";
import { Streams } from "../../nn/layers/weight.js";
import { Functional } from "../../nn/model/functional.js";
import { Model } from "../../nn/model/model.js";
import { Sequential } from "../../nn/model/sequential.js";
import type { Rescale } from "../run/recipe.js";
import type { FoveaFacts } from "./fovea-facts.js";

/** ImageNet's mean and deviation of red, green and blue in 0..1, as torchvision has them. */
const MEANS = [0.485, 0.456, 0.406];
const DEVIATIONS = [0.229, 0.224, 0.225];
/** ImageNet's mean blue, green and red in 0..255, as Caffe's networks have them. */
const CAFFE_MEANS = [103.939, 116.779, 123.68];

/** The usual scales by name; `none` is for models that take pixels from 0 to 255. */
export const RESCALES = {
  "0..1": { scale: 1 / 255, offset: 0 },
  "-1..1": { scale: 1 / 127.5, offset: -1 },
  imagenet: {
    scale: DEVIATIONS.map((deviation) => 1 / (255 * deviation)),
    offset: MEANS.map((mean, channel) => -mean / DEVIATIONS[channel]!),
  },
  caffe: { scale: 1, offset: CAFFE_MEANS.map((mean) => -mean), order: "bgr" },
  none: undefined,
} as const satisfies Record<string, Rescale | undefined>;
export type RescaleName = keyof typeof RESCALES;
export const RESCALE_NAMES = Object.keys(RESCALES) as readonly RescaleName[];

/** Checks whether a scale is for images of three channels only. */
export const needsColours = ({ scale, offset, order }: Rescale): boolean =>
  order !== undefined || [scale, offset].some((factor) => typeof factor !== "number" && factor.length > 1);

/** The layer that scales pixels of samples `[height, width, channels]`. */
export function pixelLayer(
  { scale, offset, order }: Rescale,
  sample: readonly number[],
  { name }: { readonly name?: string } = {},
): Layer {
  const options = name === undefined ? {} : { name };
  if (order === undefined) return rescaling(scale, offset, options);
  // A 1x1 convolution turns red, green, blue around.
  const at = (factor: Rescale["scale"], channel: number): number =>
    typeof factor === "number" ? factor : factor[channel]!;
  const turned = conv2d(3, 1, { ...options, trainable: false });
  turned.build(sample, new Streams(0));
  const [kernel, bias] = turned.weights;
  const places = [0, 1, 2].flatMap((from) => [0, 1, 2].map((to) => (from + to === 2 ? at(scale, to) : 0)));
  kernel!.contents = tensor(Float32Array.from(places), [1, 1, 3, 3], "float32");
  bias!.contents = tensor(
    Float32Array.from([0, 1, 2], (to) => at(offset, to)),
    [3],
    "float32",
  );
  return turned;
}

/**
 * The model behind the rescaling that its facts ask for; itself when they ask for none.
 * @param model A built model of images.
 * @param facts Facts with the preprocessing; undefined for none.
 * @example const same = onPixels(model, undefined);
 */
export function onPixels(model: Model, facts: FoveaFacts | undefined): Model {
  const rescale = facts?.preprocessing?.rescale;
  if (rescale === undefined) return model;
  const options = { ...model.place, name: model.name };
  const layer = pixelLayer(rescale, model.inputShape);
  if (model.outputShapes.length === 1) return new Sequential([input(model.inputShape), layer, model], options);
  const pixels = input(model.inputShape);
  return new Functional({ ...options, inputs: pixels, outputs: model.applyAll(layer.apply(pixels)) });
}

/** Layers that leave the range of values as it is. */
const NEUTRAL = [
  "InputLayer",
  "ZeroPadding2D",
  "Cropping2D",
  "CenterCrop",
  "Resizing",
  "Reshape",
  "Permute",
  "Dropout",
];
const VARYING = /^Random|^GaussianNoise$|^SpatialDropout/;
/** Layers that shift or scale; layers that merge do so where one of their inputs is a constant. */
const SCALING = ["Rescaling", "Normalization"];
const WITH_CONSTANT = ["Add", "Subtract", "Multiply", "Divide", "TrueDivide"];

/** Checks whether a model begins with a layer of its own that scales pixels, so that the user need not say how. */
export function scalesPixels(model: Model): boolean {
  const { inputs, calls } = model.network;
  const follows = (values: readonly SymbolicTensor[]): boolean =>
    calls.some(({ layer, inputs: taken, outputs }) => {
      if (!taken.some((value) => values.includes(value))) return false;
      if (layer instanceof Model && layer.layers.length > 0) return scalesPixels(layer);
      if (SCALING.includes(layer.className) || isAffine(layer)) return true;
      if (WITH_CONSTANT.includes(layer.className)) return taken.length === 1;
      return (NEUTRAL.includes(layer.className) || VARYING.test(layer.className)) && follows(outputs);
    });
  return follows(inputs);
}

/** True for a normalization without an epsilon, which ONNX's arithmetic with one constant a channel becomes. */
const isAffine = (layer: Layer): boolean =>
  layer.className === "BatchNormalization" && layer.toKerasObject().config.epsilon === 0;

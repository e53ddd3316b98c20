// LeNet-5 (LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998), with
// C3 connected to every map of S2: 61,706 parameters on 32x32 grey images and ten classes. Its output is softmax, or on
// request the original's radial basis functions.
import {
  activation,
  averagePooling2d,
  conv2d,
  dense,
  flatten,
  type Layer,
  radialBasis,
  rescaling,
} from "../nn/layers/index.js";
import { type ApplicationOptions, stacked } from "./application.js";

/** Handwritten digits, 28x28 with a margin of two. */
const DIGITS: ApplicationOptions = { imageSize: [32, 32], channels: 1, classes: 10 };

/** All layers before the output. */
function features({ imageSize }: ApplicationOptions): Layer[] {
  // Zero padding inside C1 is what padding 28x28 to 32x32 beforehand comes to.
  const padded = imageSize.every((extent) => extent === 28);
  return [
    rescaling(1 / 255),
    conv2d(6, 5, { activation: "tanh", padding: padded ? "same" : "valid", name: "c1" }),
    averagePooling2d(2, { name: "s2" }),
    activation("tanh", { name: "s2_tanh" }),
    conv2d(16, 5, { activation: "tanh", name: "c3" }),
    averagePooling2d(2, { name: "s4" }),
    activation("tanh", { name: "s4_tanh" }),
    conv2d(120, 5, { activation: "tanh", name: "c5" }),
    flatten(),
    dense(84, { activation: "tanh", name: "f6" }),
  ];
}

export const lenet5 = stacked(
  {
    name: "lenet5",
    title: "LeNet-5 of 1998, for images of 32x32 (28x28 are padded)",
    shape: DIGITS,
    fromLogits: false,
  },
  (shape) => [...features(shape), dense(shape.classes, { activation: "softmax", name: "output" })],
);

export const lenet5Rbf = stacked(
  {
    name: "lenet5-rbf",
    title: "LeNet-5 with radial basis functions for its output, as in 1998",
    shape: DIGITS,
    fromLogits: true,
  },
  (shape) => [...features(shape), radialBasis(shape.classes, { name: "output" })],
);

// A small detector by center points (Zhou, Wang and Kraehenbuehl, "Objects as Points", 2019) with a feature pyramid (Lin and others,
// 2017). Four scales go down, three of them back up to a quarter of the image. Each cell has the probability that an object of a
// class has its center there, the place of the center in the cell, and the object's size.

import { constant, randomNormal } from "../nn/initializers/index.js";
import { concatenate, conv2d, rescaling, type SymbolicTensor } from "../nn/layers/index.js";
import { branched, checkUnit } from "./application.js";
import { mergeScales } from "./feature-pyramid.js";

/** Filters of the scales of 1/2, 1/4, 1/8 and 1/16. */
const FILTERS = [16, 32, 64, 96] as const;
/** Filters of the pyramid and of the layers before the answers. */
const NECK = 48;
/** Sides of images are whole numbers of these. */
const STRIDE = 2 ** FILTERS.length;
/** Mean and deviation of the pixels of usual photos: numbers of about 1 let weak contrasts be learnt soon. */
const [MEAN, DEVIATION] = [120, 60];
/** Logarithm of the odds of 1 to 9: so sure of an object is a cell at first. */
const FEW = -2.19;
/** Deviation of the weights of the answers, which begin alike on all cells. */
const SMALL = 0.01;

/** Convolution of 3x3 with ReLU. */
const block = (x: SymbolicTensor, filters: number, strides: number, name: string): SymbolicTensor =>
  conv2d(filters, 3, {
    strides,
    padding: "same",
    activation: "relu",
    kernelInitializer: "he_normal",
    name,
  }).apply(x);

/** The features of a quarter of the image. */
function pyramid(image: SymbolicTensor): SymbolicTensor {
  let x = rescaling(1 / DEVIATION, -MEAN / DEVIATION, { name: "scale" }).apply(image);
  const scales: SymbolicTensor[] = [];
  for (const [scale, filters] of FILTERS.entries()) {
    x = block(x, filters, 2, `down${scale + 1}_1`);
    if (scale > 0) x = block(x, filters, 1, `down${scale + 1}_2`);
    scales.push(x);
  }
  return block(mergeScales(scales, NECK), NECK, 1, "features");
}

export const centernet = branched(
  {
    name: "centernet",
    title: "CenterNet with a small feature pyramid: a box for each object",
    shape: { imageSize: [128, 128], channels: 3, classes: 1 },
    fromLogits: false,
  },
  (image, { imageSize, classes }) => {
    checkUnit("centernet", imageSize, STRIDE);
    const features = pyramid(image);
    const found = block(features, NECK, 1, "found");
    const shaped = block(features, NECK, 1, "shaped");
    const options = { kernelInitializer: randomNormal({ stddev: SMALL }) };
    const maps = [
      conv2d(classes, 1, { ...options, activation: "sigmoid", biasInitializer: constant(FEW), name: "centers" }).apply(
        found,
      ),
      conv2d(2, 1, { ...options, activation: "sigmoid", name: "offsets" }).apply(shaped),
      conv2d(2, 1, { ...options, activation: "exponential", name: "sizes" }).apply(shaped),
    ];
    return concatenate({ name: "maps" }).apply(maps);
  },
);

// A small detector in the manner of the Training-Time-Friendly Network (Liu, Zheng and others, 2020), whose cells around a center all
// learn the box. Normalized convolutions work on four scales, three of them added up to a quarter of the image (Lin and others,
// "Feature Pyramid Networks", 2017). Each cell has the probability that an object of a class has its center there, the place of
// the center from the cell's corner, and the object's size.

import { constant, randomNormal } from "../nn/initializers/index.js";
import { batchNormalization, concatenate, conv2d, reLU, rescaling, type SymbolicTensor } from "../nn/layers/index.js";
import { type ApplicationOptions, branched, checkUnit } from "./application.js";
import { mergeMaps, mergeScales } from "./feature-pyramid.js";
import type { MapHead } from "./map-head.js";

/** Filters and blocks of the scales of 1/2, 1/4, 1/8 and 1/16. */
const SCALES = [
  { filters: 16, blocks: 1 },
  { filters: 32, blocks: 2 },
  { filters: 64, blocks: 2 },
  { filters: 128, blocks: 3 },
] as const;
/** Filters of the pyramid and of the layers before the answers. */
const NECK = 32;
/** The same on a base, whose maps have more channels. */
const NECK_ON_BASE = 64;
/** Share of the moving averages that a step leaves: small sets have few steps. */
const MOMENTUM = 0.9;
/** Mean and deviation of the pixels of usual photos: numbers of about 1 let weak contrasts be learnt soon. */
const [MEAN, DEVIATION] = [120, 60];
/** Logarithm of the odds of 1 to 9: so sure of an object is a cell at first. */
const FEW = -2.19;
/** Center of an object in its cell, and the logarithm of its size in cells, at first: 4 cells. */
const [MIDDLE, SIZE] = [0.5, 1.4];
/** Deviation of the weights of the answers, which begin alike on all cells. */
const SMALL = 0.01;

/** Convolution of 3x3 with batch normalization and ReLU. */
function block(x: SymbolicTensor, filters: number, strides: number, name: string): SymbolicTensor {
  const options = { strides, padding: "same", useBias: false, kernelInitializer: "he_normal", name } as const;
  const normalized = batchNormalization({ momentum: MOMENTUM, name: `${name}_bn` }).apply(
    conv2d(filters, 3, options).apply(x),
  );
  return reLU({ name: `${name}_relu` }).apply(normalized);
}

/** The features of a quarter of the image. */
function pyramid(image: SymbolicTensor): SymbolicTensor {
  let x = rescaling(1 / DEVIATION, -MEAN / DEVIATION, { name: "scale" }).apply(image);
  const scales = SCALES.map(({ filters, blocks }, scale) => {
    for (let i = 1; i <= blocks; i++) x = block(x, filters, i === 1 ? 2 : 1, `down${scale + 1}_${i}`);
    return x;
  });
  return block(mergeScales(scales, NECK), NECK, 1, "features");
}

/** The maps of centers, offsets and sizes, on features of a quarter of the image. */
function boxMaps(features: SymbolicTensor, classes: number, filters: number): SymbolicTensor {
  const found = block(features, filters, 1, "found");
  const shaped = block(features, filters, 1, "shaped");
  const begun = (bias: number, name: string) =>
    ({ kernelInitializer: randomNormal({ stddev: SMALL }), biasInitializer: constant(bias), name }) as const;
  const maps = [
    conv2d(classes, 1, { ...begun(FEW, "centers"), activation: "sigmoid" }).apply(found),
    conv2d(2, 1, begun(MIDDLE, "offsets")).apply(shaped),
    conv2d(2, 1, { ...begun(SIZE, "sizes"), activation: "exponential" }).apply(shaped),
  ];
  return concatenate({ name: "maps" }).apply(maps);
}

export const ttfnet = branched(
  {
    name: "ttfnet",
    title: "Training-Time-Friendly Network of 2020 with a small feature pyramid: a box for each object",
    shape: { imageSize: [192, 192], channels: 3, classes: 1 },
    fromLogits: false,
  },
  (image, { imageSize, classes }: ApplicationOptions) => {
    checkUnit("ttfnet", imageSize, 2 ** SCALES.length);
    return boxMaps(pyramid(image), classes, NECK);
  },
);

/** The pyramid and the answers of `ttfnet` on the maps of a trained base, which are normalized first. */
export const ttfnetHead: MapHead = {
  title: "Training-Time-Friendly Network of 2020, a box for each object",
  strides: [
    [4, 8, 16, 32],
    [4, 8, 16],
    [4, 8],
  ],
  build: (maps, { imageSize, classes }) => {
    checkUnit("ttfnet", imageSize, 16);
    const lateral = (map: SymbolicTensor, stride: number): SymbolicTensor => {
      const name = `lateral${stride}`;
      const options = { useBias: false, kernelInitializer: "he_normal", name } as const;
      const narrow = conv2d(NECK_ON_BASE, 1, options).apply(map);
      return batchNormalization({ momentum: MOMENTUM, name: `${name}_bn` }).apply(narrow);
    };
    return boxMaps(block(mergeMaps(maps, lateral), NECK_ON_BASE, 1, "features"), classes, NECK_ON_BASE);
  },
};

// A convolutional network with batch normalization (Ioffe and Szegedy, 2015) whose last maps are pooled by learned weights, a filter
// for each channel as large as its map (the global depthwise convolution of MobileFaceNets, Chen and others, 2018). It learns
// faster than `cnn` and reads better, and where a stroke or a seam is counts.
import {
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  type Layer,
  maxPooling2d,
  reLU,
  rescaling,
} from "../nn/layers/index.js";
import { CHARACTERS, stacked } from "./application.js";

/** Filters of the last convolution; each before it has half as many, but no fewer than FEWEST. */
const [MOST, FEWEST] = [128, 16];
/** Longest side in pixels of the last maps, which halving the image comes near to without going below. */
const LAST_SIDE = 7;
/** Share of the moving averages that a step leaves: small sets have few steps. */
const MOMENTUM = 0.9;

/** Convolution of 3x3 with batch normalization and ReLU. */
const block = (filters: number, name: string): Layer[] => [
  conv2d(filters, 3, { padding: "same", useBias: false, kernelInitializer: "he_normal", name }),
  batchNormalization({ momentum: MOMENTUM, name: `${name}_bn` }),
  reLU({ name: `${name}_relu` }),
];

export const cnnNormalized = stacked(
  {
    name: "cnn-normalized",
    title: "convolutions with batch normalization, up to 128 filters, and learned pooling",
    shape: CHARACTERS,
    fromLogits: true,
  },
  ({ imageSize: [height, width], classes }) => {
    const halvings = Math.max(0, Math.floor(Math.log2(Math.max(height, width) / LAST_SIDE)));
    const blocks = Array.from({ length: halvings + 1 }, (_, i) => {
      const filters = Math.max(FEWEST, MOST / 2 ** (halvings - i));
      const pooling = i === halvings ? [] : [maxPooling2d({ padding: "same", name: `pool${i + 1}` })];
      return [...block(filters, `conv${i + 1}`), ...pooling];
    });
    const last = [height, width].map((side) => Math.ceil(side / 2 ** halvings)) as [number, number];
    return [
      rescaling(1 / 127.5, -1),
      ...blocks.flat(),
      depthwiseConv2d(last, { name: "pooling" }),
      flatten(),
      batchNormalization({ momentum: MOMENTUM, name: "features" }),
      dropout(0.3),
      dense(classes),
    ];
  },
);

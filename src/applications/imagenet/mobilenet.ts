// MobileNet (Howard and others, "MobileNets: Efficient convolutional neural networks for mobile vision applications",
// 2017) with Keras's layer names and order.
import {
  activation,
  batchNormalization,
  conv2d,
  depthwiseConv2d,
  dropout,
  globalAveragePooling2d,
  reLU,
  reshape,
  type SymbolicInput,
  type SymbolicTensor,
  zeroPadding2d,
} from "../../nn/layers/index.js";
import type { Functional } from "../../nn/model/functional.js";
import { frame, type ImageNetOptions, scaledFilters, through } from "./frame.js";

/** Options of `mobileNet`. */
export interface MobileNetOptions extends ImageNetOptions {
  /** Multiplies the number of filters everywhere; ImageNet weights exist for 0.25, 0.5, 0.75 and 1. Default 1. */
  readonly alpha?: number;
  /** Filters a channel in the depthwise convolutions. Default 1. */
  readonly depthMultiplier?: number;
  /** The rate before the classifier. Default 0.001. */
  readonly dropout?: number;
}

/** Filters and stride of each block. */
const BLOCKS = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

const relu6 = (name: string) => reLU({ maxValue: 6, name });

/**
 * MobileNet with fresh weights: 4,253,864 parameters at alpha 1, images of 224x224 from -1 to 1.
 * @example const base = mobileNet({ alpha: 0.25, inputShape: [128, 128, 3], includeTop: false, pooling: "avg" })
 */
export function mobileNet(options: MobileNetOptions = {}): Functional {
  const { alpha = 1, depthMultiplier = 1, dropout: rate = 1e-3, ...rest } = options;
  const { image, finish } = frame(
    {
      functionName: "mobileNet",
      name: (height) => `mobilenet_${alpha.toFixed(2)}_${height}`,
      size: 224,
      leastSize: 32,
      namesPooling: false,
    },
    rest,
  );
  const scaled = (filters: number): number => scaledFilters("mobileNet", alpha, Math.trunc(filters * alpha));

  function block(x: SymbolicTensor, id: number, filters: number, stride: number): SymbolicTensor {
    const padding: "same" | "valid" = stride === 1 ? "same" : "valid";
    const padded: SymbolicInput =
      stride === 1
        ? x
        : zeroPadding2d(
            [
              [0, 1],
              [0, 1],
            ],
            { name: `conv_pad_${id}` },
          ).apply(x);
    return through(
      padded,
      depthwiseConv2d(3, { strides: stride, padding, depthMultiplier, useBias: false, name: `conv_dw_${id}` }),
      batchNormalization({ name: `conv_dw_${id}_bn` }),
      relu6(`conv_dw_${id}_relu`),
      conv2d(scaled(filters), 1, { padding: "same", useBias: false, name: `conv_pw_${id}` }),
      batchNormalization({ name: `conv_pw_${id}_bn` }),
      relu6(`conv_pw_${id}_relu`),
    );
  }

  const stem = through(
    image,
    conv2d(scaled(32), 3, { strides: 2, padding: "same", useBias: false, name: "conv1" }),
    batchNormalization({ name: "conv1_bn" }),
    relu6("conv1_relu"),
  );
  const features = BLOCKS.reduce((x, [filters, stride], i) => block(x, i + 1, filters, stride), stem);
  return finish(features, (x, top) =>
    through(
      x,
      globalAveragePooling2d({ keepdims: true }),
      dropout(rate, { name: "dropout" }),
      conv2d(top.classes, 1, { padding: "same", name: "conv_preds" }),
      reshape([top.classes], { name: "reshape_2" }),
      activation(top.activation, { name: "predictions" }),
    ),
  );
}

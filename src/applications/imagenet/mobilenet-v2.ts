// MobileNetV2 (Sandler, Howard, Zhu, Zhmoginov and Chen, "MobileNetV2: Inverted residuals and linear bottlenecks",
// 2018) with Keras's layer names and order.
import {
  add,
  batchNormalization,
  conv2d,
  depthwiseConv2d,
  globalAveragePooling2d,
  reLU,
  type SymbolicTensor,
  zeroPadding2d,
} from "../../nn/layers/index.js";
import type { Functional } from "../../nn/model/functional.js";
import {
  denseTop,
  frame,
  type ImageNetOptions,
  paddingToHalve,
  roundToEights,
  scaledFilters,
  through,
} from "./frame.js";

/** Options of `mobileNetV2`. */
export interface MobileNetV2Options extends ImageNetOptions {
  /** Multiplies the number of filters everywhere; ImageNet weights exist for 0.35, 0.5, 0.75, 1, 1.3 and 1.4. Default 1. */
  readonly alpha?: number;
}

/** Rows of the paper's table 2: expansion, filters, repeats, stride of the first. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

const normalized = (name: string) => batchNormalization({ momentum: 0.999, name });
const relu6 = (name: string) => reLU({ maxValue: 6, name });

/** An inverted residual: wide inside, narrow at both ends, and no activation at the end. */
function invertedResidual(x: SymbolicTensor, id: number, expansion: number, filters: number, stride: number) {
  const channels = x.shape[2]!;
  // The first one has nothing to expand, and another name.
  const prefix = id === 0 ? "expanded_conv_" : `block_${id}_`;
  const wide =
    id === 0
      ? x
      : through(
          x,
          conv2d(expansion * channels, 1, { padding: "same", useBias: false, name: `${prefix}expand` }),
          normalized(`${prefix}expand_BN`),
          relu6(`${prefix}expand_relu`),
        );
  const padded = stride === 2 ? zeroPadding2d(paddingToHalve(wide, 3), { name: `${prefix}pad` }).apply(wide) : wide;
  const padding = stride === 1 ? "same" : "valid";
  const narrow = through(
    padded,
    depthwiseConv2d(3, { strides: stride, padding, useBias: false, name: `${prefix}depthwise` }),
    normalized(`${prefix}depthwise_BN`),
    relu6(`${prefix}depthwise_relu`),
    conv2d(filters, 1, { padding: "same", useBias: false, name: `${prefix}project` }),
    normalized(`${prefix}project_BN`),
  );
  return channels === filters && stride === 1 ? add({ name: `${prefix}add` }).apply([x, narrow]) : narrow;
}

/**
 * MobileNetV2 with fresh weights: 3,538,984 parameters at alpha 1, images of 224x224 from -1 to 1.
 * @example const base = mobileNetV2({ includeTop: false, pooling: "avg" })
 */
export function mobileNetV2(options: MobileNetV2Options = {}): Functional {
  const { alpha = 1, ...rest } = options;
  const { image, finish } = frame(
    {
      functionName: "mobileNetV2",
      name: (height) => `mobilenetv2_${alpha.toFixed(2)}_${height}`,
      size: 224,
      leastSize: 32,
      namesPooling: false,
    },
    rest,
  );
  const scaled = (filters: number): number =>
    roundToEights(scaledFilters("mobileNetV2", alpha, Math.trunc(filters * alpha)));
  let x = through(
    image,
    conv2d(roundToEights(32 * alpha), 3, { strides: 2, padding: "same", useBias: false, name: "Conv1" }),
    normalized("bn_Conv1"),
    relu6("Conv1_relu"),
  );
  let id = 0;
  for (const [expansion, filters, repeats, stride] of STAGES)
    for (let i = 0; i < repeats; i++) x = invertedResidual(x, id++, expansion, scaled(filters), i === 0 ? stride : 1);
  const features = through(
    x,
    conv2d(alpha > 1 ? roundToEights(1280 * alpha) : 1280, 1, { useBias: false, name: "Conv_1" }),
    normalized("Conv_1_bn"),
    relu6("out_relu"),
  );
  return finish(features, denseTop(globalAveragePooling2d()));
}

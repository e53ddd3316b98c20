// EfficientNet-B0 (Tan and Le, "EfficientNet: Rethinking model scaling for convolutional neural networks", 2019) with
// Keras's layer names and order. It takes pixels from 0 to 255 as they are: its first layers normalize them.
import { varianceScaling } from "../../nn/initializers/index.js";
import {
  activation,
  add,
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  globalAveragePooling2d,
  type Layer,
  multiply,
  normalization,
  rescaling,
  reshape,
  type SymbolicTensor,
  zeroPadding2d,
} from "../../nn/layers/index.js";
import type { Functional } from "../../nn/model/functional.js";
import { frame, type ImageNetOptions, paddingToHalve, through } from "./frame.js";

/** Options of `efficientNetB0`. */
export interface EfficientNetOptions extends ImageNetOptions {
  /**
   * Divides the normalized colours once more by the root of their deviations, as Keras does for its ImageNet
   * weights, which were trained so. Default: for RGB images.
   */
  readonly imagenetScaling?: boolean;
}

/** Kernel, repeats, filters, expansion, stride of the first. */
const STAGES = [
  [3, 1, 16, 1, 1],
  [3, 2, 24, 6, 2],
  [5, 2, 40, 6, 2],
  [3, 3, 80, 6, 2],
  [5, 3, 112, 6, 1],
  [5, 4, 192, 6, 2],
  [3, 1, 320, 6, 1],
] as const;
const BLOCKS = STAGES.reduce((blocks, [, repeats]) => blocks + repeats, 0);

/** Deviations of ImageNet's colours. */
const COLOUR_DEVIATIONS = [0.229, 0.224, 0.225];
/** The share of whole blocks dropped at the last one; it grows from none at the first. */
const DROP_CONNECT = 0.2;
const TOP_DROPOUT = 0.2;
/** Channels in the narrow part of squeeze and excitation, as a share of those before the block. */
const SQUEEZE = 0.25;

const kernelInitializer = varianceScaling({ scale: 2, mode: "fan_out" });
const depthwiseInitializer = kernelInitializer;
const same = { padding: "same", kernelInitializer } as const;
const swish = (name: string): Layer => activation("silu", { name });
const normalized = (name: string): Layer => batchNormalization({ name });

interface Block {
  readonly kernel: number;
  readonly filters: number;
  readonly expansion: number;
  readonly stride: number;
  /** The share of images whose block is left out while training. */
  readonly drop: number;
}

/** An inverted residual with squeeze and excitation. */
function block(x: SymbolicTensor, name: string, { kernel, filters, expansion, stride, drop }: Block): SymbolicTensor {
  const channels = x.shape[2]!;
  const width = channels * expansion;
  const wide =
    expansion === 1
      ? x
      : through(
          x,
          conv2d(width, 1, { ...same, useBias: false, name: `${name}expand_conv` }),
          normalized(`${name}expand_bn`),
          swish(`${name}expand_activation`),
        );
  const padded =
    stride === 2 ? zeroPadding2d(paddingToHalve(wide, kernel), { name: `${name}dwconv_pad` }).apply(wide) : wide;
  const padding = stride === 2 ? "valid" : "same";
  const deep = through(
    padded,
    depthwiseConv2d(kernel, { strides: stride, padding, useBias: false, depthwiseInitializer, name: `${name}dwconv` }),
    normalized(`${name}bn`),
    swish(`${name}activation`),
  );
  const weights = through(
    deep,
    globalAveragePooling2d({ name: `${name}se_squeeze` }),
    reshape([1, 1, width], { name: `${name}se_reshape` }),
    conv2d(Math.max(1, Math.trunc(channels * SQUEEZE)), 1, { ...same, activation: "silu", name: `${name}se_reduce` }),
    conv2d(width, 1, { ...same, activation: "sigmoid", name: `${name}se_expand` }),
  );
  const narrow = through(
    multiply({ name: `${name}se_excite` }).apply([deep, weights]),
    conv2d(filters, 1, { ...same, useBias: false, name: `${name}project_conv` }),
    normalized(`${name}project_bn`),
  );
  if (stride !== 1 || channels !== filters) return narrow;
  const kept = drop > 0 ? dropout(drop, { noiseShape: [null, 1, 1, 1], name: `${name}drop` }).apply(narrow) : narrow;
  return add({ name: `${name}add` }).apply([kept, x]);
}

/**
 * EfficientNet-B0 with fresh weights: 5,330,571 parameters, images of 224x224 from 0 to 255.
 * @example const base = efficientNetB0({ includeTop: false, pooling: "avg" })
 */
export function efficientNetB0(options: EfficientNetOptions = {}): Functional {
  const { imagenetScaling, ...rest } = options;
  const { image, finish } = frame(
    { functionName: "efficientNetB0", name: () => "efficientnetb0", size: 224, leastSize: 32, namesPooling: true },
    rest,
  );
  const normalizedColours = through(image, rescaling(1 / 255), normalization());
  const scaled =
    (imagenetScaling ?? image.shape[2] === 3)
      ? rescaling(COLOUR_DEVIATIONS.map((deviation) => 1 / Math.sqrt(deviation))).apply(normalizedColours)
      : normalizedColours;
  let x = through(
    scaled,
    zeroPadding2d(paddingToHalve(scaled, 3), { name: "stem_conv_pad" }),
    conv2d(32, 3, { strides: 2, useBias: false, kernelInitializer, name: "stem_conv" }),
    normalized("stem_bn"),
    swish("stem_activation"),
  );
  let done = 0;
  for (const [stage, [kernel, repeats, filters, expansion, first]] of STAGES.entries())
    for (let i = 0; i < repeats; i++) {
      const drop = (DROP_CONNECT * done++) / BLOCKS;
      const name = `block${stage + 1}${"abcd"[i]}_`;
      x = block(x, name, { kernel, filters, expansion, stride: i === 0 ? first : 1, drop });
    }
  const features = through(
    x,
    conv2d(1280, 1, { ...same, useBias: false, name: "top_conv" }),
    normalized("top_bn"),
    swish("top_activation"),
  );
  return finish(features, (y, top) =>
    through(
      y,
      globalAveragePooling2d({ name: "avg_pool" }),
      dropout(TOP_DROPOUT, { name: "top_dropout" }),
      dense(top.classes, {
        activation: top.activation,
        kernelInitializer: varianceScaling({ scale: 1 / 3, mode: "fan_out", distribution: "uniform" }),
        name: "predictions",
      }),
    ),
  );
}

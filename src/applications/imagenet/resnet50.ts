// ResNet-50 (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016) with Keras's layer names and
// order.
import {
  activation,
  add,
  batchNormalization,
  conv2d,
  globalAveragePooling2d,
  type Layer,
  maxPooling2d,
  type SymbolicTensor,
  zeroPadding2d,
} from "../../nn/layers/index.js";
import type { Functional } from "../../nn/model/functional.js";
import { denseTop, frame, type ImageNetOptions, through } from "./frame.js";

/** Filters inside the blocks, blocks, stride of the first. */
const STAGES = [
  [64, 3, 1],
  [128, 4, 2],
  [256, 6, 2],
  [512, 3, 2],
] as const;

const normalized = (name: string): Layer => batchNormalization({ epsilon: 1.001e-5, name });
const relu = (name: string): Layer => activation("relu", { name });

/** A bottleneck beside its shortcut: a convolution in the first block of a stage, the identity in the others. */
function residual(x: SymbolicTensor, name: string, filters: number, stride: number, first: boolean): SymbolicTensor {
  const beside = first
    ? through(x, conv2d(4 * filters, 1, { strides: stride, name: `${name}_0_conv` }), normalized(`${name}_0_bn`))
    : x;
  const y = through(
    x,
    conv2d(filters, 1, { strides: stride, name: `${name}_1_conv` }),
    normalized(`${name}_1_bn`),
    relu(`${name}_1_relu`),
    conv2d(filters, 3, { padding: "same", name: `${name}_2_conv` }),
    normalized(`${name}_2_bn`),
    relu(`${name}_2_relu`),
    conv2d(4 * filters, 1, { name: `${name}_3_conv` }),
    normalized(`${name}_3_bn`),
  );
  return relu(`${name}_out`).apply(add({ name: `${name}_add` }).apply([beside, y]));
}

/**
 * ResNet-50 with fresh weights: 25,636,712 parameters, images of 224x224 in BGR less ImageNet's means.
 * @example const base = resNet50({ includeTop: false, pooling: "avg" })
 */
export function resNet50(options: ImageNetOptions = {}): Functional {
  const { image, finish } = frame(
    { functionName: "resNet50", name: () => "resnet50", size: 224, leastSize: 32, namesPooling: true },
    options,
  );
  let x = through(
    image,
    zeroPadding2d(3, { name: "conv1_pad" }),
    conv2d(64, 7, { strides: 2, name: "conv1_conv" }),
    normalized("conv1_bn"),
    relu("conv1_relu"),
    zeroPadding2d(1, { name: "pool1_pad" }),
    maxPooling2d(3, { strides: 2, name: "pool1_pool" }),
  );
  for (const [stage, [filters, blocks, stride]] of STAGES.entries())
    for (let block = 1; block <= blocks; block++)
      x = residual(x, `conv${stage + 2}_block${block}`, filters, block === 1 ? stride : 1, block === 1);
  return finish(x, denseTop(globalAveragePooling2d({ name: "avg_pool" })));
}

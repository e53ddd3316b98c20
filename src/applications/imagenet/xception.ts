// Xception (Chollet, "Xception: Deep learning with depthwise separable convolutions", 2017) with Keras's layer names
// and order.
import {
  activation,
  add,
  batchNormalization,
  conv2d,
  globalAveragePooling2d,
  type Layer,
  maxPooling2d,
  type SymbolicTensor,
  separableConv2d,
} from "../../nn/layers/index.js";
import type { Functional } from "../../nn/model/functional.js";
import { denseTop, frame, type ImageNetOptions, through } from "./frame.js";

const relu = (name: string): Layer => activation("relu", { name });

/** A separable convolution with batch normalization. */
const separable = (name: string, filters: number): readonly [Layer, Layer] => [
  separableConv2d(filters, 3, { padding: "same", useBias: false, name }),
  batchNormalization({ name: `${name}_bn` }),
];

const pool = (block: string): Layer => maxPooling2d(3, { strides: 2, padding: "same", name: `${block}_pool` });

/** Half the size beside a block that pools, without names as in Keras. */
const shortcut = (x: SymbolicTensor, filters: number): SymbolicTensor =>
  through(x, conv2d(filters, 1, { strides: 2, padding: "same", useBias: false }), batchNormalization());

/** A block that pools and whose first activation comes before its first convolution. */
function entry(x: SymbolicTensor, block: string, inner: number, filters: number): SymbolicTensor {
  const beside = shortcut(x, filters);
  const y = through(
    x,
    relu(`${block}_sepconv1_act`),
    ...separable(`${block}_sepconv1`, inner),
    relu(`${block}_sepconv2_act`),
    ...separable(`${block}_sepconv2`, filters),
    pool(block),
  );
  return add().apply([y, beside]);
}

/** A block of the middle flow: three convolutions beside the identity. */
function middle(x: SymbolicTensor, block: string): SymbolicTensor {
  const convolutions = [1, 2, 3].flatMap((i) => [
    relu(`${block}_sepconv${i}_act`),
    ...separable(`${block}_sepconv${i}`, 728),
  ]);
  return add().apply([through(x, ...(convolutions as [Layer, ...Layer[]])), x]);
}

/**
 * Xception with fresh weights: 22,910,480 parameters, images of 299x299 from -1 to 1.
 * @example const base = xception({ includeTop: false, inputShape: [150, 150, 3] })
 */
export function xception(options: ImageNetOptions = {}): Functional {
  const { image, finish } = frame(
    { functionName: "xception", name: () => "xception", size: 299, leastSize: 71, namesPooling: false },
    options,
  );
  const stem = through(
    image,
    conv2d(32, 3, { strides: 2, useBias: false, name: "block1_conv1" }),
    batchNormalization({ name: "block1_conv1_bn" }),
    relu("block1_conv1_act"),
    conv2d(64, 3, { useBias: false, name: "block1_conv2" }),
    batchNormalization({ name: "block1_conv2_bn" }),
    relu("block1_conv2_act"),
  );
  const beside = shortcut(stem, 128);
  const second = through(
    stem,
    ...separable("block2_sepconv1", 128),
    relu("block2_sepconv2_act"),
    ...separable("block2_sepconv2", 128),
    pool("block2"),
  );
  let x = entry(entry(add().apply([second, beside]), "block3", 256, 256), "block4", 728, 728);
  for (let block = 5; block <= 12; block++) x = middle(x, `block${block}`);
  const features = through(
    entry(x, "block13", 728, 1024),
    ...separable("block14_sepconv1", 1536),
    relu("block14_sepconv1_act"),
    ...separable("block14_sepconv2", 2048),
    relu("block14_sepconv2_act"),
  );
  return finish(features, denseTop(globalAveragePooling2d({ name: "avg_pool" })));
}

// Three small networks with one of every kind of kernel, trained for a few steps: the subject of the same-bits tests.
// Runs in Node and in a browser's page.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import type { Numerics } from "../../src/core/graph/graph.js";
import { Random } from "../../src/core/random.js";
import { earlyStopping } from "../../src/nn/callbacks/index.js";
import * as layers from "../../src/nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const SIZE = [18, 14] as const;
const COUNT = 75;
const CLASSES = 5;

/** Odd channels, tanh and sigmoid, average pooling, dropout, probabilities. */
const odd = () => [
  layers.input([...SIZE, 1]),
  layers.rescaling(1 / 255),
  layers.conv2d(6, 3, { padding: "same", activation: "relu" }),
  layers.maxPooling2d(),
  layers.conv2d(9, 3, { activation: "tanh" }),
  layers.averagePooling2d(2),
  layers.dropout(0.25),
  layers.flatten(),
  layers.dense(11, { activation: "sigmoid" }),
  layers.dense(CLASSES, { activation: "softmax" }),
];

/** Winograd with and without pooling, of 3 x 3 and 5 x 5 filters, strides, overlapping pooling, filters as large as their images, logits. */
const wide = () => [
  layers.input([...SIZE, 1]),
  layers.rescaling(1 / 255),
  layers.conv2d(16, 3, { padding: "same", activation: "relu" }),
  layers.conv2d(20, 3, { padding: "same", activation: "relu" }),
  layers.maxPooling2d(),
  layers.conv2d(16, 3, { padding: "same", activation: "relu" }),
  layers.conv2d(16, 5, { padding: "same", activation: "relu" }),
  layers.maxPooling2d(3, { strides: 2 }),
  layers.conv2d(8, 2, { strides: 2, activation: "relu" }),
  layers.conv2d(12, [2, 1], { activation: "relu" }),
  layers.flatten(),
  layers.dense(CLASSES),
];

/** Augmentation, picks and scatters, padding, slices and joins, dilated, depthwise and transposed convolutions. */
const rich = () => [
  layers.input([...SIZE, 1]),
  layers.randomFlip("horizontal"),
  layers.randomRotation(0.05, { fillMode: "nearest" }),
  layers.randomTranslation(0.1, 0.1, { fillMode: "constant", fillValue: 9 }),
  layers.randomZoom(0.1, 0.2, { interpolation: "nearest" }),
  layers.randomContrast(0.2),
  layers.randomBrightness(0.1),
  layers.randomCrop(16, 13),
  layers.rescaling(1 / 255),
  layers.gaussianNoise(0.05),
  layers.zeroPadding2d([[1, 0], [0, 2]]), // biome-ignore format: four sides
  layers.conv2d(6, 3, { dilationRate: 2, activation: "gelu" }),
  layers.upSampling2d(2, { interpolation: "bilinear" }),
  layers.conv2d(9, 3, { strides: 2, groups: 3, activation: "mish", kernelRegularizer: "l2" }),
  layers.layerNormalization(),
  layers.conv2dTranspose(5, 3, { strides: 2, padding: "same", kernelConstraint: "maxNorm" }),
  layers.depthwiseConv2d(3, { depthMultiplier: 2, activation: "softsign" }),
  layers.spatialDropout2d(0.2),
  layers.separableConv2d(7, 3, { strides: 2, activityRegularizer: "l1" }),
  layers.pReLU({ sharedAxes: [1, 2] }),
  layers.globalMaxPooling2d(),
  layers.dense(CLASSES),
];

/** The SHA-256s of the weights after training on `threads` threads, or on none besides the calling one. */
export async function trainSmall(threads: number | "inline", numerics: Numerics = 2): Promise<string> {
  const random = new Random(7, 0);
  const x = Uint8Array.from({ length: COUNT * SIZE[0] * SIZE[1] }, () => random.integer(256));
  const y = Int32Array.from({ length: COUNT }, () => random.integer(CLASSES));
  const data = {
    x: { dtype: "uint8", shape: [COUNT, ...SIZE, 1], data: x },
    y: { dtype: "int32", shape: [COUNT], data: y },
  } as const;
  const hashes: string[] = [];
  for (const stack of [odd, wide, rich]) {
    const model = new Sequential(stack(), {
      backend: createWasmBackend({ inline: threads === "inline" }),
      seed: 3,
      ...(threads === "inline" ? {} : { threads }),
    });
    const loss = sparseCategoricalCrossentropy({ fromLogits: stack !== odd });
    model.compile({ optimizer: "adam", loss, metrics: ["accuracy"], numerics });
    const callbacks = [earlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true })];
    await model.fit(data, { epochs: 3, batchSize: 16, seed: 3, validationData: data, callbacks });
    hashes.push(await model.weightsSha256());
    await model.close();
  }
  return hashes.join(" ");
}

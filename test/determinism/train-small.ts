// Two small networks with one of every kind of kernel, trained for a few steps: the subject of the same-bits tests.
// Runs in Node and in a browser's page.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
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

/** Winograd with and without pooling, strides, overlapping pooling, filters as large as their images, logits. */
const wide = () => [
  layers.input([...SIZE, 1]),
  layers.rescaling(1 / 255),
  layers.conv2d(16, 3, { padding: "same", activation: "relu" }),
  layers.conv2d(20, 3, { padding: "same", activation: "relu" }),
  layers.maxPooling2d(),
  layers.conv2d(16, 3, { padding: "same", activation: "relu" }),
  layers.maxPooling2d(3, { strides: 2 }),
  layers.conv2d(8, 2, { strides: 2, activation: "relu" }),
  layers.conv2d(12, [2, 1], { activation: "relu" }),
  layers.flatten(),
  layers.dense(CLASSES),
];

/** The SHA-256s of the weights after training on `threads` threads, or on none besides the calling one. */
export async function trainSmall(threads: number | "inline"): Promise<string> {
  const random = new Random(7, 0);
  const x = Uint8Array.from({ length: COUNT * SIZE[0] * SIZE[1] }, () => random.integer(256));
  const y = Int32Array.from({ length: COUNT }, () => random.integer(CLASSES));
  const data = {
    x: { dtype: "uint8", shape: [COUNT, ...SIZE, 1], data: x },
    y: { dtype: "int32", shape: [COUNT], data: y },
  } as const;
  const hashes: string[] = [];
  for (const stack of [odd, wide]) {
    const model = new Sequential(stack(), {
      backend: createWasmBackend({ inline: threads === "inline" }),
      seed: 3,
      ...(threads === "inline" ? {} : { threads }),
    });
    const loss = sparseCategoricalCrossentropy({ fromLogits: stack === wide });
    model.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
    const callbacks = [earlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true })];
    await model.fit(data, { epochs: 3, batchSize: 16, seed: 3, validationData: data, callbacks });
    hashes.push(await model.weightsSha256());
    await model.close();
  }
  return hashes.join(" ");
}

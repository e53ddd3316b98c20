// A small network with one of every kind of kernel, trained for a few steps: the subject of the same-bits tests.
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { Random } from "../../src/core/random.js";
import { earlyStopping } from "../../src/nn/callbacks/index.js";
import * as layers from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

/** The SHA-256 of the weights after training on `threads` threads, or on none besides the calling one. */
export async function trainSmall(threads: number | "inline"): Promise<string> {
  const random = new Random(7, 0);
  const count = 75;
  const x = Uint8Array.from({ length: count * 18 * 14 }, () => random.integer(256));
  const y = Int32Array.from({ length: count }, () => random.integer(5));
  const data = {
    x: { dtype: "uint8", shape: [count, 18, 14, 1], data: x },
    y: { dtype: "int32", shape: [count], data: y },
  } as const;
  const model = new Sequential(
    [
      layers.input([18, 14, 1]),
      layers.rescaling(1 / 255),
      layers.conv2d(6, 3, { padding: "same", activation: "relu" }),
      layers.maxPooling2d(),
      layers.conv2d(9, 3, { activation: "tanh" }),
      layers.averagePooling2d(2),
      layers.dropout(0.25),
      layers.flatten(),
      layers.dense(11, { activation: "sigmoid" }),
      layers.dense(5, { activation: "softmax" }),
    ],
    {
      backend: createWasmBackend({ inline: threads === "inline" }),
      seed: 3,
      ...(threads === "inline" ? {} : { threads }),
    },
  );
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
  const callbacks = [earlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true })];
  await model.fit(data, { epochs: 3, batchSize: 16, seed: 3, validationData: data, callbacks });
  const hash = await model.weightsSha256();
  await model.close();
  return hash;
}

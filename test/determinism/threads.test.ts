// The same bits on any number of threads, and without threads at all: a small network of every kind of kernel is
// trained for a few steps and its weights are hashed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { Random } from "../../src/core/random.js";
import { earlyStopping } from "../../src/nn/callbacks/index.js";
import * as layers from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";

async function trainedHash(threads: number | undefined): Promise<string> {
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
    { backend: createWasmBackend({ inline: threads === undefined }), seed: 3, ...(threads ? { threads } : {}) },
  );
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
  const callbacks = [earlyStopping({ monitor: "loss", patience: 2, restoreBestWeights: true })];
  await model.fit(data, { epochs: 3, batchSize: 16, seed: 3, validationData: data, callbacks });
  const hash = await model.weightsSha256();
  await model.close();
  return hash;
}

test("threads 1, 2, 3, 5 and none give the same weights to the bit", async () => {
  const expected = await trainedHash(1);
  for (const threads of [2, 3, 5, undefined])
    assert.equal(await trainedHash(threads), expected, `${threads ?? "no"} threads`);
});

// A batch in parts: losses, metrics and weights of the whole within rounding, the same bits on any number of threads, and the
// choice between results that are computed again and parts by the memory that a step may take.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { Random } from "../../src/core/random.js";
import { tensor } from "../../src/core/tensor.js";
import * as layers from "../../src/nn/layers/index.js";
import type { LossLike } from "../../src/nn/losses/index.js";
import { sparseCategoricalCrossentropy, tripletHard } from "../../src/nn/losses/index.js";
import type { FitOptions } from "../../src/nn/model/fit.js";
import type { ModelOptions } from "../../src/nn/model/model.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { sgd } from "../../src/nn/optimizers/index.js";

const backend = createWasmBackend({ check: true });
const SIZE = [12, 10, 1] as const;
const random = new Random(7, 0);
const n = 29;
const drawn = (count: number, below: number): number[] => Array.from({ length: count }, () => random.integer(below));
const x = tensor(Uint8Array.from(drawn(n * 120, 256)), [n, ...SIZE], "uint8");
const data = {
  x,
  y: tensor(Int32Array.from(drawn(n, 4)), [n], "int32"),
  sampleWeight: tensor(Float32Array.from(drawn(n, 3)), [n], "float32"),
};

/** Augmentation, dropout of both kinds, noise, a penalty on weights and one on activations. */
const classifier = (options: ModelOptions = { backend }): Sequential => {
  const model = new Sequential(
    [
      layers.input(SIZE),
      layers.randomTranslation(0.1, 0.2),
      layers.randomFlip("horizontal"),
      layers.rescaling(1 / 255),
      layers.gaussianNoise(0.05),
      layers.conv2d(4, 3, { activation: "tanh", kernelRegularizer: "l2", activityRegularizer: "l2" }),
      layers.spatialDropout2d(0.2),
      layers.conv2d(6, 3, { activation: "tanh" }),
      layers.flatten(),
      layers.dropout(0.3, { noiseShape: [1, null] }),
      layers.dense(8, { activation: "tanh" }),
      layers.dropout(0.3),
      layers.dense(4),
    ],
    { seed: 1, ...options },
  );
  compiled(model, sparseCategoricalCrossentropy({ fromLogits: true }));
  return model;
};

const compiled = (model: Sequential, loss: LossLike): void =>
  model.compile({ optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }), loss, metrics: ["accuracy"] });

/** A map of classes, some pixels of which do not count, and batch normalization. */
const segmenter = (options: ModelOptions = { backend }): Sequential => {
  const model = new Sequential(
    [
      layers.input(SIZE),
      layers.randomTranslation(0.2, 0.2),
      layers.rescaling(1 / 255),
      layers.conv2d(4, 3, { padding: "same" }),
      ...(options.seed === 2 ? [layers.batchNormalization()] : []),
      layers.conv2d(3, 1),
    ],
    { seed: 1, ...options },
  );
  compiled(model, sparseCategoricalCrossentropy({ fromLogits: true, ignoreClass: 2 }));
  return model;
};
const maps = { x, y: tensor(Int32Array.from(drawn(n * 120, 3)), [n, 12, 10], "int32") };

/** Many layers, whose results gradients need. */
const deep = (options: ModelOptions = { backend }): Sequential => {
  const hidden = Array.from({ length: 8 }, () => layers.conv2d(8, 3, { padding: "same", activation: "swish" }));
  const last = [layers.globalAveragePooling2d(), layers.dense(4)];
  const model = new Sequential([layers.input(SIZE), ...hidden, ...last], { seed: 1, ...options });
  compiled(model, sparseCategoricalCrossentropy({ fromLogits: true }));
  return model;
};

async function trained(model: Sequential, what: typeof data | typeof maps, options: FitOptions) {
  const { history } = await model.fit(what, { batchSize: 12, epochs: 2, validationData: what, ...options });
  const weights = (await model.getWeights()).flatMap((weight) => [...weight.data]);
  await model.close();
  return { history, weights };
}

type Trained = Awaited<ReturnType<typeof trained>>;

function checkNear(actual: Trained, wanted: Trained, tolerance: number): void {
  for (const [key, values] of Object.entries(wanted.history))
    for (const [epoch, value] of values.entries())
      assert.ok(
        Math.abs(actual.history[key]![epoch]! - value) <= tolerance,
        `${key}: ${actual.history[key]}, ${values}`,
      );
  const distance = Math.max(...wanted.weights.map((weight, i) => Math.abs(weight - actual.weights[i]!)));
  assert.ok(distance <= tolerance, `weights ${distance} apart`);
}

test("a batch in parts learns as the whole does, but for rounding, and to the same bits on 1, 2 and 3 threads", async () => {
  const exact = { backend: referenceBackend };
  checkNear(
    await trained(classifier(exact), data, { microBatchSize: 5 }),
    await trained(classifier(exact), data, {}),
    1e-6,
  );
  const whole = await trained(classifier(), data, {});
  const parts = await trained(classifier(), data, { microBatchSize: 5 });
  checkNear(parts, whole, 1e-5);
  assert.notDeepEqual(parts.weights, whole.weights);
  for (const threads of [1, 2, 3])
    assert.deepEqual(await trained(classifier({ backend, threads }), data, { microBatchSize: 5 }), parts);
  assert.deepEqual(await trained(classifier(), data, { microBatchSize: 12 }), await trained(classifier(), data, {}));
});

test("values that do not count are left out of the whole batch, and moving averages take one step a batch", async () => {
  const whole = await trained(segmenter(), maps, {});
  checkNear(await trained(segmenter(), maps, { microBatchSize: 5, validationBatchSize: 12 }), whole, 1e-5);
  const normalized = await trained(segmenter({ backend, seed: 2 }), maps, {});
  const parts = await trained(segmenter({ backend, seed: 2 }), maps, { microBatchSize: 6 });
  // Statistics are those of the parts: near, and no more.
  checkNear(parts, normalized, 0.1);
  assert.ok(Math.abs(parts.history.loss![0]! - normalized.history.loss![0]!) > 1e-5);
});

test("within a limit results are computed again first, then the batch goes in parts, and what cannot be is refused", async () => {
  const types = (samples: number) => ({
    x: [{ dtype: "uint8", shape: [samples, ...SIZE] }] as const,
    y: [{ dtype: "int32", shape: [samples] }] as const,
    weighted: true,
  });
  const { trainer } = deep();
  const plain = await trainer.plan(types(12), { memory: Infinity });
  const { bytes } = plain;
  assert.deepEqual(plain, { bytes, recomputes: false, splitsStatistics: false });
  const again = await trainer.plan(types(12), { memory: bytes * 0.9 });
  assert.ok(
    again.recomputes && again.microBatchSize === undefined && again.bytes <= bytes * 0.9,
    JSON.stringify(again),
  );
  const parts = await trainer.plan(types(12), { memory: bytes * 0.3 });
  assert.ok(parts.microBatchSize! < 12 && parts.bytes <= bytes * 0.3, JSON.stringify(parts));
  const whole = await trained(deep(), data, {});
  assert.deepEqual(await trained(deep(), data, { memory: Math.floor(bytes * 0.9) }), whole);
  const microBatchSize = parts.microBatchSize!;
  assert.deepEqual(
    await trained(deep(), data, { memory: Math.floor(bytes * 0.3) }),
    await trained(deep(), data, { microBatchSize }),
  );
  await assert.rejects(
    trained(deep(), data, { memory: "2KB" }),
    /^FoveaError: memory 2 KB: a training step on a single sample at a time takes at least [\d.]+ KB, though results are computed again rather than kept; allow as much, or use smaller images or a smaller network$/,
  );
  const embedding = new Sequential([layers.input(SIZE), layers.flatten(), layers.dense(3)], { backend });
  embedding.compile({ optimizer: "sgd", loss: tripletHard() });
  await assert.rejects(
    embedding.fit({ x, y: data.y }, { microBatchSize: 4 }),
    /^FoveaError: fit microBatchSize: the loss triplet_hard needs the samples of a batch together, so they cannot be computed in parts; leave it out$/,
  );
});

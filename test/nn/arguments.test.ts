// Messages of initializers, losses, metrics, optimizers, schedules, callbacks, compile and fit about wrong arguments:
// one sentence each, and no misspelt argument is silently left out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { FoveaError } from "../../src/core/errors.js";
import { tensor, zeros } from "../../src/core/tensor.js";
import * as callbacks from "../../src/nn/callbacks/index.js";
import * as constraints from "../../src/nn/constraints.js";
import * as initializers from "../../src/nn/initializers/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import * as losses from "../../src/nn/losses/index.js";
import * as metrics from "../../src/nn/metrics/index.js";
import type { FitOptions } from "../../src/nn/model/fit.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import * as optimizers from "../../src/nn/optimizers/index.js";
import * as regularizers from "../../src/nn/regularizers.js";

const says = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof FoveaError, String(error));
  assert.match(error.message, pattern);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

test("what a layer's weights are made of", () => {
  const wrong: [() => unknown, RegExp][] = [
    [
      () => initializers.randomNormal({ std: 1 } as never),
      /randomNormal: unknown option "std"; those allowed are mean/,
    ],
    [() => initializers.randomNormal({ stddev: -1 }), /randomNormal stddev: expected a finite number from 0/],
    [() => initializers.randomUniform({ minval: Number.NaN }), /minval: expected a finite number, received NaN/],
    [
      () => initializers.randomUniform({ minval: 1, maxval: 0 }),
      /expected a maxval of at least minval, received 0 and 1/,
    ],
    [() => initializers.constant("1" as never), /constant value: expected a finite number, received "1"/],
    [() => initializers.heNormal({ scale: 2 } as never), /HeNormal: unknown option "scale"; those allowed are seed/],
    [() => initializers.heNormal({ seed: -1 }), /HeNormal seed: expected a whole number of at least 0, received -1/],
    [() => initializers.orthogonal({ gain: Number.NaN }), /orthogonal gain: expected a finite number/],
    [() => regularizers.l1L2({ l3: 1 } as never), /l1L2: unknown option "l3"; those allowed are l1, l2/],
    [() => constraints.maxNorm(2, { axes: 1 } as never), /maxNorm: unknown option "axes"; those allowed are axis/],
    [() => constraints.unitNorm({ axis: 0.5 }), /unitNorm axis: expected a whole number or a list, received 0.5/],
    [() => constraints.minMaxNorm({ minValue: 2, maxValue: 1 }), /maxValue: expected a finite number from 2/],
  ];
  for (const [make, message] of wrong) assert.throws(make, says(message));
});

test("how a model learns", () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => losses.binaryCrossentropy({ fromLogits: 1 as never }), /fromLogits: expected true or false, received 1/],
    [() => losses.lossOf(5 as never), /loss: expected a loss or its name, received 5/],
    [() => metrics.sparseCategoricalAccuracy({ k: 3 } as never), /sparseCategoricalAccuracy: unknown option "k"/],
    [() => metrics.rootMeanSquaredError({ k: 3 } as never), /rootMeanSquaredError: unknown option "k"/],
    [() => metrics.f1Score({ threshold: Number.NaN }), /f1Score threshold: expected a finite number, received NaN/],
    [() => metrics.metricOf(5 as never, [1], [1]), /metrics: expected a metric or its name, received 5/],
    [
      () => metrics.metricOf("confusion" as never, [1], [1, 3]),
      /no number that could be logged; .* confusionMatrix of fovea\/metrics/,
    ],
    [() => optimizers.adam({ beta1: 1 }), /adam beta1: expected a number below 1, received 1/],
    [() => optimizers.sgd({ learningRate: {} as never }), /sgd learningRate: expected a number or a schedule/],
    [() => optimizers.optimizerOf(5 as never), /optimizer: expected an optimizer or its name, received 5/],
    [() => optimizers.cosineDecay(0, 9, { warmupTarget: Number.NaN }), /warmupTarget: expected a finite number/],
    [() => optimizers.piecewiseConstantDecay("a" as never, [1]), /expected two lists, boundaries and values/],
    [
      () => optimizers.piecewiseConstantDecay([Number.NaN], [1, 2]),
      /boundaries: expected a finite number, received NaN/,
    ],
    [
      () => callbacks.lambdaCallback({ onTrainBatchEnd() {} } as never),
      /unknown option "onTrainBatchEnd"; those allowed are onTrainBegin/,
    ],
    [() => callbacks.earlyStopping({ baseline: "x" as never }), /earlyStopping baseline: expected a finite number/],
    [() => callbacks.earlyStopping({ monitor: 5 as never }), /earlyStopping monitor: expected a key of the logs/],
    [() => callbacks.modelCheckpoint("a", {} as never), /modelCheckpoint: expected save, a function/],
    [
      () => callbacks.learningRateScheduler(0.1 as never),
      /learningRateScheduler: expected a function of epoch and rate/,
    ],
  ];
  for (const [make, message] of wrong) assert.throws(make, says(message));
  // An argument of undefined counts as left out.
  assert.equal(optimizers.adamw({ weightDecay: undefined } as never).weightDecay, 0.004);
});

test("a loss or metric in a file that reduces or counts otherwise is refused, not replaced", () => {
  const loss = (config: object) => () => losses.lossFromKeras({ class_name: "MeanSquaredError", config } as never);
  assert.throws(loss({ reduction: "sum" }), says(/MeanSquaredError: reduction = "sum" is not supported/));
  assert.throws(
    () => losses.lossFromKeras({ class_name: "CategoricalCrossentropy", config: { axis: 1 } }),
    says(/axis = 1 is not supported/),
  );
  assert.equal(loss({ reduction: "auto" })().name, "mean_squared_error");
  const metric = metrics.metricFromKeras({
    class_name: "SparseCategoricalCrossentropy",
    config: { name: "xent", from_logits: true },
  });
  assert.deepEqual((metric as metrics.Metric).config, { from_logits: true, ignore_class: null });
});

const x = tensor([
  [1, 2],
  [2, 3],
  [0, 1],
  [1, 1],
]);
const y = tensor([0, 1, 2, 0], "int32");

function classifier(): Sequential {
  const model = new Sequential([input([2]), dense(3, { activation: "softmax" })], { backend });
  model.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
  return model;
}

test("compile, fit and predict", async () => {
  const model = classifier();
  const compiling: [object, RegExp][] = [
    [{ optimizer: "adam" }, /compile: expected an optimizer and a loss, loss is missing/],
    [{ loss: "mse" }, /compile: expected an optimizer and a loss, optimizer is missing/],
    [{ optimizer: "adam", loss: 5 }, /loss: expected a loss or its name, received 5/],
  ];
  for (const [options, message] of compiling) assert.throws(() => model.compile(options as never), says(message));
  const fits: [object, RegExp][] = [
    [{ callbacks: callbacks.earlyStopping() }, /fit callbacks: expected a list of callbacks/],
    [{ callbacks: [null] }, /fit callbacks: expected a list of callbacks/],
    [{ verbose: 3 }, /fit verbose: expected 0, 1 or 2, received 3/],
    [{ seed: -1 }, /fit seed: expected a whole number of at least 0/],
    [{ shuffle: "batch" }, /fit shuffle: expected true or false, received "batch"/],
    [{ classWeight: "balanced" }, /fit classWeight: expected weights by class, .* received "balanced"/],
    [{ classWeight: { cat: 2 } }, /expected the numbers of classes, .* received "cat"/],
    [{ classWeight: { 0: Number.NaN } }, /fit classWeight of class 0: expected a finite number/],
    [{ validationSplit: 1 }, /1 of 4 samples leaves nothing to train on/],
    [{ validationSplit: 0.5, validationData: { x, y } }, /validationData and validationSplit exclude each other/],
  ];
  for (const [options, message] of fits)
    await assert.rejects(model.fit({ x, y }, options as FitOptions), says(message));
  const data: [unknown, RegExp][] = [
    [{ x: null, y }, /fit: expected x as a tensor, such as .*, received null/],
    [{ x: [[1, 2]], y }, /fit: expected x as a tensor, such as .*, received \[1,2\]/],
    [{ x: { ...x, data: new Float32Array(3) }, y }, /expected x \[4, 2\] to hold 8 values, received 3/],
    [{ x, y: tensor([0.5, 1, 2, 0]) }, /expected whole labels from 0 to 2, .* received 0.5/],
    [{ x, y, sampleWeight: tensor([1, Number.NaN, 1, 1]) }, /expected finite numbers as sampleWeight/],
  ];
  for (const [wrong, message] of data) await assert.rejects(model.fit(wrong as never), says(message));
  await assert.rejects(model.predict(null as never), says(/predict: expected x as a tensor, .* received null/));
  await assert.rejects(model.predict([[1, 2]] as never), says(/predict: expected x as a tensor/));
  await assert.rejects(
    model.setWeights(undefined as never),
    says(/setWeights: expected 2 tensors, received undefined/),
  );
  assert.throws(() => model.getLayer(undefined as never), says(/getLayer: expected a name or \{ index \}/));
  assert.throws(() => model.summary({ line_length: 9 } as never), says(/summary: unknown option "line_length"/));
  assert.throws(() => model.summary({ lineLength: Number.NaN }), says(/summary lineLength: expected a whole number/));
  assert.deepEqual((await model.predict(zeros([0, 2], "float32"))).shape, [0, 3]);
});

test("validationSplit takes the end of the data as it is, whatever the order of training", async () => {
  const [split, apart] = [classifier(), classifier()];
  const rows = (from: number, to: number) => ({
    x: { ...x, shape: [to - from, 2], data: x.data.slice(2 * from, 2 * to) } as typeof x,
    y: { ...y, shape: [to - from], data: y.data.slice(from, to) } as typeof y,
  });
  const first = await split.fit({ x, y }, { epochs: 3, batchSize: 2, validationSplit: 0.25 });
  const other = await apart.fit(rows(0, 3), { epochs: 3, batchSize: 2, validationData: rows(3, 4) });
  assert.ok("val_loss" in first.history);
  assert.deepEqual(first.history, other.history);
  assert.equal(await split.weightsSha256(), await apart.weightsSha256());
});

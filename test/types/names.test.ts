// Names of optimizers, losses, metrics, activations and the like are unions of literals: a typo is an error of tsc, which
// checks the lines marked with @ts-expect-error, and an error at run time for who writes JavaScript. Objects stay welcome.
import assert from "node:assert/strict";
import { test } from "node:test";
import { application, initializers, sequential } from "../../src/index.js";
import { activation, categoryEncoding, dense, input, randomFlip } from "../../src/nn/layers/index.js";
import { huber, type LossLike, lossOf } from "../../src/nn/losses/index.js";
import { type MetricLike, metricOf, precision } from "../../src/nn/metrics/index.js";
import { adam, cosineDecay, type OptimizerLike, optimizerOf, type Schedule } from "../../src/nn/optimizers/index.js";

test("names in both spellings and objects are taken", () => {
  const losses: readonly LossLike[] = ["mse", "mean_squared_error", "meanSquaredError", "kld", huber({ delta: 2 })];
  for (const loss of losses) assert.equal(typeof lossOf(loss).values, "function");
  const metrics: readonly MetricLike[] = [
    "accuracy",
    "acc",
    "mae",
    "auc",
    "f1Score",
    "mean_squared_error",
    precision(),
  ];
  for (const metric of metrics) assert.ok(metricOf(metric, [1, 2], [1, 2]).name);
  const optimizers: readonly OptimizerLike[] = ["adam", "sgd", "rmsprop", adam({ learningRate: cosineDecay(0.1, 9) })];
  for (const optimizer of optimizers) assert.ok(optimizerOf(optimizer).className);
  dense(1, {
    activation: "leakyRelu",
    kernelInitializer: "heNormal",
    biasConstraint: "maxNorm",
    kernelRegularizer: "l1_l2",
  });
  dense(1, { activation: "leaky_relu", kernelInitializer: initializers.heNormal({ seed: 1 }) });
  activation("hardSwish");
  randomFlip("horizontalAndVertical");
  categoryEncoding(3, { outputMode: "oneHot" });
});

test("a typo is an error of the compiler, and of the program", () => {
  const model = sequential([input([2]), dense(1)]);
  const wrong: readonly (() => unknown)[] = [
    // @ts-expect-error
    () => model.compile({ optimizer: "adamm", loss: "mse" }),
    // @ts-expect-error
    () => model.compile({ optimizer: "adam", loss: "msee" }),
    // @ts-expect-error
    () => metricOf("acuracy", [1, 1], [1, 1]),
    // @ts-expect-error
    () => dense(1, { activation: "rellu" }),
    // @ts-expect-error
    () => dense(1, { kernelInitializer: "he_norml" }),
    // @ts-expect-error
    () => dense(1, { kernelRegularizer: "l3" }),
    // @ts-expect-error
    () => dense(1, { biasConstraint: "maxnorm" }),
    // @ts-expect-error
    () => activation("swich"),
    // @ts-expect-error
    () => randomFlip("sideways"),
    // @ts-expect-error
    () => initializers.varianceScaling({ mode: "fan" }),
    // @ts-expect-error
    () => application("resnet21", { imageSize: [32, 32], channels: 1, classes: 2 }),
  ];
  for (const call of wrong) assert.throws(call, { name: "FoveaError" });
  // @ts-expect-error
  const metrics: readonly MetricLike[] = ["acurracy"];
  // @ts-expect-error
  const schedule: Schedule = "cosine_decay";
  assert.throws(() => model.compile({ optimizer: adam({ learningRate: schedule }), loss: "mse", metrics }), {
    name: "FoveaError",
  });
});

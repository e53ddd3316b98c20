// A learning rate at which every loss is NaN: training ends at the first, says so, and leaves neither a run nor spoiled
// weights. Where epochs ended well before, these are kept.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeHanzi } from "../../src/data/index.js";
import { DivergedError, earlyStopping, lambdaCallback, sequential, tensor } from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import { sgd } from "../../src/nn/optimizers/index.js";
import { fovea, workplace } from "../cli/fovea.js";

test("22: fovea train at a rate of 1e30 exits with 1, one sentence and no run", async (t) => {
  const folder = workplace(t);
  await writeHanzi(join(folder, "small"), { characters: [..."人口山木"], scale: 0.04, seed: 5 });
  const little = ["--model", "cnn", "--image-size", "24x16", "--batch-size", "8", "--epochs", "2"];
  const first = await fovea(folder, "train", "small", ...little, "--out", "good");
  assert.equal(first.code, 0, first.stderr);
  const recipe = JSON.parse(readFileSync(join(folder, "good", "recipe.json"), "utf8"));
  recipe.training.optimizer.config.learning_rate = 1e30;
  writeFileSync(join(folder, "nan.json"), JSON.stringify(recipe));
  const { code, stdout, stderr } = await fovea(
    folder,
    "train",
    "small",
    "--model",
    "nan.json",
    "--epochs",
    "30",
    "--out",
    "r",
  );
  assert.equal(code, 1, stderr);
  assert.match(
    stderr,
    /the loss became (NaN|Infinity) in epoch 1, step \d+.*before training; try a lower learning rate/,
  );
  assert.doesNotMatch(stdout, /Top|accuracy/i);
  assert.equal(existsSync(join(folder, "r")), false);
});

const x = tensor([
  [1, 0],
  [0, 1],
  [1, 1],
  [0, 0],
]);
const y = tensor([[1], [2], [3], [0]]);

test("22: the weights of the last good epoch stay, history has the epochs before, and a warning says which", async () => {
  const model = sequential([input([2]), dense(1)], { seed: 1 });
  model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
  const kept: Float32Array[] = [];
  const told: string[] = [];
  const spoiling = lambdaCallback({
    onEpochEnd: async (epoch, _logs, run) => {
      kept.push((await run.model.getWeights())[0]!.data as Float32Array);
      if (epoch === 1) run.learningRate = 1e30;
    },
  });
  const history = await model.fit(
    { x, y },
    { epochs: 9, batchSize: 2, callbacks: [spoiling], onDiverged: ({ message }) => told.push(message) },
  );
  assert.deepEqual(history.epoch, [0, 1]);
  assert.equal(history.history.loss!.length, 2);
  assert.equal(history.divergence!.epoch, 2);
  assert.equal(history.divergence!.epochsKept, 2);
  assert.match(told[0]!, /in epoch 3, step 2, so training ended and went back to the weights of the end of epoch 2;/);
  assert.deepEqual((await model.getWeights())[0]!.data, kept[1]);
  // The optimizer begins afresh, so that training goes on at a rate that is right.
  model.trainer.optimizer.learningRate = 0.1;
  const again = await model.fit({ x, y }, { epochs: 5, batchSize: 2 });
  assert.ok(again.history.loss!.every(Number.isFinite));
  await model.close();
});

test("22: weights that an epoch's last step spoiled are not the ones to return to", async () => {
  const model = sequential([input([2]), dense(1)], { seed: 1 });
  model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
  const spoiling = lambdaCallback({
    onBatchBegin: (batch, run) => {
      if (batch === 1 && calls++ === 1) run.learningRate = 1e30;
    },
  });
  let calls = 0;
  const history = await model.fit({ x, y }, { epochs: 9, batchSize: 2, callbacks: [spoiling], onDiverged: () => {} });
  assert.deepEqual(history.epoch, [0, 1]);
  assert.equal(history.divergence!.epochsKept, 1);
  assert.ok((await model.getWeights())[0]!.data.every((weight) => Math.abs(weight) < 100));
  await model.close();
});

test("22: weights that the very last step spoiled are noticed, although no loss comes after it", async () => {
  const model = sequential([input([2]), dense(1)], { seed: 1 });
  model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
  const kept: Float32Array[] = [];
  const told: string[] = [];
  const spoiling = lambdaCallback({
    onEpochBegin: (epoch) => {
      last = epoch === 2;
    },
    onBatchBegin: (batch, run) => {
      if (last && batch === 1) run.learningRate = 3e38;
    },
    onEpochEnd: async (_epoch, _logs, run) => void kept.push((await run.model.getWeights())[0]!.data as Float32Array),
  });
  let last = false;
  const options = { epochs: 3, batchSize: 2, callbacks: [spoiling] };
  const far = { ...y, data: y.data.map((value) => value * 1000) };
  const history = await model.fit({ x, y: far }, { ...options, onDiverged: ({ message }) => told.push(message) });
  assert.equal(history.epoch.length, 3);
  assert.match(
    told[0]!,
    /a weight became (NaN|-?Infinity) in the last step of epoch 3, .* weights of the end of epoch 2;/,
  );
  assert.deepEqual((await model.getWeights())[0]!.data, kept[1]);
  await model.close();
});

test("22: where early stopping puts back its best epoch, the sentence names that epoch", async () => {
  const model = sequential([input([2]), dense(1)], { seed: 1 });
  model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
  const told: string[] = [];
  const spoiling = lambdaCallback({
    onEpochBegin: (epoch, run) => {
      // The second epoch makes the model worse, the fourth ends in infinities.
      if (epoch > 0) run.learningRate = epoch === 3 ? 1e30 : 2;
    },
  });
  const stopping = earlyStopping({ monitor: "val_loss", patience: 9, restoreBestWeights: true });
  const options = { epochs: 6, batchSize: 2, callbacks: [spoiling, stopping], validationData: { x, y } };
  const history = await model.fit({ x, y }, { ...options, onDiverged: ({ message }) => told.push(message) });
  assert.equal(history.divergence!.epochsKept, stopping.bestEpoch + 1);
  assert.ok(stopping.bestEpoch < 2, `the best epoch is ${stopping.bestEpoch}`);
  assert.match(told[0]!, new RegExp(`went back to the weights of the end of epoch ${stopping.bestEpoch + 1};`));
  await model.close();
});

test("22: a validation loss that is not finite ends training; the first epoch's is an error, with the weights of before", async () => {
  const model = sequential([input([2]), dense(1)], { seed: 1 });
  const before = (await model.getWeights())[0]!.data;
  model.compile({ optimizer: sgd({ learningRate: 1e30 }), loss: "mse" });
  await assert.rejects(
    model.fit({ x, y }, { epochs: 3, batchSize: 4, validationData: { x, y } }),
    (error) =>
      error instanceof DivergedError && /the loss of the validation became Infinity after epoch 1/.test(error.message),
  );
  assert.deepEqual((await model.getWeights())[0]!.data, before);
  await model.close();
});

test("22: NaN and infinities among the inputs and targets are named before training", async () => {
  const model = sequential([input([2]), dense(1)], { seed: 1 });
  model.compile({ optimizer: "sgd", loss: "mse" });
  const holed = { ...x, data: Float32Array.from(x.data, (value, i) => (i === 5 ? Number.NaN : value)) };
  await assert.rejects(model.fit({ x: holed, y }), /fit: expected finite numbers as x, received NaN at x\[2, 1\]/);
  await assert.rejects(
    model.evaluate({ x: holed, y }),
    /evaluate: expected finite numbers as x, received NaN at x\[2, 1\]/,
  );
  const endless = { ...y, data: Float32Array.of(1, 2, Infinity, 0) };
  await assert.rejects(model.fit({ x, y: endless }), /expected finite numbers as y, received Infinity at y\[2, 0\]/);
  await model.close();
});

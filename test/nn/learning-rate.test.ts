// Learning rates between epochs and steps: plateaus to the letter of Keras, schedules by epoch, rates that resume, the
// finder, and what else ends or shortens training.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { tensorBoard } from "../../src/formats/index.js";
import {
  lambdaCallback,
  learningRateScheduler,
  reduceLROnPlateau,
  type TrainingRun,
  terminateOnNaN,
} from "../../src/nn/callbacks/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import { findLearningRate } from "../../src/nn/model/learning-rate-finder.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { cosineDecay, sgd } from "../../src/nn/optimizers/index.js";
import { fixture } from "../parity/keras-fixtures.js";
import { bands, bandsModel } from "./problem.js";

interface Plateau {
  readonly values: readonly number[];
  readonly options: {
    patience: number;
    factor?: number;
    cooldown?: number;
    min_delta?: number;
    min_lr?: number;
    mode?: "max";
  };
  readonly rates: readonly number[];
}

fixture<{ plateaus: readonly Plateau[] }>("training").plateaus.forEach(({ values, options, rates }) => {
  test(`reduceLROnPlateau ${JSON.stringify(options)} as in Keras`, () => {
    const run = {
      learningRate: 0.8,
      quantities: ["val_loss"],
      directionOf: () => "down",
    } as unknown as TrainingRun;
    const { min_delta, min_lr, ...same } = options;
    const make = () =>
      reduceLROnPlateau({
        ...same,
        ...(min_delta === undefined ? {} : { minDelta: min_delta }),
        ...(min_lr === undefined ? {} : { minLr: min_lr }),
      });
    let callback = make();
    callback.onTrainBegin(run);
    values.forEach((value, epoch) => {
      callback.onEpochEnd(epoch, { val_loss: value }, run);
      assert.ok(Math.abs(run.learningRate - rates[epoch]!) < 1e-6, `epoch ${epoch}: ${run.learningRate}`);
      // A resumed run goes on in the same place.
      const resumed = make();
      resumed.onTrainBegin(run);
      resumed.setState(callback.getState());
      callback = resumed;
    });
  });
});

const line = (): { model: Sequential; data: { x: Tensor; y: Tensor } } => {
  const model = new Sequential([input([1]), dense(1)], { backend });
  return { model, data: { x: tensor([[1], [2], [3], [4]]), y: tensor([[2], [4], [6], [8]]) } };
};

test("a scheduler sets the rate of each epoch; a schedule in the optimizer refuses it", async () => {
  const { model, data } = line();
  model.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: "mse" });
  const rates: number[] = [];
  const callbacks = [
    learningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 10)),
    lambdaCallback({ onEpochEnd: (_epoch, _logs, run) => void rates.push(run.learningRate) }),
  ];
  await model.fit(data, { epochs: 3, callbacks });
  assert.deepEqual(rates, [0.5, 0.05, 0.005]);
  model.compile({ optimizer: sgd({ learningRate: cosineDecay(0.1, 4) }), loss: "mse" });
  rates.length = 0;
  await model.fit(data, { epochs: 3, callbacks: callbacks.slice(1) });
  assert.ok(rates[0]! < 0.1 && rates[1]! < rates[0]! && rates[2]! < rates[1]!);
  await assert.rejects(model.fit(data, { callbacks }), /the learning rate follows a CosineDecay and cannot be set/);
});

test("training ends when the loss is no number", async () => {
  const { model, data } = line();
  model.compile({ optimizer: sgd({ learningRate: 1e30 }), loss: "mse" });
  await assert.rejects(
    model.fit(data, { epochs: 9, batchSize: 1, callbacks: [terminateOnNaN()] }),
    /the loss became Infinity in epoch 1, step 2/,
  );
});

test("the finder suggests a rate between too low and too high, and leaves the model as it was", async () => {
  const model = bandsModel({ backend });
  const data = bands(64, 3);
  await model.fit(data, { batchSize: 16 });
  const before = await model.readState();
  const { rates, losses, suggestion } = await findLearningRate(model, data, { batchSize: 16, steps: 40, maxRate: 10 });
  assert.ok(rates.length === losses.length && rates.length > 10);
  assert.ok(suggestion > 1e-4 && suggestion < 1, `suggested ${suggestion}`);
  assert.deepEqual(await model.readState(), before);
  assert.equal(model.trainer.iterations, 4);
  assert.equal(model.trainer.optimizer.learningRate, 0.01);
});

test("a trial run takes one batch of each, and nobody hears of it", async () => {
  const model = bandsModel({ backend });
  const heard: number[] = [];
  const { history, epoch } = await model.fit(bands(64, 3), {
    epochs: 50,
    batchSize: 8,
    validationData: bands(20, 4),
    fastDevRun: true,
    callbacks: [lambdaCallback({ onEpochEnd: (number) => void heard.push(number) })],
    checkpoint: () => void heard.push(-1),
  });
  assert.deepEqual([epoch, heard, model.trainer.iterations], [[0], [], 1]);
  assert.ok("val_accuracy" in history);
});

test("weights of samples and classes that do not fit are refused", async () => {
  const { model, data } = line();
  model.compile({ optimizer: "sgd", loss: "mse" });
  const sampleWeight = tensor([1, 1, 1]);
  await assert.rejects(
    model.fit({ ...data, sampleWeight }),
    /expected one sampleWeight per sample, \[4\], received \[3\]/,
  );
  const weighted = { ...data, sampleWeight: tensor([1, 1, 1, 1]) };
  await assert.rejects(model.fit(weighted, { classWeight: { 1: 2 } }), /exclude each other/);
  await assert.rejects(model.fit({ x: [data.x, data.x], y: data.y }), /expected x for 1 \(input_layer\), received 2/);
  await assert.rejects(
    model.fit({ x: { picture: data.x }, y: data.y }),
    /by the names input_layer, received "picture"/,
  );
  assert.throws(
    () => model.compile({ optimizer: "sgd", loss: ["mse", "mae"] }),
    /compile loss: expected one for each of the 1 outputs dense, received 2/,
  );
});

test("tensorBoard writes event files for training and validation", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-events-"));
  const { model, data } = line();
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit(data, { epochs: 2, validationData: data, callbacks: [tensorBoard(folder)] });
  for (const part of ["train", "validation"]) {
    const [file, ...rest] = readdirSync(join(folder, part));
    assert.ok(rest.length === 0 && file!.startsWith("events.out.tfevents."));
    assert.ok(readFileSync(join(folder, part, file!)).includes("epoch_loss"));
  }
});

// Promises of fit, as a function of the backend: it learns, repeats itself to the bit, resumes to the bit, stops when
// told, and names faults of the data.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../src/backends/contract.js";
import { FoveaError } from "../../src/core/errors.js";
import { sliceRows, tensor } from "../../src/core/tensor.js";
import { type Callback, earlyStopping, type Logs, lambdaCallback } from "../../src/nn/callbacks/index.js";
import { dense, flatten, input } from "../../src/nn/layers/index.js";
import { sparseCategoricalCrossentropy } from "../../src/nn/losses/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import type { TrainingState } from "../../src/nn/model/state.js";
import { bands, bandsModel } from "./problem.js";

const train = bands(50, 1);
const validationData = bands(21, 2);

export function fitSuite(backend: Backend): void {
  const named = (what: string, run: () => Promise<void>) => test(`${backend.name}: ${what}`, run);

  named("a model learns, and the same seed gives the same bits", async () => {
    const hashes: string[] = [];
    for (const seed of [1, 1, 2]) {
      const model = bandsModel({ backend, seed, threads: hashes.length + 1 });
      const { history } = await model.fit(train, { epochs: 10, batchSize: 8, validationData });
      assert.ok(history.val_accuracy!.at(-1)! > 0.6, `validation accuracy ${history.val_accuracy}`);
      assert.ok(history.loss!.at(-1)! < history.loss![0]!);
      hashes.push(await model.weightsSha256());
      await model.close();
    }
    assert.equal(hashes[0], hashes[1]);
    assert.notEqual(hashes[0], hashes[2]);
  });

  named("a run that is cut off anywhere and resumed ends in the same bits", async () => {
    const stopping = () => earlyStopping({ monitor: "val_accuracy", patience: 2, restoreBestWeights: true });
    const options = { epochs: 8, batchSize: 16, validationData };
    const whole = bandsModel({ backend });
    const states: TrainingState[] = [];
    const { history } = await whole.fit(train, {
      ...options,
      callbacks: [stopping()],
      checkpoint: (state) => {
        states.push(structuredClone(state));
      },
    });
    const wanted = await whole.weightsSha256();
    await whole.close();
    assert.ok(states.length >= 3);
    // From an early epoch, from the middle, and from after the last epoch but before the end of training.
    for (const state of [states[0]!, states[states.length >> 1]!, states.at(-1)!]) {
      const resumed = bandsModel({ backend, seed: 99 });
      const again = await resumed.fit(train, { ...options, callbacks: [stopping()], resume: state });
      assert.equal(await resumed.weightsSha256(), wanted, `resumed at epoch ${state.epoch}`);
      assert.deepEqual(again.history, history);
      await resumed.close();
    }
  });

  named("without shuffling the order is that of the data, with it each epoch has its own", async () => {
    const seen: number[][] = [];
    const source = {
      size: 10,
      x: { dtype: "float32", shape: [2] } as const,
      y: { dtype: "float32", shape: [1] } as const,
      take: (indices: Int32Array) => {
        seen.push([...indices]);
        return {
          x: { dtype: "float32" as const, shape: [indices.length, 2], data: new Float32Array(2 * indices.length) },
          y: { dtype: "float32" as const, shape: [indices.length, 1], data: new Float32Array(indices.length) },
        };
      },
    };
    const model = new Sequential([input([2]), dense(1)], { backend });
    model.compile({ optimizer: "sgd", loss: "mse" });
    await model.fit(source, { batchSize: 4, shuffle: false });
    assert.deepEqual(seen, [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    seen.length = 0;
    await model.fit(source, { batchSize: 10, epochs: 2 });
    const natural = Array.from({ length: 10 }, (_, i) => i);
    assert.deepEqual(
      seen.map((order) => [...order].sort((a, b) => a - b)),
      [natural, natural],
    );
    assert.notDeepEqual(seen[0], natural);
    assert.notDeepEqual(seen[0], seen[1]);
    await model.close();
  });

  named("the next batch is made while a step runs, and a source that fails ends training with its error", async () => {
    const told: string[] = [];
    let broken = false;
    const source = {
      size: 9,
      x: { dtype: "float32", shape: [2] } as const,
      y: { dtype: "float32", shape: [1] } as const,
      take: async ({ length }: Int32Array) => {
        told.push("take");
        if (broken && told.length === 2) throw new FoveaError("not-found", "the second batch is gone");
        return {
          x: { dtype: "float32" as const, shape: [length, 2], data: new Float32Array(2 * length) },
          y: { dtype: "float32" as const, shape: [length, 1], data: new Float32Array(length) },
        };
      },
    };
    const model = new Sequential([input([2]), dense(1)], { backend });
    model.compile({ optimizer: "sgd", loss: "mse" });
    const listener = lambdaCallback({
      onBatchEnd: (batch) => {
        told.push(`end ${batch}`);
      },
    });
    await model.fit(source, { batchSize: 3, callbacks: [listener] });
    assert.deepEqual(told, ["take", "take", "end 0", "take", "end 1", "end 2"]);
    told.length = 0;
    broken = true;
    await assert.rejects(model.fit(source, { batchSize: 3 }), /the second batch is gone/);
    await model.close();
  });

  named("callbacks hear of everything in order and may stop training", async () => {
    const heard: string[] = [];
    const keys: string[] = [];
    const listener: Callback = lambdaCallback({
      onTrainBegin: ({ steps, samples, epochs, quantities }) => {
        heard.push(`begin ${steps} ${samples} ${epochs} ${quantities.join(" ")}`);
      },
      onEpochBegin: (epoch) => {
        heard.push(`epoch ${epoch}`);
      },
      onBatchEnd: (batch, logs) => {
        heard.push(`batch ${batch} ${Object.keys(logs).join(" ")}`);
      },
      onEpochEnd: (epoch, logs, run) => {
        keys.push(...Object.keys(logs));
        heard.push(`end ${epoch}`);
        if (epoch === 1) run.stop();
      },
      onTrainEnd: () => {
        heard.push("over");
      },
    });
    const model = bandsModel({ backend });
    const { epoch } = await model.fit(train, { epochs: 5, batchSize: 32, validationData, callbacks: [listener] });
    const batches = ["batch 0 accuracy loss", "batch 1 accuracy loss"];
    assert.deepEqual(heard, [
      "begin 2 50 5 accuracy loss val_accuracy val_loss",
      ...["epoch 0", ...batches, "end 0", "epoch 1", ...batches, "end 1", "over"],
    ]);
    assert.deepEqual(keys.slice(0, 4), ["accuracy", "loss", "val_accuracy", "val_loss"]);
    assert.deepEqual(epoch, [0, 1]);
    await model.close();
  });

  named("an abort ends training after the batch, restores the best weights and leaves a usable model", async () => {
    const control = new AbortController();
    const model = bandsModel({ backend });
    let best: string | undefined;
    const watcher: Callback = {
      onEpochEnd: async () => {
        best = await model.weightsSha256();
      },
      onBatchEnd: (batch, _logs: Logs, run) => {
        if (best !== undefined && batch === 1) {
          assert.ok(run.steps > 2);
          control.abort();
        }
      },
    };
    const stopping = earlyStopping({ monitor: "loss", restoreBestWeights: true });
    const callbacks = [watcher, stopping];
    const { epoch } = await model.fit(train, { epochs: 9, batchSize: 8, callbacks, signal: control.signal });
    assert.deepEqual(epoch, [0]);
    assert.equal(await model.weightsSha256(), best);
    assert.deepEqual((await model.predict(train.x)).shape, [50, 3]);
    await model.close();
  });

  named("a closed model keeps weights and optimizer and goes on with the same bits", async () => {
    const whole = bandsModel({ backend });
    await whole.fit(train, { epochs: 2, batchSize: 16 });
    const halves = bandsModel({ backend });
    await halves.fit(train, { epochs: 1, batchSize: 16 });
    await halves.close();
    await halves.fit(train, { epochs: 2, initialEpoch: 1, batchSize: 16 });
    assert.equal(await halves.weightsSha256(), await whole.weightsSha256());
    await whole.close();
    await halves.close();
  });

  named("frozen layers keep their weights; changing the learning rate needs no new compile", async () => {
    const model = bandsModel({ backend });
    model.getLayer("conv2d").trainable = false;
    model.compile({ optimizer: "sgd", loss: sparseCategoricalCrossentropy({ fromLogits: true }) });
    const before = await model.getWeights();
    await model.trainOnBatch(train);
    const after = await model.getWeights();
    assert.deepEqual(after[0], before[0]);
    assert.notDeepEqual(after[2], before[2]);
    model.trainer.optimizer.learningRate = 0;
    await model.trainOnBatch(train);
    assert.deepEqual(await model.getWeights(), after);
    await model.close();
  });

  named("predict refuses a sample without a batch axis and says what to do", async () => {
    const model = new Sequential([input([80, 60, 1]), flatten(), dense(55)], { backend });
    const image = { dtype: "uint8" as const, shape: [80, 60, 1], data: new Uint8Array(4800) };
    await assert.rejects(
      model.predict(image),
      /^FoveaError: predict: expected input of rank 4 \[batch, 80, 60, 1\], received \[80, 60, 1\]; add a batch axis with expandDims\(x, 0\)$/,
    );
    await assert.rejects(
      model.predict({ ...image, shape: [1, 60, 80, 1] }),
      /predict: expected input \[batch, 80, 60, 1\], received \[1, 60, 80, 1\]/,
    );
    assert.deepEqual((await model.predict({ ...image, shape: [1, 80, 60, 1] })).shape, [1, 55]);
    await model.close();
  });

  named("predictions do not depend on how they are cut into batches", async () => {
    const model = bandsModel({ backend });
    const all = await model.predict(train.x, { batchSize: 50 });
    const done: number[] = [];
    const cut = await model.predict(train.x, { batchSize: 17, onBatch: (n) => done.push(n) });
    assert.deepEqual(done, [17, 34, 50]);
    cut.data.forEach((value, i) => {
      assert.ok(Math.abs(value - all.data[i]!) < 1e-5);
    });
    await model.close();
  });

  named("data that cannot be learned from gets one sentence", async () => {
    const model = bandsModel({ backend });
    const { x, y } = train;
    const wrong: [Promise<unknown>, RegExp][] = [
      [
        model.fit({ x, y: sliceRows(y, 0, 9) }),
        /fit: expected as many targets as samples, received x \[50, 6, 5, 1\] and y \[9\]/,
      ],
      [model.fit({ x: sliceRows(x, 0, 0), y: sliceRows(y, 0, 0) }), /fit: expected at least one sample, received none/],
      [
        model.fit({ x: tensor([[1, 2]]), y: tensor([1]) }),
        /fit: expected input of rank 4 \[batch, 6, 5, 1\], received \[1, 2\]/,
      ],
      [model.fit({ x } as never), /fit: expected data as \{ x, y \}/],
      [model.fit(train, { epoch: 3 } as never), /fit: unknown option "epoch"; those allowed are epochs, batchSize/],
      [model.fit(train, { epochs: 1.5 }), /fit epochs: expected a whole number/],
      [
        model.fit({ x, y: { ...y, data: Int32Array.from(y.data, (label) => label + 1) } as typeof y }),
        /expected whole labels from 0 to 2, one for each of the model's 3 outputs, received 3/,
      ],
      [
        model.fit({ x, y: { dtype: "float32", shape: [50, 3], data: new Float32Array(150) } }),
        /expected one class number a sample \(for one-hot labels use categoricalCrossentropy\)/,
      ],
      [
        model.fit(train, { callbacks: [earlyStopping()] }),
        /earlyStopping: "val_loss" will not be among the logs, which are accuracy, loss; .*validationData/,
      ],
    ];
    for (const [work, message] of wrong) await assert.rejects(work, message);
    await model.close();
  });
}

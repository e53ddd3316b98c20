// The callbacks that write: checkpoints and CSV.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Callback, TrainingRun } from "../../src/nn/callbacks/index.js";
import { csvLogger, epochLogger, History, modelCheckpoint } from "../../src/nn/callbacks/index.js";

const run = {
  model: { name: "m" },
  quantities: ["loss", "val_accuracy"],
  directionOf: (name: string) => (name === "loss" ? "down" : "up"),
} as unknown as TrainingRun;

async function epochs(callback: Callback, values: readonly number[], from = 0): Promise<void> {
  for (const [i, value] of values.entries())
    await callback.onEpochEnd!(from + i, { loss: 1 - value, val_accuracy: value }, run);
}

test("checkpoints are written after every epoch, or only for the best", async () => {
  const saved: string[] = [];
  const save = async (_model: unknown, path: string) => {
    saved.push(path);
  };
  const every = modelCheckpoint("a/{epoch:02d}-{val_accuracy:.2f}.keras", { save });
  every.onTrainBegin!(run);
  await epochs(every, [0.5, 0.25]);
  assert.deepEqual(saved.splice(0), ["a/01-0.50.keras", "a/02-0.25.keras"]);

  const make = () =>
    modelCheckpoint("{epoch}", { save, monitor: "val_accuracy", saveBestOnly: true, initialValueThreshold: 0.3 });
  const best = make();
  best.onTrainBegin!(run);
  await epochs(best, [0.2, 0.5, 0.4]);
  const resumed = make();
  resumed.onTrainBegin!(run);
  resumed.setState!(best.getState!());
  await epochs(resumed, [0.45, 0.6], 3);
  assert.deepEqual(saved, ["2", "5"]);
  await assert.rejects(
    epochs(modelCheckpoint("{mse}", { save }), [1]),
    /the path has \{mse\}, but the logs have only epoch, loss/,
  );
});

test("the CSV has Keras's columns, and a resumed run repeats no line", async () => {
  const files = new Map<string, string>();
  const write = async (path: string, text: string) => {
    files.set(path, text);
  };
  const logger = csvLogger("h.csv", { write });
  logger.onTrainBegin!(run);
  await epochs(logger, [0.5]);
  const resumed = csvLogger("h.csv", { write });
  resumed.onTrainBegin!(run);
  resumed.setState!(logger.getState!());
  await epochs(resumed, [0.75], 1);
  assert.equal(files.get("h.csv"), "epoch,loss,val_accuracy\r\n0,0.5,0.5\r\n1,0.25,0.75\r\n");

  const bare = csvLogger("b.csv", { write, separator: ";" });
  bare.onTrainBegin!(run);
  await bare.onEpochEnd!(0, { loss: 0.5 }, run);
  assert.equal(files.get("b.csv"), "epoch;loss;val_loss\r\n0;0.5;NA\r\n");
});

test("the history can be taken up again", () => {
  const first = new History();
  first.onEpochEnd(0, { loss: 3 });
  const second = new History();
  second.setState(first.getState());
  second.onEpochEnd(1, { loss: 2 });
  assert.deepEqual([first.history, second.history, second.epoch], [{ loss: [3] }, { loss: [3, 2] }, [0, 1]]);
});

test("an epoch's line reads as in Keras", () => {
  const lines: string[] = [];
  const logger = epochLogger((line) => lines.push(line));
  void logger.onEpochEnd!(2, { accuracy: 0.69494, loss: 0.00042, val_loss: Number.NaN }, { ...run, epochs: 100 });
  assert.deepEqual(lines, ["Epoch 3/100 - accuracy: 0.6949 - loss: 4.2000e-4 - val_loss: NaN"]);
});

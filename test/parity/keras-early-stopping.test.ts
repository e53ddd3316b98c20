// Early stopping against traces of the real Keras: when it stops, which epoch is best, what comes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrainingRun } from "../../src/nn/callbacks/callback.js";
import { type EarlyStoppingOptions, earlyStopping } from "../../src/nn/callbacks/early-stopping.js";
import { fixture } from "./keras-fixtures.js";

interface Trace {
  readonly options: Readonly<Record<string, unknown>>;
  readonly values: readonly number[];
  readonly stopped: number | null;
  readonly stoppedEpoch: number;
  readonly bestEpoch: number;
  readonly best: number | null;
  readonly wait: number;
  readonly restored: number | null;
}

const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A run whose model's weights are the number of the epoch. */
function stubRun(quantity: string) {
  const run = {
    weights: -1,
    restored: null as number | null,
    stopped: false,
    model: {
      name: "stub",
      getWeights: async () => [{ dtype: "int32" as const, shape: [], data: Int32Array.of(run.weights) }],
      setWeights: async (weights: readonly { data: ArrayLike<number> }[]) => {
        run.restored = weights[0]!.data[0]!;
      },
    },
    epochs: 99,
    batchSize: 1,
    steps: 1,
    samples: 1,
    quantities: [quantity],
    stop: () => {
      run.stopped = true;
    },
    directionOf: (name: string) =>
      (({ loss: "down", accuracy: "up", mse: "down" }) as const)[name.replace(/^val_/, "")],
  };
  return run;
}

fixture<Trace[]>("early-stopping").forEach((trace, i) => {
  test(`early stopping trace ${i} ${JSON.stringify(trace.options)}, also when resumed half-way`, async () => {
    const options = Object.fromEntries(Object.entries(trace.options).map(([key, value]) => [camel(key), value]));
    for (const resumeAt of [-1, Math.floor(trace.values.length / 2)]) {
      let callback = earlyStopping(options as EarlyStoppingOptions);
      const quantity = (trace.options.monitor as string | undefined) ?? "val_loss";
      const run = stubRun(quantity);
      callback.onTrainBegin(run as unknown as TrainingRun);
      let stopped: number | null = null;
      for (const [epoch, value] of trace.values.entries()) {
        run.weights = epoch;
        await callback.onEpochEnd(epoch, { [quantity]: value }, run as unknown as TrainingRun);
        if (run.stopped) {
          stopped = epoch;
          break;
        }
        if (epoch === resumeAt) {
          const state = callback.getState();
          callback = earlyStopping(options as EarlyStoppingOptions);
          callback.onTrainBegin(run as unknown as TrainingRun);
          callback.setState(state);
        }
      }
      await callback.onTrainEnd({}, run as unknown as TrainingRun);
      assert.deepEqual(
        {
          stopped,
          stoppedEpoch: callback.stoppedEpoch,
          bestEpoch: callback.bestEpoch,
          best: callback.best,
          wait: callback.wait,
          restored: run.restored,
        },
        {
          stopped: trace.stopped,
          stoppedEpoch: trace.stoppedEpoch,
          bestEpoch: trace.bestEpoch,
          best: trace.best,
          wait: trace.wait,
          restored: trace.restored,
        },
      );
    }
  });
});

test("a direction that cannot be told and a quantity that is not logged are errors", () => {
  const run = stubRun("custom") as unknown as TrainingRun;
  assert.throws(() => earlyStopping({ monitor: "custom" }).onTrainBegin(run), /pass mode "max" or "min"/);
  assert.throws(() => earlyStopping().onTrainBegin(run), /"val_loss" will not be among the logs, which are custom/);
});

// Studies as plain data, and the callback that joins training and tuning.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Callback } from "../../src/nn/callbacks/index.js";
import { createStudy, medianPruner, pruningCallback, studyFacts, type Trial } from "../../src/tune/index.js";
import { mixed } from "./objectives.js";

test("study facts survive JSON and tell the whole study", async () => {
  const study = await createStudy({ name: "facts", direction: "maximize", seed: 9 });
  await study.setUserAttribute("why", "test");
  await study.optimize(
    async (trial: Trial) => {
      const value = mixed(trial);
      await trial.report(trial.number === 2 ? Number.NaN : value, 1);
      await trial.report(value, 0);
      if (trial.number === 3) throw new Error("no luck");
      if (trial.number === 4) throw trial.prune();
      return trial.number === 5 ? Infinity : -value;
    },
    { trials: 20, catch: [Error] },
  );
  await study.enqueueTrial({ x: 0 });
  const facts = studyFacts(study);
  assert.deepEqual(JSON.parse(JSON.stringify(facts)), { ...facts });
  assert.deepEqual(facts.counts, { running: 0, complete: 18, pruned: 1, fail: 1, waiting: 1 });
  assert.deepEqual(Object.keys(facts.space), ["x", "dropout", "units", "kernel"]);
  assert.deepEqual(facts.best, [5]);
  assert.deepEqual(
    facts.trials.filter(({ enqueued }) => enqueued).map(({ number }) => number),
    [20],
  );
  assert.equal(facts.trials[3]!.reason, "Error: no luck");
  assert.deepEqual(
    facts.trials[2]!.intermediate.map(([step, value]) => [step, value === null]),
    [
      [0, false],
      [1, true],
    ],
  );
  assert.deepEqual(facts.trials[5]!.values, [null]);
  assert.equal(facts.history.length, 18);
  const bests = facts.history.map(([, , best]) => best ?? Infinity);
  assert.deepEqual(
    bests,
    [...bests].sort((a, b) => a - b),
  );
  assert.deepEqual(studyFacts(await createStudy()).best, []);
});

test("the pruning callback is a training callback, reports and prunes", async () => {
  const study = await createStudy({ pruner: medianPruner({ startupTrials: 1 }) });
  const train = async (trial: Trial): Promise<number> => {
    const callback: Callback = pruningCallback(trial, "val_loss");
    for (let epoch = 0; epoch < 3; epoch++)
      await callback.onEpochEnd!(epoch, { loss: 0, val_loss: trial.number + 1 / (epoch + 1) }, undefined as never);
    return trial.number;
  };
  await study.optimize(train, { trials: 2 });
  assert.deepEqual(
    study.trials.map((trial) => [trial.state, trial.intermediate.size]),
    [
      ["complete", 3],
      ["pruned", 1],
    ],
  );
  const wrong = await study.ask();
  await assert.rejects(
    pruningCallback(wrong, "val_acc").onEpochEnd(0, { loss: 1 }),
    /"val_acc" is not logged; there are loss/,
  );
});

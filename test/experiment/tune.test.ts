// Studies of models from specs: conditional spaces, references, data both ways of exposure, pruning, rebuilding, and
// what is said of specs that cannot work.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  loadStudyData,
  moduleProgram,
  readSpec,
  rebuildTrial,
  runStudy,
  type StudyProgram,
  specProgram,
  storedSpec,
  substitute,
  suggestAll,
  trialsCsv,
} from "../../src/experiment/index.js";
import { openProgram } from "../../src/experiment/tune/program.js";
import { studyReportFacts } from "../../src/experiment/tune/study-report.js";
import { sequential } from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";
import { renderStudyPage } from "../../src/report/pages/study-page.js";
import { createStudy, gridSampler, MemoryStorage, pruningCallback, type Study } from "../../src/tune/index.js";
import { claimsSpec, writeClaims } from "./claims.js";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "fovea-tune-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

async function programOf(t: TestContext, changes: Readonly<Record<string, unknown>> = {}): Promise<StudyProgram> {
  const table = writeClaims(folder(t));
  const spec = readSpec(claimsSpec(changes));
  const data = { ...spec.data, table } as typeof spec.data;
  return specProgram({ ...spec, data }, await loadStudyData(data));
}

async function run(program: StudyProgram): Promise<Study> {
  const study = await openProgram(program, new MemoryStorage());
  await runStudy(study, program, { threads: 1 });
  return study;
}

const told = (study: Study) =>
  study.trials.map(({ params, values, state, userAttributes }) => [params, values, state, userAttributes]);

test("a study of a spec repeats, two at once as well, and its best trial is rebuilt to the bit", async (t) => {
  const program = await programOf(t);
  const study = await run(program);
  assert.deepEqual(
    study.trials.map(({ state }) => state),
    ["complete", "complete", "complete"],
  );
  assert.deepEqual(told(await run(program)), told(study));
  const atOnce = await run({ ...program, parallel: 2 });
  assert.equal(atOnce.trials.length, 3);
  assert.deepEqual(told(await run({ ...program, parallel: 2 })), told(atOnce));
  const rebuilt = await rebuildTrial(program, study.trials[2]!, { threads: 1 });
  assert.deepEqual(rebuilt.is, study.trials[2]!.values);
  assert.equal(rebuilt.sameWeights, true);
  assert.equal(rebuilt.same, true);
  // A trial that says other parameters gets another value.
  const other = { ...study.trials[2]!, params: { ...study.trials[2]!.params, learningRate: 0.0123 } };
  assert.equal((await rebuildTrial(program, other, { threads: 1 })).same, false);
});

test("trials that are left are repeated when the study goes on, and end as if nobody had left", async (t) => {
  const program = await programOf(t);
  const whole = await run(program);
  const study = await openProgram(program, new MemoryStorage());
  const leaving = new AbortController();
  await runStudy(study, program, {
    threads: 1,
    abandon: leaving.signal,
    onStart: ({ number }) => number === 1 && leaving.abort(),
  });
  await study.refresh();
  assert.deepEqual(
    study.trials.map(({ state }) => state),
    ["complete", "running"],
  );
  await runStudy(study, program, { threads: 1 });
  assert.deepEqual(told(study), told(whole));
});

test("the trial's value is what the model evaluates to, and the hash of its weights is kept", async (t) => {
  const program = await programOf(t, { trials: 1 });
  const study = await run(program);
  const [trial] = study.trials;
  let evaluated = Number.NaN;
  await rebuildTrial(program, trial!, {
    threads: 1,
    onTrained: async (_, { model }) => {
      evaluated = (await model.evaluate(program.data!.validation, { batchSize: 64 })).loss!;
    },
  });
  assert.equal(evaluated, trial!.values![0]);
  assert.match(String(trial!.userAttributes.weights_sha256), /^[0-9a-f]{64}$/);
});

test("exposure as weight and as offset train the same weights under a Poisson loss", async (t) => {
  const offset = { data: { ...claimsSpec().data, exposure: { column: "Exposure", as: "offset" } }, trials: 1 };
  const [weighted, multiplied] = [await run(await programOf(t, { trials: 1 })), await run(await programOf(t, offset))];
  const [a, b] = [weighted.trials[0]!, multiplied.trials[0]!];
  assert.deepEqual(a.params, b.params);
  // The losses differ by the mean of y log exposure, which no parameter changes; so do those of two trials.
  const gaps = [...a.intermediate].map(([step, value]) => value - b.intermediate.get(step)!);
  assert.ok(gaps.length > 1 && Math.abs(gaps[0]!) > 1e-3);
  for (const gap of gaps) assert.ok(Math.abs(gap - gaps[0]!) < 1e-3, `${gaps}`);
});

test("parameters are conditional: once for each of a number, or while another has a value", async () => {
  const { space } = readSpec(
    claimsSpec({
      space: {
        n: { int: [1, 3] },
        "width_{i}": { choices: [8, 16], each: "n" },
        optimizer: { choices: ["Adam", "SGD"] },
        momentum: { float: [0, 0.9], when: { optimizer: "SGD" } },
      },
    }),
  );
  const study = await createStudy({
    sampler: gridSampler({ n: [2], width_1: [8], width_2: [16], optimizer: ["Adam"] }),
  });
  assert.deepEqual(suggestAll(space, await study.ask()), { n: 2, width_1: 8, width_2: 16, optimizer: "Adam" });
  await study.enqueueTrial({ n: 1, width_1: 16, optimizer: "SGD", momentum: 0.5 });
  assert.deepEqual(suggestAll(space, await study.ask()), { n: 1, width_1: 16, optimizer: "SGD", momentum: 0.5 });
  assert.deepEqual(substitute({ a: ["$n", "$width_{i}", "n"] }, { n: 3, width_2: 8 }, 2), { a: [3, 8, "n"] });
  assert.throws(() => substitute("$m", { n: 3 }), /there is no parameter "m" in this trial, which has n/);
});

test("a spec that cannot work is told in one sentence before there is a study", async (t) => {
  const space = claimsSpec().space;
  const cases: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [
      { space: { ...space, learningRate: { float: [1, 0.1] } } },
      /parameter "learningRate": expected low <= high, received low 1 and high 0.1/,
    ],
    [
      { space: { ...space, "k_{i}": { int: [1, 2], each: "depth" } } },
      /"k_\{i\}" depends on "depth", which is not in the space/,
    ],
    [
      { space: { neurons: space.neurons } },
      /"\$activation": there is no parameter "activation" in this trial, which has neurons/,
    ],
    [{ space: { ...space, neurons: { choice: [1] } } }, /space.neurons: expected \{"float": \[low, high\]\}/],
    [
      { model: { layers: [{ Dens: { units: 1 } }] } },
      /the layer Dens is of a class that Fovea does not have; check how it is spelt/,
    ],
    [{ model: { layers: [{ Dense: { unit: 1, units: 1 } }] } }, /Dense has no "unit"; it has/],
    [{ training: { optimizer: { Adam: { rate: 1 } }, loss: "poisson" } }, /Adam has no "rate"/],
    [{ training: {} }, /a table needs a loss/],
    [{ objective: "val_accuracy" }, /objective: expected val_loss, parameters or one of training.metrics/],
    [{ sampler: "best" }, /sampler: expected one of tpe, random, grid, .* received "best"/],
    [{ sampler: "grid" }, /parameter "learningRate" is a range; say which values to try/],
    [{ pruner: { median: { startup: 3 } } }, /pruner median: unrecognized key: "startup"/],
    [{ direction: ["minimize", "maximize"] }, /direction: expected one for each objective/],
    [{ data: { ...claimsSpec().data, exposure: { column: "Age", as: "much" } } }, /spec: data: exposure.as: /],
    [{ trial: 5 }, /unrecognized key: "trial"/],
    [{ enqueue: [{ neuron: 4 }] }, /enqueue: a trial with \{"neuron":4\} has no parameter "neuron"; it has neurons/],
    [{ enqueue: [{ neurons: 5 }] }, /parameter "neurons": expected one of 4, 8, received 5/],
    [{ enqueue: [{ learningRate: 1 }] }, /parameter "learningRate": the trial was enqueued with 1, which is not/],
    [{ enqueue: { neurons: 4 } }, /spec: enqueue: /],
  ];
  for (const [changes, message] of cases)
    await assert.rejects(programOf(t, changes), (error: Error) => {
      assert.equal(error.name, "FoveaError", error.stack);
      assert.match(error.message, message);
      assert.ok(!error.message.includes("\n"));
      return true;
    });
});

test("one study keeps one definition; the schedule may change", async (t) => {
  const program = await programOf(t, { trials: 1 });
  const storage = new MemoryStorage();
  await runStudy(await openProgram(program, storage), program, { threads: 1 });
  const more = { ...(await programOf(t, { trials: 2, sampler: "random" })) };
  const study = await openProgram(more, storage);
  await runStudy(study, more, { threads: 1 });
  assert.equal(study.trials.length, 2);
  // Workers follow the schedule of the newest run; the options of a worker do not change it.
  assert.equal(storedSpec(study)!.trials, 2);
  assert.equal(storedSpec(await openProgram(program, storage, { remember: false }))!.trials, 2);
  const other = await programOf(t, { training: { ...claimsSpec().training, epochs: 5 } });
  await assert.rejects(openProgram(other, storage), /it was begun with another "training"; give this one another name/);
});

test("a study begins with the trials that its spec wants, once, and rebuilds them", async (t) => {
  const first = { neurons: 4, activation: "tanh", learningRate: 0.01 };
  const program = await programOf(t, { trials: 2, enqueue: [first] });
  const storage = new MemoryStorage();
  const begun = await openProgram(program, storage);
  await runStudy(begun, program, { threads: 1 });
  assert.deepEqual(begun.trials[0]!.params, first);
  assert.equal((await rebuildTrial(program, begun.trials[0]!, { threads: 1 })).same, true);
  const more = await programOf(t, { trials: 2, enqueue: [first, { neurons: 8 }] });
  const again = await openProgram(more, storage);
  assert.deepEqual(
    again.trials.map(({ state }) => state),
    ["complete", "complete", "waiting"],
  );
  await runStudy(again, more, { threads: 1 });
  assert.equal(again.trials[2]!.params.neurons, 8);
  const facts = studyReportFacts(again, "sqlite:///my studies.db");
  assert.equal(facts.rebuild, 'fovea tune rebuild --study claims --storage "sqlite:///my studies.db"');
  const page = (await renderStudyPage(facts)).html;
  assert.match(page, /complete, enqueued/);
});

test("a study does not remember the address of its storage, which may hold a password", async (t) => {
  const { attributes, storage } = await programOf(t, { storage: "postgresql://me:secret@host/db" });
  assert.equal(storage, "postgresql://me:secret@host/db");
  assert.ok(!JSON.stringify(attributes).includes("secret"));
});

test("several objectives: the loss and the number of parameters", async (t) => {
  const study = await run(await programOf(t, { objective: ["val_loss", "parameters"], trials: 4, sampler: "random" }));
  assert.deepEqual(study.directions, ["minimize", "minimize"]);
  for (const { params, values } of study.trials) assert.equal(values![1], Number(params.neurons) * 6 + 1);
  assert.ok(study.bestTrials.length >= 1);
});

test("pruningCallback reports each epoch and ends training where the pruner says so", async () => {
  const pruner = {
    name: "after two",
    shouldPrune: (view: { intermediate: ReadonlyMap<number, number> }) => view.intermediate.size === 2,
  };
  const study = await createStudy({ pruner });
  const x = { dtype: "float32" as const, shape: [4, 1], data: Float32Array.of(0, 1, 2, 3) };
  await study.optimize(
    async (trial) => {
      const model = sequential([input([1]), dense(1)], { threads: 1 });
      model.compile({ optimizer: "sgd", loss: "mse" });
      try {
        await model.fit({ x, y: x }, { epochs: 5, callbacks: [pruningCallback(trial, "loss")] });
        return 0;
      } finally {
        await model.close();
      }
    },
    { trials: 1 },
  );
  const [trial] = study.trials;
  assert.equal(trial!.state, "pruned");
  assert.deepEqual([...trial!.intermediate.keys()], [0, 1]);
  assert.equal(trial!.values![0], trial!.intermediate.get(1));
});

test("an objective that throws what its module catches, or NaN, fails its trial with the reason; the study goes on", async () => {
  const program = moduleProgram(
    {
      study: "odd",
      trials: 4,
      catch: [Error],
      objective: (trial: { number: number; suggestFloat: (name: string, low: number, high: number) => number }) => {
        if (trial.number === 1) throw new Error("no more memory");
        return trial.number === 2 ? Number.NaN : trial.suggestFloat("x", 0, 1);
      },
    },
    { name: "odd.js", sha256: "0" },
  );
  const study = await run(program);
  assert.deepEqual(
    study.trials.map(({ state, systemAttributes }) => [state, systemAttributes.fail_reason]),
    [
      ["complete", undefined],
      ["fail", "Error: no more memory"],
      ["fail", "the objective returned NaN where a number was expected"],
      ["complete", undefined],
    ],
  );
  assert.equal((await rebuildTrial(program, study.trials[3]!)).same, true);
  await assert.rejects(
    rebuildTrial(program, study.trials[1]!),
    /trial 1 is fail; only a complete trial can be rebuilt/,
  );
  assert.throws(() => moduleProgram({}, { name: "odd.js", sha256: "0" }), /odd\.js: expected a default export/);
});

test("trials as CSV: a row each, conditional parameters empty where a trial had none, quotes where needed", async () => {
  const study = await createStudy({ seed: 1 });
  await study.optimize(
    (trial) => {
      const kind = trial.suggestCategorical("kind", ['a, "b"', "c"]);
      return kind === "c" ? trial.suggestFloat("x", 1, 2) : 0;
    },
    { trials: 6 },
  );
  const lines = trialsCsv(study).trimEnd().split("\n");
  assert.equal(lines[0], "number,value,state,datetime_start,datetime_complete,params_kind,params_x");
  assert.equal(lines.length, 7);
  assert.ok(
    lines.some((line) => /^\d,0,COMPLETE,\d{4}-.*Z,\d{4}-.*Z,"a, ""b""",$/.test(line)),
    lines.join("\n"),
  );
  assert.ok(
    lines.some((line) => /,c,1\.\d+$/.test(line)),
    lines.join("\n"),
  );
});

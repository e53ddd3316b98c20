// Studies: schedules that repeat, trials that fail, queues, and what users get wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import {
  createStudy,
  fanova,
  floatDistribution,
  gridSampler,
  hyperbandPruner,
  loadStudy,
  MemoryStorage,
  medianPruner,
  type NewTrial,
  openStorage,
  patientPruner,
  percentilePruner,
  pruningCallback,
  randomSampler,
  type Study,
  type StudyCallback,
  type Trial,
  type TrialRecord,
  tpeSampler,
  withoutPassword,
} from "../../src/tune/index.js";
import { factsOf } from "./facts-of.js";
import { conditional, learning, mixed } from "./objectives.js";

const samplers = { random: randomSampler, tpe: tpeSampler, grouped: () => tpeSampler({ group: true }) };

for (const [name, sampler] of Object.entries(samplers)) {
  test(`${name}: a study repeats, and goes on as if it had not stopped`, async () => {
    const whole = await createStudy({ sampler: sampler(), seed: 7 });
    await whole.optimize(conditional, { trials: 40 });
    const storage = new MemoryStorage();
    for (const trials of [13, 1, 26])
      await (await createStudy({ sampler: sampler(), storage, seed: 7 })).optimize(conditional, { trials });
    const pieces = await loadStudy({ storage });
    assert.deepEqual(factsOf(pieces), factsOf(whole));
    assert.equal(pieces.seed, 7);
    const other = await createStudy({ sampler: sampler(), seed: 8 });
    await other.optimize(conditional, { trials: 40 });
    assert.notDeepEqual(factsOf(other), factsOf(whole));
  });

  test(`${name}: four trials at once repeat whatever their speed`, async () => {
    const run = async (delay: (trial: Trial) => number) => {
      const study = await createStudy({ sampler: sampler(), seed: 3 });
      const seen: number[] = [];
      const objective = async (trial: Trial) => {
        const value = conditional(trial);
        await new Promise((resume) => setTimeout(resume, delay(trial)));
        return value;
      };
      await study.optimize(objective, {
        trials: 40,
        parallel: 4,
        callbacks: [(_, { number }) => void seen.push(number)],
      });
      assert.deepEqual(
        seen,
        [...seen].sort((a, b) => a - b),
        "callbacks come in the order of trials",
      );
      return factsOf(study);
    };
    const facts = await run((trial) => (trial.number * 7) % 5);
    assert.equal(facts.length, 40);
    assert.deepEqual(await run((trial) => (trial.number * 3) % 7), facts);
  });
}

test("asynchronous trials start as soon as there is room", async () => {
  const study = await createStudy({ seed: 1 });
  let most = 0;
  let now = 0;
  const objective = async (trial: Trial) => {
    most = Math.max(most, ++now);
    await new Promise((resume) => setTimeout(resume, trial.number === 0 ? 60 : 1));
    now--;
    return mixed(trial);
  };
  const order: number[] = [];
  const callbacks = [(_: unknown, trial: { number: number }) => void order.push(trial.number)];
  await study.optimize(objective, { trials: 20, parallel: 4, asynchronous: true, callbacks });
  assert.equal(most, 4);
  assert.equal(study.trials.filter((trial) => trial.state === "complete").length, 20);
  assert.ok(order.indexOf(0) > 3, `trial 0 was waited for: ${order.join(" ")}`);
});

test("a trial that fails keeps its reason, and the study goes on", async () => {
  const study = await createStudy({ sampler: randomSampler() });
  const objective = (trial: Trial): number => {
    switch (trial.number) {
      case 0:
        throw new RangeError("out of memory");
      case 1:
        return Number.NaN;
      case 2:
        return undefined as unknown as number;
      case 3:
        return trial.suggestFloat("x", 2, 1);
      case 4:
        return trial.suggestInt("x", 0, 3);
      case 5:
        return trial.suggestCategorical("x", [1, 2]);
      case 6:
        return [1, 2] as unknown as number;
      case 7:
        return null as unknown as number;
      default:
        return trial.suggestInt("x", 0, 3);
    }
  };
  await study.optimize(objective, { trials: 9, catch: [RangeError, FoveaError] });
  const reasons = study.trials.map((trial) => trial.systemAttributes.fail_reason ?? trial.state);
  assert.deepEqual(reasons, [
    "RangeError: out of memory",
    "the objective returned NaN where a number was expected",
    "the objective returned undefined where a number was expected",
    'parameter "x": expected low <= high, received low 2 and high 1; swap them',
    "complete",
    'parameter "x": this study knows it as int, this trial asks for categorical; give it a name of its own',
    "the objective returned 2 values, the study has 1 objectives",
    "the objective returned null where a number was expected",
    "complete",
  ]);
  assert.equal(study.bestTrial.state, "complete");
});

test("a name that changes its meaning inside one window of parallel trials fails its trial", async () => {
  const study = await createStudy({ sampler: randomSampler() });
  const objective = (trial: Trial): number =>
    trial.number % 2 === 0 ? trial.suggestInt("x", 0, 3) : trial.suggestFloat("x", 0, 3);
  await study.optimize(objective, { trials: 4, parallel: 4, catch: [FoveaError] });
  assert.deepEqual(
    study.trials.map((trial) => trial.state),
    ["complete", "fail", "complete", "fail"],
  );
  // The write that fails behind the objective's back must not end the study when the objective fails as well.
  const both = await createStudy({ sampler: randomSampler() });
  const failing = (trial: Trial): number => {
    objective(trial);
    throw new Error("and no luck");
  };
  await both.optimize(failing, { trials: 2, parallel: 2, catch: () => true });
  assert.match(String(both.trials[1]!.systemAttributes.fail_reason), /this study knows it as int/);
});

test("enqueued trials come first, with the rest of their parameters sampled", async () => {
  const study = await createStudy({ sampler: randomSampler(), seed: 5 });
  await study.enqueueTrial({ x: 1, kernel: 3 }, { userAttributes: { note: "by hand" } });
  await study.enqueueTrial({ x: 9 });
  await study.optimize(mixed, { trials: 3, catch: [FoveaError] });
  const [first, second] = study.trials;
  assert.equal(first!.params.x, 1);
  assert.equal(first!.params.kernel, 3);
  assert.equal(typeof first!.params.units, "number");
  assert.deepEqual(first!.userAttributes, { note: "by hand" });
  assert.match(String(second!.systemAttributes.fail_reason), /enqueued with 9/);
  const skipped = study.enqueueTrial({ kernel: 3, x: 1 }, { skipIfExists: true });
  await Promise.all([skipped, study.enqueueTrial(study.trials[2]!.params, { skipIfExists: true })]);
  assert.equal(study.trials.length, 3);
  await study.enqueueTrial({ x: 1 }, { skipIfExists: true });
  assert.equal(study.trials.length, 4);
});

test("ask and tell", async () => {
  const study = await createStudy({ direction: "maximize", seed: 2 });
  const [a, b, c] = [await study.ask(), await study.ask(), await study.ask()];
  a.suggestFloat("x", 0, 1);
  await b.report(3, 0);
  c.setUserAttribute("why", ["any", { json: null }]);
  assert.equal((await study.tell(a, 4))?.state, "complete");
  assert.deepEqual((await study.tell(b, { state: "pruned" }))?.values, [3]);
  assert.equal((await study.tell(c, { state: "fail", reason: "by hand" }))?.systemAttributes.fail_reason, "by hand");
  assert.equal(await study.tell(a, 5), undefined, "a trial ends once");
  assert.equal(study.bestValue, 4);
  assert.deepEqual(study.trials[2]!.userAttributes, { why: ["any", { json: null }] });
});

test("trials asked for at once are different ones, and one that was left is given again", async () => {
  const storage = new MemoryStorage();
  const study = await createStudy({ storage, sampler: randomSampler() });
  for (const x of [1, 2, 3]) await study.enqueueTrial({ x });
  const asked = await Promise.all(Array.from({ length: 6 }, () => study.ask()));
  assert.deepEqual(
    asked.map((trial) => trial.number),
    [0, 1, 2, 3, 4, 5],
  );
  await study.close();
  assert.equal((await study.ask()).number, 0);
});

test("a trial that was asked for gives signs of life until it is told", async () => {
  const beats: (readonly number[])[] = [];
  class Listening extends MemoryStorage {
    override async beat(ids: readonly number[] = []): Promise<void> {
      beats.push(ids);
    }
  }
  const study = await createStudy({ storage: new Listening(), heartbeat: { interval: 0.01 } });
  const trial = await study.ask();
  await new Promise((resume) => setTimeout(resume, 100));
  assert.ok(beats.length > 0 && beats.every((ids) => ids.join() === "0"), `${beats}`);
  await study.tell(trial, 1);
  const before = beats.length;
  await new Promise((resume) => setTimeout(resume, 50));
  assert.equal(beats.length, before);
});

test("a trial that somebody without an owner's mark left running does not hold up the end of a study", async () => {
  const storage = new MemoryStorage();
  const study = await createStudy({ storage, sampler: randomSampler() });
  const blank: NewTrial = {
    ...{ state: "running", values: undefined, params: {}, distributions: {}, userAttributes: {}, systemAttributes: {} },
    ...{ intermediate: new Map(), startedAt: undefined, finishedAt: undefined },
  };
  await storage.createTrial(study.record.id, blank);
  await study.optimize(mixed, { totalTrials: 3 });
  assert.deepEqual(
    study.trials.map((trial) => trial.state),
    ["running", "complete", "complete"],
  );
});

test("several objectives", async () => {
  const study = await createStudy({ directions: ["minimize", "maximize"], seed: 4 });
  await study.optimize((trial) => [trial.suggestFloat("x", 0, 2) ** 2, trial.suggestFloat("y", 0, 1)], { trials: 60 });
  const front = study.bestTrials;
  assert.ok(front.length > 1);
  for (const a of front)
    for (const b of study.trials)
      assert.ok(!(b.values![0]! < a.values![0]! && b.values![1]! > a.values![1]!), "nothing is better in both");
  assert.throws(() => study.bestTrial, /several objectives have no one best trial/);
});

test("pruned trials report, and have their last report as value", async () => {
  const pruner = {
    name: "strict",
    shouldPrune: (view: { intermediate: ReadonlyMap<number, number> }) => view.intermediate.size > 2,
  };
  const study = await createStudy({ pruner });
  await study.optimize(learning(5), { trials: 2 });
  assert.deepEqual(
    study.trials.map((trial) => [
      trial.state,
      trial.intermediate.size,
      trial.values?.[0] === trial.intermediate.get(2),
    ]),
    [
      ["pruned", 3, true],
      ["pruned", 3, true],
    ],
  );
});

test("timeout, stop and callbacks", async () => {
  const study = await createStudy({ sampler: randomSampler() });
  const slow = async (trial: Trial) => {
    await new Promise((resume) => setTimeout(resume, 5));
    return mixed(trial);
  };
  await study.optimize(slow, { timeout: 0.05 });
  assert.ok(study.trials.length > 0 && study.trials.length <= 11);
  const before = study.trials.length;
  const stopAfterFive: StudyCallback = (same, trial) => {
    if (trial.number === before + 4) same.stop();
  };
  await study.optimize(mixed, { callbacks: [stopAfterFive] });
  assert.equal(study.trials.length, before + 5);
});

test("what users get wrong is told in one sentence", async () => {
  const storage = new MemoryStorage();
  await createStudy({ name: "a", storage, direction: "maximize", seed: 1 });
  const wrong: [RegExp, () => Promise<unknown>][] = [
    [/it exists with maximize, now minimize/, () => createStudy({ name: "a", storage, direction: "minimize" })],
    [/begun with seed 1, now 2/, () => createStudy({ name: "a", storage, seed: 2 })],
    [/which has "a"/, () => loadStudy({ name: "b", storage })],
    [/expected at least one direction/, () => createStudy({ directions: [] })],
    [/expected one of minimize, maximize/, () => createStudy({ direction: "up" as "minimize" })],
    [/expected journal:\/\/FILE/, () => createStudy({ storage: "mysql://host/db" })],
    [/expected journal:\/\/FILE/, () => createStudy({ storage: "file.db" })],
    [/expected journal:\/\/FILE/, () => createStudy({ storage: "sqlite:///" })],
    [/expected journal:\/\/FILE/, () => createStudy({ storage: "journal://" })],
    [/received "mysql:\/\/me@host\/db"/, () => createStudy({ storage: "mysql://me:secret@host/db" })],
    [/there is no storage at none\.db/, () => openStorage("sqlite:///none.db", { existing: true })],
    [/seed: expected a whole number/, () => createStudy({ name: "new", storage, seed: -1 })],
    [/which has "a"$/, () => loadStudy({ name: "new", storage })],
    [/interval above 0/, () => createStudy({ heartbeat: { interval: 0 } })],
    [
      /optimize: trials: expected a whole number of at least 0/,
      async () => (await createStudy()).optimize(mixed, { trials: 1.5 }),
    ],
    [/whole number of at least 1/, async () => (await createStudy()).optimize(mixed, { trials: 1, parallel: 0 })],
    [/no trial is complete yet/, async () => (await createStudy()).bestTrial],
  ];
  for (const [message, attempt] of wrong) await assert.rejects(attempt, message);
});

test("trials of elsewhere are added when they could be the study's own, and samplers learn from them", async () => {
  const study = await createStudy({ seed: 1 });
  const distributions = { x: floatDistribution("x", -5, 5) };
  for (let x = -5; x <= 5; x++) await study.addTrial({ values: [(x - 1) ** 2], params: { x }, distributions });
  await study.addTrial({});
  assert.deepEqual([study.bestTrial.number, study.bestParams.x, study.trials[11]!.state], [6, 1, "fail"]);
  await study.optimize((trial) => (trial.suggestFloat("x", -5, 5) - 1) ** 2, { trials: 10 });
  const fresh = await createStudy({ seed: 1 });
  await fresh.optimize((trial) => (trial.suggestFloat("x", -5, 5) - 1) ** 2, { trials: 10 });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const told = (from: readonly TrialRecord[]) => mean(from.map(({ values }) => values![0]!));
  assert.ok(told(study.trials.slice(12)) < told(fresh.trials), "they count as trials");
  const wrong: [RegExp, Parameters<typeof study.addTrial>[0]][] = [
    [/expected a trial that has finished, received a running one/, { state: "running" }],
    [/expected 1 numbers as values, received \[1,2\]/, { values: [1, 2] }],
    [/expected 1 numbers as values/, { values: [Number.NaN] }],
    [/"x": expected a value and the distribution .* received 1 and undefined/, { values: [1], params: { x: 1 } }],
    [/"x": .* received undefined and/, { values: [1], distributions }],
    [/"x": .* received 7 and/, { values: [1], params: { x: 7 }, distributions }],
  ];
  for (const [message, trial] of wrong) await assert.rejects(study.addTrial(trial), message);
});

test("an address is shown without its password", () => {
  assert.equal(withoutPassword("postgresql://me:p%40ss@host:5/db"), "postgresql://me@host:5/db");
  assert.equal(
    withoutPassword("postgresql://host/db?user=me&password=x&a=b"),
    "postgresql://host/db?user=me&password=...&a=b",
  );
  for (const url of ["postgresql://me@host/db", "journal://a.log", "sqlite:////abs/x.db"])
    assert.equal(withoutPassword(url), url);
});

test("an objective that throws ends optimize with its error, unless catch names it", async () => {
  class Diverged extends Error {}
  const error = new Diverged("at 3");
  const objective = (trial: Trial): number => {
    if (trial.number === 3) throw error;
    return trial.suggestFloat("x", 0, 1);
  };
  const states = (study: Study) => study.trials.map((trial) => trial.state);
  for (const parallel of [1, 3]) {
    const study = await createStudy({ sampler: randomSampler() });
    await assert.rejects(study.optimize(objective, { trials: 20, parallel }), (thrown) => thrown === error);
    assert.equal(study.trials[3]!.state, "fail");
    assert.equal(study.trials[3]!.systemAttributes.fail_reason, "Error: at 3");
    // Trials that were under way end; none begins after the error was known.
    assert.ok(study.trials.length >= 4 && study.trials.length <= 3 + parallel, `${study.trials.length}`);
    assert.ok(study.trials.every(({ state }) => state === "complete" || state === "fail"));
    // It can go on.
    await study.optimize(objective, { totalTrials: 8 });
    assert.equal(study.trials.length, 8);
  }
  for (const caught of [[RangeError, Diverged], Diverged, (thrown: unknown) => thrown === error]) {
    const study = await createStudy({ sampler: randomSampler() });
    await study.optimize(objective, { trials: 6, catch: caught });
    assert.deepEqual(states(study), ["complete", "complete", "complete", "fail", "complete", "complete"]);
  }
  const other = await createStudy({ sampler: randomSampler() });
  await assert.rejects(other.optimize(objective, { trials: 6, catch: [RangeError] }), Diverged);
  // Any thrown value comes out, undefined too.
  const nothing = await createStudy();
  const thrown = await nothing
    .optimize(
      () => {
        throw undefined;
      },
      { trials: 1 },
    )
    .then(
      () => "returned",
      (reason: unknown) => reason,
    );
  assert.equal(thrown, undefined);
  assert.deepEqual(states(nothing), ["fail"]);
});

test("unknown options and missing arguments are refused in one sentence", async () => {
  const study = await createStudy();
  const trial = await study.ask();
  // JavaScript lets users write what no type allows.
  const loose = (value: unknown): never => value as never;
  type Anything = (...args: readonly unknown[]) => unknown;
  type Method = "optimize" | "tell" | "enqueueTrial" | "setUserAttribute" | "report" | "suggest";
  const untyped = (value: object) =>
    value as unknown as Readonly<Record<Method | "suggestFloat" | "suggestCategorical", Anything>>;
  const callable = (value: object) => value as unknown as Anything;
  const objective = () => 1;
  const cases: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => createStudy(loose({ direcion: "maximize" })),
      /createStudy: unknown option "direcion"; those allowed are name/,
    ],
    [() => createStudy(loose({ name: "" })), /expected a study's name as text/],
    [() => createStudy(loose({ directions: "maximize" })), /expected directions as a list/],
    [
      () => createStudy(loose({ sampler: "tpe" })),
      /sampler: expected a sampler such as tpeSampler\(\), received "tpe"/,
    ],
    [() => createStudy(loose({ sampler: tpeSampler })), /sampler: expected a sampler such as tpeSampler/],
    [() => createStudy(loose({ pruner: {} })), /pruner: expected a pruner such as medianPruner/],
    [() => createStudy(loose({ storage: 5 })), /storage: expected a URL or a storage/],
    [() => createStudy(loose({ heartbeat: { intervall: 3 } })), /heartbeat: unknown option "intervall"/],
    [() => loadStudy(loose(undefined)), /loadStudy: expected an options object/],
    [() => loadStudy(loose({ direction: "minimize" })), /loadStudy: unknown option "direction"/],
    [() => openStorage(loose(undefined)), /openStorage: expected a URL/],
    [() => openStorage("memory://", loose({ readonly: true })), /openStorage: unknown option "readonly"/],
    [() => study.optimize(loose(undefined), { trials: 1 }), /optimize: expected the objective as a function/],
    [() => untyped(study).optimize(objective), /optimize: expected options such as \{ trials: 100 \}/],
    [() => study.optimize(objective, {}), /expected trials, totalTrials or timeout, received none/],
    [() => study.optimize(objective, loose({ n_trials: 3 })), /optimize: unknown option "n_trials"/],
    [
      () => study.optimize(objective, loose({ trials: 1, catch: ["Error"] })),
      /expected catch as a list of error classes/,
    ],
    [
      () => study.optimize(objective, loose({ trials: 1, callbacks: [3] })),
      /expected callbacks as a list of functions/,
    ],
    [() => study.optimize(objective, loose({ trials: "3" })), /optimize: trials: expected a whole number/],
    [() => untyped(study).tell(trial), /study\.tell: expected a value/],
    [() => untyped(study).tell(3, 1), /study\.tell: expected a trial/],
    [() => untyped(study).enqueueTrial(), /study\.enqueueTrial: expected parameters by name/],
    [() => study.enqueueTrial({}, loose({ skip: true })), /study\.enqueueTrial: unknown option "skip"/],
    [() => study.addTrial(loose({ value: 3 })), /study\.addTrial: unknown option "value"/],
    [() => untyped(study).setUserAttribute("a"), /study\.setUserAttribute: expected a value that JSON has for "a"/],
    [() => untyped(trial).suggestFloat(), /expected a parameter's name as text, received undefined/],
    [() => untyped(trial).suggestFloat("x", 1), /parameter "x": expected finite bounds, received 1 and undefined/],
    [
      () => trial.suggestFloat("x", 1, 2, loose({ logg: true })),
      /parameter "x": unknown option "logg"; those allowed are log, step/,
    ],
    [() => trial.suggestFloat("x", 1, 2, loose(true)), /parameter "x": expected an options object/],
    [() => trial.suggestInt("x", 1, 2, loose({ log: "yes" })), /parameter "x": log: expected true or false/],
    [() => untyped(trial).suggestCategorical("x"), /parameter "x": expected choices as a list/],
    [() => untyped(trial).suggest("x"), /parameter "x": expected a distribution/],
    [() => untyped(trial).report(1), /expected a step that is a whole number/],
    [() => untyped(trial).setUserAttribute("x"), /expected a value that JSON has for "x"/],
    [() => tpeSampler(loose({ seed: 1 })), /tpeSampler: unknown option "seed"/],
    [() => randomSampler(loose({ seed: 1 })), /randomSampler: unknown option "seed"; it has no options/],
    [() => callable(gridSampler)(), /gridSampler: expected values for each parameter/],
    [() => medianPruner(loose({ warmup: 3 })), /percentilePruner: unknown option "warmup"/],
    [() => callable(percentilePruner)(), /expected a percentile from 0 to 100, received undefined/],
    [() => callable(patientPruner)("median", 3), /patientPruner: expected a pruner or undefined/],
    [
      () => callable(patientPruner)(medianPruner()),
      /patience: expected a whole number of at least 0, received undefined/,
    ],
    [() => hyperbandPruner(loose({ eta: 3 })), /hyperbandPruner: unknown option "eta"/],
    [() => callable(pruningCallback)(trial), /pruningCallback: expected the name of a logged quantity/],
    [() => fanova([], ["minimize"], loose({ tree: 3 })), /fanova: unknown option "tree"/],
  ];
  for (const [ask, message] of cases)
    await assert.rejects(
      async () => ask(),
      (error: unknown) => {
        assert.ok(error instanceof FoveaError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
});

// The sampler contract, run on every sampler we have, and what each promises on top of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { samplerContract } from "../../src/testing/index.js";
import {
  cmaEsSampler,
  createStudy,
  gridSampler,
  loadStudy,
  MemoryStorage,
  nsga2Sampler,
  quasiRandomSampler,
  randomSampler,
  type Study,
  type Trial,
  tpeSampler,
} from "../../src/tune/index.js";
import { halton } from "../../src/tune/samplers/quasi-random.js";
import { mixed } from "../tune/objectives.js";
import { runCases } from "./run-cases.js";

const grid = { x: [-4, -2, 0, 1, 2], dropout: [0, 0.2], units: [32, 64, 128], kernel: [1, 3, 5] };

runCases("random", samplerContract(randomSampler, "free"));
runCases("quasi-random", samplerContract(quasiRandomSampler, "free"));
runCases(
  "grid",
  samplerContract(() => gridSampler(grid), "grid"),
);
runCases("tpe", samplerContract(tpeSampler, "learning"));
runCases(
  "tpe, univariate",
  samplerContract(() => tpeSampler({ multivariate: false }), "learning"),
);
runCases(
  "tpe, grouped",
  samplerContract(() => tpeSampler({ group: true }), "learning"),
);
runCases("cma-es", samplerContract(cmaEsSampler, "learning"));
runCases(
  "nsga2",
  samplerContract(() => nsga2Sampler({ populationSize: 20 }), "learning"),
);

test("grid: every combination once, then the study ends", async () => {
  const study = await createStudy({ sampler: gridSampler(grid), seed: 1 });
  await study.enqueueTrial({ x: 3, dropout: 0.1, units: 16, kernel: 1 });
  await study.optimize(mixed, {});
  assert.equal(study.trials.length, 91);
  assert.equal(new Set(study.trials.map((trial) => JSON.stringify(trial.params))).size, 91);
  const other = await createStudy({ sampler: gridSampler(grid), seed: 2 });
  await other.enqueueTrial({ x: 3, dropout: 0.1, units: 16, kernel: 1 });
  await other.optimize(mixed, { parallel: 4 });
  assert.equal(other.trials.length, 91);
  assert.equal(new Set(other.trials.map((trial) => JSON.stringify(trial.params))).size, 91);
  assert.notDeepEqual(other.trials[1]!.params, study.trials[1]!.params);
  await assert.rejects(async () => gridSampler({ x: [] }), /expected values for each parameter/);
});

test("grid: more combinations than fit into memory are refused in a sentence, also those of many values", async () => {
  const many = Array.from({ length: 4000 }, (_, i) => i);
  const few =
    /^FoveaError: grid: expected at most 10000000 combinations of values, received 64000000000; give fewer values/;
  assert.throws(() => gridSampler({ x: many, y: many, z: many }), few);
  const huge = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x${i}`, many]));
  assert.throws(
    () => gridSampler(huge),
    /^FoveaError: grid: expected at most 10000000 combinations of values, received/,
  );
  assert.throws(() => gridSampler({ x: [0, 1, 0] }), /expected distinct values for "x"/);
  gridSampler({ x: [0, -0] });
  gridSampler({ x: Array.from({ length: 300_000 }, (_, i) => i) });
});

test("grid: the places of one list of settings are none of another with as many", async () => {
  const storage = new MemoryStorage();
  const lists = [
    [{ x: 0 }, { x: 1 }, { x: 2 }],
    [{ x: 5 }, { x: 6 }, { x: 2 }],
  ];
  const objective = (trial: Trial): number => trial.suggestFloat("x", 0, 9);
  const first = await createStudy({ storage, sampler: gridSampler(lists[0]!), seed: 1 });
  await first.optimize(() => Promise.reject(new Error("before it asked for anything")), { trials: 3, catch: Error });
  const second = await loadStudy({ storage, sampler: gridSampler(lists[1]!) });
  await second.optimize(objective, {});
  const tried = second.trials.filter(({ state }) => state === "complete").map(({ params }) => params.x);
  assert.deepEqual(tried.sort(), [2, 5, 6]);
});

test("grid: a study killed in its last trial, or with trials in the queue, ends with every combination tried", async () => {
  const storage = new MemoryStorage();
  const sampler = () => gridSampler({ x: [0, 1, 2] });
  const killed = await createStudy({ storage, sampler: sampler() });
  await killed.optimize((trial) => trial.suggestFloat("x", 0, 2), { trials: 2 });
  (await killed.ask()).suggestFloat("x", 0, 2);
  await killed.enqueueTrial({ x: 0.5 });
  // Ended without a word: its process is alive (it is this one), but the trial has been silent for too long.
  storage.silence = async () => new Map([[2, 1e9]]);
  const again = await loadStudy({ storage, sampler: sampler() });
  await again.optimize((trial) => trial.suggestFloat("x", 0, 2), {});
  assert.deepEqual(
    again.trials.map((trial) => trial.state),
    ["complete", "complete", "complete", "complete"],
  );
  assert.deepEqual(again.trials.map((trial) => trial.params.x as number).sort(), [0, 0.5, 1, 2]);
});

/** The lecture's study B: from one to three layers, each of its own width; what it evaluates is its setting. */
function layers(trial: Trial): number {
  let value = 0;
  for (let i = trial.suggestInt("numHiddenLayers", 1, 3); i > 0; i--)
    value = 10 * value + trial.suggestCategorical(`neurons_${i}`, [8, 16, 32, 64]) / 8;
  return value;
}

const WIDTHS = [8, 16, 32, 64];
const LAYERS = { numHiddenLayers: [1, 2, 3], neurons_1: WIDTHS, neurons_2: WIDTHS, neurons_3: WIDTHS };
const settingsOf = (study: Study): string[] =>
  study.trials.map(({ params }) => JSON.stringify(Object.entries(params).sort())).sort();

test("grid: settings that come to the same trial of a conditional space are tried once", async () => {
  const sampler = () => gridSampler(LAYERS);
  const study = await createStudy({ sampler: sampler(), seed: 3 });
  await study.optimize(layers, {});
  assert.equal(study.trials.length, 4 + 16 + 64);
  assert.equal(new Set(settingsOf(study)).size, 84);
  // Broken off and gone on with by another process, it is the same study.
  const storage = new MemoryStorage();
  const first = await createStudy({ storage, sampler: sampler(), seed: 3 });
  await first.optimize(layers, { trials: 11 });
  const rest = await loadStudy({ storage, sampler: sampler() });
  await rest.optimize(layers, {});
  assert.deepEqual(
    rest.trials.map(({ params }) => params),
    study.trials.map(({ params }) => params),
  );
  // A setting that was enqueued and is of the grid needs no second trial.
  const enqueued = await createStudy({ sampler: sampler() });
  await enqueued.enqueueTrial({ numHiddenLayers: 1, neurons_1: 8 });
  await enqueued.optimize(layers, {});
  assert.equal(new Set(settingsOf(enqueued)).size, 84);
  assert.equal(enqueued.trials.length, 84);
});

test("grid: a list of settings is tried once each, several at once too", async () => {
  const once = await createStudy({ sampler: gridSampler(LAYERS) });
  await once.optimize(layers, {});
  const settings = once.trials.map(({ params }) => params);
  const run = async () => {
    const study = await createStudy({ sampler: gridSampler(settings), seed: 5 });
    await study.optimize(layers, { parallel: 4 });
    return study;
  };
  const study = await run();
  assert.equal(study.trials.length, 84);
  assert.deepEqual(settingsOf(study), settingsOf(once));
  const order = (studied: Study) => studied.trials.map(({ params }) => params);
  assert.deepEqual(order(await run()), order(study));
});

test("grid: several at once in a conditional space miss nothing and repeat", async () => {
  const run = async () => {
    const study = await createStudy({ sampler: gridSampler(LAYERS), seed: 4 });
    await study.optimize(
      async (trial) => {
        const value = layers(trial);
        await new Promise((resume) => setTimeout(resume, value % 3));
        return value;
      },
      { parallel: 3 },
    );
    return study;
  };
  const study = await run();
  assert.equal(new Set(settingsOf(study)).size, 84);
  assert.deepEqual(
    (await run()).trials.map(({ params }) => params),
    study.trials.map(({ params }) => params),
  );
});

test("options of samplers that cannot be are told", () => {
  const wrong: [RegExp, () => unknown][] = [
    [/tpe: candidates: expected a whole number of at least 1, received 0/, () => tpeSampler({ candidates: 0 })],
    [/tpe: startupTrials: expected a whole number of at least 0, received -1/, () => tpeSampler({ startupTrials: -1 })],
    [
      /cma-es: populationSize: expected a whole number of at least 4, received 3/,
      () => cmaEsSampler({ populationSize: 3 }),
    ],
    [/cma-es: expected a step above 0/, () => cmaEsSampler({ step: 0 })],
    [/nsga2: populationSize: expected a whole number of at least 2/, () => nsga2Sampler({ populationSize: 1 })],
    [/nsga2: expected swappingProbability from 0 to 1, received 2/, () => nsga2Sampler({ swappingProbability: 2 })],
    [/grid: expected distinct values for "x", received \[1,1\]/, () => gridSampler({ x: [1, 1] })],
    [/grid: expected at least one setting/, () => gridSampler([])],
  ];
  for (const [message, make] of wrong) assert.throws(make, message);
});

test("a sampler that cannot propose fails its trial and ends the run", async () => {
  const study = await createStudy({ directions: ["minimize", "minimize"], sampler: cmaEsSampler() });
  await assert.rejects(
    study.optimize(() => [0, 0], { trials: 2 }),
    /knows one objective only/,
  );
  await study.refresh();
  assert.equal(study.trials.length, 1);
  assert.equal(study.trials[0]!.state, "fail");
});

test("grid: what it does not have is told", async () => {
  const study = await createStudy({ sampler: gridSampler({ x: [1, 9] }) });
  await study.optimize((trial) => trial.suggestFloat("x", 0, 5) + trial.suggestFloat("y", 0, 5), {
    trials: 2,
    catch: [FoveaError],
  });
  const reasons = study.trials.map((trial) => String(trial.systemAttributes.fail_reason)).sort();
  assert.match(reasons[0]!, /"x": the grid's value 9 is not in its range/);
  assert.match(reasons[1]!, /"y": the grid has values for x only/);
});

test("quasi-random: points fill every box of equal size before any twice", () => {
  for (const [dimension, base] of [2, 3, 5, 7, 11].entries())
    for (const seed of [1, 2]) {
      const boxes = Array.from({ length: base * base }, (_, i) => Math.floor(halton(i, dimension, seed) * base * base));
      assert.equal(new Set(boxes).size, base * base);
    }
  assert.notEqual(halton(3, 0, 1), halton(3, 0, 2));
});

test("nsga2: the front of two objectives comes close and is wide", async () => {
  const study = await createStudy({
    directions: ["minimize", "minimize"],
    sampler: nsga2Sampler({ populationSize: 20 }),
  });
  await study.optimize(
    (trial) => {
      const x = trial.suggestFloat("x", -10, 10);
      const y = trial.suggestFloat("y", -10, 10);
      return [x * x + y * y, (x - 2) ** 2 + y * y];
    },
    { trials: 400 },
  );
  const front = study.bestTrials.map((trial) => trial.values!);
  assert.ok(front.length > 10);
  assert.ok(Math.min(...front.map(([a]) => a!)) < 0.2 && Math.min(...front.map(([, b]) => b!)) < 0.2);
  for (const [a, b] of front) assert.ok(Math.sqrt(a!) + Math.sqrt(b!) < 3, `${a} ${b} is far from the front`);
});

test("cma-es: it finds the bottom of a narrow, turned valley", async () => {
  const study = await createStudy({ sampler: cmaEsSampler(), seed: 1 });
  await study.optimize(
    (trial) => {
      const [x, y, z] = ["x", "y", "z"].map((name) => trial.suggestFloat(name, -5, 5)) as [number, number, number];
      return 100 * (x - y) ** 2 + 10 * (y - z) ** 2 + (x + y + z - 3) ** 2;
    },
    { trials: 400 },
  );
  assert.ok(study.bestValue < 1e-3, `${study.bestValue}`);
  await assert.rejects(
    async () => (await createStudy({ directions: ["minimize", "minimize"], sampler: cmaEsSampler() })).ask(),
    /knows one objective only/,
  );
});

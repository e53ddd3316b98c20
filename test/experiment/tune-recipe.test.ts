// Trials become runs: the recipe of a trial trains to its weights, to the bit, and replays.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeHail } from "../../src/data/generators/hail/write.js";
import {
  expectedOf,
  loadStudyData,
  openProgram,
  RunFolder,
  readSpec,
  recipeOf,
  replay,
  runStudy,
  specProgram,
  startRun,
  storedSpec,
  trialRecipe,
  withOpenSplit,
  withSettledSplit,
} from "../../src/experiment/index.js";
import { MemoryStorage } from "../../src/tune/index.js";
import { claimsSpec, writeClaims } from "./claims.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-tune-recipe-"));
after(() => rmSync(folder, { recursive: true, force: true }));
process.env.FOVEA_CACHE = join(folder, "cache");
before(() => writeHail(join(folder, "hail"), { count: 40, height: 32, width: 32, seed: 3 }));

const SPACE = {
  learning_rate: { float: [1e-3, 1e-2], log: true },
  dropout: { float: [0, 0.5] },
  augmentation: { float: [0, 0.1] },
};
const MODEL = {
  layers: [
    { Rescaling: { scale: 1 / 255 } },
    { RandomTranslation: { height_factor: "$augmentation", width_factor: "$augmentation" } },
    { Conv2D: { filters: 2, kernel_size: 3, activation: "relu" } },
    "Flatten",
    { Dropout: { rate: "$dropout" } },
  ],
  head: "task",
};
const CASES = [
  { name: "a class", data: { target: ["class"], imageSize: [16, 12] }, objective: "val_accuracy" },
  {
    name: "an amount",
    data: { task: "regression", target: "cost", loss: "gamma", imageSize: [16, 16], color: "rgb" },
    objective: "val_loss",
  },
];

for (const { name, data, objective } of CASES)
  test(`a trial of a study of ${name} becomes a run with its weights, to the bit, that replays`, async () => {
    const asked = readSpec({
      ...{ study: name, space: SPACE, model: MODEL, objective, trials: 2, sampler: "random" },
      data: { ...data, images: join(folder, "hail") },
      training: { optimizer: { Adam: { learning_rate: "$learning_rate" } }, epochs: 3, batchSize: 16, patience: 2 },
    });
    const spec = withOpenSplit(asked);
    const loaded = await loadStudyData(spec.data, { cache: false });
    try {
      const program = await specProgram(withSettledSplit(spec, loaded), loaded);
      const study = await openProgram(program, new MemoryStorage());
      await runStudy(study, program, { threads: 1 });
      const trial = study.trials[1]!;
      const path = join(folder, `run of ${name}`);
      const recipe = await trialRecipe(storedSpec(study)!, trial, loaded, 2);
      assert.deepEqual(recipe.search, { study: spec.study, trial: 1, complete: 2, parameters: trial.params });
      const { training } = await startRun(path, recipe, loaded.images!, { threads: 1 });
      assert.equal(training.weightsSha256, trial.userAttributes.weights_sha256);
      assert.equal(training.bestEpoch, trial.userAttributes.best_epoch);
      assert.equal(training.history.history[objective]![training.bestEpoch - 1], trial.values![0]);
      const kept = await RunFolder.open(path);
      const replayed = await replay(await recipeOf(kept), loaded.images!, await expectedOf(kept), { threads: 1 });
      assert.equal(replayed.difference, undefined);
    } finally {
      await loaded.close();
    }
  });

test("a trial without a value, and one of a table, become no runs", async () => {
  const spec = readSpec(claimsSpec({ trials: 1 }));
  const data = { ...spec.data, table: writeClaims(folder) } as typeof spec.data;
  const loaded = await loadStudyData(data);
  const study = await openProgram(await specProgram({ ...spec, data }, loaded), new MemoryStorage());
  await study.addTrial({ state: "complete", values: [1] });
  await study.addTrial({ state: "fail" });
  await assert.rejects(() => trialRecipe(spec, study.trials[1]!, loaded), /trial 1 is fail; only a complete trial/);
  await assert.rejects(() => trialRecipe(spec, study.trials[0]!, loaded), /it is of a table/);
});

// A run of a verifier in the Studio: opened by its folder, listed, with its figures and the lines that do the same.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { writeWriters } from "../../src/data/index.js";
import { closeData, findData, loadData } from "../../src/experiment/data/index.js";
import { makeRecipe } from "../../src/experiment/recipe/index.js";
import { startRun } from "../../src/experiment/run/index.js";
import type { JobFacts } from "../../studio/contract/facts.js";
import type { TrainSettings } from "../../studio/contract/training-calls.js";
import { nodeDisk } from "../../studio/server/node-disk.js";
import { Workbench } from "../../studio/workbench/workbench.js";
import { emptyFolder } from "./page.js";

const PREPROCESSING = { imageSize: [20, 15], color: "grayscale", interpolation: "lanczos" } as const;

test("a verifier's run is opened, listed and shown with its figures", async (t) => {
  const home = emptyFolder(t);
  const path = join(home, "writers");
  await writeWriters(path, { scale: 0.03 });
  const split = { validation: 0.2, seed: 123 };
  const data = await loadData(await findData(path), PREPROCESSING, split, { task: "verification", threads: 1 });
  const training = { epochs: 1, batchSize: 64, patience: 1 };
  const recipe = makeRecipe(
    { model: { name: "logistic" }, preprocessing: PREPROCESSING, split, seed: 0, mode: "reproducible", training },
    data,
  );
  const run = join(home, "runs/writers-1");
  await startRun(run, recipe, data, { threads: 1 });
  await closeData(data);
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { id, run: shown } = await bench.handlers.open({ path: run });
  const [summary] = await bench.handlers.runs({ project: id });
  assert.equal(summary?.task, "verification");
  const details = await bench.handlers.run({ project: id, run: shown! });
  assert.ok(details.metrics.test!.eer! <= 1);
  assert.match((await bench.handlers.code({ project: id, run: shown! })).typescript, /dataWishOf\(recipe\)/);
});

test("folders are learnt as classes or as identities, and the command says which", async (t) => {
  const home = emptyFolder(t);
  await writeWriters(join(home, "writers"), { scale: 0.03 });
  const bench = new Workbench({ place: "local", disk: await nodeDisk([home], home), threads: 1 });
  t.after(() => bench.close());
  const { handlers } = bench;
  const { id: project } = await handlers.open({ path: "writers" });
  const { tasks, losses } = await handlers.choices({ project });
  assert.deepEqual(tasks, ["classification", "verification"]);
  assert.deepEqual(losses.verification, ["arcface", "triplet"]);
  const settings: TrainSettings = {
    ...{ model: "logistic", epochs: 1, batchSize: 64, learningRate: 1e-3, patience: 2, seed: 1 },
    ...{ task: "verification", loss: "triplet", augment: "none", imageSize: [20, 15], color: "grayscale" },
  };
  assert.match((await handlers.code({ project, settings })).commands, /--task verification \\\n +--loss triplet/);
  const end = new Promise<JobFacts>((resolve) => {
    bench.listen((news) => {
      if (news.kind === "job" && ["done", "stopped", "failed"].includes(news.job.state)) resolve(news.job);
    });
  });
  await handlers.train({ project, settings });
  const { error, name: run, samples, monitor } = await end;
  assert.deepEqual([error, samples, monitor], [undefined, undefined, "val_eer"]);
  const details = await handlers.run({ project, run });
  assert.deepEqual([details.task, details.classNames], ["verification", []]);
  assert.ok(details.metrics.test!.eer! <= 1);
});

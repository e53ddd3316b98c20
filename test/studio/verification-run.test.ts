// A run of a verifier in the Studio: opened by its folder, listed, with its figures and the lines that do the same.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { writeWriters } from "../../src/data/index.js";
import { closeData, findData, loadData } from "../../src/experiment/data/index.js";
import { makeRecipe } from "../../src/experiment/recipe/index.js";
import { startRun } from "../../src/experiment/run/index.js";
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

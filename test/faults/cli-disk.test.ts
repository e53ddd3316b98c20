// A disk that fills up while a run is saved: one sentence, no temporary file, nothing at all where nothing is worth
// keeping, and a run that can go on where something is. Once with a real small disk, where this user may make one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeHanzi } from "../../src/data/index.js";
import { loadData } from "../../src/experiment/data/experiment-data.js";
import { makeRecipe, type Plan } from "../../src/experiment/recipe/recipe.js";
import { RUN_FILES, RunFolder, type WriteFile } from "../../src/experiment/run/folder.js";
import { recipeOf, resumeRun, startRun } from "../../src/experiment/run/run.js";
import { FoveaError } from "../../src/index.js";
import { writeAtomic } from "../../src/platform/files.js";
import { fovea, workplace } from "../cli/fovea.js";

const CHARACTERS = [..."人口山"];
const PLAN: Plan = {
  model: { name: "cnn" },
  preprocessing: { imageSize: [16, 16], color: "grayscale", interpolation: "lanczos" },
  split: { validation: 0.2, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 2, batchSize: 8, monitor: "val_accuracy", patience: 15 },
};

/** A writer for which the disk is full once it comes to a file of that name. */
const fullAt =
  (name: string): WriteFile =>
  (path, content) =>
    path.endsWith(name)
      ? Promise.reject(new FoveaError("disk-full", `cannot write ${path}: the disk is full`))
      : writeAtomic(path, content);

async function signs(folder: string) {
  await writeHanzi(join(folder, "signs"), { characters: CHARACTERS, scale: 0.02 });
  const paths = { train: join(folder, "signs/Train"), test: join(folder, "signs/Test") };
  return loadData(paths, PLAN.preprocessing, PLAN.split, { cache: false, threads: 0 });
}

test("a disk that is full before the first epoch has ended keeps nothing", async (t) => {
  const folder = workplace(t);
  const data = await signs(folder);
  for (const file of [RUN_FILES.recipe, RUN_FILES.history, RUN_FILES.checkpoint]) {
    const run = startRun(join(folder, "run"), makeRecipe(PLAN, data), data, { threads: 1, write: fullAt(file) });
    await assert.rejects(run, /the disk is full$/, file);
    assert.deepEqual(readdirSync(folder), ["signs"], file);
  }
});

test("a disk that is full at the end keeps a run that goes on to the same weights", async (t) => {
  const directory = workplace(t);
  const data = await signs(directory);
  const recipe = makeRecipe(PLAN, data);
  const whole = await startRun(join(directory, "whole"), recipe, data, { threads: 1 });
  for (const file of [RUN_FILES.model, RUN_FILES.report]) {
    const path = join(directory, file);
    const run = startRun(path, recipe, data, { threads: 1, write: fullAt(file) });
    await assert.rejects(run, /the disk is full; the finished epochs are kept, continue with --resume/);
    assert.ok(readdirSync(path).every((name) => !name.endsWith(".tmp")));
    const folder = await RunFolder.open(path);
    const resumed = await resumeRun(folder, await recipeOf(folder), data, { threads: 1 });
    assert.equal(resumed.metrics.weights_sha256, whole.metrics.weights_sha256);
  }
});

/** Makes a disk of that many KiB in memory. @returns why not, where this user may not. */
function mountSmallDisk(path: string, kib: number): string | undefined {
  try {
    mkdirSync(path);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    return `this user cannot mount a small disk here: ${String(error).split("\n")[0]}`;
  }
  return undefined;
}

test("on a real disk of 200 KiB the command says so and leaves the disk empty", async (t) => {
  const folder = workplace(t);
  const disk = join(folder, "disk");
  await writeHanzi(join(folder, "signs"), { characters: CHARACTERS, scale: 0.02 });
  const why = mountSmallDisk(disk, 200);
  if (why !== undefined) return t.skip(why);
  try {
    const size = ["--image-size", "40x40", "--epochs", "2"];
    const ended = await fovea(folder, "train", "signs", ...size, "--out", "disk/run");
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /^fovea: cannot write disk\/run\/.*: the disk is full; free some space and try again$/m);
    assert.deepEqual(readdirSync(disk), []);
  } finally {
    execFileSync("umount", [disk]);
  }
});

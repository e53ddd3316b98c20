// 180 images of one class and 2 of the other, plain split with random state 4: both of the 2 are held out. That is an
// error before training; unasked, the split is stratified, and what the class still lacks is told.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { countsOf } from "../../src/experiment/data/parts.js";
import { makeRecipe } from "../../src/experiment/recipe/recipe.js";
import { fovea, workplace } from "../cli/fovea.js";
import { load, PLAN, photos, write } from "./class-folders.js";

const SEED = 4;
const set = (folder: string): string => write(folder, { ...photos("a", 180), ...photos("b", 2, 1000) });

test("a plain split without a training image of a class loads, for older recipes, and makes no new one", async (t) => {
  const data = await load(set(workplace(t)), { seed: SEED, stratify: undefined });
  const { targets, rows } = data.parts.train;
  assert.deepEqual([...countsOf(targets, rows)!], [116, 0]);
  assert.throws(() => makeRecipe(PLAN, data), /class b has no training image; .*--stratify/);
});

test("train --no-stratify says so before anything is trained or written", async (t) => {
  const folder = workplace(t);
  set(join(folder, "im"));
  const how = ["train", "im", "--model", "logistic", "--image-size", "8x8", "--epochs", "1", "--split-seed", `${SEED}`];
  const { code, stdout, stderr } = await fovea(folder, ...how, "--no-stratify");
  assert.equal(code, 1);
  assert.match(stderr, /^fovea: class b has no training image; a class without examples cannot be learned/m);
  assert.doesNotMatch(stdout, /Epoch/);
  assert.ok(!existsSync(join(folder, "runs")));
});

test("unasked, both images train, and the parts without one are named", async (t) => {
  const data = await load(set(workplace(t)), { seed: SEED });
  const { targets, rows } = data.parts.train;
  assert.equal(countsOf(targets, rows)![1], 2);
  assert.deepEqual(
    data.findings.map(({ severity, evidence }) => [severity, evidence]),
    [
      ["warning", "class b has no validation image"],
      ["warning", "class b has no test image"],
    ],
  );
  assert.equal(makeRecipe(PLAN, data).split.stratify, true);
});

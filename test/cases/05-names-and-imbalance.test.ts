// Uneven classes are split so that each is in every part, and every figure stands beside that of always saying the
// commonest class; names that look alike, and classes that only Test has, are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectFolder } from "../../src/data/index.js";
import { baselineOf } from "../../src/experiment/data/baseline.js";
import type { ExperimentData } from "../../src/experiment/data/experiment-data.js";
import { countsOf, PART_NAMES } from "../../src/experiment/data/parts.js";
import { taskFacts } from "../../src/experiment/recipe/recipe.js";
import { fovea, workplace } from "../cli/fovea.js";
import { load, photos, write } from "./class-folders.js";

const countsIn = (data: ExperimentData): number[][] =>
  PART_NAMES.map((part) => [...countsOf(data.parts[part].targets, data.parts[part].rows)!]);

test("190 images of one class and 4 of the other: each part has both, and the split says that it is stratified", async (t) => {
  const folder = write(workplace(t), { ...photos("common", 190), ...photos("rare", 4, 1000) });
  const data = await load(folder);
  assert.deepEqual(countsIn(data), [
    [122, 2],
    [30, 1],
    [38, 1],
  ]);
  assert.deepEqual(data.split, { validation: 0.2, seed: 123, stratify: true });
  assert.match(data.notes.join("\n"), /stratified, because classes are uneven \(rare has 4 images, common 190\)/);
  assert.deepEqual(data.findings, []);

  // Plain, as scikit-learn splits unasked: no rare image is tested, and the case's README says what that means.
  const plain = await load(folder, { stratify: false });
  assert.deepEqual(countsIn(plain)[2], [39, 0]);
  assert.deepEqual(
    plain.findings.map(({ evidence }) => evidence),
    ["class rare has no validation image", "class rare has no test image"],
  );
  assert.equal(baselineOf(plain, taskFacts(plain, {}))?.figures.test, 1);
});

test("train tells the share of the commonest class beside each accuracy, in words and in JSON", async (t) => {
  const folder = workplace(t);
  write(folder, photos("set/common", 190));
  write(folder, photos("set/rare", 4, 1000));
  const how = ["train", "set", "--model", "logistic", "--image-size", "8x8", "--epochs", "1"];
  const told = await fovea(folder, ...how);
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /^Test Accuracy of always saying common: 0\.9744$/m);
  assert.match(told.stdout, /The split is stratified, because classes are uneven/);
  assert.match(told.stderr, /Classes are uneven: .*--class-weight balanced/);
  const { stdout } = await fovea(folder, ...how, "--no-stratify", "--json");
  const json = JSON.parse(stdout) as {
    baseline: Record<string, unknown>;
    parts: Record<string, { stratified: boolean; chooses_epoch: boolean }>;
    warnings: string[];
  };
  assert.deepEqual([json.baseline.class, json.baseline.test], ["common", 1]);
  assert.equal(json.parts.test!.stratified, false);
  assert.equal(json.parts.val!.chooses_epoch, true);
  assert.match(json.warnings.join("\n"), /Class rare has no test image/);
});

test("one name in two Unicode spellings, or in capitals, is told with both", async (t) => {
  const [composed, decomposed] = ["Dellenü".normalize("NFC"), "Dellenü".normalize("NFD")];
  const folder = write(workplace(t), {
    ...photos(composed, 3),
    ...photos(decomposed, 3, 10),
    ...photos("Kratzer", 3, 20),
    ...photos("kratzer", 3, 30),
  });
  for (const { findings } of [await inspectFolder(folder), await load(folder)]) {
    const spelling = findings.filter(({ kind }) => kind === "spelling");
    assert.deepEqual(
      spelling.map(({ files }) => [...files].sort()),
      [[decomposed, composed].sort(), ["Kratzer", "kratzer"]],
    );
    assert.match(spelling[0]!.evidence, /NFD, 3 images.*NFC, 3 images.*Unicode spelling/);
    assert.match(spelling[1]!.evidence, /capitals/);
  }
});

test("a Test folder whose names are spelled as a Mac does counts for the same classes", async (t) => {
  const folder = write(workplace(t), {
    ...photos(`Train/${"ü".normalize("NFC")}`, 5),
    ...photos("Train/b", 5, 10),
    ...photos(`Test/${"ü".normalize("NFD")}`, 2, 20),
    ...photos("Test/b", 2, 30),
  });
  const { parts, findings } = await load(folder);
  const { targets } = parts.test;
  assert.ok(targets.kind === "classes");
  assert.deepEqual([...targets.indices], [0, 0, 1, 1]);
  assert.equal(targets.classNames.length, 2);
  assert.deepEqual(
    findings.map(({ kind }) => kind),
    ["spelling"],
  );
});

test("inspect names a class that only Test has", async (t) => {
  const folder = write(workplace(t), {
    ...photos("Train/a", 4),
    ...photos("Train/b", 4, 10),
    ...photos("Test/a", 2, 20),
    ...photos("Test/new", 2, 30),
  });
  const { findings } = await inspectFolder(folder);
  assert.deepEqual(
    findings.map(({ severity, evidence }) => [severity, evidence]),
    [
      ["error", "the folder Test has a class that Train lacks: new"],
      ["warning", "the folder Test has no image of b"],
    ],
  );
});

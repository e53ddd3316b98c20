// Images of training, validation and test: the plain split where every class gets its share, the stratified one where
// not, and the sentences about the split.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trainTestSplit } from "../../src/data/index.js";
import { proportionalSplit } from "../../src/data/split/train-test.js";
import { countsOf, type LoadedFolder, PART_NAMES, partsOf, pick } from "../../src/experiment/data/parts.js";

/** A folder with so many images of each class; of images only their labels are asked for. */
function folderOf(name: string, counts: readonly number[]): LoadedFolder {
  const indices = Int32Array.from(counts.flatMap((count, k) => new Array<number>(count).fill(k)));
  const samples = {
    nouns: ["image", "images"],
    hasFolders: true,
    files: Array.from(indices, String),
  } as unknown as LoadedFolder["samples"];
  const targets = { kind: "classes" as const, classNames: counts.map((_, k) => `c${k}`), indices };
  return { name, path: name, samples, targets };
}

const labelsOf = ({ targets }: LoadedFolder): Int32Array => {
  assert.ok(targets.kind === "classes");
  return targets.indices;
};

const WISH = { validation: 0.2, seed: 123, stratify: "uneven" } as const;
const isStratified = (counts: readonly number[], seed = 123): boolean =>
  partsOf({ train: folderOf("all", counts) }, { ...WISH, seed }).split.stratify === true;

test("the lecture's data, CASIA, the demo's and other even sets keep scikit-learn's plain split", () => {
  const lecture = [...new Array<number>(53).fill(600), 240, 240];
  for (const seed of [0, 1, 2, 123]) {
    assert.ok(!isStratified(lecture, seed));
    assert.ok(!isStratified(new Array<number>(55).fill(599), seed));
    assert.ok(!isStratified([...new Array<number>(53).fill(147), 58, 58], seed));
    assert.ok(!isStratified([124, 121], seed));
  }
  const train = folderOf("Train", lecture);
  const plain = partsOf({ train, test: folderOf("Test", lecture) }, WISH);
  const expected = trainTestSplit(train.samples.files.length, { testSize: 0.2, randomState: 123 });
  assert.deepEqual(plain.parts.train.rows, expected.train);
  assert.deepEqual(plain.parts.validation.rows, expected.test);
  assert.deepEqual(plain.split, { validation: 0.2, seed: 123 }, "a recipe of a plain split is as it was");
  assert.deepEqual(plain.notes, ["split 0.2 with random state 123: 6456 of 32280 images are held out for validation"]);
});

test("five times as many images in one class, or half of a share, is where stratifying begins", () => {
  assert.ok(isStratified([100, 20]));
  assert.ok(!isStratified([100, 21]));
  // Twelve images of c0, of which the plain split with this seed holds out none: found by trying.
  const short = [12, 40];
  const seed = Array.from({ length: 200 }, (_, n) => n).find((n) => {
    const { test: held } = trainTestSplit(52, { testSize: 0.2, randomState: n });
    return held.every((row) => row >= 12);
  })!;
  const { split, notes } = partsOf({ train: folderOf("all", short) }, { ...WISH, seed });
  assert.equal(split.stratify, true);
  assert.match(notes.at(-1)!, /because a plain one would give c0 0 of its 12 images for test; --no-stratify/);
});

test("a stratified split is scikit-learn's, cut by cut; without a word in the recipe it is plain", () => {
  const train = folderOf("all", [190, 10]);
  const labels = labelsOf(train);
  const { parts } = partsOf({ train }, { ...WISH, stratify: true });
  const how = { testSize: 0.2, randomState: 123 };
  const first = trainTestSplit(200, { ...how, stratify: labels });
  const second = trainTestSplit(160, { ...how, stratify: pick(labels, first.train) });
  assert.deepEqual(parts.test.rows, first.test);
  assert.deepEqual(parts.validation.rows, pick(first.train, second.test));
  assert.deepEqual(parts.train.rows, pick(first.train, second.train));
  const old = partsOf({ train }, { validation: 0.2, seed: 123 });
  assert.deepEqual(old.parts.test.rows, trainTestSplit(200, how).test);
});

test("where scikit-learn refuses, every class still trains: single images, fewer test images than classes", () => {
  const many = folderOf("all", new Array<number>(55).fill(3));
  const { parts } = partsOf({ train: many }, WISH);
  assert.ok(countsOf(many.targets, parts.train.rows)!.every((count) => count > 0));
  const rows = PART_NAMES.flatMap((part) => [...parts[part].rows]);
  assert.deepEqual(
    rows.sort((a, b) => a - b),
    [...labelsOf(many).keys()],
    "each image in one part",
  );
  const { train, test: held } = proportionalSplit([0, 0, 0, 1, 0, 0], { testSize: 0.2 });
  assert.deepEqual([train.at(-1), train.length, held.length], [3, 5, 1]);
});

test("train and val without a test folder: the test is held out of train, and val is called no test", () => {
  const { parts, notes } = partsOf({ train: folderOf("train", [50, 50]), validation: folderOf("val", [10, 10]) }, WISH);
  assert.deepEqual([parts.train.rows.length, parts.validation.rows.length, parts.test.rows.length], [80, 20, 20]);
  assert.notEqual(parts.test.samples, parts.validation.samples);
  assert.deepEqual(notes, [
    "the folder val chooses the best epoch, so its figures are no test",
    "there is no Test folder: 20 of 100 images of train are held out for testing",
  ]);
});

// The same partition as scikit-learn's train_test_split, index for index, plain and stratified, and its class weights.
// The fixtures were made by tools/sklearn-fixtures.py with real scikit-learn.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checkClassesForSplit, proportionalSplit, trainTestSplit } from "../../src/data/split/train-test.js";
import { balancedWeights } from "../../src/experiment/data/weights.js";

interface Case {
  testSize: number;
  randomState: number;
  sizes: [number, number];
  train?: number[];
  test?: number[];
  trainHash?: string;
  testHash?: string;
}
interface Fixtures {
  splits: (Case & { count: number })[];
  stratified: (Case & { counts: number[] })[];
  weights: { counts: number[]; balanced: number[] }[];
}

const url = new URL("../../../test/parity/fixtures/sklearn.json", import.meta.url);
const fixtures = JSON.parse(readFileSync(url, "utf8")) as Fixtures;

const sha = (indices: Int32Array): string =>
  createHash("sha256")
    .update(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength))
    .digest("hex");

function compare(expected: Case, split: { train: Int32Array; test: Int32Array }, what: string): void {
  assert.deepEqual([split.train.length, split.test.length], expected.sizes, what);
  if (expected.train !== undefined)
    assert.deepEqual([[...split.train], [...split.test]], [expected.train, expected.test]);
  else assert.deepEqual([sha(split.train), sha(split.test)], [expected.trainHash, expected.testHash], what);
}

test(`trainTestSplit equals scikit-learn's in ${fixtures.splits.length} cases`, () => {
  for (const expected of fixtures.splits) {
    const { count, testSize, randomState } = expected;
    compare(
      expected,
      trainTestSplit(count, { testSize, randomState }),
      JSON.stringify({ count, testSize, randomState }),
    );
  }
});

test(`stratified splits equal scikit-learn's in ${fixtures.stratified.length} cases`, () => {
  for (const expected of fixtures.stratified) {
    const { counts, testSize, randomState } = expected;
    const sorted = counts.flatMap((count, label) => new Array<number>(count).fill(label));
    const stratify = sorted
      .map((label, i) => ({ label, key: (i * 7919) % 10007 }))
      .sort((a, b) => a.key - b.key)
      .map(({ label }) => label);
    const what = JSON.stringify({ counts, testSize, randomState });
    compare(expected, trainTestSplit(stratify.length, { testSize, randomState, stratify }), what);
    compare(expected, proportionalSplit(stratify, { testSize, randomState }), what);
  }
});

test("balanced class weights equal compute_class_weight's", () => {
  for (const { counts, balanced } of fixtures.weights) assert.deepEqual(balancedWeights(counts), balanced);
});

test("the sizes of the lecture's and the real data set", () => {
  const sizes = (count: number): number[] => {
    const { train, test } = trainTestSplit(count, { testSize: 0.2, randomState: 123 });
    return [train.length, test.length];
  };
  assert.deepEqual(sizes(32206), [25764, 6442]);
  assert.deepEqual(sizes(32942), [26353, 6589]);
  assert.deepEqual(
    trainTestSplit(10),
    trainTestSplit(10, { testSize: 0.2, randomState: 123 }),
    "these are the defaults",
  );
});

test("mistakes are told in a sentence", () => {
  assert.throws(() => trainTestSplit(1), /1 sample leaves nothing to train on when 0.2/);
  assert.throws(() => trainTestSplit(9, { testSize: 20 }), /expected a test size between 0 and 1, received 20/);
  assert.throws(() => trainTestSplit(9, { randomState: -1 }), /expected a seed .* received -1/);
  assert.throws(() => trainTestSplit(5, { stratify: [0, 0, 0, 0, 1] }), /a class has a single sample/);
  assert.throws(() => trainTestSplit(6, { stratify: [0, 0, 0, 1, 1, 2] }), /a class has a single sample/);
  assert.throws(() => checkClassesForSplit([0, 1, 1], ["东", "鸟"]), /class 东 has a single image; a split into/);
  assert.throws(
    () => checkClassesForSplit([0, 1], ["东", "鸟"]),
    /2 classes have a single image each, such as 东; a split/,
  );
  checkClassesForSplit([0, 0, 1, 1], ["东", "鸟"]);
});

// Confident learning on an example that is worked out by hand, and against numpy (tools/confident-learning.py).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type ClassTable,
  calibratedJoint,
  estimateLabelNoise,
  labelErrors,
  labelFolds,
  PRUNINGS,
  rankedLabels,
  suspectLabels,
} from "../../src/data/index.js";

const rowsOf = (table: ClassTable): number[][] => table.map((row) => [...row]);

/** Dogs, foxes and cows; all numbers are exact in binary. */
const BY_HAND = {
  labels: [0, 0, 0, 0, 1, 1, 1, 1, 2, 2],
  probabilities: [
    [0.75, 0.125, 0.125],
    [0.625, 0.25, 0.125],
    [0.125, 0.75, 0.125],
    [0.5, 0.25, 0.25],
    [0.25, 0.625, 0.125],
    [0.125, 0.875, 0],
    [0.75, 0.25, 0],
    [0.25, 0.5, 0.25],
    [0.125, 0.125, 0.75],
    [0.25, 0.375, 0.375],
  ].flat(),
  classes: 3,
};

test("an example by hand gives the joint of the published formula to the digit", () => {
  const { thresholds, counts, joint, noise, inverseNoise } = estimateLabelNoise(BY_HAND);
  assert.deepEqual([...thresholds], [0.5, 0.5625, 0.5625]);
  // A probability that equals its threshold reaches it; samples 7 and 9 belong nowhere with confidence.
  assert.deepEqual(rowsOf(counts), [
    [3, 1, 0],
    [1, 2, 0],
    [0, 0, 1],
  ]);
  // Rows scaled to the 4, 4 and 2 samples of each label, over all 10.
  const expected = [
    [3 / 10, 1 / 10, 0],
    [((1 / 3) * 4) / 10, ((2 / 3) * 4) / 10, 0],
    [0, 0, 2 / 10],
  ];
  assert.deepEqual(rowsOf(joint), expected);
  const rounded = (table: ClassTable): number[][] =>
    table.map((row) => Array.from(row, (p) => Math.round(p * 1e12) / 1e12));
  assert.deepEqual(
    rounded(noise),
    rounded(
      [
        [9 / 13, 3 / 11, 0],
        [4 / 13, 8 / 11, 0],
        [0, 0, 1],
      ].map((row) => Float64Array.from(row)),
    ),
  );
  assert.deepEqual(
    rounded(inverseNoise),
    rounded(
      [
        [3 / 4, 1 / 4, 0],
        [1 / 3, 2 / 3, 0],
        [0, 0, 1],
      ].map((row) => Float64Array.from(row)),
    ),
  );
  for (const by of PRUNINGS) assert.deepEqual([...labelErrors(BY_HAND, joint, by)], [2, 6], by);
  const { suspects } = suspectLabels(BY_HAND);
  assert.deepEqual(
    suspects.map(({ row, suggested, isConfident }) => [row, suggested, isConfident]),
    [
      [2, 1, true],
      [6, 0, true],
    ],
  );
});

test("the confident joint of the paper's figure 1 gives the joint that stands beside it", () => {
  const counts = [
    [100, 40, 20],
    [56, 60, 0],
    [32, 12, 80],
  ].map((row) => Float64Array.from(row));
  const joint = calibratedJoint(counts, [160, 116, 124]);
  const digits = joint.map((row) => Array.from(row, (share) => share.toFixed(2)));
  assert.deepEqual(digits, [
    ["0.25", "0.10", "0.05"],
    ["0.14", "0.15", "0.00"],
    ["0.08", "0.03", "0.20"],
  ]);
});

test("estimates, errors and both rankings are those of numpy", () => {
  const path = new URL("../../../test/parity/fixtures/confident-learning.json", import.meta.url);
  const expected = JSON.parse(readFileSync(path, "utf8"));
  const found = estimateLabelNoise(expected);
  const near = (a: ArrayLike<number>, b: ArrayLike<number>, what: string): void => {
    assert.equal(a.length, b.length);
    for (let i = 0; i < a.length; i++) assert.ok(Math.abs(a[i]! - b[i]!) < 1e-12, `${what} ${i}: ${a[i]}, not ${b[i]}`);
  };
  near(found.thresholds, expected.thresholds, "threshold");
  for (const name of ["counts", "joint", "noise", "inverseNoise"] as const)
    found[name].forEach((row, i) => {
      near(row, expected[name][i], `${name}, row ${i}, column`);
    });
  for (const by of PRUNINGS) assert.deepEqual([...labelErrors(expected, found.joint, by)], expected.errors[by], by);
  const order = (by: "self-confidence" | "margin"): number[] => rankedLabels(expected, by).map(({ row }) => row);
  assert.deepEqual(order("self-confidence"), expected.bySelfConfidence);
  assert.deepEqual(order("margin"), expected.byMargin);
});

test("probabilities that do not belong to the labels are refused", () => {
  assert.throws(() => estimateLabelNoise({ ...BY_HAND, labels: [0, 1] }), /2 labels of 3 classes need 6 probabilities/);
  assert.throws(
    () => estimateLabelNoise({ labels: [3], probabilities: [1, 0, 0], classes: 3 }),
    /labels from 0 to 2, received 3/,
  );
  assert.throws(
    () => estimateLabelNoise({ labels: [0], probabilities: [Number.NaN, 0], classes: 2 }),
    /received NaN in row 0/,
  );
  assert.throws(() => estimateLabelNoise({ labels: [0], probabilities: [1], classes: 1 }), /2 to 4096 classes/);
});

test("folds keep groups whole and give each label its share", () => {
  const labels = Int32Array.from({ length: 100 }, (_, i) => Number(i % 10 === 0));
  const groups = Array.from(labels, (_, i) => `claim ${i - (i % 2)}`);
  const folds = labelFolds(labels, groups, { folds: 5, seed: 1 });
  for (let i = 0; i < 100; i += 2) assert.equal(folds[i], folds[i + 1]);
  const count = (fold: number, label: number): number =>
    labels.filter((value, i) => value === label && folds[i] === fold).length;
  for (let fold = 0; fold < 5; fold++) assert.deepEqual([count(fold, 0), count(fold, 1)], [18, 2]);
  assert.notDeepEqual([...labelFolds(labels, groups, { folds: 5, seed: 2 })], [...folds]);
  assert.deepEqual(new Set(labelFolds([0, 0], ["a", "b"], { folds: 5, seed: 0 })).size, 2);
  assert.throws(() => labelFolds([0, 1], ["a", "a"], { folds: 5, seed: 0 }), /at least two groups/);
});

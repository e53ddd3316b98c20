// The same folds as scikit-learn's KFold, StratifiedKFold, GroupKFold and GroupShuffleSplit, sample for sample.
// The fixtures were made by tools/split-fixtures.py with real scikit-learn.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { groupKFold, groupShuffleSplit, kFold, type Split, stratifiedKFold } from "../../src/data/split/index.js";

interface FoldCase {
  folds: number;
  /** null: not shuffled. */
  state: number | null;
  of: string;
}
type ByCounts = FoldCase & { counts: number[] };
interface Fixtures {
  kFold: (FoldCase & { count: number })[];
  stratifiedKFold: ByCounts[];
  groupKFold: ByCounts[];
  groupShuffleSplit: (Omit<ByCounts, "folds" | "state"> & { testSize: number; state: number })[];
}

const url = new URL("../../../test/parity/fixtures/splits.json", import.meta.url);
const fixtures = JSON.parse(readFileSync(url, "utf8")) as Fixtures;

/** The fold that tests each sample, as the script writes it; both parts must ascend and make up the whole. */
function foldsOf(splits: readonly Split[], count: number): string {
  const foldOf = new Array<number>(count).fill(-1);
  for (const [fold, { train, test: held }] of splits.entries()) {
    assert.deepEqual(
      [...train, ...held].sort((a, b) => a - b),
      [...foldOf.keys()],
    );
    for (const part of [train, held]) assert.deepEqual(part, part.slice().sort());
    for (const row of held) foldOf[row] = fold;
  }
  const text = foldOf.map((fold) => (fold < 0 ? "-1" : fold.toString(36).toUpperCase())).join("");
  return count <= 60 ? text : createHash("sha256").update(text).digest("hex");
}

const how = ({ folds, state }: FoldCase) => ({
  folds,
  ...(state === null ? {} : { shuffle: true, randomState: state }),
});

const labelsOf = (counts: readonly number[]): number[] =>
  counts
    .flatMap((count, label) => new Array<number>(count).fill(label))
    .map((label, i) => ({ label, key: (i * 7919) % 10007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ label }) => label);
const groupsOf = (counts: readonly number[]): string[] =>
  labelsOf(counts).map((label) => `claim-${String(label).padStart(3, "0")}`);

test(`kFold equals KFold in ${fixtures.kFold.length} cases`, () => {
  for (const { count, ...expected } of fixtures.kFold)
    assert.equal(foldsOf(kFold(count, how(expected)), count), expected.of, JSON.stringify({ count, ...expected }));
});

test(`stratifiedKFold equals StratifiedKFold in ${fixtures.stratifiedKFold.length} cases`, () => {
  for (const { counts, ...expected } of fixtures.stratifiedKFold) {
    const labels = labelsOf(counts);
    assert.equal(foldsOf(stratifiedKFold(labels, how(expected)), labels.length), expected.of, JSON.stringify(counts));
  }
});

test(`groupKFold equals GroupKFold in ${fixtures.groupKFold.length} cases`, () => {
  for (const { counts, ...expected } of fixtures.groupKFold) {
    const groups = groupsOf(counts);
    assert.equal(foldsOf(groupKFold(groups, how(expected)), groups.length), expected.of, JSON.stringify(counts));
  }
});

test(`groupShuffleSplit equals GroupShuffleSplit in ${fixtures.groupShuffleSplit.length} cases`, () => {
  for (const { counts, testSize, state, of } of fixtures.groupShuffleSplit) {
    const groups = groupsOf(counts);
    const split = groupShuffleSplit(groups, { testSize, randomState: state });
    assert.equal(foldsOf([split], groups.length), of, JSON.stringify({ counts, testSize, state }));
  }
});

test("folds that cannot be are told in a sentence", () => {
  assert.throws(() => kFold(3, { folds: 4 }), /4 folds need at least as many samples, received 3; use fewer/);
  assert.throws(() => kFold(3, { folds: 1 }), /kFold folds: expected a whole number of at least 2, received 1/);
  assert.throws(() => stratifiedKFold([0, 0, 1], { folds: 3 }), /need a class with as many samples, the largest has 2/);
  assert.throws(() => groupKFold(["a", "a", "a"], { folds: 2 }), /need at least as many groups, received 1/);
  assert.throws(() => groupShuffleSplit(["a", "a"]), /expected at least two groups.* received 1/);
});

// Splits beyond scikit-learn's: by group near the wanted share, by date, with parts that the data bring, copies together.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  copiesTogether,
  dateSplit,
  groupSplit,
  PART_NAMES,
  proportionalSplit,
  type SplitInput,
  splitIntoParts,
  trainTestSplit,
} from "../../src/data/index.js";

/** Groups of made-up sizes, from one image to many. */
const groupsOf = (count: number, seed: number): string[] =>
  Array.from({ length: count }, (_, i) => `g${Math.floor(((i * 7919 + seed) % 977) ** 1.3 / 97)}`);

test("groups never straddle, the share is near, and the same seed gives the same split", () => {
  for (const [count, seed] of [
    [60, 1],
    [300, 2],
    [1000, 3],
    [5000, 4],
  ] as const)
    for (const testSize of [0.1, 0.2, 0.5]) {
      const groups = groupsOf(count, seed);
      const split = groupSplit(groups, { testSize, randomState: seed });
      const trained = new Set(Array.from(split.train, (row) => groups[row]!));
      assert.ok(split.test.every((row) => !trained.has(groups[row]!)));
      assert.equal(split.train.length + split.test.length, count);
      const sizes = new Map<string, number>();
      for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
      const smallest = [...sizes.values()].reduce((a, b) => Math.min(a, b));
      const largest = [...sizes.values()].reduce((a, b) => Math.max(a, b));
      assert.ok(
        Math.abs(split.test.length - testSize * count) <= Math.max(smallest, largest / 2),
        `${count} ${testSize}`,
      );
      assert.deepEqual(groupSplit(groups, { testSize, randomState: seed }), split);
    }
  assert.deepEqual([...groupSplit(["a", "a", "a", "b"], { testSize: 0.2 }).test], [3]);
  assert.deepEqual([...groupSplit(["a", "b"], { testSize: 0.9 }).test].length, 1, "each part has a group");
  assert.throws(() => groupSplit(["a", "a"]), /expected at least two groups, so that one can be held out, received 1/);
  assert.throws(() => groupSplit(["a", "b"], { testSize: 1 }), /expected a test size between 0 and 1, received 1/);
});

test("too few groups for the parts are said with the source and the number that is needed", () => {
  const facts = { where: "claims.csv", count: 4, group: ["a", "a", "b", "b"] };
  assert.throws(
    () => splitIntoParts(facts),
    /^FoveaError: claims\.csv: a split that keeps groups whole needs at least 3 groups, .* and there are 2; add images/,
  );
  const copies = { where: "photos", count: 4, hashes: ["a", "a", "a", "a"] };
  assert.throws(
    () => splitIntoParts(copies, { keepsCopies: true }),
    /photos: a split that keeps copies and groups together needs at least 3 groups, .* and there is one;/,
  );
});

test("groups of one image each are held out by their share exactly", () => {
  const groups = Array.from({ length: 100 }, (_, i) => String(i));
  assert.equal(groupSplit(groups, { testSize: 0.2 }).test.length, 20);
});

test("the latest dates are held out, and a date stays together", () => {
  const dates = ["2024-03-01", "2024-01-01", "2024-02-01", "2024-03-01", "2023-12-31"];
  assert.deepEqual(dateSplit(dates, { testSize: 0.4 }), { train: Int32Array.of(1, 2, 4), test: Int32Array.of(0, 3) });
  assert.deepEqual([...dateSplit(dates, { testSize: 0.05 }).test], [0, 3], "at least the latest");
  assert.deepEqual([...dateSplit(dates, { testSize: 0.95 }).train], [4], "at least the earliest");
  assert.deepEqual([...dateSplit(["2024-01-01T10:00:00.000Z", "2024-01-01"], { testSize: 0.5 }).test], [0]);
  assert.throws(() => dateSplit(["2024-01-01", "2024-01-01"]), /at least two dates.* received 2024-01-01 only/);
});

test("copies and groups that share an image are one group", () => {
  assert.deepEqual(copiesTogether(["a", "b", "a", "c", "", ""]), ["0", "1", "0", "3", "4", "5"]);
  // 0 and 2 are copies, 2 and 3 a group, 3 and 1 copies.
  assert.deepEqual(copiesTogether(["a", "b", "a", "b", "c"], ["v", "w", "x", "x", "y"]), ["0", "0", "0", "0", "4"]);
});

const COUNT = 40;
const data: SplitInput = {
  where: "m.csv",
  count: COUNT,
  labels: Array.from({ length: COUNT }, (_, i) => i % 3),
  group: Array.from({ length: COUNT }, (_, i) => `claim ${i % 13}`),
  date: Array.from({ length: COUNT }, (_, i) => `2024-01-${String(1 + (i % 28)).padStart(2, "0")}`),
};

test("random and stratified parts are what they have always been: testing first, validation out of the rest", () => {
  const { rows } = splitIntoParts(data, { by: "random", share: 0.2, seed: 7 });
  const first = trainTestSplit(COUNT, { testSize: 0.2, randomState: 7 });
  const second = trainTestSplit(first.train.length, { testSize: 0.2, randomState: 7 });
  assert.deepEqual(rows.test, first.test);
  assert.deepEqual(
    rows.validation,
    second.test.map((at) => first.train[at]!),
  );
  assert.deepEqual(
    rows.train,
    second.train.map((at) => first.train[at]!),
  );
  const stratified = splitIntoParts(data, { by: "stratified" }).rows;
  assert.deepEqual(stratified.test, proportionalSplit(data.labels!).test);
});

test("groups decide where there are any, and every image is in one part", () => {
  for (const by of [undefined, "group", "date", "random", "stratified"] as const) {
    const split = splitIntoParts(data, by === undefined ? {} : { by });
    assert.equal(split.by, by ?? "group");
    const all = PART_NAMES.flatMap((part) => [...split.rows[part]]).sort((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from({ length: COUNT }, (_, i) => i),
    );
    assert.deepEqual(split.heldOut, ["validation", "test"]);
    if (split.by !== "group") continue;
    const groups = PART_NAMES.map((part) => new Set(Array.from(split.rows[part], (row) => data.group![row]!)));
    assert.equal(
      groups.reduce((sum, { size }) => sum + size, 0),
      13,
    );
  }
  const { rows } = splitIntoParts(data, { by: "date" });
  const last = (part: Int32Array): string =>
    Array.from(part, (row) => data.date![row]!)
      .sort()
      .at(-1)!;
  assert.ok(last(rows.train) < last(rows.validation) && last(rows.validation) < last(rows.test));
});

test("parts that the data bring stay, and the others are held out of training", () => {
  const split = Array.from({ length: COUNT }, (_, i) =>
    i < 8 ? ("test" as const) : i < 30 ? ("train" as const) : undefined,
  );
  const { rows, heldOut } = splitIntoParts({ where: "m.csv", count: COUNT, split });
  assert.deepEqual([...rows.test], [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(heldOut, ["validation"]);
  assert.equal(rows.validation.length, Math.ceil(0.2 * 32));
  assert.equal(rows.train.length + rows.validation.length, 32, "images that are put nowhere train, or validate");
  const none = Array.from({ length: 4 }, () => "test" as const);
  assert.throws(() => splitIntoParts({ where: "m.csv", count: 4, split: none }), /its split has no training images/);
});

test("a group that is judged by does not train through images left open", () => {
  const group = ["a", "a", "b", "b", "c", "c", "d"];
  const split = (...parts: ("train" | "validation" | "test" | undefined)[]) =>
    splitIntoParts({ where: "m.csv", count: 7, group, split: parts });
  assert.throws(
    () => split("test", undefined, "train", undefined, "validation", "validation", undefined),
    /expected each group in one part, found a group in several: a \(test and left open, to train\); put all images/,
  );
  assert.throws(
    () => split("validation", undefined, undefined, "test", "train", "test", undefined),
    /found 3 groups in several: a \(validation and left open, to train\), b \(test and left open, to train\), c \(train and test\)/,
  );
  const { rows } = split("test", "test", "train", undefined, "validation", "validation", undefined);
  assert.deepEqual([...rows.train], [2, 3, 6]);
});

test("copies stay in one part where that is asked for", () => {
  const hashes = Array.from({ length: COUNT }, (_, i) => `hash ${i % 25}`);
  const { rows, by } = splitIntoParts({ where: "m.csv", count: COUNT, hashes }, { keepsCopies: true });
  assert.equal(by, "group");
  const seen = PART_NAMES.map((part) => new Set(Array.from(rows[part], (row) => hashes[row]!)));
  assert.equal(
    seen.reduce((sum, { size }) => sum + size, 0),
    25,
  );
  assert.throws(() => splitIntoParts(data, { keepsCopies: true }), /copies are kept together by hashes/);
  assert.throws(
    () => splitIntoParts({ ...data, hashes }, { by: "date", keepsCopies: true }),
    /a split by date cannot keep copies/,
  );
});

test("a split that the data have no column for is told", () => {
  const bare = { where: "m.csv", count: 10 };
  assert.throws(
    () => splitIntoParts(bare, { by: "group" }),
    /a split by group needs a group column, which the data lack/,
  );
  assert.throws(() => splitIntoParts(bare, { by: "date" }), /a split by date needs a date column/);
  assert.throws(() => splitIntoParts(bare, { by: "stratified" }), /needs the class of every image/);
  assert.throws(
    () => splitIntoParts(bare, { by: "writer" as "group" }),
    /split by: expected one of random, stratified, group, date/,
  );
});

test("many samples, one of them alone in its class, are no trouble", () => {
  const labels = new Int32Array(300_000).map((_, i) => i % 100_000);
  labels[0] = -1;
  const { train, test: held } = proportionalSplit(labels);
  assert.equal(train.length + held.length, 300_000);
  assert.equal(train.at(-1), 0, "the single one trains");
});

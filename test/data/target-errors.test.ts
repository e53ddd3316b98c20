// Numbers that a model and neighbours contradict: robust scores by hand, and one planted error among honest numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestOthers, robustScores, suspectTargets } from "../../src/data/index.js";

test("robust scores are those of Iglewicz and Hoaglin", () => {
  // Median 3, deviations 2, 1, 0, 1, 97 with the median 1.
  assert.deepEqual(
    [...robustScores([1, 2, 3, 4, 100])],
    [-2, -1, 0, 1, 97].map((by) => by * 0.6745),
  );
  // More than half are equal: the mean deviation of 2 stands in.
  assert.deepEqual(
    [...robustScores([5, 5, 5, 5, 15])].map((score) => score.toFixed(4)),
    ["0.0000", "0.0000", "0.0000", "0.0000", "3.9894"],
  );
  assert.deepEqual([...robustScores([7, 7])], [0, 0]);
});

test("neighbours are the others by angle, none of the same group", () => {
  const features = [1, 0, 2, 0.1, 0, 1, 0.1, 3, 5, 0.6];
  const found = nearestOthers(features, 2, ["a", "b", "c", "d", "a"], 2);
  assert.deepEqual([...found[0]!], [1, 3]);
  assert.deepEqual([...found[2]!], [3, 4]);
  assert.throws(() => nearestOthers([1], 2, ["a"], 1), /expected 2 features/);
});

test("a number counts as wrong where model and neighbours agree against it", () => {
  const values = Float64Array.from({ length: 40 }, (_, i) => 10 + (i % 5));
  const predicted = Float64Array.from(values, (value, i) => value + ((i % 3) - 1) / 2);
  values[7] = 100;
  // The model alone contradicts this one; its neighbours have the same number.
  predicted[20] = 40;
  const neighbours = Array.from(values, (_, i) => [5, 10, 15].map((by) => (i + by) % 40));
  const suspects = suspectTargets(values, predicted, neighbours);
  assert.deepEqual(
    suspects.map(({ row, value, near }) => [row, value, near]),
    [[7, 100, 12]],
  );
  assert.ok(suspects[0]!.modelScore > 2.5 && suspects[0]!.nearScore > 2.5);
  assert.throws(() => suspectTargets([1], [], []), /1 numbers need as many answers/);
});

// Intervals of test figures, by task: which figures have one, that they hold the figure, and that groups are drawn whole.
import assert from "node:assert/strict";
import { test } from "node:test";
import { wilsonInterval } from "../../src/core/statistics/index.js";
import { endsOf, taskOf } from "../../src/experiment/tasks/index.js";
import { intervalsOf, someOf } from "../../src/experiment/tasks/intervals.js";
import { lossOf } from "../../src/nn/losses/index.js";

const IMAGES = 40;
const rows = Array.from({ length: IMAGES }, (_, row) => row);
const crossentropy = lossOf("sparse_categorical_crossentropy");
const squared = lossOf("mse");

test("rates of a classification have Wilson's intervals", () => {
  const task = { kind: "classification", classNames: ["一", "二"] } as const;
  const outcome = {
    kind: "classification",
    labels: rows.map((row) => row % 2),
    predicted: rows.map((row) => (row < 4 ? 1 - (row % 2) : row % 2)),
    confidence: rows.map(() => 0.9),
  } as const;
  const metrics = { loss: 0.3, accuracy: 0.9, sparse_top_k_categorical_accuracy: 1 };
  const intervals = taskOf(task).intervals(outcome, task, { loss: crossentropy }, metrics);
  assert.deepEqual(Object.keys(intervals), ["accuracy", "sparse_top_k_categorical_accuracy"]);
  assert.deepEqual(intervals.accuracy, wilsonInterval(36, 40));
  assert.deepEqual(endsOf(intervals).sparse_top_k_categorical_accuracy, [wilsonInterval(40, 40).low, 1]);
  // Four writers of ten images say less than forty: the interval grows, here as all mistakes are one writer's.
  const groups = rows.map((row) => `writer ${Math.floor(row / 10)}`);
  const { accuracy } = taskOf(task).intervals(outcome, task, { loss: crossentropy }, metrics, groups);
  assert.ok(accuracy!.low < 0.8 && accuracy!.high === 1, `${accuracy!.low} to ${accuracy!.high}`);
});

test("figures of numbers and of labels have intervals that hold them", () => {
  const numbers = { kind: "regression", targets: ["cost"], link: "identity", scale: [1], offset: [0] } as const;
  const amounts = {
    kind: "regression",
    targets: 1,
    actual: Float32Array.from(rows, (row) => row + 1),
    predicted: Float32Array.from(rows, (row) => row + 1 + ((row * 7) % 5) - 2),
  } as const;
  const labels = {
    kind: "multiLabel",
    labelNames: ["dent", "glass"],
    columns: ["labels"],
    thresholds: [0.5, 0.5],
  } as const;
  const said = {
    kind: "multiLabel",
    labels: 2,
    actual: Uint8Array.from({ length: 2 * IMAGES }, (_, index) => Number(index % 3 === 0)),
    scores: Float32Array.from(
      { length: 2 * IMAGES },
      (_, index) => (index % 3 === 0 ? 0.7 : 0.2) + (index % 7 === 0 ? 0.25 : 0),
    ),
  } as const;
  for (const [task, outcome, loss] of [
    [numbers, amounts, squared],
    [labels, said, crossentropy],
  ] as const) {
    const record = taskOf(task);
    const figures = record.scores(outcome, task, { loss });
    const intervals = record.intervals(outcome, task, { loss }, figures);
    assert.deepEqual(Object.keys(intervals), Object.keys(figures));
    for (const [key, { low, high }] of Object.entries(intervals))
      assert.ok(low <= figures[key]! && figures[key]! <= high, `${key}: ${figures[key]} is not in ${low} to ${high}`);
    assert.deepEqual(record.intervals(outcome, task, { loss }, figures), intervals, "the same draws again");
  }
});

test("more numbers than can be drawn in reasonable time have no interval", () => {
  const outcome = (images: number) =>
    ({
      kind: "regression",
      targets: 2,
      actual: new Float32Array(2 * images),
      predicted: new Float32Array(2 * images),
    }) as const;
  const looked: number[] = [];
  const count = ({ actual }: { readonly actual: Float32Array }) => ({ numbers: looked.push(actual.length) });
  assert.deepEqual(intervalsOf(outcome(100_001), count, undefined), {});
  assert.deepEqual(looked, []);
  // Numbers of all targets count, not images alone.
  intervalsOf(outcome(1000), count, undefined);
  assert.equal(looked.length, 1 + 500);
});

test("some answers keep their weights and all of their numbers", () => {
  const outcome = {
    kind: "regression",
    targets: 2,
    actual: Float32Array.of(1, 2, 3, 4, 5, 6),
    predicted: Float32Array.of(10, 20, 30, 40, 50, 60),
    weight: Float64Array.of(1, 2, 3),
  } as const;
  assert.deepEqual(someOf(outcome, Int32Array.of(2, 0, 2)), {
    ...outcome,
    actual: Float32Array.of(5, 6, 1, 2, 5, 6),
    predicted: Float32Array.of(50, 60, 10, 20, 50, 60),
    weight: Float64Array.of(3, 1, 3),
  });
});

// Decisions of two models about the same images, counted as each task decides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TASKS } from "../../src/experiment/index.js";

const readings = (width: number, ...data: number[]) => ({ width, data: Float32Array.from(data) });

test("classes of images, labels and pixels are compared one by one", () => {
  const { classification, multiLabel, segmentation } = TASKS;
  const classes = { kind: "classification" as const, classNames: ["a", "b"] };
  assert.deepEqual(
    classification.agreement!(readings(2, 0.6, 0.4, 0.3, 0.7), readings(2, 0.9, 0.1, 0.8, 0.2), classes),
    {
      ...{ of: "images", same: 1, all: 2 },
    },
  );
  const labels = { kind: "multiLabel" as const, labelNames: ["a", "b"], columns: ["l"], thresholds: [0.5, 0.2] };
  assert.deepEqual(multiLabel.agreement!(readings(2, 0.6, 0.4, 0.3, 0.1), readings(2, 0.4, 0.3, 0.4, 0.3), labels), {
    ...{ of: "labels", same: 2, all: 4 },
  });
  const masks = { kind: "segmentation" as const, classNames: ["a", "b"] };
  const [ours, theirs] = [readings(4, 0, 1, 1, 0), readings(4, 0, 1, 0, 0)];
  assert.deepEqual(segmentation.agreement!(ours, theirs, masks), { of: "pixels", same: 3, all: 4 });
});

test("boxes are the same where class and place are, each at most once", () => {
  const facts = { kind: "detection" as const, classNames: ["dent", "scratch"], score: 0.5 };
  const none = [-1, -1, -1, -1, -1, -1];
  const [dent, moved] = [
    [0, 0.9, 0.1, 0.1, 0.2, 0.2],
    [0, 0.8, 0.12, 0.1, 0.2, 0.2],
  ];
  const agreement = (ours: readonly number[][], theirs: readonly number[][]) => {
    const { same, all } = TASKS.detection.agreement!(
      readings(12, ...ours.flat()),
      readings(12, ...theirs.flat()),
      facts,
    );
    return [same, all];
  };
  assert.deepEqual(agreement([dent!, none], [moved!, none]), [2, 2]);
  assert.deepEqual(agreement([dent!, none], [dent!, moved!]), [2, 3], "one of the two is left over");
  assert.deepEqual(agreement([dent!, none], [[1, ...dent!.slice(1)], none]), [0, 2], "another class");
  assert.deepEqual(agreement([dent!, none], [[0, 0.4, ...dent!.slice(2)], none]), [0, 1], "below the score");
  assert.deepEqual(agreement([none, none], [none, none]), [0, 0]);
});

test("answers that are numbers have no decisions to compare", () => {
  assert.equal(TASKS.regression.agreement, undefined);
  assert.equal(TASKS.verification.agreement, undefined);
});

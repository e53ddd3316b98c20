// Figures of detections beside COCO's own: the score that is told from, intervals over images, errors of images.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, STREAM } from "../../src/core/random.js";
import type { AnnotatedBox } from "../../src/data/index.js";
import {
  bestScore,
  type DetectionImage,
  detectionFacts,
  detectionScores,
  errorsIn,
  imageErrors,
  pairObjects,
  precisionIntervals,
  worstImages,
} from "../../src/experiment/tasks/scores/detection/index.js";

const box = (x: number, category: number, score?: number): AnnotatedBox => ({
  category,
  box: [x, 0, 10, 10],
  ...(score !== undefined && { score }),
});
const image = (truths: AnnotatedBox[], detections: AnnotatedBox[]): DetectionImage => ({
  ...{ width: 100, height: 20, truths, detections },
});

const IMAGES = [
  // Two found, one of them as another class; one missed; one invented.
  image([box(0, 0), box(20, 1), box(40, 0)], [box(0, 0, 0.9), box(21, 0, 0.7), box(80, 1, 0.6)]),
  image([box(0, 1)], [box(1, 1, 0.5), box(50, 0, 0.2)]),
  image([], []),
  // A detection within a crowd is neither right nor wrong.
  image([{ ...box(0, 0), crowd: true }], [box(2, 0, 0.95)]),
];

test("errors of images are counted above a score, the most first", () => {
  const errors = imageErrors(IMAGES, 0.4);
  assert.deepEqual(errors.map(errorsIn), [3, 0, 0, 0]);
  assert.deepEqual(errors[0], { at: 0, missed: 1, invented: 1, confused: 1 });
  assert.deepEqual(
    worstImages(IMAGES, 0.1).map(({ at }) => at),
    [0, 1],
  );
  const facts = detectionFacts("Test", ["cat", "dog"], IMAGES, 0.4, () => ({}));
  assert.deepEqual(facts.confusion, [1, 0, 1, 1, 1, 0, 0, 1, 0]);
  assert.deepEqual(
    facts.classes.map(({ truths, told, precision, recall }) => [truths, told, precision, recall]),
    [
      [2, 2, 0.5, 0.5],
      [2, 2, 0.5, 0.5],
    ],
  );
  const outcomes = facts.shown[0]!.boxes.map(({ outcome }) => outcome).sort();
  assert.deepEqual(outcomes, ["confused", "invented", "missed", "right", "true", "true"]);
  assert.deepEqual(pairObjects(IMAGES[3]!, { score: 0.4 }).falsely, []);
});

test("the score with the best F1 is found among all, crowds left aside", () => {
  // Right at 0.9 and 0.5, wrong at 0.7, 0.6 and 0.2, four objects: F1 2/5, 2/6, 2/7, 4/8, 4/9.
  assert.equal(bestScore(IMAGES, 2), 0.5);
  assert.equal(bestScore([image([box(0, 0)], [box(50, 0, 0.9)])], 1), undefined);
});

test("intervals of average precision lie around it, and are those of all images drawn", () => {
  const images = Array.from({ length: 40 }, (_, i) => {
    const random = new Random(4, STREAM.user, i);
    const truths = Array.from({ length: 1 + random.integer(3) }, (_, k) => box(30 * k, random.integer(2)));
    const detections = truths
      .filter(() => random.uniform() < 0.8)
      .map(({ category, box: [x] }) => box(x + 3 * random.uniform(), category, random.uniform()));
    return image(truths, [...detections, box(90, 0, 0.5 * random.uniform())]);
  });
  const { ap, ap50 } = detectionScores(images, 2);
  const intervals = precisionIntervals(images, 2);
  for (const [name, value] of [
    ["ap", ap!],
    ["ap50", ap50!],
  ] as const) {
    const { low, high } = intervals[name]!;
    assert.ok(low < value && value < high && high - low < 0.4, `${name}: ${low} < ${value} < ${high}`);
  }
  // One image alone has no interval, and of equal ones it is a point.
  assert.deepEqual(precisionIntervals(images.slice(0, 1), 2), {});
  const same = precisionIntervals(new Array(10).fill(IMAGES[1]), 2);
  const { low, high } = same.ap50!;
  assert.equal(low, high);
  assert.equal(low, detectionScores(new Array(10).fill(IMAGES[1]), 2).ap50);
});

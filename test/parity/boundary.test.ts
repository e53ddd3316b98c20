// Boundary F scores of segmentations against SciPy (tools/boundary-fixtures.py), and what they refuse.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { boundaryScores, type SegmentedImage } from "../../src/experiment/tasks/scores/segmentation/boundary.js";
import { Draws } from "./coco-sets.js";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/boundary.json", import.meta.url), "utf8"),
) as { readonly cases: readonly (readonly (number | null)[])[] };

/** Rectangles over a background, and the same a little elsewhere, drawn as the fixtures' script draws them. */
function maps(draws: Draws, classes: number): SegmentedImage {
  const [height, width] = [12 + draws.below(40), 12 + draws.below(40)];
  const [truth, predicted] = [new Uint8Array(height * width), new Uint8Array(height * width)];
  const fill = (map: Uint8Array, value: number, x: number, y: number, w: number, h: number): void => {
    for (let row = y; row < Math.min(height, y + h); row++)
      map.fill(value, row * width + Math.min(x, width), row * width + Math.min(x + w, width));
  };
  for (let count = draws.below(7); count > 0; count--) {
    const value = draws.below(classes);
    const [x, y] = [draws.below(width), draws.below(height)];
    const [w, h] = [1 + draws.below(20), 1 + draws.below(20)];
    const [dx, dy] = [draws.below(4), draws.below(4)];
    fill(truth, value, x, y, w, h);
    fill(predicted, value, x + dx, y + dy, w, h);
  }
  for (let count = draws.below(30); count > 0; count--) {
    const [y, x] = [draws.below(height), draws.below(width)];
    predicted[y * width + x] = draws.below(classes);
  }
  if (draws.below(2) === 0) {
    const [x, y] = [draws.below(width), draws.below(height)];
    fill(truth, 255, x, y, 6, 6);
  }
  return { width, height, truth, predicted };
}

const near = (got: number | undefined, wanted: number | null | undefined, what: string): void => {
  if (wanted === null || wanted === undefined) assert.equal(got, undefined, what);
  else assert.ok(got !== undefined && Math.abs(got - wanted) <= 1e-12, `${what}: ${got}, expected ${wanted}`);
};

const meanOf = (values: readonly (number | null)[]): number | undefined => {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? undefined : there.reduce((sum, value) => sum + value, 0) / there.length;
};

test("borders are as near as SciPy says", () => {
  for (const [seed, wanted] of cases.entries()) {
    const draws = new Draws(seed);
    const classes = 2 + draws.below(4);
    const tolerance = [0, 1, 1.5, 3][draws.below(4)]!;
    const images = Array.from({ length: 1 + draws.below(3) }, () => maps(draws, classes));
    const borders = boundaryScores(images, classes, { tolerance });
    for (const [i, value] of borders.classes.entries()) near(value, wanted[i], `case ${seed}, class ${i}`);
    near(borders.mean, meanOf(wanted), `case ${seed}, mean`);
  }
});

test("the tolerance follows the diagonal, and maps that do not fit are refused", () => {
  const [width, height] = [400, 10];
  const upTo = (end: number) => Uint8Array.from({ length: width * height }, (_, i) => Number(i % width < end));
  // 0.75 % of the diagonal are 3.0009 pixels.
  const moved = (by: number) => boundaryScores([{ width, height, truth: upTo(90), predicted: upTo(90 + by) }], 2).mean;
  assert.deepEqual([moved(0), moved(3), moved(4)], [1, 1, 0]);
  const image = { width: 2, height: 2, truth: [0, 1, 1, 255], predicted: [0, 1, 0, 9] };
  assert.equal(boundaryScores([image], 2, { tolerance: 1 }).classes.length, 2);
  assert.throws(() => boundaryScores([{ ...image, width: 3 }], 2), /expected 3 x 2 = 6 pixels, received 4 true/);
  assert.throws(() => boundaryScores([image], 1), /expected classes 0 to 0, or 255 .*, received 1 at pixel 1/);
  assert.throws(() => boundaryScores([image], 2, { tolerance: -1 }), /boundaryScores tolerance/);
});

// Masks, polygons and figures of detectors against pycocotools (tools/coco-fixtures.py): every pixel, every count, and the
// twelve figures of 500 sets to 1e-12.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  maskArea,
  maskBox,
  maskIou,
  maskOfBox,
  maskOfPolygon,
  mergeMasks,
  pixelsOfMask,
  polygonOfMask,
  runLengthsOf,
  runLengthsOfText,
  textOfRunLengths,
} from "../../src/data/index.js";
import {
  COCO_SCORES,
  detectionConfusion,
  detectionScores,
  pairObjects,
} from "../../src/experiment/tasks/scores/detection/index.js";
import { detectionSet, maskCase } from "./coco-sets.js";

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/coco.json", import.meta.url), "utf8"),
) as {
  readonly masks: readonly {
    readonly texts: readonly string[];
    readonly areas: readonly number[];
    readonly boxes: readonly (readonly number[])[];
    readonly ious: readonly number[];
  }[];
  readonly stats: string;
};

test("masks are pycocotools' in every pixel", () => {
  assert.ok(fixture.masks.length >= 300);
  for (const [i, { texts, areas, boxes, ious }] of fixture.masks.entries()) {
    const { height, width, polygon, noise, box } = maskCase(1000 + i);
    const drawn = maskOfPolygon(polygon, height, width);
    const encoded = runLengthsOf(noise, height, width);
    const boxed = maskOfBox(box, height, width);
    const all = [drawn, encoded, boxed, mergeMasks([drawn, encoded]), mergeMasks([drawn, encoded], "intersection")];
    // pycocotools ends some masks with a run of no pixels: compared by pixels, and as texts where they agree.
    for (const [j, mask] of all.entries()) {
      const wanted = { height, width, counts: runLengthsOfText("fixture", texts[j]!) };
      assert.equal(textOfRunLengths(wanted.counts), texts[j], `case ${i}, text ${j} written again`);
      assert.deepEqual(pixelsOfMask(mask), pixelsOfMask(wanted), `case ${i}, mask ${j}`);
    }
    assert.equal(textOfRunLengths(drawn.counts), texts[0], `case ${i}, text of the polygon`);
    assert.equal(textOfRunLengths(encoded.counts), texts[1], `case ${i}, text of the pixels`);
    assert.deepEqual([drawn, encoded].map(maskArea), areas, `case ${i}, areas`);
    assert.deepEqual([drawn, encoded].map(maskBox), boxes, `case ${i}, boxes`);
    const got = [maskIou(drawn, encoded), maskIou(drawn, encoded, true), maskIou(boxed, drawn)];
    assert.deepEqual(got, ious, `case ${i}, overlaps`);
  }
});

test("the outline of a mask gives the mask back, holes and islands with it", () => {
  for (let i = 0; i < fixture.masks.length; i++) {
    const { height, width, noise } = maskCase(1000 + i);
    const polygon = polygonOfMask(runLengthsOf(noise, height, width));
    const drawn =
      polygon.length === 0 ? new Uint8Array(height * width) : pixelsOfMask(maskOfPolygon(polygon, height, width));
    assert.deepEqual(drawn, noise, `case ${i}`);
  }
});

test("the figures of 500 detectors are pycocotools' to 1e-12", () => {
  const stats = new Float64Array(new Uint8Array(Buffer.from(fixture.stats, "base64")).buffer);
  const sets = stats.length / COCO_SCORES.length;
  assert.ok(sets >= 500);
  for (let seed = 0; seed < sets; seed++) {
    const { images, categories, overlap } = detectionSet(seed);
    const scores = detectionScores(images, categories, overlap);
    for (const [i, name] of COCO_SCORES.entries()) {
      const [got, wanted] = [scores[name] ?? -1, stats[seed * COCO_SCORES.length + i]!];
      assert.ok(Math.abs(got - wanted) <= 1e-12, `set ${seed} (${overlap}), ${name}: ${got}, expected ${wanted}`);
    }
  }
});

test("confusion of detections has the background as its last row and column", () => {
  const truths = [
    { category: 0, box: [0, 0, 10, 10] as const },
    { category: 1, box: [20, 0, 10, 10] as const },
    { category: 1, box: [40, 0, 10, 10] as const },
    { category: 0, box: [60, 0, 30, 30] as const, crowd: true },
  ];
  const detections = [
    { category: 0, box: [0, 0, 10, 9] as const, score: 0.9 },
    { category: 1, box: [0, 0, 10, 8] as const, score: 0.95 },
    { category: 0, box: [20, 1, 10, 10] as const, score: 0.5 },
    { category: 1, box: [61, 1, 8, 8] as const, score: 0.9 },
    { category: 1, box: [40, 0, 10, 10] as const, score: 0.2 },
  ];
  const image = { width: 100, height: 40, truths, detections };
  const counts = detectionConfusion([image], 2);
  // One right, one for another category, one missed (its detection scores too low), one twice; the crowd counts nowhere.
  assert.deepEqual([...counts], [1, 0, 0, 1, 0, 1, 0, 1, 0]);
  assert.deepEqual(pairObjects(image).missed, [2]);
  assert.deepEqual(pairObjects(image, { overlap: "masks" }).falsely, [1]);
  assert.throws(() => detectionConfusion([image], 1), /expected categories 0 to 0, received 1/);
  const { categories } = detectionScores([image], 2);
  assert.equal(categories[0]!.curve!.precision.length, 101);
});

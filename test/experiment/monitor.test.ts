// Tests of drift on made-up signals: each alarm has the name of what has changed, for every task; references are read back.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/core/random.js";
import { openDecisionLog } from "../../src/experiment/decisions/index.js";
import { currentOfLog } from "../../src/experiment/monitor/current.js";
import { driftTests } from "../../src/experiment/monitor/drift-tests.js";
import {
  type PredictionSignals,
  PredictionTally,
  readReference,
  type Signals,
  writeReference,
} from "../../src/experiment/signals/index.js";
import { renderMonitorPage } from "../../src/report/pages/monitor-page.js";
import { workplace } from "../cli/fovea.js";

const normals = (count: number, mean: number, seed: number): number[] => {
  const random = new Random(seed, 0);
  return Array.from({ length: count }, () => mean + random.normal());
};
const of = (images: number, predictions: PredictionSignals, more: Partial<Signals> = {}): Signals => ({
  images,
  predictions,
  ...more,
});
const told = (before: Signals, now: Signals): Map<string, { p: number; told: string }> =>
  new Map(driftTests(before, now, 0).map(({ name, p, told }) => [name, { p, told }]));

test("photos, cameras and classes that changed are named", () => {
  const photos = (sharpness: number, camera: string, seed: number) => ({
    brightness: normals(80, 0, seed),
    contrast: normals(80, 0, seed + 1),
    sharpness: normals(80, sharpness, seed + 2),
    pixels: Array.from({ length: 80 }, () => 640 * 480),
    cameras: Array.from({ length: 80 }, (_, i) => (i % 4 === 0 ? "" : camera)),
  });
  const classes = (...counts: number[]): PredictionSignals => ({
    ...{ kind: "classes", names: ["dent", "غير", "none"], counts },
    confidence: normals(60, 0, counts[0]!),
  });
  const found = told(
    of(300, classes(100, 100, 100), { photos: photos(0, "Canon", 1) }),
    of(150, classes(75, 0, 75), { photos: photos(-2, "Nikon", 9) }),
  );
  assert.match(found.get("sharpness")!.told, /^photos are blurrier: the median is -/);
  assert.ok(found.get("sharpness")!.p < 1e-6 && found.get("brightness")!.p > 0.01);
  assert.equal(found.get("pixels")!.p, 1);
  assert.match(found.get("camera")!.told, /Nikon 75\.0%, no camera named 25\.0% now, Canon 75\.0%/);
  assert.match(found.get("classes")!.told, /^غير is no longer predicted$/);
  assert.match(found.get("class")!.told, /^غير is no longer predicted: 0 of 150 images, before 100 of 300/);
});

test("labels, numbers and right answers that changed are named", () => {
  const labels = (...counts: number[]): PredictionSignals => ({ kind: "labels", names: ["hail", "rust"], counts });
  const rights = (right: number): Partial<Signals> => ({ truths: { kind: "rights", right, total: 200 } });
  const found = told(of(200, labels(100, 20), rights(190)), of(200, labels(40, 22), rights(150)));
  assert.match(found.get("label hail")!.told, /^hail is predicted less often: of 40 of 200 images/);
  assert.ok(found.get("label rust")!.p > 0.5);
  assert.match(found.get("accuracy")!.told, /^fewer answers are right: 75\.0% of 200/);
  assert.ok(found.get("accuracy")!.p < 1e-6);
  // Better answers are no alarm.
  assert.ok(
    told(of(200, labels(100, 20), rights(150)), of(200, labels(100, 20), rights(190))).get("accuracy")!.p > 0.99,
  );
  const cost = (mean: number, seed: number): Signals =>
    of(90, { kind: "numbers", names: ["cost"], values: [normals(90, mean, seed)] });
  assert.match(told(cost(0, 1), cost(2, 2)).get("prediction cost")!.told, /^predictions of cost are higher/);
});

test("answers are counted by their task, and a reference is read back", () => {
  const tally = new PredictionTally(["a", "b"]);
  tally.add({ top: [{ class: "b", probability: 0.75 }] });
  tally.add({ error: "broken" });
  tally.add({ value: 3 });
  assert.deepEqual([tally.images, tally.failed], [1, 2]);
  const predictions = tally.signals()!;
  assert.deepEqual(predictions, { kind: "classes", names: ["a", "b"], counts: [0, 1], confidence: [0.75] });
  const signals: Signals = of(1, predictions, { embeddings: { size: 2, data: Float32Array.of(0.1, -2, 3, 4) } });
  const reference = { version: 1, weights_sha256: "a".repeat(64), part: "test", signals } as const;
  assert.deepEqual(readReference(writeReference(reference)), reference);
  assert.throws(() => readReference(writeReference(reference).replace('"size":2', '"size":3')), /vectors of 3 numbers/);
});

test("decisions of all tasks are read from a log", async (t) => {
  const folder = workplace(t);
  const box = { label: "dent", score: 0.9, box: [1, 2, 3, 4] };
  const areas = [
    { class: "background", index: 0, percent: 75 },
    { class: "dent", index: 1, percent: 25 },
  ];
  const answers = {
    detection: { boxes: [box, box] },
    segmentation: { mask: { height: 2, width: 2, areas } },
  };
  const wanted = { detection: { dent: 2 }, segmentation: { background: 75, dent: 25 } };
  for (const kind of ["detection", "segmentation"] as const) {
    const path = join(folder, `${kind}.jsonl`);
    const log = await openDecisionLog(path);
    const model = { model: "a".repeat(64), image: "b".repeat(64) };
    const decisions = Array.from({ length: 20 }, (_, i) => ({
      ...{ ...model, file: `${i}.png`, task: kind, accepted: true },
      ...answers[kind],
    }));
    await log.add(decisions);
    const task = { kind, classNames: Object.keys(wanted[kind]) };
    const { signals } = await currentOfLog(path, { facts: undefined, task, file: "model.keras" }, {});
    const { predictions } = signals;
    assert.ok(predictions.kind === "numbers");
    const { names, values } = predictions;
    const firsts = Object.fromEntries(names.map((name, i) => [name, values[i]![0]]));
    assert.deepEqual([signals.images, firsts], [20, wanted[kind]]);
  }
});

test("names of data are text on the page", async () => {
  const { html } = await renderMonitorPage({
    ...{ run: "r", source: "<b>", createdBy: "Fovea", part: "test", reference: 9, images: 9, failed: 0, level: 0.01 },
    ...{ tests: [], shares: [{ name: "<i>x", before: 1, now: 2 }], numbers: [], notes: ["<u>"] },
  });
  assert.ok(html.includes("&lt;i&gt;x") && !html.includes("<i>x") && !html.includes("<u>"));
});

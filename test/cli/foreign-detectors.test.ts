// Detectors from elsewhere on the command line and in a service: judged on their own boxes, which they find all, scored, explained
// and served as they are asked by predict.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { modelSpec, Service } from "../../src/service/index.js";
import { fovea, workplace } from "./fovea.js";

let place = "";
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/experiment/fixtures/detectors/${name}`, import.meta.url));
const [plain, sorting] = [fixture("yolo-v8.onnx"), fixture("yolo-nms.onnx")];
const json = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await fovea(place, ...args, "--json");
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
};

before((t) => {
  place = workplace(t as Parameters<typeof workplace>[0]);
  for (const folder of ["street", "sorted"]) {
    mkdirSync(join(place, folder));
    copyFileSync(fixture("photo.png"), join(place, folder, "photo.png"));
  }
});

test("evaluate has COCO's figures: a detector finds the boxes that it told itself, and fewer from a higher score", async () => {
  for (const [model, folder] of [
    [plain, "street"],
    [sorting, "sorted"],
  ] as const) {
    const { predictions } = await json("predict", model, `${folder}/photo.png`, "--coco", `${folder}/truth.json`);
    const objects: number = predictions[0].boxes.length;
    assert.ok(objects > 10);
    const judged = await json("evaluate", model, folder);
    assert.deepEqual([judged.task, judged.images, judged.ap50, judged.ap], ["detection", 1, 1, 1]);
    assert.equal("loss" in judged, false);
    assert.equal(
      judged.classes.reduce((sum: number, { told }: { told: number }) => sum + told, 0),
      objects,
    );
    const scores: number[] = predictions[0].boxes.map(({ score }: { score: number }) => score);
    const between = (scores[4]! + scores[5]!) / 2;
    const { classes } = await json("evaluate", model, folder, "--score", String(between));
    assert.equal(
      classes.reduce((sum: number, { told }: { told: number }) => sum + told, 0),
      5,
    );
  }
});

test("score has the answers of predict, and its facts name the head and the score", async () => {
  const [predicted] = (await json("predict", plain, "street/photo.png")).predictions;
  await json("score", plain, "street", "--out", "scores.jsonl");
  const row = JSON.parse(readFileSync(join(place, "scores.jsonl"), "utf8").trim());
  assert.deepEqual(row.boxes, predicted.boxes);
  const { settings } = JSON.parse(readFileSync(join(place, "scores.jsonl.json"), "utf8"));
  assert.deepEqual([settings.head, settings.score, settings.overlap], ["yolo-v8", 0.25, 0.7]);
});

test("explain covers parts of the photo, and refuses methods that need gradients", async () => {
  const [surest] = (await json("predict", plain, "street/photo.png")).predictions[0].boxes;
  const explained = await json("explain", plain, "street/photo.png", "--out", "why");
  assert.equal(explained.method, "occlusion");
  const [picture] = explained.pictures;
  assert.equal(picture.class, surest.label);
  assert.ok(Math.abs(picture.score - surest.score) < 1e-6);
  assert.ok(readFileSync(join(place, "why", picture.file)).length > 1000);
  for (const [args, sentence] of [
    [
      ["--method", "gradcam"],
      /gradcam needs gradients, and the rules that pick the boxes of .* use --method occlusion/,
    ],
    [["--method", "features"], /have no gradients, so no image can be made for a class; name a layer with --layer/],
  ] as const) {
    const images = args[1] === "features" ? [] : ["street/photo.png"];
    const { code, stderr } = await fovea(place, "explain", plain, ...images, ...args);
    assert.equal(code, 1);
    assert.match(stderr, sentence);
  }
});

test("a service tells boxes in pixels of the photo; outputs without a fixed shape are one sentence", async () => {
  const service = await Service.open({ models: [plain, sorting].map(modelSpec), threads: 1, limits: { batch: 1 } });
  const ask = async (path: string, init: RequestInit = {}) =>
    (
      await service.fetch(
        new Request(`http://127.0.0.1:8080${path}`, { ...init, headers: { host: "127.0.0.1:8080", ...init.headers } }),
      )
    ).json();
  try {
    for (const [name, model] of [
      ["yolo-v8", plain],
      ["yolo-nms", sorting],
    ] as const) {
      const body = readFileSync(fixture("photo.png"));
      const headers = { "content-type": "image/png" };
      const { predictions } = await ask(`/v1/predict?model=${name}`, { method: "POST", body, headers });
      const [expected] = (await json("predict", model, "street/photo.png")).predictions;
      assert.deepEqual(predictions[0].boxes, expected.boxes);
    }
    assert.deepEqual((await ask("/v2/models/yolo-nms")).outputs, []);
    const { error } = await ask("/v2/models/yolo-nms/infer", { method: "POST", body: "{}" });
    assert.match(error, /yolo-nms sorts and picks boxes behind its layers, .*; send photos to \/v1\/predict/);
  } finally {
    await service.close();
  }
});

test("options about heads are for detectors from elsewhere", async () => {
  const { code, stderr } = await fovea(
    place,
    "score",
    fixture("none.onnx"),
    "street",
    "--out",
    "x.csv",
    "--score",
    "2",
  );
  assert.equal(code, 2, stderr);
  assert.match(stderr, /--score/);
});

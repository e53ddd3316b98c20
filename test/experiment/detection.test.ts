// A detection from a folder of images and annotations to a run, its answers and its report: the same bits wherever pixels lie, and
// after a break.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { encodePng, MemoryStore, writeHail } from "../../src/data/index.js";
import { OnDemandStore } from "../../src/data/store/streamed-stores.js";
import type { ImageSamples } from "../../src/experiment/data/sample-set.js";
import {
  closeData,
  dataWishOf,
  type ExperimentData,
  explainImages,
  factsOf,
  findData,
  imagesFor,
  type LoadDataOptions,
  loadData,
  makeRecipe,
  openAny,
  openModel,
  type Plan,
  predictFiles,
  predictionsCsv,
  RunFolder,
  recipeOf,
  resumeRun,
  startRun,
  usualLook,
} from "../../src/experiment/index.js";
import { lossFromKeras } from "../../src/nn/losses/index.js";
import { renderRunPage } from "../../src/report/pages/run-page.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-boxes-"));
after(() => rmSync(directory, { recursive: true, force: true }));
process.env.FOVEA_CACHE = join(directory, "cache");
const hail = join(directory, "hail");
before(() => writeHail(hail, { count: 20, height: 48, width: 64, seed: 2 }));

const PLAN: Plan = {
  model: { name: "centernet" },
  preprocessing: { imageSize: [32, 48], color: "rgb", interpolation: "lanczos" },
  split: { validation: 0.2, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 2, batchSize: 4, patience: 15 },
  augmentation: "photo",
};

const open = async (options: LoadDataOptions): Promise<ExperimentData<ImageSamples>> =>
  loadData(await findData(hail), PLAN.preprocessing as never, PLAN.split, { task: "detection", ...options });

const run = join(directory, "run");
const image = join(hail, "images", "H0001-1.png");

test("training gives the same bits from memory and on demand, and its figures are COCO's", async () => {
  const found: unknown[] = [];
  for (const [name, options, Store] of [
    ["run", { cache: false }, MemoryStore],
    ["demand", { cache: false, memory: 2 * 4 * 32 * 48 * 3, batchSize: 4, threads: 2 }, OnDemandStore],
  ] as const) {
    const data = await open(options);
    assert.ok(data.folders.train.samples.images instanceof Store, Store.name);
    const threads = name === "run" ? 1 : 3;
    const { metrics } = await startRun(join(directory, name), makeRecipe(PLAN, data), data, { threads });
    await closeData(data);
    const { train, test: figures, weights_sha256, baseline, intervals, task } = metrics;
    assert.equal(task, "detection");
    assert.ok(["loss", "ap", "ap50", "ap75", "ap_small", "ar100"].every((key) => figures![key]! >= 0));
    assert.equal(baseline, undefined);
    found.push({ train, figures, weights_sha256, intervals });
  }
  assert.deepEqual(found[1], found[0]);
});

test("the recipe names its classes and finds its data again; groups stay whole; a broken run goes on to the same weights", async () => {
  const recipe = await recipeOf(await RunFolder.open(run));
  assert.deepEqual(recipe.task, { kind: "detection", classNames: ["dent", "scratch", "glass"] });
  // The first network keeps the loss that it was published with.
  const config = { gamma: 2, nearness: 4, offset_weight: 1, size_weight: 1 };
  assert.deepEqual(lossFromKeras(recipe.training.loss).config, config);
  const data = await loadData(await findData(hail), recipe.preprocessing, recipe.split, {
    ...dataWishOf(recipe),
    recorded: recipe.data,
    cache: false,
  });
  const groupsOf = (part: "train" | "validation" | "test") =>
    new Set(Array.from(data.parts[part].rows, (row) => data.folders.train.group![row]!));
  for (const group of groupsOf("test")) assert.ok(!groupsOf("train").has(group));
  const path = join(directory, "again");
  const controller = new AbortController();
  const broken = { signal: controller.signal, observer: { onEpochEnd: () => controller.abort() } };
  await startRun(path, recipe, data, { threads: 2, ...broken });
  const { metrics } = await resumeRun(await RunFolder.open(path), recipe, data, { threads: 2 });
  const { weights_sha256 } = JSON.parse(readFileSync(join(run, "metrics.json"), "utf8"));
  assert.equal(metrics.weights_sha256, weights_sha256);
  await closeData(data);
});

test("answers are boxes in pixels of the image, and tables count objects", async () => {
  const model = await openAny(run);
  const task = model.task!;
  assert.ok(task.kind === "detection");
  // A network of two epochs is sure of little.
  const eager = { ...model, task: { ...task, score: 0.01 } } as typeof model;
  const asked = await predictFiles(eager, [image], { keep: true });
  const [{ boxes }] = asked.answers as unknown as [{ boxes: { label: string; score: number; box: number[] }[] }];
  assert.ok(boxes.length > 0);
  for (const { label, score, box } of boxes) {
    const [left, top, width, height] = box as [number, number, number, number];
    assert.ok(task.classNames.includes(label) && score >= 0.01);
    assert.ok(left >= 0 && top >= 0 && left + width <= 64.01 && top + height <= 48.01);
  }
  assert.ok(
    boxes.some(({ box }) => box[0]! + box[2]! > 48),
    "boxes reach beyond what the network takes",
  );
  assert.deepEqual(
    boxes.map(({ score }) => score),
    boxes.map(({ score }) => score).sort((a, b) => b - a),
  );
  const [head, line] = predictionsCsv(asked).split("\n");
  assert.equal(head, "image,objects,count_dent,count_scratch,count_glass");
  assert.equal(Number(line!.split(",")[1]), boxes.length);
  assert.deepEqual(asked.arrays[0]!.shape, [1, 100, 6]);
  await model.model.close();
});

test("the surest object of a class is explained, and the page shows boxes by their outcome", async () => {
  const trained = await openModel(run);
  const images = await imagesFor(trained, [image]);
  for (const method of ["gradcam", "saliency", "occlusion"] as const) {
    const [explained] = await explainImages(trained, images, method, { classIndex: 1 });
    assert.deepEqual(explained!.said[0], { name: "class", value: "scratch", text: "scratch" });
  }
  await trained.model.close();
  const facts = await factsOf(await RunFolder.open(run));
  const { evaluation } = facts;
  assert.ok(evaluation?.kind === "detection" && evaluation.shown.length > 0);
  const { html } = await renderRunPage(facts);
  assert.match(html, /boxes on images\/H/);
  assert.match(html, /Precision over recall|precision-recall/);
});

test("one table of boxes tells of the images in Train and Test", async () => {
  const folder = join(directory, "parts");
  for (const [part, name] of [
    ["Train", "H0001-1.png"],
    ["Test", "H0001-2.png"],
  ] as const) {
    mkdirSync(join(folder, part, "steel"), { recursive: true });
    copyFileSync(join(hail, "images", name), join(folder, part, "steel", name));
  }
  const rows = ["Train/steel/H0001-1.png,dent,2,3,20,30", "Test/steel/H0001-2.png,dent,5,5,40,44"];
  writeFileSync(join(folder, "boxes.csv"), `file,label,xmin,ymin,xmax,ymax\n${rows.join("\n")}\n`);
  assert.deepEqual(await findData(folder), { train: join(folder, "Train"), test: join(folder, "Test") });
  assert.deepEqual(await findData(folder, "detection"), { train: folder });
});

test("images of small objects are enlarged, of large ones made smaller, in sides of multiples of 16", async () => {
  const hailed = await usualLook(hail, { task: "detection" });
  assert.deepEqual(hailed.imageSize, [96, 128], "twice 48x64");
  const folder = join(directory, "looks");
  mkdirSync(folder);
  const grey = encodePng({ dtype: "uint8", shape: [200, 240, 1], data: new Uint8Array(200 * 240) });
  writeFileSync(join(folder, "a.png"), grey);
  for (const [side, size] of [
    [160, [112, 128]],
    [30, [128, 160]],
    [8, [160, 192]],
  ] as const) {
    writeFileSync(
      join(folder, "boxes.csv"),
      `file,label,xmin,ymin,xmax,ymax\na.png,dent,2,3,${2 + side},${3 + side}\n`,
    );
    assert.deepEqual((await usualLook(folder, { task: "detection" })).imageSize, size, `objects of ${side} pixels`);
  }
});

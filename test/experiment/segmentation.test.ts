// A segmentation from a folder of images and masks to a run, its answers and its report: the same bits wherever pixels lie, again
// by replay, and after a kill.
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { encode } from "fast-png";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { classMapOf, decodeImage, MemoryStore, readAnnotations, writeHail } from "../../src/data/index.js";
import { CacheStore, OnDemandStore } from "../../src/data/store/streamed-stores.js";
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
} from "../../src/experiment/index.js";
import {
  type AnswerBatch,
  askedFiles,
  CocoFile,
  MaskFolder,
  outputKinds,
  predictBatches,
  streamPredictions,
  tiledBatches,
} from "../../src/experiment/models/index.js";
import { ImageFileNames } from "../../src/experiment/models/mask-names.js";
import { renderRunPage } from "../../src/report/pages/run-page.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-masks-"));
after(() => rmSync(directory, { recursive: true, force: true }));
process.env.FOVEA_CACHE = join(directory, "cache");
const hail = join(directory, "hail");
before(() => writeHail(hail, { count: 30, height: 32, width: 40, seed: 2 }));

const PLAN: Plan = {
  model: { name: "unet" },
  preprocessing: { imageSize: [24, 28], color: "rgb", interpolation: "lanczos" },
  split: { validation: 0.2, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 2, batchSize: 4, patience: 15 },
  augmentation: "photo",
};

const open = async (options: LoadDataOptions): Promise<ExperimentData<ImageSamples>> =>
  loadData(await findData(hail), PLAN.preprocessing as never, PLAN.split, { task: "segmentation", ...options });

const run = join(directory, "run");
const image = join(hail, "images", "H0001-1.png");

test("training gives the same bits from memory, from the cache and on demand, and its figures are complete", async () => {
  const memory = 2 * 4 * 24 * 28 * 3;
  const found: unknown[] = [];
  for (const [name, options, Store] of [
    ["run", { cache: false }, MemoryStore],
    ["demand", { cache: false, memory, batchSize: 4, threads: 2 }, OnDemandStore],
    ["cached", { memory, batchSize: 4 }, CacheStore],
  ] as const) {
    const data = await open(options);
    assert.ok(data.folders.train.samples.images instanceof Store, Store.name);
    const threads = name === "run" ? 1 : 3;
    const { metrics } = await startRun(join(directory, name), makeRecipe(PLAN, data), data, { threads });
    await closeData(data);
    const { train, test: figures, weights_sha256, baseline, intervals, task } = metrics;
    assert.equal(task, "segmentation");
    assert.deepEqual(Object.keys(figures!).sort(), ["dice", "loss", "mean_iou", "pixel_accuracy"]);
    assert.equal(baseline!.class, "background");
    assert.ok(figures!.pixel_accuracy! > 0.5);
    found.push({ train, figures, weights_sha256, intervals });
  }
  assert.deepEqual(found[1], found[0]);
  assert.deepEqual(found[2], found[0]);
});

test("masks that cannot be read, or have another size, are named before anything is trained", async () => {
  const odd = join(directory, "odd");
  await writeHail(odd, { count: 6, height: 32, width: 32, seed: 5 });
  const names = readdirSync(join(odd, "images")).map((name) => join(odd, "masks", name));
  const load = () =>
    loadData({ train: odd }, PLAN.preprocessing as never, PLAN.split, { task: "segmentation", cache: false });
  writeFileSync(names[0]!, "junk");
  await assert.rejects(
    load(),
    /1 of 6 masks cannot be decoded: masks\/H0001-1\.png \(.*; repair them, or move their images out$/,
  );
  copyFileSync(join(hail, "masks", "H0001-1.png"), names[0]!);
  await assert.rejects(load(), /1 of 6 masks have another size than their image, such as 40 x 32 pixels for 32 x 32/);
});

test("the recipe names its classes and finds its data again; groups stay whole", async () => {
  const recipe = await recipeOf(await RunFolder.open(run));
  assert.deepEqual(recipe.task, { kind: "segmentation", classNames: ["background", "dent"] });
  const data = await loadData(await findData(hail), recipe.preprocessing, recipe.split, {
    ...dataWishOf(recipe),
    recorded: recipe.data,
    cache: false,
  });
  const groupsOf = (part: "train" | "validation" | "test") =>
    new Set(Array.from(data.parts[part].rows, (row) => data.folders.train.group![row]!));
  for (const group of groupsOf("test")) assert.ok(!groupsOf("train").has(group));
  // The same run broken off before its first epoch and resumed.
  const path = join(directory, "again");
  const controller = new AbortController();
  const broken = { signal: controller.signal, observer: { onEpochEnd: () => controller.abort() } };
  await startRun(path, recipe, data, { threads: 2, ...broken });
  const { metrics } = await resumeRun(await RunFolder.open(path), recipe, data, { threads: 2 });
  const { weights_sha256 } = JSON.parse(readFileSync(join(run, "metrics.json"), "utf8"));
  assert.equal(metrics.weights_sha256, weights_sha256);
  await closeData(data);
});

test("answers are areas in per cent, tables have them, and masks are palette PNG of the images' size", async () => {
  const model = await openAny(run);
  const asked = await predictFiles(model, [image], { keep: true });
  const [answer] = asked.answers as unknown as [
    { mask: { height: number; width: number; areas: { class: string; percent: number }[] } },
  ];
  const { height, width, areas } = answer.mask;
  assert.deepEqual([height, width], [24, 28]);
  assert.ok(Math.abs(areas.reduce((sum, { percent }) => sum + percent, 0) - 100) < 1e-9);
  const [head, line] = predictionsCsv(asked).split("\n");
  assert.equal(head, "image,percent_background,percent_dent");
  assert.ok(Math.abs(Number(line!.split(",")[2]) - areas[1]!.percent) < 1e-4);
  const folder = new MaskFolder(join(directory, "masks"), model, asked.outputs, [{ name: image, source: image }]);
  await folder.add(asked);
  const written = await decodeImage(readFileSync(join(directory, "masks", "H0001-1.png")), "mask");
  assert.deepEqual([written.height, written.width, written.mode], [32, 40, "P"]);
  const marked = written.data.reduce((sum, value) => sum + value, 0) / written.data.length;
  assert.ok(Math.abs(100 * marked - areas[1]!.percent) < 5);
  await model.model.close();
});

test("masks keep the images' folders, never share a file on any disk, and are named in the answers", async () => {
  const wishes = [
    ["p/s1/a.png", "s1/a.png"],
    ["p/s2/a.png", "s2/a.png"],
    ["p/A.png", "A.png"],
    ["p/a.jpg", "a-3.png"],
    ["p/a-2.png", "a-2.png"],
    ["p/x.png/../../y.jpg", "x.png/y.png"],
    ["p/x.jpg", "x-2.png"],
    ["p/\u00c4.png", "\u00c4.png"],
    ["p/A\u0308.jpg", "A\u0308-2.png"],
  ] as const;
  const names = new ImageFileNames(
    wishes.map(([path]) => path),
    ".png",
  );
  assert.deepEqual(
    wishes.map(([path]) => names.next(path)),
    wishes.map(([, file]) => file),
  );
  // Rows of arrays come unannounced.
  assert.deepEqual([names.next("p/r.npy[0]"), names.next("p/a.npy[1]")], ["r.png", "a-4.png"]);
  const same = ["x/a.png", "y/a.png", "a-2.png"].map((name) => join(directory, "same", name));
  for (const path of same) {
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(image, path);
  }
  const model = await openAny(run);
  const { outputs } = outputKinds(model);
  const files = await askedFiles([join(directory, "same")]);
  const masks = new MaskFolder(join(directory, "same-masks"), model, outputs, files);
  async function* batches(): AsyncGenerator<AnswerBatch> {
    for await (const batch of predictBatches(model, files)) yield await masks.add(batch);
  }
  const told: string[] = [];
  const table = join(directory, "same.csv");
  await streamPredictions(table, { outputs }, batches(), ({ answers }) => {
    for (const answer of answers) told.push("mask" in answer ? `${answer.mask.file}` : "");
  });
  const wanted = ["a-2.png", "x/a.png", "y/a.png"].map((name) => join(directory, "same-masks", name));
  assert.deepEqual([told, masks.written, wanted.every((path) => existsSync(path))], [wanted, 3, true]);
  const [head, first] = readFileSync(table, "utf8").split("\n");
  assert.equal(head!.split(",")[3], "mask_file");
  assert.equal(first!.split(",")[3], wanted[0]);
  // Masks beside their images would replace them.
  const onto = new MaskFolder(join(directory, "same"), model, outputs, files);
  for await (const batch of predictBatches(model, files))
    await assert.rejects(
      onto.add(batch),
      /the mask a-2\.png would replace the image .*; name a folder without the images/,
    );
  assert.deepEqual(readFileSync(same[2]!), readFileSync(image));
  await model.model.close();
});

test("outlines in COCO's form hold the very pixels of the masks", async () => {
  const model = await openAny(run);
  const { outputs, answers, names } = await predictFiles(model, [image]);
  const files = [{ name: image, source: image }];
  // Rings with holes, islands in them and corners that touch, as a trained network would hardly give them.
  const values = Float32Array.from({ length: 24 * 28 }, (_, i) => Number((i * i) % 7 < 3 || (i % 28) % 9 < 2));
  const batch = { answers, names, arrays: [tensor(values, [1, 24, 28], "float32")] };
  const [masks, coco] = [
    new MaskFolder(join(directory, "blobs"), model, outputs, files),
    new CocoFile(join(directory, "blobs.json"), model, outputs, files),
  ];
  for (const keeper of [masks, coco]) await keeper.add(batch);
  await coco.write();
  const written = await decodeImage(readFileSync(join(directory, "blobs", "H0001-1.png")), "mask");
  const { set, findings } = await readAnnotations("coco", new Map([["a.json", readFileSync(coco.file)]]));
  assert.deepEqual([findings, set.categories.map(({ name }) => name)], [[], ["dent"]]);
  assert.ok(coco.objects > 3);
  assert.equal(set.images[0]!.objects.length, coco.objects);
  assert.deepEqual(Array.from(classMapOf(set.images[0]!)), Array.from(written.data));
  await model.model.close();
});

test("a large image in tiles: each tile's own answer where it is alone, the mean of both where two overlap", async () => {
  const model = await openModel(run);
  const { outputs } = outputKinds(model);
  const pixels = await decodeImage(readFileSync(image), "photo");
  const [height, width] = [24, 28];
  /** A part of the photo in the network's size. */
  const cut = (top: number, left: number): Tensor<"uint8"> => {
    const data = new Uint8Array(height * width * 3);
    for (let y = 0; y < height; y++)
      data.set(pixels.data.subarray(((top + y) * 40 + left) * 3, ((top + y) * 40 + left + width) * 3), y * width * 3);
    return tensor(data, [1, height, width, 3], "uint8");
  };
  const said = async (top: number, left: number): Promise<Float32Array> =>
    (await model.model.predict(cut(top, left))).data;
  const batches = [];
  for await (const batch of tiledBatches(model, outputs, [{ name: "a.png", source: image }], 0.25)) batches.push(batch);
  const [{ arrays, answers }] = batches as [AnswerBatch];
  const [map] = arrays as [Tensor<"float32">];
  assert.deepEqual([...map.shape], [1, 32, 40]);
  assert.deepEqual(
    (answers[0] as unknown as { mask: object }).mask && Object.keys((answers[0] as unknown as { mask: object }).mask),
    ["height", "width", "areas"],
  );
  const share = (logits: Float32Array, at: number): number => 1 / (1 + Math.exp(logits[2 * at]! - logits[2 * at + 1]!));
  const [first, right] = [await said(0, 0), await said(0, 12)];
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 40; x++) {
      const seen = [
        ...(x < width ? [share(first, y * width + x)] : []),
        ...(x >= 12 ? [share(right, y * width + x - 12)] : []),
      ];
      const mean = seen.reduce((a, b) => a + b, 0) / seen.length;
      if (Math.abs(mean - 0.5) > 1e-4) assert.equal(map.data[y * 40 + x], mean > 0.5 ? 1 : 0, `${x}, ${y}`);
    }
  const small = join(directory, "small.png");
  writeFileSync(small, encode({ width: 20, height: 20, channels: 3, depth: 8, data: new Uint8Array(1200) }));
  for await (const batch of tiledBatches(model, outputs, [{ name: "small.png", source: small }], 0.25))
    assert.match(
      (batch.answers[0] as { error: string }).error,
      /is 20 x 20 pixels, which is less than a tile of 28 x 24/,
    );
  await model.model.close();
});

test("a region is explained, and the page shows truth beside prediction", async () => {
  const trained = await openModel(run);
  const images = await imagesFor(trained, [image]);
  for (const method of ["gradcam", "saliency"] as const) {
    const [explained] = await explainImages(trained, images, method, { classIndex: 1 });
    assert.deepEqual(explained!.said[0], { name: "class", value: "dent", text: "dent" });
  }
  await trained.model.close();
  const facts = await factsOf(await RunFolder.open(run));
  const { evaluation } = facts;
  assert.ok(evaluation?.kind === "segmentation");
  assert.ok(evaluation.shown.every(({ truth, said }) => truth.data.length === 24 * 28 && said.data.length === 24 * 28));
  const { html } = await renderRunPage(facts);
  assert.match(html, /true mask of images\/H/);
  assert.match(html, /predicted mask of images\/H/);
});

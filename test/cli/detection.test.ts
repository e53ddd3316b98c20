// A detector on the command line: trained, asked, judged and explained, from generated pages. test/cli/every-task.test.ts resumes,
// replays and converts.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { before, test } from "node:test";
import { fovea, workplace } from "./fovea.js";

let place = "";
const run = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await fovea(place, ...args);
  assert.equal(code, 0, stderr);
  return stdout;
};
const json = async (...args: readonly string[]) => JSON.parse(await run(...args, "--json"));

before(async (t) => {
  place = workplace(t as Parameters<typeof workplace>[0]);
  await run("synth", "pages", "--out", "pages", "--count", "24", "--size", "64x64");
  const options = ["--epochs", "2", "--batch-size", "4", "--threads", "2", "--out", "run"];
  const { code, stdout, stderr } = await fovea(place, "train", "pages", ...options);
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /Note: pages\/annotations\.json lists the objects on the images, so the task is detection; --task/,
  );
});

test("the run has COCO's figures, the network of detectors and sides of multiples of 16", () => {
  const recipe = JSON.parse(readFileSync(join(place, "run/recipe.json"), "utf8"));
  assert.match(JSON.stringify(recipe.model), /"name":"centers"/);
  assert.equal(recipe.training.batchSize, 4);
  assert.deepEqual(recipe.preprocessing.imageSize, [64, 64]);
  const { class_name: schedule } = recipe.training.optimizer.config.learning_rate;
  assert.equal(schedule, "CosineDecay");
  assert.equal(recipe.training.loss.config.box_weight, 2);
  assert.equal(recipe.training.monitor, "val_loss");
  const metrics = JSON.parse(readFileSync(join(place, "run/metrics.json"), "utf8"));
  for (const key of ["loss", "ap", "ap50", "ap75", "ar100"]) assert.ok(metrics.test[key] >= 0, key);
});

test("predict tells boxes, counts and what it has not found; evaluate judges; explain works", async () => {
  const { predictions } = await json("predict", "run", "pages/images/P0001.png");
  assert.equal(predictions[0].task, "detection");
  assert.ok(Array.isArray(predictions[0].boxes));
  assert.match(await run("predict", "run", "pages/images/P0001.png"), /object +score +left +top +width +height/);
  await run("predict", "run", "pages/images", "--out", "counts.csv");
  const [head, ...lines] = readFileSync(join(place, "counts.csv"), "utf8").trim().split("\n");
  assert.match(head!, /^image,objects,count_/);
  assert.equal(lines.length, 24);
  await run("score", "run", "pages/images", "--out", "scored.csv");
  const scored = readFileSync(join(place, "scored.csv"), "utf8").trim().split("\n").slice(1);
  const counts = (line: string, from: number): string[] => line.split(",").slice(from, from + 11);
  assert.deepEqual(
    scored.map((line) => counts(line, 2)),
    lines.map((line) => counts(line, 1)),
  );
  const found = await json("predict", "run", "pages/images", "--coco", "found.json");
  assert.equal(found.coco, "found.json");
  const { images, categories, annotations } = JSON.parse(readFileSync(join(place, "found.json"), "utf8"));
  assert.deepEqual([images.length, categories.length], [24, 10]);
  assert.deepEqual(
    annotations.map((one: { category_id: number; bbox: number[]; score: number }) => ({
      label: categories.find(({ id }: { id: number }) => id === one.category_id).name,
      score: one.score,
      box: one.bbox,
    })),
    found.predictions.flatMap(({ boxes }: { boxes: object[] }) => boxes),
  );
  const judged = await json("evaluate", "run", "pages");
  assert.ok(judged.ap50 >= 0 && judged.loss > 0);
  assert.equal(judged.classes.length, 10);
  await run("explain", "run", "pages/images/P0001.png", "--out", "explained");
});

test("a base is found for pages, and its run answers like its ONNX file", async () => {
  const { stderr, stdout, code } = await fovea(place, "transfer", "pages", "--epochs", "1", "--out", "based");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /the base is hanzi/);
  assert.match(stdout, /images are taken as 80x80 pixels; --image-size says otherwise/);
  await run("convert", "based", "based.onnx");
  const boxes = async (model: string) => (await json("predict", model, "pages/images/P0001.png")).predictions[0].boxes;
  assert.ok((await boxes("based")).length > 0, "an answer without boxes is like any other");
  assert.deepEqual(
    (await boxes("based.onnx")).map(({ label }: { readonly label: string }) => label),
    (await boxes("based")).map(({ label }: { readonly label: string }) => label),
  );
});

test("the page is drawn again", async () => {
  await run("report", "run");
  assert.match(readFileSync(join(place, "run/report.html"), "utf8"), /Figures of the classes of objects/);
});

test("a source in parts trains, validates and is judged by these, and its run says so", async () => {
  const pages = JSON.parse(readFileSync(join(place, "pages/annotations.json"), "utf8"));
  for (const [part, first, end] of [
    ["train", 0, 14],
    ["valid", 14, 19],
    ["test", 19, 24],
  ] as const) {
    mkdirSync(join(place, "parts", part), { recursive: true });
    const images: { id: number; file_name: string }[] = pages.images.slice(first, end);
    for (const { file_name: name } of images)
      copyFileSync(join(place, "pages", name), join(place, "parts", part, basename(name)));
    const ids = images.map(({ id }) => id);
    const annotations = pages.annotations.filter(({ image_id: id }: { image_id: number }) => ids.includes(id));
    const named = images.map((image) => ({ ...image, file_name: basename(image.file_name) }));
    const text = JSON.stringify({ ...pages, images: named, annotations });
    writeFileSync(join(place, "parts", part, "_annotations.coco.json"), text);
  }
  const trained = await json(
    "train",
    "parts",
    "--epochs",
    "1",
    "--batch-size",
    "4",
    "--threads",
    "1",
    "--out",
    "parted",
  );
  const { stdout, stderr } = await fovea(place, "evaluate", "parted", "parts", "--batch-size", "4", "--json");
  const judged = JSON.parse(stdout);
  assert.deepEqual([judged.images, judged.loss], [5, trained.test.loss]);
  assert.match(stderr, /Of the 24 images of parts, the 5 of its test part are judged/);
  const file = (name: string) => JSON.parse(readFileSync(join(place, "parted", name), "utf8"));
  assert.deepEqual(file("recipe.json").split.bySource, ["validation", "test"]);
  const { parts } = file("metrics.json");
  assert.deepEqual([parts.train.images, parts.val.images, parts.test.images, parts.val.held_out], [14, 5, 5, false]);
  const rows = file("facts.json").facts.recipe as { label: string; value: string }[];
  const value = (wanted: string) => rows.find(({ label }) => label === wanted)?.value;
  assert.equal(value("Split"), "validation as the data say, test as the data say");
  assert.deepEqual([value("Model"), value("Augmentation")], ["ttfnet", "upright"]);
  assert.equal((await json("replay", "parted")).same_bits, true);
});

test("what cannot be is one sentence", async () => {
  for (const [args, sentence] of [
    [
      ["train", "pages", "--task", "detection", "--image-size", "60x60"],
      /whole multiples of 16 pixels, received 60x60; take 64x64/,
    ],
    [["train", "pages", "--task", "detection", "--model", "cnn"], /maps of 14 channels, as --model ttfnet has/],
    [["train", "pages", "--task", "detection", "--loss", "mse"], /center-points|boxes/],
    [["train", "pages/images", "--task", "detection"], /found no annotation files/],
    [
      ["transfer", "pages", "--variants", "2"],
      /--variants is for heads on the mean of a base's maps, and detection learns/,
    ],
  ] as const) {
    const { code, stderr } = await fovea(place, ...args);
    assert.notEqual(code, 0, args.join(" "));
    assert.match(stderr, sentence);
  }
});

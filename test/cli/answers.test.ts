// Answers of models of every task: what predict, explain and evaluate print for machines and for people, and the tables that
// predict writes, from folders, manifests and archives.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { encode } from "fast-png";
import { zipSync } from "fflate";
import { tensor } from "../../src/core/tensor.js";
import type { TaskFacts } from "../../src/formats/run/task.js";
import { type Model, saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "./fovea.js";

const LABELS: TaskFacts = {
  kind: "multiLabel",
  labelNames: ["dent", "a,b"],
  columns: ["labels"],
  thresholds: [0.3, 0.9],
};
const COST: TaskFacts = { kind: "regression", targets: ["cost"], link: "log", scale: [100], offset: [0] };
const BOTH: TaskFacts = {
  kind: "regression",
  targets: ["cost", "dents"],
  link: "identity",
  scale: [1, 1],
  offset: [0, 0],
};

let folder = "";
before(async (t) => {
  folder = workplace(t as Parameters<typeof workplace>[0]);
  const save = async (name: string, task: TaskFacts, model: Model): Promise<void> => {
    const preprocessing = { imageSize: [8, 8], color: "grayscale", interpolation: "lanczos" } as const;
    writeFileSync(join(folder, name), await saveKeras(model, { facts: { version: 1, task, preprocessing } }));
    await model.close();
  };
  const front = () => [
    input([8, 8, 1]),
    rescaling(1 / 255),
    conv2d(1, 1, { kernelInitializer: "ones", name: "eyes" }),
    globalAveragePooling2d(),
  ];
  const end = async (model: Model, kernel: readonly number[], bias: readonly number[]): Promise<Model> => {
    const weights = await model.getWeights();
    await model.setWeights([
      ...weights.slice(0, -2),
      tensor(Float32Array.from(kernel), [1, kernel.length], "float32"),
      tensor(Float32Array.from(bias), [bias.length], "float32"),
    ]);
    return model;
  };
  await save(
    "labels.keras",
    LABELS,
    await end(sequential([...front(), dense(2, { activation: "sigmoid" })]), [0, 4], [0, -2]),
  );
  const cost = sequential([...front(), dense(1, { activation: "exponential" }), rescaling(100, 0)]);
  await save("cost.keras", COST, await end(cost, [2], [0]));
  await save("both.keras", BOTH, await end(sequential([...front(), dense(2)]), [10, -1], [1, 2]));
  mkdirSync(join(folder, "set/photos"), { recursive: true });
  const png = (level: number): Uint8Array =>
    encode({ width: 8, height: 8, channels: 1, depth: 8, data: new Uint8Array(64).fill(level) });
  const files = Object.fromEntries([0, 51, 102, 153].map((level, i) => [`photos/${i}.png`, png(level)]));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, "set", name), bytes);
  writeFileSync(join(folder, "set/mask.png"), png(255));
  const rows = ["120.5", "140.25", "230", "310"].map(
    (cost, i) =>
      `photos/${i}.png,${cost},${["", "dent", "a,b", "dent"][i] === "a,b" ? '"a,b"' : ["", "dent", "", "dent"][i]}`,
  );
  writeFileSync(join(folder, "set/manifest.csv"), `path,cost,labels\n${rows.join("\n")}\n`);
  writeFileSync(join(folder, "set.zip"), zipSync(files));
  mkdirSync(join(folder, "loose"));
  for (let i = 0; i < 30; i++) writeFileSync(join(folder, `loose/${String(i).padStart(2, "0")}.png`), png(8 * i));
  writeFileSync(join(folder, "loose/05.png"), "no image");
});

type Entry = Readonly<Record<string, unknown>>;
const json = async <T>(...args: readonly string[]): Promise<T> => {
  const { stdout, stderr } = await fovea(folder, ...args, "--json");
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as T;
};
const predictions = async (...args: readonly string[]): Promise<Entry[]> =>
  (await json<{ predictions: Entry[] }>("predict", ...args)).predictions;

test("labels have a probability each and are given above their thresholds", async () => {
  const [answer] = await predictions("labels.keras", "set/photos/3.png");
  const { image, task, accepted, labels } = answer as unknown as {
    image: string;
    task: string;
    accepted: boolean;
    labels: { label: string; probability: number; given: boolean }[];
  };
  assert.deepEqual([image, task, accepted], ["set/photos/3.png", "multiLabel", true]);
  assert.deepEqual(
    labels.map(({ label, given }) => [label, given]),
    [
      ["dent", true],
      ["a,b", false],
    ],
  );
  assert.ok(Math.abs(labels[1]!.probability - 1 / (1 + Math.exp(-0.4))) < 1e-6);
  const text = await fovea(folder, "predict", "labels.keras", "set/photos/3.png");
  assert.match(text.stdout, /dent +50\.0% +yes\n +a,b +59\.9%/);
});

test("numbers are in their unit, several with their names", async () => {
  const [answer] = await predictions("cost.keras", "set/photos/1.png");
  assert.equal(answer!.task, "regression");
  assert.ok(Math.abs((answer!.value as number) - 100 * Math.exp(0.4)) < 1e-3);
  const [several] = await predictions("both.keras", "set/photos/1.png");
  assert.deepEqual(several!.names, ["cost", "dents"]);
  assert.deepEqual(
    (several!.values as number[]).map((value) => value.toFixed(3)),
    ["3.000", "1.800"],
  );
  const text = await fovea(folder, "predict", "both.keras", "set/photos/1.png");
  assert.match(text.stdout, /^image +cost +dents\n.*\nset\/photos\/1\.png +3 +1\.8\n$/);
});

test("a table has a column for each label or target, whatever was asked about", async () => {
  const rowsOf = async (model: string, path: string, ...more: readonly string[]): Promise<string[]> => {
    const { code, stderr } = await fovea(folder, "predict", model, path, "--out", "out.csv", ...more);
    assert.equal(code, 0, stderr);
    return readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n");
  };
  const manifest = await rowsOf("labels.keras", "set");
  assert.equal(manifest[0], 'image,dent,"a,b"');
  assert.deepEqual(
    manifest.slice(1).map((line) => line.split(",")[0]),
    ["0", "1", "2", "3"].map((n) => `set/photos/${n}.png`),
    "the manifest's images alone",
  );
  const numbers = (lines: readonly string[]): string[] => lines.slice(1).map((line) => line.replace(/^[^,]*/, ""));
  assert.deepEqual(numbers(await rowsOf("labels.keras", "set/manifest.csv")), numbers(manifest));
  const zipped = await rowsOf("labels.keras", "set.zip", "--memory", "200B");
  assert.deepEqual(numbers(zipped), numbers(manifest), "one image at a time");
  assert.match(zipped[1]!, /^set\.zip\/(photos\/)?0\.png,/);
});

test("a folder streams to a table; a file that cannot be read is named and hides none", async () => {
  const { code, stdout, stderr } = await fovea(folder, "predict", "cost.keras", "loose", "--out", "many.csv");
  assert.equal(code, 1);
  assert.match(stderr, /loose\/05\.png/);
  assert.match(stdout, /\n\.\.\. 9 more\n\nWritten: many\.csv/);
  const lines = readFileSync(join(folder, "many.csv"), "utf8").trim().split("\n");
  assert.deepEqual([lines.length, lines[0]], [30, "image,cost"]);
  const answers = await predictions("cost.keras", "loose/05.png", "loose/06.png");
  const { error, ...refused } = answers[0]!;
  assert.deepEqual(refused, { image: "loose/05.png", task: "regression", accepted: false, code: "not-an-image" });
  assert.equal(typeof error, "string");
  assert.equal(answers[1]!.accepted, true);
});

test("a pattern that matches a folder and its files names each image once", async () => {
  const images = await predictions("cost.keras", "set/**");
  assert.equal(images.filter(({ image }) => image === "set/photos/0.png").length, 1);
});

test("--labels of a model whose answers are no classes is refused", async () => {
  writeFileSync(join(folder, "names.txt"), "x\ny\n");
  const { code, stderr } = await fovea(folder, "predict", "labels.keras", "set/mask.png", "--labels", "names.txt");
  assert.equal(code, 1);
  assert.match(stderr, /--labels names classes, and labels\.keras has dent, a,b; leave it out/);
});

test("explanations are of labels and targets by name", async () => {
  const shown = async (...args: readonly string[]): Promise<Entry> =>
    (await json<{ pictures: Entry[] }>("explain", ...args)).pictures[0]!;
  const label = await shown("labels.keras", "set/photos/1.png", "--class", "dent");
  assert.deepEqual([label.label, label.probability], ["dent", 0.5]);
  assert.equal(
    (await shown("labels.keras", "set/photos/3.png", "--method", "saliency")).label,
    "a,b",
    "the most probable",
  );
  const target = await shown("both.keras", "set/photos/1.png", "--class", "dents", "--method", "occlusion");
  assert.deepEqual([target.target, (target.value as number).toFixed(2)], ["dents", "1.80"]);
  assert.equal((await shown("both.keras", "set/photos/1.png")).target, "cost", "the first target");
  const wrong = await fovea(folder, "explain", "both.keras", "set/photos/1.png", "--class", "rust");
  assert.match(
    wrong.stderr,
    /there is no target rust; expected a number from 0 to 1 or a target name, such as cost, dents/,
  );
});

test("evaluate has the figures of each task", async () => {
  const cost = await json<Record<string, number | string>>("evaluate", "cost.keras", "set");
  assert.equal(cost.task, "regression");
  const predicted = [0, 0.2, 0.4, 0.6].map((level) => 100 * Math.exp(2 * level));
  const actual = [120.5, 140.25, 230, 310];
  const mse = actual.reduce((sum, value, i) => sum + (value - predicted[i]!) ** 2, 0) / 4;
  assert.ok(Math.abs((cost.rmse as number) - Math.sqrt(mse)) < 1e-2);
  for (const key of ["d2", "mae", "gini", "loss"]) assert.equal(typeof cost[key], "number", key);
  const labels = await json<{ task: string; f1: number; auc: number; labels: Entry[] }>(
    "evaluate",
    "labels.keras",
    "set",
  );
  assert.deepEqual([labels.task, labels.labels.map(({ label }) => label)], ["multiLabel", ["dent", "a,b"]]);
  assert.ok(labels.f1 >= 0 && labels.auc >= 0);
  const text = await fovea(folder, "evaluate", "labels.keras", "set");
  assert.match(text.stdout, /label +precision +recall +F1 +AUC +threshold +images/);
  assert.match(text.stdout, /Images with a wrong label/);
});

test("rows of a manifest without an image are named, ten of them, and hide no other", async () => {
  const bad = ["", "http://server/a.png", "../a.png", "photos/9.png"];
  const rows = ["photos/0.png,much", ...bad.map((path) => `${path},`), "photos/3.png,", "photos/0.png,"];
  writeFileSync(join(folder, "set/new.csv"), `path,exposure\n${rows.join("\n")}\n`);
  const { code, stdout, stderr } = await fovea(folder, "predict", "cost.keras", "set/new.csv", "--json");
  assert.equal(code, 1);
  const { predictions } = JSON.parse(stdout) as { readonly predictions: readonly Entry[] };
  assert.deepEqual(
    predictions.map(({ image, accepted }) => [image, accepted]),
    [
      ["set/photos/0.png", true],
      ["line 3", false],
      ...bad.slice(1).map((path) => [path, false]),
      ["set/photos/3.png", true],
      ["set/photos/0.png", true],
    ],
  );
  assert.deepEqual(
    predictions.slice(1, 5).map(({ error }) => error),
    [
      "set/new.csv: line 3 has no path; fill it in",
      "set/new.csv: http://server/a.png in line 4 is an address, which is never fetched; download the file first",
      "set/new.csv: ../a.png in line 5 leads out of the manifest's folder; move the manifest above its images",
      "set/new.csv: photos/9.png in line 6 leads to no file; paths are relative to the manifest's folder",
    ],
  );
  const many = Array.from({ length: 14 }, (_, i) => `no/${i}.png`);
  writeFileSync(join(folder, "set/many.csv"), `path\nphotos/1.png\n${many.join("\n")}\n`);
  const told = await fovea(folder, "predict", "cost.keras", "set/many.csv");
  assert.equal(told.code, 1);
  assert.match(told.stdout, /set\/photos\/1\.png/);
  assert.equal(told.stderr.match(/leads to no file/g)?.length, 10);
  assert.match(told.stderr, /\.\.\. 4 more have no answer; --json names them all/);
  assert.ok(stderr.includes("leads to no file"));
});

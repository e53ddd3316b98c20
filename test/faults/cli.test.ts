// Mistakes of users and failures of their disks: one sentence each, an exit code, and nothing left behind.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { encodeHanzi, hanziImage } from "../../src/data/index.js";
import { readKerasArchive, writeNpy } from "../../src/formats/index.js";
import { type Ended, fovea, workplace } from "../cli/fovea.js";

let directory = "";
const inside = (path: string): string => join(directory, path);

/** A handwritten character as a PNG. */
const png = (character: string, index: number): Uint8Array => encodeHanzi(hanziImage("Train", character, index));

/** Writes images `folder/CLASS/1.png`... so many of each class. */
function images(folder: string, counts: Readonly<Record<string, number>>): void {
  for (const [character, count] of Object.entries(counts)) {
    mkdirSync(inside(`${folder}/${character}`), { recursive: true });
    for (let i = 1; i <= count; i++) writeFileSync(inside(`${folder}/${character}/${i}.png`), png(character, i));
  }
}

const TINY = ["--image-size", "16x16", "--batch-size", "4", "--epochs", "1"];

/** The command fails with that code and one sentence, without a stack trace, and leaves no run behind. */
function fails({ code, stdout, stderr }: Ended, expected: number, sentence: RegExp): void {
  assert.equal(code, expected, stderr);
  const said = stderr.split("\n").filter((line) => line.startsWith("fovea: "));
  assert.equal(said.length, 1, stderr);
  assert.match(said[0]!, sentence);
  assert.doesNotMatch(stderr, /^\s+at /m, "no stack trace");
  assert.doesNotMatch(stderr, /unexpected error/);
  assert.doesNotMatch(stdout, /^\s+at /m);
  assert.ok(!existsSync(inside("runs")), "no run is left behind");
}

before((t) => {
  directory = workplace(t as Parameters<typeof workplace>[0]);
  images("good", { 人: 6, 口: 6, 山: 6 });
  mkdirSync(inside("models"));
});

test("a folder without images", async () => {
  mkdirSync(inside("empty/人"), { recursive: true });
  fails(await fovea(directory, "train", "empty"), 1, /empty holds no images; expected one folder per class/);
  fails(await fovea(directory, "inspect", "empty"), 1, /empty holds no images/);
  fails(
    await fovea(directory, "train", "nowhere"),
    1,
    /nowhere: there is no such file or folder; give a folder of images/,
  );
});

test("one class only", async () => {
  images("alone", { 人: 3 });
  fails(await fovea(directory, "train", "alone"), 1, /images of one class only \(人\); expected at least two/);
});

test("a truncated PNG and a text file named .png are named, or left out with --skip-bad", async () => {
  images("damaged", { 人: 5, 口: 5 });
  writeFileSync(inside("damaged/人/cut.png"), png("人", 9).subarray(0, 300));
  writeFileSync(inside("damaged/口/words.png"), "these are words");
  const ended = await fovea(directory, "train", "damaged", ...TINY);
  fails(ended, 1, /2 of 12 images cannot be decoded: 人\/cut\.png \(.*\), 口\/words\.png \(.*\); .*--skip-bad/);
  const skipped = await fovea(directory, "train", "damaged", ...TINY, "--skip-bad", "--out", "models/skipped");
  assert.equal(skipped.code, 0, skipped.stderr);
  assert.match(skipped.stderr, /left out damaged\/人\/cut\.png/);
});

test("a class with a single image under a split", async () => {
  images("single", { 人: 5, 口: 1 });
  fails(await fovea(directory, "train", "single", ...TINY), 1, /class 口 has a single image.*at least two/);
});

test("wrong option values list those that are allowed, and exit with 2", async () => {
  const size = await fovea(directory, "train", "good", "--image-size", "0x60");
  fails(size, 2, /'--image-size <HxW>' argument '0x60' is invalid.*80x60/);
  fails(await fovea(directory, "train", "good", "--mode", "quick"), 2, /Allowed choices are reproducible, fast/);
  fails(await fovea(directory, "train", "good", "--model", "vgg"), 2, /logistic, cnn, cnn-normalized, lenet5/);
  fails(await fovea(directory, "train", "good", "--monitor", "val_acc"), 2, /Allowed choices are val_loss/);
  fails(await fovea(directory, "train", "good", "--epochs", "none"), 2, /at least 1/);
  fails(await fovea(directory, "train", "good", "--validation-split", "1"), 2, /below 1/);
  fails(await fovea(directory, "train", "good", "--colour", "rgb"), 2, /unknown option '--colour'/);
  fails(await fovea(directory, "bench", "speed"), 2, /Allowed choices are step, infer/);
  fails(await fovea(directory, "train"), 2, /expected a folder of images/);
  fails(await fovea(directory, "trainn", "good"), 2, /unknown command 'trainn'/);
  fails(await fovea(directory, "train", "--resume", "models/skipped", "--epochs", "9"), 2, /leave out --epochs/);
});

test("a model file that is none", async () => {
  writeFileSync(inside("models/words.keras"), "not a model");
  writeFileSync(inside("models/image.keras"), png("人", 1));
  const image = "good/人/1.png";
  fails(await fovea(directory, "predict", "models/words.keras", image), 1, /words\.keras is not a \.keras file/);
  fails(await fovea(directory, "evaluate", "models/image.keras", "good"), 1, /is not a \.keras file.*an image/);
  fails(await fovea(directory, "predict", "models/none.keras", image), 1, /there is no model at models\/none\.keras/);
  fails(await fovea(directory, "summary", "good"), 1, /good has no model\.keras/);
  fails(await fovea(directory, "summary", "vgg"), 1, /there is no model vgg.*logistic, cnn/);
});

test("a model whose input does not fit the images, or whose classes do not", async () => {
  const made = await fovea(directory, "train", "good", ...TINY, "--out", "models/three");
  assert.equal(made.code, 0, made.stderr);
  const recipe = JSON.parse(readFileSync(inside("models/three/recipe.json"), "utf8")) as Record<string, unknown>;
  const config = await readKerasConfig(inside("models/three/model.keras"));
  writeFileSync(inside("fixed.json"), JSON.stringify({ ...recipe, model: { config } }));
  const other = await fovea(directory, "train", "good", "--model", "fixed.json", "--image-size", "20x20");
  fails(other, 1, /the model expects images \[16, 16, 1\] \(height, width, channels\), these are \[20, 20, 1\]/);
  images("strange", { 木: 3, 水: 3 });
  fails(await fovea(directory, "evaluate", "models/three", "strange"), 1, /not among the 3 expected classes/);
  const two = await fovea(directory, "train", "strange", "--model", "fixed.json");
  fails(two, 1, /has outputs \[3\], the images have 2 classes/);
});

test("a rank-3 input to predict is told to add a batch axis", async () => {
  const shape = [16, 16, 1];
  const pixels = new Float32Array(256);
  writeFileSync(inside("one.npy"), writeNpy({ dtype: "float32", shape, data: pixels }));
  const ended = await fovea(directory, "predict", "models/three", "one.npy");
  assert.equal(ended.code, 1);
  assert.match(
    ended.stderr,
    /^one\.npy: expected input of rank 4 \[batch, 16, 16, 1\], received \[16, 16, 1\]; add a batch axis with expandDims/m,
  );
  writeFileSync(inside("batch.npy"), writeNpy({ dtype: "float32", shape: [1, ...shape], data: pixels }));
  const right = await fovea(directory, "predict", "models/three", "batch.npy", "--json");
  assert.equal(right.code, 0, right.stderr);
  const { predictions } = JSON.parse(right.stdout) as { predictions: { image: string }[] };
  assert.deepEqual(
    predictions.map(({ image }) => image),
    ["batch.npy[0]"],
  );
});

test("a run's folder is not written over, and a folder that is no run is not resumed", async () => {
  const before = readdirSync(inside("models/three")).sort();
  fails(await fovea(directory, "train", "good", ...TINY, "--out", "models/three"), 1, /models\/three exists already/);
  assert.deepEqual(readdirSync(inside("models/three")).sort(), before);
  fails(await fovea(directory, "train", "--resume", "good"), 1, /good is not the folder of a run/);
  fails(await fovea(directory, "replay", "nowhere"), 1, /nowhere is not the folder of a run/);
});

test("images that have changed since are not taken for those of the run", async () => {
  writeFileSync(inside("good/人/7.png"), png("人", 7));
  fails(await fovea(directory, "replay", "models/three"), 1, /the images in good are not those of the run/);
  fails(await fovea(directory, "train", "--resume", "models/three"), 1, /are not those of the run/);
});

test("--debug adds where an error came from", async () => {
  const { code, stderr } = await fovea(directory, "inspect", "nowhere", "--debug");
  assert.equal(code, 1);
  assert.match(stderr, /^ {4}at /m);
});

/** The model's config out of a .keras file. */
async function readKerasConfig(path: string): Promise<unknown> {
  return (await readKerasArchive(readFileSync(path))).config;
}

// `fovea similar`: any model finds the image that was scaled or saved again among others, and tells copies apart from
// images that only look the same.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { encode } from "fast-png";
import { openEmbedder } from "../../src/experiment/pretrained/embedding.js";
import { saveKeras } from "../../src/formats/index.js";
import { sequential } from "../../src/index.js";
import { conv2d, dense, flatten, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";
import { fovea, workplace } from "./fovea.js";

const SIDE = 24;

/** Stripes of a width and colour; `brighter` changes every pixel a little. */
function stripes(width: number, colour: readonly [number, number, number], brighter = 0): Uint8Array {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const on = Math.floor((i % SIDE) / width) % 2 === 0;
    for (const [c, value] of colour.entries()) data[3 * i + c] = Math.min(255, (on ? value : 20) + brighter);
  }
  return encode({ width: SIDE, height: SIDE, data, channels: 3 });
}

let model: Uint8Array;
let shallow: Uint8Array;
before(async () => {
  const image = () => [input([SIDE, SIDE, 3]), rescaling(1 / 255)];
  const net = sequential([...image(), conv2d(16, 3, { activation: "relu" }), globalAveragePooling2d(), dense(3)]);
  model = await saveKeras(net);
  shallow = await saveKeras(sequential([input([SIDE, SIDE, 3]), dense(2), flatten(), dense(3)]));
});

function photos(folder: string): void {
  mkdirSync(join(folder, "old"), { recursive: true });
  mkdirSync(join(folder, "new", "deeper"), { recursive: true });
  writeFileSync(join(folder, "model.keras"), model);
  writeFileSync(join(folder, "old", "red.png"), stripes(3, [230, 40, 30]));
  writeFileSync(join(folder, "old", "blue.png"), stripes(4, [20, 60, 240]));
  writeFileSync(join(folder, "old", "green.png"), stripes(6, [30, 220, 60]));
  writeFileSync(join(folder, "new", "red-again.png"), stripes(3, [230, 40, 30], 3));
  copyFileSync(join(folder, "old", "blue.png"), join(folder, "new", "deeper", "copy.png"));
  writeFileSync(join(folder, "new", "notes.txt"), "no image");
}

test("the image that was changed a little comes first, its copies before all others", async (t) => {
  const folder = workplace(t);
  photos(folder);
  const { code, stdout } = await fovea(
    folder,
    "similar",
    "old",
    "new/red-again.png",
    "--model",
    "model.keras",
    "--json",
  );
  assert.equal(code, 0);
  const { similar } = JSON.parse(stdout) as { similar: { image: string; similarity: number }[] };
  assert.equal(similar.length, 3);
  assert.equal(similar[0]!.image, "old/red.png");
  assert.ok(similar[0]!.similarity > 0.99 && similar[1]!.similarity < similar[0]!.similarity);
  const table = await fovea(folder, "similar", "old", "new/red-again.png", "--model", "model.keras", "--top", "1");
  assert.match(table.stdout, /alike +image\n.*\n? *0\.99\d\d +old\/red\.png\n$/);
});

test("duplicates across folders are found, and copies of a file told from images that look the same", async (t) => {
  const folder = workplace(t);
  photos(folder);
  const args = ["similar", "old", "new", "--duplicates", "--above", "0.995", "--model", "model.keras"];
  const { stdout } = await fovea(folder, ...args, "--json");
  const { images, pairs } = JSON.parse(stdout) as {
    images: number;
    pairs: { images: [string, string]; identical: boolean; similarity: number }[];
  };
  assert.equal(images, 5);
  assert.deepEqual(
    pairs.map((pair) => [...pair.images, pair.identical]),
    [
      ["old/blue.png", "new/deeper/copy.png", true],
      ["old/red.png", "new/red-again.png", false],
    ],
  );
  const none = await fovea(folder, "similar", "old", "--duplicates", "--above", "0.9999", "--model", "model.keras");
  assert.equal(none.stdout, "No duplicates.\n");
});

test("a folder that is named twice has no duplicates in itself", async (t) => {
  const folder = workplace(t);
  photos(folder);
  symlinkSync(join(folder, "new"), join(folder, "new", "deeper", "up"), "junction");
  symlinkSync(join(folder, "new"), join(folder, "link"), "junction");
  const { stdout, stderr } = await fovea(
    folder,
    ...["similar", "new/deeper", "./new", "link", "new", "--duplicates", "--model", "model.keras", "--json"],
  );
  assert.deepEqual(JSON.parse(stdout), { images: 2, pairs: [] }, stderr);
});

test("vectors are kept by what an image file holds, and computed again when the file of them is damaged", async (t) => {
  const folder = workplace(t);
  photos(folder);
  const ask = () => fovea(folder, "similar", "old", "new/red-again.png", "--model", "model.keras", "--json");
  const first = await ask();
  const [name, ...others] = readdirSync(join(folder, ".cache")).filter((file) => file.endsWith(".vectors"));
  assert.deepEqual(others, []);
  const path = join(folder, ".cache", name!);
  const whole = readFileSync(path);
  const { ino } = statSync(path);
  assert.equal((await ask()).stdout, first.stdout);
  assert.equal(statSync(path).ino, ino, "nothing was computed again");
  writeFileSync(path, whole.subarray(0, whole.length - 4));
  assert.equal((await ask()).stdout, first.stdout);
  assert.deepEqual(readFileSync(path), whole);
  writeFileSync(join(folder, "old", "red.png"), stripes(5, [230, 40, 30]));
  assert.notEqual((await ask()).stdout, first.stdout, "another image under the same name");
  await fovea(folder, "similar", "old", "new/red-again.png", "--model", "model.keras", "--layer", "rescaling");
  assert.equal(readdirSync(join(folder, ".cache")).filter((file) => file.endsWith(".vectors")).length, 2);
});

test("features are what the deciding layer takes in, or those of a layer by name, averaged over maps", async (t) => {
  const folder = workplace(t);
  photos(folder);
  const path = join(folder, "model.keras");
  for (const [options, size] of [
    [{}, 16],
    [{ layer: "conv2d" }, 16],
    [{ layer: "rescaling" }, 3],
  ] as const) {
    const embedder = await openEmbedder(path, options);
    assert.equal(embedder.size, size);
    const [vector] = await embedder.embed([join(folder, "old", "red.png")]);
    const length = Math.sqrt(vector!.reduce((total, v) => total + v * v, 0));
    assert.ok(Math.abs(length - 1) < 1e-6);
    await embedder.close();
  }
  writeFileSync(path, shallow);
  assert.equal((await openEmbedder(path)).size, SIDE * SIDE * 2);
});

test("mistakes get one sentence", async (t) => {
  const folder = workplace(t);
  photos(folder);
  mkdirSync(join(folder, "empty"));
  const said = async (...args: string[]) => fovea(folder, "similar", ...args, "--model", "model.keras");
  assert.match((await said("old")).stderr, /expected a folder and an image, received old; folders alone/);
  assert.match((await said("nowhere", "new/red-again.png")).stderr, /nowhere is no folder/);
  assert.match((await said("empty", "new/red-again.png")).stderr, /empty: there are no images in it/);
  assert.match((await said("old", "new/notes.txt")).stderr, /^fovea: .*notes\.txt.*\n$/);
});

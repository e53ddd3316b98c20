// Imports: IDX and GNT files become class folders of PNG with the same pixels, whole or not at all, in a free folder only.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { importImages, loadImage, loadImages } from "../../src/data/index.js";
import { folderNames } from "../../src/data/sources/import.js";
import { gntBytes, gntSamples } from "../../tools/make-gnt.js";
import { write } from "../cases/class-folders.js";
import { fovea, workplace } from "../cli/fovea.js";
import { temporaryFolder } from "./folder-fixture.js";

/** Two parts of IDX files: so many pictures of 2 x 3 pixels. */
function idxFiles(train: number, tested: number): Record<string, Uint8Array> {
  const header = (...axes: number[]): number[] => [
    0,
    0,
    8,
    axes.length,
    ...axes.flatMap((extent) => [0, 0, 0, extent]),
  ];
  const images = (count: number, first: number): Uint8Array =>
    Uint8Array.of(...header(count, 2, 3), ...Array.from({ length: 6 * count }, (_, i) => (first + i * 7) % 256));
  const labels = (count: number): Uint8Array =>
    Uint8Array.of(...header(count), ...Array.from({ length: count }, (_, i) => i % 2));
  return {
    "train-images-idx3-ubyte": images(train, 0),
    "train-labels-idx1-ubyte": labels(train),
    "t10k-images-idx3-ubyte": images(tested, 100),
    "t10k-labels-idx1-ubyte": labels(tested),
  };
}

test("IDX pairs become Train and Test with the same pixels", async () => {
  const source = write(temporaryFolder(), idxFiles(6, 4));
  const out = join(temporaryFolder(), "out");
  const done: number[] = [];
  const totals = await importImages("mnist-idx", source, out, { limit: 5, onProgress: (count) => done.push(count) });
  assert.deepEqual(totals, { images: 9, classes: 2, parts: { test: 4, train: 5 } });
  assert.deepEqual(readdirSync(out), ["Test", "Train"]);
  const train = await loadImages(join(out, "Train"), { cache: false });
  assert.deepEqual(
    [train.x.shape, train.classNames],
    [
      [5, 2, 3, 1],
      ["0", "1"],
    ],
  );
  assert.deepEqual(
    [...(await loadImage(join(out, "Train/0/2.png"))).data],
    Array.from({ length: 6 }, (_, i) => (12 + i) * 7),
  );
  assert.equal(done.at(-1), 9);
  await assert.rejects(importImages("mnist-idx", source, out), /out is not empty; give a new or an empty folder/);
  await assert.rejects(
    importImages("casia-gnt", source, join(out, "x")),
    /import casia-gnt: expected GNT files \(\.gnt\) at .*, but .* has pairs of IDX files: 10 images.*; give their folder/,
  );
  const fresh = join(out, "x");
  await assert.rejects(
    importImages("mnist-idx", source, fresh, { limit: 0 }),
    /import limit: expected a whole number of at least 1, received 0/,
  );
  await assert.rejects(
    importImages("mnist" as "mnist-idx", source, fresh),
    /import format: expected one of casia-gnt, /,
  );
  const none = write(temporaryFolder(), idxFiles(0, 0));
  await assert.rejects(importImages("mnist-idx", none, fresh), /import mnist-idx: .* holds no images; copy its files/);
});

test("GNT files become a folder for each character, under names that every system takes", async () => {
  const samples = gntSamples("东a/A鸟", 2);
  const source = write(temporaryFolder(), { "1001-c.gnt": gntBytes(samples) });
  const out = join(temporaryFolder(), "out");
  assert.deepEqual(await importImages("casia-gnt", source, out), { images: 10, classes: 5, parts: {} });
  assert.deepEqual(readdirSync(out).sort(), ["U+002F", "U+0041", "a", "东", "鸟"]);
  const second = await loadImage(join(out, "鸟/2.png"));
  const { width, height, pixels } = samples[9]!;
  assert.deepEqual([second.shape, [...second.data]], [[height, width, 1], [...pixels]]);
});

test("names of folders", () => {
  const names = folderNames(["a", "A", "B", ".", "con", "é", "?", " "]);
  assert.deepEqual(Object.fromEntries(names), {
    ...{
      a: "a",
      A: "U+0041",
      B: "B",
      ".": "U+002E",
      con: "U+0063 U+006F U+006E",
      é: "é",
      "?": "U+003F",
      " ": "U+0020",
    },
  });
});

test("nothing is left of an import that fails or is broken off", async () => {
  const source = write(temporaryFolder(), { "1.gnt": gntBytes(gntSamples("东鸟", 80)) });
  const root = temporaryFolder();
  const stop = new AbortController();
  const options = { signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) };
  await assert.rejects(importImages("casia-gnt", source, join(root, "out"), options), /enough/);
  assert.deepEqual(readdirSync(root), []);
});

test("fovea import", async (t) => {
  const cwd = workplace(t);
  write(cwd, { ...idxFiles(6, 4), "notes.txt": "x" });
  const { stdout, code } = await fovea(cwd, "import", "mnist-idx", ".", "--out", "out", "--quiet");
  assert.deepEqual([code, stdout], [0, "Wrote 10 images of 2 classes to out: 6 in Train, 4 in Test.\n"]);
  const json = await fovea(cwd, "import", "mnist-idx", ".", "--out", "two", "--limit", "1", "--json");
  assert.deepEqual(JSON.parse(json.stdout), { out: "two", images: 2, classes: 1, parts: { test: 1, train: 1 } });
  const bad = await fovea(cwd, "import", "casia-gnt", "notes.txt", "--out", "three");
  assert.deepEqual([bad.code, bad.stdout], [1, ""]);
  assert.match(bad.stderr, /notes\.txt is no source of images/);
  assert.equal((await fovea(cwd, "import", "mnist", ".", "--out", "four")).code, 2);
});

// `fovea inspect` of what has no classes: loose images, single files, samples as pictures of text.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { baselineLine } from "../../src/cli/terminal/experiment.js";
import { sampleRow } from "../../src/cli/terminal/image.js";
import { encodeHanzi, hanziImage, imageFileFacts } from "../../src/data/index.js";
import { pictureRow, textPicture } from "../../src/report/text/picture.js";
import { fovea, workplace } from "./fovea.js";

const EXIF = fileURLToPath(new URL("../../../test/data/fixtures/exif.jpg", import.meta.url));

test("a folder of loose images is inspected without classes", async (t) => {
  const folder = workplace(t);
  mkdirSync(join(folder, "photos/2024"), { recursive: true });
  for (const path of ["a.png", "b.png", "2024/c.png"])
    writeFileSync(join(folder, "photos", path), encodeHanzi(hanziImage("Train", "人", path.length)));
  writeFileSync(join(folder, "photos/notes.txt"), "words");
  const { code, stdout, stderr } = await fovea(folder, "inspect", "photos", "--json", "--out", "photos.html");
  assert.equal(code, 0, stderr);
  const { class_names, splits } = JSON.parse(stdout) as {
    class_names: string[];
    splits: { images: number; problems: { path: string }[] }[];
  };
  assert.deepEqual(class_names, []);
  assert.equal(splits[0]!.images, 3);
  assert.deepEqual(
    splits[0]!.problems.map(({ path }) => path),
    ["notes.txt"],
  );
  assert.match((await fovea(folder, "inspect", "photos", "--samples", "2")).stdout, /There are no class folders/);
});

test("a single file is told with its shape, its values, its EXIF entries and a picture", async (t) => {
  const folder = workplace(t);
  cpSync(EXIF, join(folder, "exif.jpg"));
  const { code, stdout, stderr } = await fovea(folder, "inspect", "exif.jpg");
  assert.equal(code, 0, stderr);
  // Stored 6 wide and 4 high, and to be turned.
  assert.match(stdout, /^exif\.jpg: JPEG, 4 wide and 6 high, turned upright \(EXIF orientation 6\), mode L, 8 bits/);
  assert.match(stdout, /^shape \(6, 4, 1\), dtype uint8, values from \d+ to \d+, mean [\d.]+$/m);
  assert.match(stdout, /^ {2}Model +Camera 5$/m);
  assert.match(stdout, /^ {2}UserComment +a\ufffd\[31mb$/m);
  // Dark on the right after turning: as ink on paper.
  assert.match(stdout, /^ .*@$/m);
  const told = JSON.parse((await fovea(folder, "inspect", "exif.jpg", "--pixels", "--json")).stdout) as {
    metadata: Record<string, string>;
    pixels: number[][][];
  };
  assert.equal(told.metadata.DateTimeOriginal, "2024:05:06 07:08:09");
  assert.deepEqual([told.pixels.length, told.pixels[0]!.length, told.pixels[0]![0]!.length], [6, 4, 1]);
  for (const quiet of [[], ["--quiet"]])
    assert.match((await fovea(folder, "inspect", "exif.jpg", "--pixels", ...quiet)).stdout, /^array\(\[\[\[ *\d+\],$/m);
  const wrong = await fovea(folder, "inspect", "exif.jpg", "--samples", "3");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--samples: expected a folder, exif\.jpg is a file/);
});

test("samples of a class stand in one row; a class that is not there is told", async (t) => {
  const folder = workplace(t);
  for (const character of ["人", "口"]) {
    mkdirSync(join(folder, "set", character), { recursive: true });
    for (let i = 1; i <= 3; i++)
      writeFileSync(join(folder, "set", character, `${i}.png`), encodeHanzi(hanziImage("Train", character, i)));
  }
  const { stdout } = await fovea(folder, "inspect", "set", "--class", "口", "--samples", "2");
  assert.match(stdout, /^口 +口$/m);
  const wrong = await fovea(folder, "inspect", "set", "--class", "山");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^fovea: set has no class "山"; it has 人 口$/m);
});

test("pictures: two rows of pixels a line, in colour or as ink", () => {
  const image = { height: 3, width: 2, channels: 1, data: Uint8Array.of(0, 255, 0, 255, 255, 0) };
  assert.deepEqual(textPicture(image, { color: false }), ["@ ", " +"]);
  const [upper] = textPicture(image, { color: true });
  assert.equal(upper, "\u001b[38;2;0;0;0;48;2;0;0;0m▀\u001b[38;2;255;255;255;48;2;255;255;255m▀\u001b[0m");
  const row = pictureRow(
    [
      { title: "a\nlong title", image },
      { title: "太", image },
    ],
    { color: false },
  );
  assert.deepEqual(row, ["a…  太", "@   @", " +   +"]);
});

test("samples that a line has no room for stand below, and no line is longer than the terminal", () => {
  const image = { height: 2, width: 30, channels: 1, data: new Uint8Array(60) };
  const samples = Array.from({ length: 40 }, (_, i) => ({ classIndex: -1, path: `${i}.png`, image }));
  for (const columns of [40, 80, 120]) {
    const lines = sampleRow(samples, [], columns, false).split("\n");
    assert.ok(lines.every((line) => line.length <= columns));
    assert.equal(lines.join(" ").match(/\d+\.png/g)!.length, 40);
  }
});

test("the line about the commonest class stays one line, whatever the class is called", () => {
  assert.equal(baselineLine("Test ", "a\nb\u001b[2J", 0.5), "Test Accuracy of always saying a b\ufffd[2J: 0.5000");
});

test("an image file's facts and pixels come out of one reading", async () => {
  const read = promises.readFile;
  const paths: unknown[] = [];
  promises.readFile = ((path: string) => {
    paths.push(path);
    return read(path);
  }) as typeof read;
  syncBuiltinESMExports();
  try {
    assert.deepEqual((await imageFileFacts(EXIF)).pixels.shape, [6, 4, 1]);
  } finally {
    promises.readFile = read;
    syncBuiltinESMExports();
  }
  // Modules and decoders are read by their URLs.
  assert.deepEqual(
    paths.filter((path) => typeof path === "string"),
    [EXIF],
  );
});

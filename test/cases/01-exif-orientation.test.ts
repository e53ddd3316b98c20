// One picture stored in all eight EXIF orientations, in JPEG, PNG and WebP: every loader of everything new turns it
// upright, inspect counts it, and what older recipes say nothing about they do not do.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { zlibSync } from "fflate";
import {
  decodeImage,
  type ImageDataset,
  inspectFolder,
  loadImage,
  loadImages,
  type MemoryStore,
  type Orientation,
} from "../../src/data/index.js";
import { loadData } from "../../src/experiment/data/experiment-data.js";
import { replayCode } from "../../src/experiment/recipe/replay-code.js";
import { isOfTable, type Preprocessing, readRecipe } from "../../src/formats/run/recipe.js";
import { fovea, workplace } from "../cli/fovea.js";
import { fixtureImage } from "../data/folder-fixture.js";
import {
  exifSegment,
  exifWith,
  joined,
  jpegOf,
  picture,
  pngOf,
  segment,
  storedAs,
  withChunk,
  withSegments,
} from "./made-images.js";

const UPRIGHT = picture();
const ALL: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
const mean = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
};

const jpegFile = (orientation: Orientation): Uint8Array =>
  withSegments(jpegOf(storedAs(UPRIGHT, orientation)), exifSegment(exifWith(orientation)));
const pngFile = (orientation: Orientation): Uint8Array =>
  withChunk(pngOf(storedAs(UPRIGHT, orientation)), "eXIf", exifWith(orientation));

/** The fixture with another orientation in its EXIF chunk. */
function webpFile(orientation: Orientation): Uint8Array {
  const bytes = fixtureImage("webp-orientation.webp");
  const at = Buffer.from(bytes).indexOf(Uint8Array.of(0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6));
  assert.ok(at > 0);
  bytes[at + 9] = orientation;
  return bytes;
}

/** Upright and sideways pictures as two classes. */
function writeSet(folder: string): string {
  for (const orientation of ALL) {
    const group = orientation < 5 ? "upright" : "sideways";
    const files = { jpg: jpegFile(orientation), png: pngFile(orientation) };
    for (const [extension, bytes] of Object.entries(files)) {
      const path = join(folder, group, `o${orientation}.${extension}`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
  }
  return folder;
}

test("all eight orientations come upright, from JPEG and PNG with either byte order", async () => {
  for (const orientation of ALL) {
    const png = await loadImage(pngFile(orientation));
    assert.deepEqual(png.shape, [60, 90, 3]);
    assert.deepEqual([...png.data], [...UPRIGHT.data], `PNG ${orientation}`);
    const jpeg = await loadImage(jpegFile(orientation));
    assert.deepEqual(jpeg.shape, [60, 90, 3]);
    assert.ok(mean(jpeg.data, UPRIGHT.data) < 3, `JPEG ${orientation}`);
    const big = exifWith(orientation, { littleEndian: false, type: 4, gap: 300 });
    const other = await loadImage(withChunk(pngOf(storedAs(UPRIGHT, orientation)), "eXIf", big, "last"));
    assert.deepEqual([...other.data], [...UPRIGHT.data], `behind the pixels, big-endian, ${orientation}`);
  }
});

test("all eight orientations come upright from WebP", async () => {
  const stored = await decodeImage(webpFile(1), "webp");
  for (const orientation of ALL) {
    const image = await loadImage(webpFile(orientation));
    const [height, width] = image.shape as [number, number, number];
    assert.deepEqual([height, width], orientation < 5 ? [23, 37] : [37, 23]);
    // Stored again as that orientation says, it is what lies in the file.
    const again = storedAs({ width, height, channels: 3, data: image.data }, orientation);
    assert.deepEqual([...again.data], [...stored.data], `WebP ${orientation}`);
  }
});

test("where the EXIF data lie and how they are written changes nothing; damaged ones leave the image as it is", async () => {
  const jpeg = jpegOf(storedAs(UPRIGHT, 6));
  const png = pngOf(storedAs(UPRIGHT, 6));
  const exif = exifWith(6);
  const profile = `\nexif\n${String(exif.length + 6).padStart(8)}\n${Buffer.from(joined("Exif\0\0", exif)).toString("hex")}\n`;
  const text = "Raw profile type exif\0";
  const upright = {
    "after other segments": withSegments(
      jpeg,
      segment(0xfe, new Uint8Array(60_000)),
      segment(0xe1, joined("http://ns.adobe.com/xap/1.0/\0<x/>")),
      exifSegment(exif),
    ),
    "the first of two": withSegments(jpeg, exifSegment(exif), exifSegment(exifWith(3))),
    "behind junk between segments": withSegments(jpeg, segment(0xfe, joined("a")), joined("hello"), exifSegment(exif)),
    "a long": withSegments(jpeg, exifSegment(exifWith(6, { type: 4 }))),
    "Exif before it in PNG": withChunk(png, "eXIf", joined("Exif\0\0", exif)),
    "as packed text in PNG": withChunk(png, "zTXt", joined(text, "\0", zlibSync(joined(profile)))),
    "as text in PNG": withChunk(png, "tEXt", joined(text, profile)),
  };
  for (const [name, bytes] of Object.entries(upright))
    assert.deepEqual((await loadImage(bytes)).shape, [60, 90, 3], name);
  const asStored = {
    "0 is none": exifWith(0),
    "9 is none": exifWith(9),
    "a wrong mark": joined("IX", exif.subarray(2)),
    "a directory beyond the end": Uint8Array.from(exif, (byte, i) => (i === 4 ? 250 : byte)),
    "cut off in the directory": exif.subarray(0, 24),
    "two bytes": exif.subarray(0, 2),
    nothing: new Uint8Array(0),
  };
  for (const [name, data] of Object.entries(asStored)) {
    assert.deepEqual((await loadImage(withSegments(jpeg, exifSegment(data)))).shape, [90, 60, 3], name);
    assert.deepEqual((await loadImage(withChunk(png, "eXIf", data))).shape, [90, 60, 3], name);
  }
});

test("a folder of them is one size, and inspect counts them by headers alone and with pixels", async (t) => {
  const folder = writeSet(join(workplace(t), "set"));
  const data = await loadImages(folder, { color: "rgb", cache: false });
  assert.deepEqual(data.x.shape, [16, 60, 90, 3]);
  for (let i = 0; i < 16; i++) assert.ok(mean(data.x.data.subarray(i * 16_200, (i + 1) * 16_200), UPRIGHT.data) < 3);
  assert.deepEqual([new Set(data.heights), new Set(data.widths)], [new Set([60]), new Set([90])]);
  for (const verify of [false, true]) {
    const { splits } = await inspectFolder(folder, { verify });
    assert.equal(splits[0]!.turned, 14);
    assert.deepEqual([new Set(splits[0]!.heights), new Set(splits[0]!.widths)], [new Set([60]), new Set([90])]);
    assert.deepEqual(splits[0]!.problems, []);
  }
});

test("on the command line: inspect says it, train turns images and keeps that in the model, predict turns them as well", async (t) => {
  const folder = workplace(t);
  writeSet(join(folder, "set"));
  const inspected = await fovea(folder, "inspect", "set");
  assert.match(
    inspected.stdout,
    /14 images of 16 stored turned or mirrored \(EXIF orientation\): Fovea turns them upright/,
  );
  const json = JSON.parse((await fovea(folder, "inspect", "set", "--json")).stdout);
  assert.deepEqual(
    [json.splits[0].exif_turned, json.splits[0].heights, json.verified],
    [14, { min: 60, max: 60 }, true],
  );
  const train = await fovea(
    folder,
    "train",
    "set",
    "--model",
    "logistic",
    "--epochs",
    "1",
    "--image-size",
    "12x18",
    "--color",
    "rgb",
    "--out",
    "run",
  );
  assert.equal(train.code, 0, train.stderr);
  const recipe = readRecipe(readFileSync(join(folder, "run/recipe.json")));
  assert.ok(!isOfTable(recipe.preprocessing));
  assert.deepEqual([recipe.preprocessing.orientation, recipe.preprocessing.depth], ["exif", "scaled"]);
  assert.doesNotMatch(replayCode(recipe), /orientation|depth|crop/);
  assert.match(replayCode({ ...recipe, preprocessing: { ...recipe.preprocessing, crop: "fit" } }), /crop: "fit"/);
  const files = ALL.map((orientation) => `set/${orientation < 5 ? "upright" : "sideways"}/o${orientation}.png`);
  const { predictions } = JSON.parse((await fovea(folder, "predict", "run", ...files, "--json")).stdout);
  for (const { top } of predictions) assert.deepEqual(top, predictions[0].top, "eight times the same picture");
});

test("a recipe that says nothing of orientation takes images as they are stored", async (t) => {
  const folder = writeSet(join(workplace(t), "set"));
  const before = { imageSize: [60, 90], color: "rgb", interpolation: "nearest" } as const;
  const split = { validation: 0.25, seed: 1 };
  const pixelsOf = ({ images }: ImageDataset): Uint8Array => (images as MemoryStore).x.data;
  const load = (preprocessing: Preprocessing) => loadData({ train: folder }, preprocessing, split, { cache: false });
  const old = (await load(before)).folders.train.samples;
  const stored = await loadImages(folder, {
    ...{ height: 60, width: 90, color: "rgb", interpolation: "nearest", cache: false },
    ...{ orientation: "stored", depth: "cut" },
  });
  assert.deepEqual(pixelsOf(old), stored.x.data);
  assert.equal(old.heights[old.files.indexOf("sideways/o6.png")], 90);
  const now = (await load({ ...before, orientation: "exif" })).folders.train.samples;
  assert.ok(mean(pixelsOf(now), pixelsOf(old)) > 20);
});

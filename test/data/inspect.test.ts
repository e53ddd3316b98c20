// Facts about folders: counts, sizes, modes and extremes by headers alone; damage and duplicates when verified.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectFolder } from "../../src/data/index.js";
import { fill, fixtureImage, SMALL, temporaryFolder } from "./folder-fixture.js";

const inTrain = Object.fromEntries(Object.entries(SMALL).map(([path, name]) => [`Train/${path}`, name]));

test("a folder with splits", async () => {
  const folder = await fill(temporaryFolder(), {
    ...inTrain,
    "Test/东/1.png": "png-0-16-plain.png",
    "Test/东/2.png": new TextEncoder().encode("text"),
    "Test/鸟/1.png": "png-1x1-adam7.png",
    "Test/鸟/2.png": "png-4-8-plain.png",
    "Test/鸟/notes.txt": Uint8Array.of(1),
  });
  const seen: string[] = [];
  const { splits, duplicates, verified } = await inspectFolder(folder, {
    verify: false,
    onProgress: (...args) => seen.push(args.join(" ")),
  });
  assert.deepEqual(seen, ["Train 6 6", "Test 4 4"]);
  assert.equal(verified, false);
  assert.deepEqual([splits[0]!.turned, splits[0]!.deep, splits[1]!.deep], [0, 0, 1]);
  assert.deepEqual(duplicates, []);
  const [train, held] = splits;
  assert.ok(train !== undefined && held !== undefined && splits.length === 2);
  assert.deepEqual([train.name, train.count, train.folder], ["Train", 6, `${folder}/Train`]);
  assert.deepEqual(train.classes, [
    { name: "东", count: 3 },
    { name: "鸟", count: 3 },
  ]);
  assert.deepEqual(train.modes, [
    { mode: "RGB", count: 3 },
    { mode: "RGBA", count: 2 },
    { mode: "P", count: 1 },
  ]);
  assert.deepEqual([...train.heights], [11, 11, 23, 23, 23, 23]);
  assert.deepEqual(train.problems, []);
  assert.deepEqual(held.count, 4);
  assert.deepEqual(held.smallest, { path: "鸟/1.png", height: 1, width: 1 });
  assert.deepEqual(held.largest, { path: "东/1.png", height: 11, width: 13 });
  assert.deepEqual([...held.widths], [13, 1, 13], "what cannot be read has no size");
  assert.deepEqual(
    held.problems.map(({ path }) => path),
    ["东/2.png", "鸟/notes.txt"],
  );
});

test("verifying finds damage behind the header and images that occur twice", async () => {
  const folder = await fill(temporaryFolder(), {
    ...inTrain,
    "Train/鸟/cut.png": fixtureImage("png-2-8-plain.png").slice(0, 300),
    "Test/东/9.png": SMALL["东/2.png"],
    "Test/鸟/1.gif": "gif-noise.gif",
  });
  const quick = await inspectFolder(folder, { verify: false });
  assert.deepEqual(quick.splits[0]!.problems, [], "the header of the cut image is whole");
  const { splits, duplicates } = await inspectFolder(folder, { verify: true });
  assert.deepEqual(
    splits[0]!.problems.map(({ path }) => path),
    ["鸟/cut.png"],
  );
  assert.deepEqual(duplicates, [["Test/东/9.png", "Train/东/2.png"]]);
});

test("a folder without splits, and a header longer than the first look", async () => {
  // A JPEG with 60,000 bytes of application data before its frame header.
  const jpeg = fixtureImage("jpeg-grey.jpg");
  const padding = new Uint8Array(60_004);
  padding.set([0xff, 0xed, 60_002 >> 8, 60_002 & 255]);
  const long = Uint8Array.from([...jpeg.subarray(0, 2), ...padding, ...jpeg.subarray(2)]);
  const folder = await fill(temporaryFolder(), { ...SMALL, "鸟/long.jpg": long });
  const { splits } = await inspectFolder(folder);
  assert.equal(splits.length, 1);
  assert.deepEqual(
    splits[0]!.modes.find(({ mode }) => mode === "L"),
    { mode: "L", count: 1 },
  );
  assert.deepEqual(splits[0]!.problems, []);
});

// Scanning image folders: order, Unicode, hidden files, splits, and a sentence for each way to get it wrong.
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { displayTree, findSplits, inspectFolder, scanImageFolder } from "../../src/data/index.js";
import { fill, SMALL, temporaryFolder } from "./folder-fixture.js";

const says = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof FoveaError, String(error));
  assert.match(error.message, pattern);
  return true;
};

test("classes and files come in code-point order, hidden ones and strangers left out", async () => {
  const folder = await fill(temporaryFolder(), {
    ...SMALL,
    "𠀀/a.png": "png-0-8-plain.png",
    "Ａ/deep/er/b.png": "png-0-8-plain.png",
    "Ａ/a.png": "png-0-8-plain.png",
    "鸟/.hidden.png": "png-0-8-plain.png",
    ".cache/x.png": "png-0-8-plain.png",
    "鸟/Thumbs.db": Uint8Array.of(1),
    空: null,
    "readme.txt": Uint8Array.of(65),
  });
  const seen: number[] = [];
  const { classNames, files, problems } = await scanImageFolder(folder, { onProgress: (images) => seen.push(images) });
  // U+4E1C, U+9E1F, U+FF21, U+20000: by UTF-16 units the last would come third, by localeCompare who knows.
  assert.deepEqual(classNames, ["东", "鸟", "Ａ", "𠀀"]);
  assert.deepEqual(
    files.map(({ path, classIndex }) => `${classIndex} ${path}`),
    [
      "0 东/10.png",
      "0 东/2.png",
      "0 东/photo.JPG",
      "1 鸟/1.gif",
      "1 鸟/2.bmp",
      "1 鸟/3.webp",
      "2 Ａ/a.png",
      "2 Ａ/deep/er/b.png",
      "3 𠀀/a.png",
    ],
  );
  assert.deepEqual(problems, [
    { path: "readme.txt", reason: "a file outside of the class folders" },
    { path: "空", reason: "a class folder without images" },
    { path: "鸟/Thumbs.db", reason: "not an image by its extension" },
  ]);
  assert.deepEqual(seen, [3, 3, 6, 8, 9]);
});

test("expected classes give the indices, and strangers are refused", async () => {
  const folder = await fill(temporaryFolder(), SMALL);
  const { classNames, files } = await scanImageFolder(folder, { classNames: ["鸟", "马", "东"] });
  assert.deepEqual(classNames, ["鸟", "马", "东"]);
  assert.deepEqual(
    files.map((file) => file.classIndex),
    [2, 2, 2, 0, 0, 0],
  );
  await assert.rejects(
    scanImageFolder(folder, { classNames: ["东", "马"] }),
    says(/has 1 class folder that is not among the 2 expected classes: 鸟; remove it, or train with it/),
  );
});

test("bad folders are told in a sentence", async () => {
  const root = temporaryFolder();
  await assert.rejects(
    scanImageFolder(join(root, "nothing")),
    says(/data folder .*nothing does not exist; give a folder/),
  );
  await assert.rejects(findSplits(join(root, "nothing")), says(/does not exist/));
  await assert.rejects(scanImageFolder(root), says(/holds no images; expected one folder per class/));
  await fill(root, { "notes/a.txt": Uint8Array.of(1), "file.png": "png-0-8-plain.png" });
  await assert.rejects(scanImageFolder(root), says(/holds images and no class folders; give a folder that holds one/));
  await assert.rejects(scanImageFolder(join(root, "file.png")), says(/file.png is a file; give a folder/));
  await fill(root, { "cats/a.png": "png-0-8-plain.png" });
  await assert.rejects(scanImageFolder(root), says(/has images of one class only \(cats\); expected at least two/));
});

test("splits are found in any case, and are not taken for classes", async () => {
  const root = await fill(temporaryFolder(), {
    "TRAIN/a/1.png": "png-0-8-plain.png",
    "val/a/1.png": "png-0-8-plain.png",
  });
  assert.deepEqual(await findSplits(root), { train: `${root}/TRAIN`, validation: `${root}/val` });
  assert.deepEqual(await findSplits(await fill(temporaryFolder(), SMALL)), {});
  await assert.rejects(
    scanImageFolder(root),
    says(/holds splits and no classes; load .*TRAIN and .*val each by itself/),
  );
});

test("a folder of trains is a class, not a split", async () => {
  const root = await fill(temporaryFolder(), {
    "bus/1.png": "png-0-8-plain.png",
    "train/1.png": "png-0-8-plain.png",
  });
  assert.deepEqual(await findSplits(root), {});
  assert.deepEqual((await scanImageFolder(root)).classNames, ["bus", "train"]);
  assert.deepEqual(
    (await inspectFolder(root)).splits.map(({ count, classes }) => [count, classes.length]),
    [[2, 2]],
  );
});

test("displayTree draws text order and cuts the middle out", async () => {
  const folder = join(temporaryFolder(), "set");
  await fill(folder, {
    "Train/鸟/1.png": Uint8Array.of(1),
    "Train/鸟/10.png": Uint8Array.of(1),
    "Train/鸟/2.png": Uint8Array.of(1),
    "Test/东/1.png": Uint8Array.of(1),
    ".x": Uint8Array.of(1),
  });
  const whole = [
    "set/",
    "├── Test/",
    "│   └── 东/",
    "│       └── 1.png",
    "└── Train/",
    "    └── 鸟/",
    "        ├── 1.png",
    "        ├── 10.png",
    "        └── 2.png",
  ];
  assert.deepEqual(await displayTree(folder), whole);
  assert.deepEqual(await displayTree(`${folder}/`, { maxEntries: 9 }), whole);
  assert.deepEqual(await displayTree(folder, { maxEntries: 6 }), [...whole.slice(0, 3), "...", ...whole.slice(6)]);
});

test("links in a circle end: what a class has already is a problem, and is drawn once", async () => {
  const folder = join(temporaryFolder(), "set");
  await fill(folder, {
    "a/1.png": "png-0-8-plain.png",
    "a/more/2.png": "png-0-8-plain.png",
    "b/1.png": "png-0-8-plain.png",
  });
  symlinkSync(folder, join(folder, "a", "up"), "junction");
  symlinkSync(join(folder, "a", "more"), join(folder, "a", "again"), "junction");
  symlinkSync(join(folder, "a", "more"), join(folder, "b", "others"), "junction");
  const { files, problems } = await scanImageFolder(folder);
  assert.deepEqual(
    files.map(({ path }) => path),
    ["a/1.png", "a/again/2.png", "b/1.png", "b/others/2.png"],
  );
  const reason = "a folder that the class has already, or that it lies in";
  assert.deepEqual(problems, [
    { path: "a/more", reason },
    { path: "a/up", reason },
  ]);
  assert.deepEqual(await displayTree(folder), [
    "set/",
    "├── a/",
    "│   ├── 1.png",
    "│   ├── again/",
    "│   │   └── 2.png",
    "│   ├── more/",
    "│   └── up/",
    "└── b/",
    "    ├── 1.png",
    "    └── others/",
  ]);
});

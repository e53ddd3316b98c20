// Findings in a folder's arrangement: tables that are not read, two folders for one part, folders without images.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { copyFindings, inspectFolder, loadImages, openSource } from "../../src/data/index.js";
import { photos, write } from "../cases/class-folders.js";
import { temporaryFolder } from "./folder-fixture.js";

const CLASSES = { ...photos("a", 2), ...photos("b", 2, 10) };
const evidence = async (folder: string): Promise<string[]> =>
  (await inspectFolder(folder)).findings.map((finding) => finding.evidence);

test("a table in the folder, or one beside it that names its images, is told; others are not", async () => {
  const root = temporaryFolder();
  const inside = write(join(root, "inside"), { ...CLASSES, "labels.csv": "file,label\n0.png,x\n" });
  assert.deepEqual(await evidence(inside), [
    `the table ${inside}/labels.csv lies beside the images and is not read: classes are the names of folders`,
  ]);
  const beside = write(join(root, "x/beside"), CLASSES);
  write(join(root, "x"), { "beside.csv": "path;label\nbeside/a/0.png;x\n", "sales.csv": "month,sum\n1,2\n" });
  write(join(root, "x"), { "empty.csv": "" });
  assert.deepEqual(
    (await inspectFolder(beside)).findings.map(({ kind, files }) => [kind, files]),
    [["table", [`${root}/x/beside.csv`]]],
  );
  const loose = write(join(root, "loose"), { "1.png": photos("a", 1)["a/0.png"]!, "labels.csv": "file,label\n" });
  await assert.rejects(loadImages(loose), /no class folders, and a table, labels\.csv, which is not read/);
});

test("a second folder for a part, and a class folder without images, are told", async () => {
  const folder = write(temporaryFolder(), {
    ...photos("Train/a", 2),
    ...photos("Train/b", 2, 10),
    "Train/c/photo.heic": "no image that we read",
    ...photos("val/a", 1, 20),
    ...photos("val/b", 1, 30),
    ...photos("valid/a", 1, 40),
  });
  assert.deepEqual(await evidence(folder), [
    `the folder ${folder}/Train/c holds no image that can be read and is no class`,
    "the folder valid is not used: its part of the data is taken from val",
  ]);
});

test("images beside a folder of annotations without images are no class", async () => {
  const folder = write(temporaryFolder(), { ...photos("images", 2), "labels/0.txt": "0 0.5 0.5 1 1" });
  await assert.rejects(loadImages(folder), /images in the folder images only, and labels holds none, as annotations/);
});

test("x and y are letters, and their folders are classes", async () => {
  const letters = { ...photos("x", 3), ...photos("y", 3, 10) };
  assert.deepEqual((await inspectFolder(write(temporaryFolder(), letters))).findings, []);
});

test("a part that is trained on or inspected alone says nothing of the parts beside it", async () => {
  const folder = write(temporaryFolder(), {
    ...{ ...photos("Train/a", 2), ...photos("Train/b", 2, 10) },
    ...{ ...photos("Test/a", 1, 20), ...photos("Test/b", 1, 30) },
  });
  assert.deepEqual(await evidence(join(folder, "Train")), []);
  assert.deepEqual(await evidence(join(folder, "Test")), []);
  write(folder, photos("Training/a", 1, 40));
  assert.deepEqual(await evidence(join(folder, "Train")), [
    "the folder Training is not used: its part of the data is taken from Train",
  ]);
});

test("the files of findings are paths below the folder of the data", async () => {
  const folder = write(temporaryFolder(), {
    ...{ ...photos("Train/a", 2), ...photos("Train/B", 2, 10), ...photos("Train/b", 2, 50) },
    ...{ ...photos("Test/a", 1, 20), ...photos("Test/b", 1, 30), ...photos("testing/a", 1, 30) },
    ...{ "Test/empty/notes.txt": "x", "Train/labels.csv": "file,label\n" },
  });
  const { findings } = await inspectFolder(folder, { verify: false });
  assert.deepEqual(
    findings.map(({ kind, files }) => [kind, files]),
    [
      ["spelling", ["Train/B", "Train/b", "Test/b"]],
      ["class", ["Train/B"]],
      ["empty", ["Test/empty"]],
      ["split", ["testing"]],
      ["table", ["Train/labels.csv"]],
    ],
  );
});

test("a part with one class has this class, and the counts of the others are 0", async () => {
  const folder = write(temporaryFolder(), {
    ...{ ...photos("Train/a", 2), ...photos("Train/b", 2, 10), ...photos("Test/b", 3, 20) },
  });
  const { splits } = await inspectFolder(folder);
  assert.deepEqual(splits[1]!.classes, [{ name: "b", count: 3 }]);
  const { listing } = await openSource(folder);
  assert.deepEqual(listing.columns.class, ["a", "a", "b", "b", "b", "b", "b"]);
  const loose = write(temporaryFolder(), { ...photos("Train/images", 2), ...photos("Test/images", 2, 10) });
  assert.deepEqual((await inspectFolder(loose)).splits[1]!.classes, []);
});

test("a copy in folders of one name in two Unicode forms has one class", () => {
  const part = (name: string, className: string) => ({
    ...{ name, files: [`${className}/1.png`], hashes: ["same"], classes: [className] },
  });
  const kinds = (second: string) =>
    copyFindings([part("training", "\u00fc"), part("test", second)]).map(({ kind }) => kind);
  assert.deepEqual([kinds("u\u0308"), kinds("u")], [["leak"], ["leak", "label"]]);
});

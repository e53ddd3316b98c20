// Masks and objects are told from the layout of a folder, as people have them; class folders and columns of a manifest stay what they
// are, and what has both is asked about.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { inferPlaces } from "../../src/data/index.js";
import { inferTask } from "../../src/experiment/index.js";

const COCO = JSON.stringify({ images: [], categories: [], annotations: [] });
const VOC = "<annotation><filename>1.jpg</filename></annotation>";
const four = (folder: string, extension = "jpg"): string[] => [1, 2, 3, 4].map((i) => `${folder}${i}.${extension}`);

/** Files of a folder, those without contents empty, with the kind and the reason that are told. */
const LAYOUTS: Readonly<Record<string, { files: Readonly<Record<string, string>>; told?: string }>> = {
  "a folder of masks": {
    files: names(four("images/"), four("masks/", "png")),
    told: "masks: data/masks has masks for 4 of 4 images",
  },
  "masks in class folders": {
    files: names(four("images/crack/"), four("masks/crack/", "png")),
    told: "masks: data/masks has masks for 4 of 4 images",
  },
  "masks of parts": {
    files: names(four("train/images/"), four("train/masks/"), four("test/images/"), four("test/masks/")),
    told: "masks: data/masks has masks for 8 of 8 images",
  },
  "COCO beside images": {
    files: { ...names(four("images/")), "annotations.json": COCO },
    told: "boxes: data/annotations.json lists the objects on the images",
  },
  "COCO of parts, images beside": {
    files: { ...names(four("train/"), four("valid/")), "train/_annotations.coco.json": COCO },
    told: "boxes: data/train/_annotations.coco.json lists the objects on the images",
  },
  "Pascal VOC, a few of whose images have masks": {
    files: { ...names(four("JPEGImages/"), ["SegmentationClass/1.png"]), "Annotations/1.xml": VOC },
    told: "boxes: data/Annotations/1.xml lists the objects on the images",
  },
  YOLO: {
    files: { ...names(four("images/"), ["labels/1.txt"]), "labels/2.txt": "0 0.5 0.5 0.1 0.1\n" },
    told: "boxes: data/labels/2.txt lists the objects on the images",
  },
  "a table of boxes": {
    files: { ...names(four("")), "boxes.csv": "file,label,xmin,ymin,xmax,ymax\n1.jpg,a,0,0,1,1\n" },
    told: "boxes: data/boxes.csv lists the objects on the images",
  },
  "a table of boxes beside class folders": {
    files: {
      ...names(four("Train/crack/"), four("Test/crack/")),
      "boxes.csv": "file,label,xmin,ymin,xmax,ymax\nTrain/crack/1.jpg,a,0,0,1,1\n",
    },
    told: "classes: the images of data lie in folders of classes, and data/boxes.csv lists the objects on the images",
  },
  "a manifest whose only column is of masks": {
    files: { ...names(four("images/")), "manifest.csv": "path,mask,group\nimages/1.jpg,masks/1.png,a\n" },
    told: "masks: the only column of targets in data/manifest.csv is mask, of masks",
  },
  "a manifest of paths beside masks": {
    files: { ...names(four("images/"), four("masks/")), "manifest.csv": "path,split\nimages/1.jpg,train\n" },
    told: "masks: data/masks has masks for 4 of 4 images",
  },
  "a manifest with targets, beside masks": {
    files: { ...names(four("images/"), four("masks/")), "manifest.csv": "path,class\nimages/1.jpg,a\n" },
  },
  "class folders": { files: names(four("cat/"), four("dog/"), ["LICENSE.txt"]) },
  "class folders of parts, with notes": {
    files: { ...names(four("Train/cat/"), four("Train/dog/"), four("Test/cat/")), "notes.json": '{ "by": "me" }' },
  },
  "classes of people with and without a mask": { files: names(four("mask/"), four("no_mask/")) },
  "captions beside images": { files: { ...names(four("images/")), "images/1.txt": "a cat", "images/2.txt": "" } },
};

function names(...lists: readonly (readonly string[])[]): Record<string, string> {
  return Object.fromEntries(lists.flat().map((name) => [name, ""]));
}

/** Runs work where a folder `data` has some files. */
async function within<T>(files: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "fovea-places-"));
  const before = process.cwd();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "data", name)), { recursive: true });
    writeFileSync(join(folder, "data", name), content);
  }
  process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
}

for (const [name, { files, told }] of Object.entries(LAYOUTS))
  test(`${name}: ${told === undefined ? "nothing on the images is told" : told.split(":")[0]}`, async () => {
    const found = await within(files, () => inferPlaces("data"));
    assert.equal(found && `${found.kind}: ${found.because}`, told);
  });

test("the task is said with its reason, and masks beside objects are asked about", async () => {
  const masks = { ...names(four("images/"), four("masks/")) };
  const [only, table, missing] = await within(
    { ...masks, "claims.csv": "age,cost\n30,1\n" },
    async () => [await inferTask("data"), await inferTask("data/claims.csv"), await inferTask("nowhere")] as const,
  );
  assert.deepEqual(only, {
    task: "segmentation",
    sentence:
      "data/masks has masks for 4 of 4 images, so the task is segmentation and the folders are no classes; --task says otherwise",
  });
  assert.deepEqual([table, missing], [undefined, undefined]);
  await within({ ...masks, "annotations.json": COCO }, () =>
    assert.rejects(
      inferTask("data"),
      /^FoveaError: data has masks in masks and objects in annotations.json; say --task segmentation or --task detection$/,
    ),
  );
});

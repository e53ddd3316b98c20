// Masks are no classes and no photos: a folder of them beside the photos is refused, a mask beside each photo is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectFolder } from "../../src/data/index.js";
import { makeRecipe } from "../../src/experiment/recipe/recipe.js";
import { fovea, workplace } from "../cli/fovea.js";
import { load, mask, PLAN, photo, photos, write } from "./class-folders.js";

/** Files of two folders with the same names. */
function pairs(photoFolder: string, maskFolder: string, ending = ""): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 6; i++) {
    files[`${photoFolder}/${i}.png`] = photo(i);
    files[`${maskFolder}/${i}${ending}.png`] = mask(i);
  }
  return files;
}

for (const [photoFolder, maskFolder, ending] of [
  ["images", "masks", ""],
  ["image", "mask", "_mask"],
  ["imgs", "labels", ""],
  ["photos", "annotations", "-gt"],
  ["JPEGImages", "SegmentationClass", ""],
] as const)
  test(`${photoFolder} beside ${maskFolder} are no classes`, async (t) => {
    const folder = write(workplace(t), pairs(photoFolder, maskFolder, ending));
    const { findings } = await inspectFolder(folder);
    assert.deepEqual(
      findings.map(({ kind, severity, files }) => [kind, severity, files]),
      [["masks", "error", [photoFolder, maskFolder]]],
    );
    assert.match(findings[0]!.evidence, /no classes: they hold 6 pairs .* look like masks \(two values only\)/);
    const data = await load(folder);
    assert.throws(() => makeRecipe(PLAN, data), /are no classes: .*one folder for each class/);
  });

test("train says that they are no classes, and refuses them as such before a run's folder is made", async (t) => {
  const folder = workplace(t);
  write(folder, pairs("set/images", "set/masks"));
  const how = ["--image-size", "8x8", "--epochs", "1", "--out"];
  const told = await fovea(folder, "train", "set", ...how, "masks");
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /has masks for 6 of 6 images, so the task is segmentation and the folders are no classes/);
  const { code, stderr } = await fovea(folder, "train", "set", "--task", "classification", ...how, "run");
  assert.equal(code, 1);
  assert.match(stderr, /images and masks are no classes/);
  assert.equal((await fovea(folder, "report", "run")).code, 1, "there is no run");
});

test("images with class folders in them are pointed out as what to train on", async (t) => {
  const folder = write(workplace(t), { ...pairs("images/a", "masks/a"), ...pairs("images/b", "masks/b") });
  const [finding] = (await inspectFolder(folder)).findings;
  assert.match(finding!.remedy, /use the folder .*images with its class folders/);
});

test("masks beside photos of the same name are told by inspect and by train", async (t) => {
  const files: Record<string, Uint8Array> = {};
  for (const name of ["crack", "free"])
    for (let i = 0; i < 5; i++) {
      files[`${name}/exp${i}.bmp.png`] = photo(i + (name === "free" ? 50 : 0));
      files[`${name}/exp${i}.bmp_mask.png`] = mask(i + (name === "free" ? 4 : 0));
    }
  const folder = write(workplace(t), files);
  for (const { findings } of [await inspectFolder(folder), await load(folder)]) {
    const found = findings.filter(({ kind }) => kind === "masks");
    assert.deepEqual(
      found.map(({ severity }) => severity),
      ["warning"],
    );
    assert.match(found[0]!.evidence, /^20 of 20 images come in pairs .* looks like a mask \(two values only\)/);
  }
});

test("classes that are called so by chance, and pairs of photos, are left in peace", async (t) => {
  const byChance = write(workplace(t), { ...photos("images", 4), ...renamed(photos("masks", 4, 10)) });
  assert.deepEqual((await inspectFolder(byChance)).findings, []);
  const photosOnly = write(workplace(t), { "a/1.png": photo(1), "a/1.gt.png": photo(2), ...photos("b", 2, 5) });
  assert.deepEqual((await inspectFolder(photosOnly)).findings, []);
});

const renamed = (files: Record<string, Uint8Array>): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.replace(/\/(\d)/, "/other$1"), bytes]));

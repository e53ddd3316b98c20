// Images with masks: which file belongs to which, and what the values of masks mean.
import assert from "node:assert/strict";
import { test } from "node:test";
import { classMaps, openListing, openMasked, withoutMasks } from "../../src/data/index.js";
import { palettePng } from "../../src/data/palette-png.js";
import { CLASS_COLORS } from "../../src/report/class-colors.js";
import { pngBytes } from "../../src/report/images/png.js";
import { mask, photo, write } from "../cases/class-folders.js";
import { workplace } from "../cli/fovea.js";

const grey = (values: readonly number[]): Uint8Array =>
  pngBytes({ height: 1, width: values.length, channels: 1, data: Uint8Array.from(values) });

test("images and masks of the same names, also within folders, by a manifest or its column", async (t) => {
  const folder = workplace(t);
  write(`${folder}/plain`, {
    "images/b.png": photo(1),
    "images/a.png": photo(2),
    "masks/a_mask.png": mask(1),
    "masks/b.png": mask(2),
  });
  const { listing, sentence } = await openMasked(`${folder}/plain`);
  assert.deepEqual(
    listing.images.map(({ path }) => path),
    ["images/a.png", "images/b.png"],
  );
  assert.deepEqual(
    listing.masks!.images.map(({ path }) => path),
    ["masks/a_mask.png", "masks/b.png"],
  );
  assert.match(sentence, /has images and masks: 2 images\.$/);
  write(`${folder}/classes`, {
    ...{
      "images/crack/1.png": photo(1),
      "images/hole/1.png": photo(2),
      "masks/crack/1.png": mask(1),
      "masks/hole/1.png": mask(2),
    },
    "classes.txt": "ground\ncrack\nhole\n",
  });
  const { masks } = (await openMasked(`${folder}/classes`)).listing;
  assert.deepEqual(masks!.folders, ["crack", "hole"]);
  assert.deepEqual(masks!.classNames, ["ground", "crack", "hole"]);
  write(`${folder}/parts`, {
    ...{
      "images/train/1.png": photo(1),
      "images/val/1.png": photo(2),
      "masks/train/1.png": mask(1),
      "masks/val/1.png": mask(2),
    },
  });
  assert.deepEqual((await openMasked(`${folder}/parts`)).listing.split, ["train", "validation"]);
  write(`${folder}/listed`, {
    ...{ "a.png": photo(1), "b.png": photo(2), "x.png": mask(1), "y.png": mask(2) },
    "manifest.csv": "path,drawn,group\na.png,y.png,g1\nb.png,x.png,g2\n",
  });
  const named = (await openMasked(`${folder}/listed`, {}, "drawn")).listing;
  assert.deepEqual(
    named.masks!.images.map(({ path }) => path),
    ["y.png", "x.png"],
  );
  assert.deepEqual(named.group, ["g1", "g2"]);
  await assert.rejects(openMasked(`${folder}/listed`, {}, "mask"), /no column mask with the paths of masks/);
  await assert.rejects(openMasked(`${folder}/listed`), /2 of 2 images have no mask: a\.png, b\.png; add the masks/);
});

test("images without a mask, and folders without masks, are one sentence", async (t) => {
  const folder = workplace(t);
  write(folder, { "images/a.png": photo(1), "images/b.png": photo(2), "masks/a.png": mask(1) });
  await assert.rejects(openMasked(folder), /1 of 2 images has no mask: images\/b\.png/);
  write(`${folder}/photos`, { "images/a.png": photo(1) });
  await assert.rejects(openMasked(`${folder}/photos`), /found 1 image and 0 masks/);
  write(`${folder}/two`, { "images/a.png": photo(1), "masks/a.png": mask(1), "masks/a_mask.png": mask(2) });
  await assert.rejects(openMasked(`${folder}/two`), /are masks of one image; keep one of them/);
});

const maps = (values: readonly number[], more: object = {}) => {
  const data = Uint8Array.from(values);
  const { targets, sentence } = classMaps({
    ...{ where: "masks", files: ["a", "b"], height: 1, width: values.length / 2, values: data },
    ...more,
  });
  return { names: targets.classNames, values: Array.from(targets.values), sentence };
};

test("two values are a background and a class, that of the folder where there are folders", () => {
  assert.deepEqual(maps([0, 255, 0, 0]), {
    names: ["background", "object"],
    values: [0, 1, 0, 0],
    sentence: "masks have two values, 0 for background and 255 for object",
  });
  const byFolder = maps([0, 255, 255, 0], { folders: ["hole", "crack"] });
  assert.deepEqual(
    [byFolder.names, byFolder.values],
    [
      ["background", "crack", "hole"],
      [0, 2, 1, 0],
    ],
  );
  const free = maps([0, 255, 0, 0], { folders: ["crack", "free"] });
  assert.deepEqual(free.names, ["background", "crack"], "a folder of empty masks is no class");
  assert.throws(
    () => maps([0, 255, 0, 0], { folders: ["x", "y"], expected: ["bg", "a", "b"] }),
    /the folder x is no class/,
  );
  assert.throws(() => maps([0, 0, 0, 0]), /all pixels of 2 masks are 0/);
});

test("numbers are classes, 255 is ignored, and strange values are named", () => {
  const { names, values, sentence } = maps([0, 2, 255, 1]);
  assert.deepEqual(
    [names, values],
    [
      ["background", "class 1", "class 2"],
      [0, 2, 255, 1],
    ],
  );
  assert.match(sentence, /numbers of 3 classes; 255 is ignored/);
  assert.throws(
    () => maps([0, 2, 255, 1], { classNames: ["a", "b"] }),
    /the value 2 has no name among the 2 classes a, b/,
  );
  assert.throws(() => maps([0, 90, 180, 7]), /expected class numbers 0, 1, 2 .*found 4 values up to 180/);
});

test("two values with blurred edges are two values, pictures are none", () => {
  const blurred = [
    ...new Array<number>(5000).fill(0),
    ...Array.from({ length: 100 }, (_, i) => 20 + 2 * i),
    ...new Array<number>(900).fill(255),
  ];
  const { names, values, sentence } = maps(blurred);
  assert.deepEqual(names, ["background", "object"]);
  assert.equal(
    values.reduce((a, b) => a + b, 0),
    900 + blurred.filter((value) => value >= 128 && value < 255).length,
  );
  assert.match(sentence, /edges are blurred, and values from 128 on count as 255/);
  assert.throws(() => maps(Array.from({ length: 512 }, (_, i) => i % 256)), /found 256 values up to 254/);
});

test("palette and grey masks give their numbers, colours are refused", async (t) => {
  const data = Uint8Array.of(0, 1, 2, 255);
  const folder = write(workplace(t), {
    "p.png": palettePng({ height: 1, width: 4, data }, CLASS_COLORS),
    "g.png": grey([...data]),
    "c.png": pngBytes({ height: 1, width: 1, channels: 3, data: Uint8Array.of(1, 2, 3) }),
  });
  const open = (path: string) =>
    openListing(
      { where: folder, images: [{ path, size: 0, source: `${folder}/${path}` }], columns: {}, findings: [] },
      { color: "numbers", interpolation: "nearest", cache: false, threads: 0 },
    );
  for (const path of ["p.png", "g.png"]) {
    const { data: read } = await (await open(path)).images.rows(Int32Array.of(0));
    assert.deepEqual(Array.from(read), [...data]);
  }
  await assert.rejects(open("c.png"), /it has colours and no palette; a mask is grey or has a palette/);
  // Pillow's colours of a palette PNG are those of Pascal VOC.
  assert.deepEqual([...CLASS_COLORS.subarray(0, 12)], [0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0]);
  assert.deepEqual([...CLASS_COLORS.subarray(765)], [224, 224, 192]);
});

test("masks are told from photos by their folders and names together", () => {
  const paired = ["/x/images/a.jpg", "/x/masks/a.png", "/x/images/deep/b.jpg", "/x/masks/deep/b_mask.png"];
  assert.deepEqual(withoutMasks(paired), ["/x/images/a.jpg", "/x/images/deep/b.jpg"]);
  // A class may be called so, and another folder of photos is none of its photos.
  const classes = ["mask/1.jpg", "images/2.jpg", "a/masks/3.jpg", "b/images/3.jpg"];
  assert.deepEqual(withoutMasks(classes), classes);
});

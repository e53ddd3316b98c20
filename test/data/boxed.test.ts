// Images with objects, as sources: annotation files in every format that has boxes, tables of boxes, manifests beside them; and what
// cannot be used is said in a sentence.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import {
  type AnnotationSet,
  boxTargets,
  encodePng,
  openBoxed,
  readAnnotations,
  writeAnnotations,
  writeHail,
} from "../../src/data/index.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-boxed-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, content: Uint8Array | string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const picture = (height: number, width: number): Uint8Array =>
  encodePng({ dtype: "uint8", shape: [height, width, 1], data: new Uint8Array(height * width) });

const SET: AnnotationSet = {
  categories: [{ name: "cat" }, { name: "dog" }],
  images: [
    {
      ...{ name: "images/a.png", width: 40, height: 20 },
      objects: [
        { category: 1, box: [0, 5, 10, 10] },
        { category: 0, box: [20, 0, 20, 20] },
      ],
    },
    { name: "images/b.png", width: 16, height: 32, objects: [{ category: 0, box: [4, 8, 8, 16] }] },
  ],
};

for (const format of ["coco", "voc", "yolo", "cvat", "labelme", "label-studio"] as const)
  test(`${format}: annotations beside images give their objects`, async () => {
    for (const { name, width, height } of SET.images) put(`${format}/${name}`, picture(height, width));
    for (const [path, bytes] of await writeAnnotations(format, SET)) put(`${format}/${path}`, bytes);
    const { listing, kind } = await openBoxed(join(folder, format));
    assert.equal(kind, "boxes");
    const { categories, images } = listing.boxes!;
    assert.deepEqual(
      listing.images.map(({ path }) => path),
      ["images/a.png", "images/b.png"],
    );
    const told = images.map(({ objects }) =>
      objects.map(({ category, box }) => [
        categories[category]!.name,
        ...box.map((value) => Math.round(value * 100) / 100),
      ]),
    );
    assert.deepEqual(told, [
      [
        ["dog", 0, 5, 10, 10],
        ["cat", 20, 0, 20, 20],
      ],
      [["cat", 4, 8, 8, 16]],
    ]);
    const { targets } = boxTargets(listing.boxes!, Int32Array.of(1, 0), ["b", "a"], ["cat", "dog"]);
    assert.equal(targets.most, 2);
    assert.deepEqual([...targets.sizes], [32, 16, 20, 40]);
    assert.deepEqual([...targets.values.subarray(0, 10)], [0, 0.5, 0.5, 0.5, 0.5, -1, 0, 0, 0, 0]);
    assert.deepEqual([...targets.values.subarray(10, 15)], [1, 0.125, 0.5, 0.25, 0.5]);
  });

test("a table of boxes, parts by folders, and images that nobody annotated", async () => {
  for (const path of ["Train/x/1.png", "Train/x/2.png", "Test/x/3.png", "Test/x/4.png"])
    put(`table/${path}`, picture(10, 10));
  const rows = [
    "file,label,xmin,ymin,xmax,ymax",
    "Train/x/1.png,hole,1,1,5,9",
    "Train/x/1.png,dent,8,8,14,12",
    "Train/x/2.png,,,,,",
    "Test/x/3.png,hole,6,6,2,2",
    "Test/x/3.png,hole,20,20,30,30",
  ];
  put("table/boxes.csv", `${rows.join("\n")}\n`);
  const { listing, sentence } = await openBoxed(join(folder, "table"));
  assert.match(sentence, /has images with annotated objects: 3 images/);
  assert.deepEqual(listing.split, ["test", "train", "train"]);
  assert.deepEqual(
    listing.boxes!.images.map(({ objects }) => objects.map(({ box }) => box)),
    [
      [[2, 2, 4, 4]],
      [
        [1, 1, 4, 8],
        [8, 8, 6, 4],
      ],
      [],
    ],
  );
  const told = listing.findings.map(({ evidence }) => evidence).join("; ");
  for (const fault of [/outside of the image/, /negative width/, /over the edge/, /1 image has no annotations/])
    assert.match(told, fault);
  const { targets } = boxTargets(listing.boxes!, Int32Array.of(1), ["1"], undefined);
  // Parts outside of the image are cut off.
  assert.deepEqual(
    [...targets.values.subarray(5)].map((value) => Math.round(1e6 * value) / 1e6),
    [1, 0.9, 0.9, 0.2, 0.2],
  );
});

test("generated hail has its boxes by COCO's file, its groups by the manifest", async () => {
  const hail = join(folder, "hail");
  await writeHail(hail, { count: 6, height: 32, width: 32 });
  const { listing, kind } = await openBoxed(hail);
  assert.equal(kind, "manifest");
  assert.ok(listing.group !== undefined);
  const file = new Map([["annotations.json", new Uint8Array(readFileSync(join(hail, "annotations.json")))]]);
  const { set } = await readAnnotations("coco", file);
  assert.deepEqual(
    listing.boxes!.images.map(({ objects }) => objects),
    set.images.map(({ objects }) => objects),
  );
});

test("crowds keep their class, and areas of files are kept", () => {
  const boxes = {
    ...{ where: "a.json", categories: SET.categories },
    images: [{ width: 10, height: 10, objects: [{ category: 1, box: [0, 0, 10, 5], crowd: true, area: 7 }] as const }],
  };
  const { targets } = boxTargets(boxes, Int32Array.of(0), ["a"], ["cat", "dog"]);
  assert.deepEqual([...targets.values], [-3, 0.5, 0.25, 1, 0.5]);
  assert.deepEqual([...targets.areas], [7]);
});

test("what cannot be used is said in one sentence", async () => {
  put("bare/1.png", picture(4, 4));
  await assert.rejects(openBoxed(join(folder, "bare")), /found no annotation files; expected COCO's JSON/);
  put("empty/a.json", "{}");
  await assert.rejects(openBoxed(join(folder, "empty")), /found no image/);
  for (const [path, bytes] of await writeAnnotations("coco", SET)) put(`other/${path}`, bytes);
  put("other/c.png", picture(4, 4));
  await assert.rejects(openBoxed(join(folder, "other")), /speak of none of the 1 image/);
  const boxes = { where: "a.json", categories: SET.categories, images: SET.images };
  const rows = Int32Array.of(0, 1);
  assert.throws(() => boxTargets(boxes, rows, ["a", "b"], ["cat"]), /the class dog is not among the 1 expected: cat/);
  const bare = { ...boxes, images: SET.images.map((image) => ({ ...image, objects: [] })) };
  assert.throws(() => boxTargets(bare, rows, ["a", "b"], undefined), /no object on 2 images/);
  const many = {
    ...boxes,
    images: [{ width: 9, height: 9, objects: new Array(1001).fill(SET.images[1]!.objects[0]) }],
  };
  assert.throws(() => boxTargets(many, Int32Array.of(0), ["a"], undefined), /a has 1,?001 objects, and there is room/);
});

// Round trips of annotations through all formats of files, and what each says that it loses.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ANNOTATION_FORMATS,
  type AnnotatedBox,
  type AnnotationFormatName,
  type AnnotationSet,
  classMapOf,
  lossesOf,
  maskOf,
  pixelsOfMask,
  readAnnotations,
  recognizedFormat,
  writeAnnotations,
} from "../../src/data/index.js";
import { randomAnnotations } from "./random-annotations.js";

const SETS = 300;

async function throughFiles(format: AnnotationFormatName, set: AnnotationSet): Promise<AnnotationSet> {
  const files = await writeAnnotations(format, set);
  const images = new Map(set.images.map(({ name, width, height }) => [name, { width, height }]));
  const { set: read, findings } = await readAnnotations(format, files, { images });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === "error"),
    [],
    format,
  );
  if (set.images.length > 0) assert.equal(await recognizedFormat(files), format);
  return read;
}

const close = (got: readonly number[], wanted: readonly number[], what: string): void => {
  assert.equal(got.length, wanted.length, what);
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(got[i]! - value) < 1e-9, `${what}: ${got} for ${wanted}`);
};

/** Compares what the first has; numbers and areas may be added on the way. */
function sameObject(got: AnnotatedBox, wanted: AnnotatedBox, what: string): void {
  assert.equal(got.category, wanted.category, what);
  close(got.box, wanted.box, `${what}, box`);
  assert.equal(got.polygon?.length, wanted.polygon?.length, `${what}, polygon`);
  for (const [i, ring] of (wanted.polygon ?? []).entries()) close(got.polygon![i]!, ring, `${what}, ring`);
  assert.deepEqual(got.mask && pixelsOfMask(got.mask), wanted.mask && pixelsOfMask(wanted.mask), `${what}, mask`);
  assert.equal(got.crowd, wanted.crowd, `${what}, crowd`);
  assert.deepEqual(got.attributes, wanted.attributes, `${what}, attributes`);
  close(got.score === undefined ? [] : [got.score], wanted.score === undefined ? [] : [wanted.score], `${what}, score`);
  if (wanted.area !== undefined) assert.equal(got.area, wanted.area, `${what}, area`);
  if (wanted.id !== undefined) assert.equal(got.id, wanted.id, `${what}, id`);
  assert.deepEqual(got.fields, wanted.fields, `${what}, fields`);
}

function sameSet(got: AnnotationSet, wanted: AnnotationSet, what: string): void {
  assert.deepEqual(
    got.categories.map(({ name }) => name),
    wanted.categories.map(({ name }) => name),
    what,
  );
  assert.deepEqual(got.fields, wanted.fields, what);
  for (const [i, { id, supercategory, fields }] of wanted.categories.entries()) {
    assert.deepEqual(got.categories[i]!.fields, fields, what);
    if (id !== undefined) assert.equal(got.categories[i]!.id, id, what);
    assert.equal(got.categories[i]!.supercategory, supercategory, what);
  }
  assert.equal(got.images.length, wanted.images.length, what);
  for (const [i, image] of wanted.images.entries()) {
    const { name, width, height, id, ignored, objects, fields } = got.images[i]!;
    assert.deepEqual(fields, image.fields, what);
    assert.deepEqual([name, width, height], [image.name, image.width, image.height], what);
    if (image.id !== undefined) assert.equal(id, image.id, what);
    assert.deepEqual(ignored && pixelsOfMask(ignored), image.ignored && pixelsOfMask(image.ignored), what);
    assert.equal(objects.length, image.objects.length, what);
    for (const [j, object] of image.objects.entries()) sameObject(objects[j]!, object, `${what}, ${name}, object ${j}`);
  }
}

const FITS: Readonly<Record<AnnotationFormatName, (set: AnnotationSet) => boolean>> = {
  coco: () => true,
  voc: ({ categories }) => categories.every(({ name }) => !name.includes(":")),
  yolo: () => true,
  "mask-png": ({ categories }) => categories.every(({ name }) => !name.includes(":")),
  labelme: () => true,
  cvat: () => true,
  "label-studio": () => true,
};

test("a set that a format can hold is read again as it was; one that it cannot is the same from then on", async () => {
  const kept = new Map<AnnotationFormatName, number>();
  for (let number = 0; number < SETS; number++) {
    const set = randomAnnotations(number);
    for (const format of ANNOTATION_FORMATS) {
      const what = `set ${number}, ${format}`;
      if (!FITS[format](set)) {
        await assert.rejects(writeAnnotations(format, set), /cannot hold the class/, what);
        continue;
      }
      const read = await throughFiles(format, set);
      if ((await lossesOf(set, format)).length === 0) {
        sameSet(read, set, what);
        if (set.images.some(({ objects }) => objects.length > 0)) kept.set(format, (kept.get(format) ?? 0) + 1);
      }
      if (number % 5 > 0) continue;
      // Nothing is lost twice.
      assert.deepEqual(await lossesOf(read, format), [], what);
      sameSet(await throughFiles(format, read), read, `${what}, again`);
    }
  }
  for (const format of ANNOTATION_FORMATS)
    assert.ok((kept.get(format) ?? 0) >= 3, `${format}: ${kept.get(format)} sets`);
});

test("a chain of formats loses what its links lose, and no pixel where they hold outlines", async () => {
  const chain: AnnotationFormatName[] = ["coco", "labelme", "cvat", "label-studio", "coco"];
  for (let number = 0; number < 40; number++) {
    const set = randomAnnotations(number);
    let read = set;
    for (const format of chain) read = await throughFiles(format, read);
    for (const [i, image] of set.images.entries())
      for (const [j, object] of image.objects.entries()) {
        // Outlines that overlap each other are no longer the same once they are joined.
        if ((object.polygon?.length ?? 1) > 1) continue;
        const [got, wanted] = [read.images[i]!.objects[j]!, object].map((region) =>
          pixelsOfMask(maskOf(region, image.height, image.width)),
        );
        const different = got!.reduce((sum, pixel, k) => sum + Number(pixel !== wanted![k]), 0);
        // Corners are moved by rounding of a per cent: a pixel's centre may change sides.
        assert.ok(different <= (object.polygon === undefined ? 0 : 1), `set ${number}, ${image.name}: ${different}`);
      }
  }
});

test("each loss is a sentence with its number", async () => {
  const set: AnnotationSet = {
    fields: { licenses: [] },
    categories: [{ name: "dent", id: 4, supercategory: "damage" }],
    images: [
      {
        ...{ name: "a.png", width: 10, height: 10 },
        objects: [
          {
            category: 0,
            box: [0, 0, 4, 4],
            score: 0.5,
            crowd: true,
            area: 3,
            id: 7,
            fields: { keypoints: [1, 2, 2] },
            attributes: { difficult: true, colour: "red" },
          },
          {
            category: 0,
            box: [0, 0, 5, 5],
            polygon: [
              [0, 0, 4, 0, 4, 4],
              [5, 5, 9, 5, 9, 9],
            ],
          },
        ],
      },
    ],
  };
  assert.deepEqual(await lossesOf(set, "coco"), []);
  assert.deepEqual(await lossesOf(set, "voc"), [
    "Pascal VOC XML: 1 outline not written as outlines",
    "Pascal VOC XML: 1 crowd not marked as a crowd",
    "Pascal VOC XML: 1 area lost",
    "Pascal VOC XML: 1 score lost",
    "Pascal VOC XML: 2 numbers of images, classes and objects lost",
    "Pascal VOC XML: 1 supercategory lost",
    "Pascal VOC XML: 2 further fields lost (licenses, keypoints)",
    'Pascal VOC XML: 1 value of the attribute "colour" lost',
  ]);
  const map = classMapOf({ name: "a.png", width: 3, height: 2, objects: [{ category: 1, box: [1, 0, 2, 1] }] });
  assert.deepEqual([...map], [0, 2, 2, 0, 0, 0]);
});

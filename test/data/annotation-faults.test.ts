// Annotation files with faults: one sentence for each kind, nothing left out in silence, and nothing that a hostile file
// could make Fovea do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type AnnotationFormatName,
  classMapOf,
  encodePng,
  pixelsOfMask,
  type ReadAnnotations,
  readAnnotations,
  recognizedFormat,
  runLengthsOfText,
  sentenceOf,
  writeAnnotations,
} from "../../src/data/index.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (format: AnnotationFormatName, files: Record<string, string>, images?: Record<string, [number, number]>) =>
  readAnnotations(
    format,
    new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)])),
    images === undefined
      ? {}
      : { images: new Map(Object.entries(images).map(([path, [width, height]]) => [path, { width, height }])) },
  );
const sentences = ({ findings }: ReadAnnotations): string[] => findings.map(sentenceOf);

const IMAGE = { id: 1, file_name: "a.png", width: 100, height: 50 };
const cocoText = (annotations: object[], more: object = {}): string =>
  JSON.stringify({
    images: [IMAGE],
    categories: [{ id: 1, name: "dent" }],
    annotations: annotations.map((annotation, i) => ({ id: i + 1, image_id: 1, category_id: 1, ...annotation })),
    ...more,
  });

test("each fault of COCO's files is a sentence", async () => {
  const result = await read(
    "coco",
    {
      "a.json": cocoText([
        { bbox: [10, 10, 5, 5] },
        { bbox: [200, 10, 5, 5] },
        { bbox: [90, 10, 20, 5] },
        { bbox: [10, 10, 0, 5] },
        { bbox: [20, 20, -10, 5] },
        { bbox: [1, 2, "x", 3] },
        { bbox: [1, 2, 1e12, 3] },
        { bbox: [1, 2, 3, 4], category_id: 9 },
        { bbox: [1, 2, 3, 4], image_id: 9 },
        {
          bbox: [1, 2, 3, 4],
          segmentation: [
            [1, 1, 2, 2],
            [1, 1, 4, 1, 4, 4],
          ],
        },
        { segmentation: { size: [50, 100], counts: "zz~~" } },
        { segmentation: { size: [50, 100], counts: [10, 5] } },
      ]),
    },
    { "b.png": [100, 50] },
  );
  assert.deepEqual(
    result.set.images[0]!.objects.map(({ box }) => box),
    [
      [10, 10, 5, 5],
      [90, 10, 20, 5],
      [10, 20, 10, 5],
      [1, 2, 3, 4],
    ],
  );
  assert.deepEqual(
    sentences(result).map((text) => text.replace(/ \(.*/, "")),
    [
      "1 annotated image missing in the folder of images",
      "4 objects without readable numbers left out",
      "1 object of a class that is not among the classes left out",
      "1 object on an image that the file does not list left out",
      "1 object outside of the image left out",
      "1 object without any area left out",
      "1 box of negative width or height turned over",
      "1 outline of fewer than three corners left out",
      "1 box reaching over the edge of the image",
    ].sort((a, b) => order(result, a) - order(result, b)),
  );
  assert.match(sentences(result).join("\n"), /outside .*a\.png: \[200, 10, 5, 5\] on 100 x 50/);
});

/** The place of the finding that begins so; all must be there. */
function order(result: ReadAnnotations, beginning: string): number {
  const index = sentences(result).findIndex((text) => text.startsWith(beginning));
  assert.ok(index >= 0, `${beginning} is among ${sentences(result).join("\n")}`);
  return index;
}

test("files of another form are refused in a sentence", async () => {
  await assert.rejects(read("coco", { "a.json": "{" }), /a\.json: expected JSON/);
  await assert.rejects(read("coco", { "a.json": "[1]" }), /files of results are; give the file of annotations/);
  await assert.rejects(read("yolo", { "a.txt": "0 0.5 0.5 1 1" }), /give the folder of the images/);
  await assert.rejects(read("cvat", { "a.xml": "<annotation/>" }), /expected CVAT's XML/);
  await assert.rejects(recognizedFormat(new Map([["a.md", bytes("# hello")]])), /expected annotations \(coco, voc/);
  assert.throws(() => runLengthsOfText("x", "\u00ff"), /expected COCO's compressed run lengths/);
});

test("XML with a document type is refused, so that no entity is expanded", async () => {
  const bomb =
    '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><annotation><filename>&c;</filename></annotation>';
  assert.match(
    sentences(await read("voc", { "a.xml": bomb }))[0]!,
    /without a document type, found <!DOCTYPE; remove it/,
  );
  const foreign = "<annotations><image name='&e;' width='5' height='5'/></annotations>";
  await assert.rejects(read("cvat", { "a.xml": foreign }), /found a mistake in it: .*entity/);
  const deep = `${"<annotations>".repeat(100)}${"</annotations>".repeat(100)}`;
  await assert.rejects(read("cvat", { "a.xml": deep }), /nested 32 deep at most/);
});

test("YAML aliases are not followed", async () => {
  const yaml = "a: &a [x, x]\nb: &b [*a, *a]\nnames: [*b, *b]\n";
  await assert.rejects(read("yolo", { "data.yaml": yaml }, { "a.png": [9, 9] }), /data\.yaml: expected YAML/);
  await assert.rejects(read("yolo", { "data.yaml": "names: {999999999: a}" }, {}), /expected names of classes 0 to/);
});

test("images larger than images can be are left out before memory is taken", async () => {
  const huge = { id: 1, file_name: "a.png", width: 1e9, height: 1e9 };
  const result = await read("coco", { "a.json": cocoText([{ bbox: [0, 0, 5, 5] }], { images: [huge] }) });
  assert.match(sentences(result)[0]!, /1 image of unknown size left out \(a\.png: 1000000000 x 1000000000\)/);
});

test("names that lead elsewhere stay below the folder", async () => {
  const images = ["../../etc/passwd", "C:\\photos\\b.png", "/tmp/c.png", "..\\sub\\d.png"].map((file_name, id) => ({
    ...{ id, file_name, width: 9, height: 9 },
  }));
  const { set } = await read("coco", { "a.json": cocoText([], { images }) });
  assert.deepEqual(
    set.images.map(({ name }) => name),
    ["etc/passwd", "b.png", "c.png", "sub/d.png"],
  );
  const leading = { categories: [], images: [{ name: "../a.png", width: 1, height: 1, objects: [] }] };
  await assert.rejects(writeAnnotations("voc", leading), /expected images named by paths below one folder/);
  const twins = ["a.png", "a.jpg"].map((name) => ({ name, width: 1, height: 1, objects: [] }));
  await assert.rejects(
    writeAnnotations("yolo", { categories: [], images: twins }),
    /would share the file labels\/a\.txt/,
  );
});

test("VOC's challenges count pixels from 1; other programs write positions", async () => {
  const file = (source: string): string =>
    `<annotation><filename>a.jpg</filename>${source}<size><width>10</width><height>8</height></size>
    <object><name>dog</name><difficult>1</difficult><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>10</xmax><ymax>8</ymax></bndbox></object></annotation>`;
  const challenge = await read("voc", { "a.xml": file("<source><database>The VOC2007 Database</database></source>") });
  const { box, attributes } = challenge.set.images[0]!.objects[0]!;
  assert.deepEqual([box, attributes], [[0, 0, 10, 8], { difficult: true }]);
  assert.match(sentences(challenge)[0]!, /boxes count pixels from 1/);
  assert.deepEqual((await read("voc", { "a.xml": file("") })).set.images[0]!.objects[0]!.box, [1, 1, 9, 7]);
});

test("YOLO's classes, scores and images without labels", async () => {
  const files = {
    "data.yaml": "names:\n- dent\n- scratch\n",
    "labels/train/a.txt": "0 0.5 0.5 0.2 0.4 0.75\n1 0.1 0.1 0.9 0.1 0.9 0.9\n7 0.5 0.5 0.1 0.1\n0 0.5\n",
  };
  const result = await read("yolo", files, { "images/train/a.jpg": [100, 50], "images/train/b.jpg": [5, 5] });
  const [first, second] = result.set.images[0]!.objects;
  assert.deepEqual([first!.box.map((x) => Math.round(x * 1e6) / 1e6), first!.score], [[40, 15, 20, 20], 0.75]);
  assert.deepEqual(second!.polygon, [[10, 5, 90, 5, 90, 45]]);
  assert.equal(result.set.images[0]!.name, "images/train/a.jpg");
  const text = sentences(result).join("\n");
  assert.match(text, /1 object of a class that is not among the classes left out \(images\/train\/a\.jpg: class 7\)/);
  assert.match(text, /1 object without readable numbers left out \(images\/train\/a\.jpg: "0 0\.5"\)/);
  assert.match(text, /1 image without any annotation \(images\/train\/b\.jpg\)/);
});

/** A grey PNG of 3 x 1 pixels. */
const grey = (...values: number[]): Uint8Array =>
  encodePng({ dtype: "uint8", shape: [1, 3], data: Uint8Array.from(values) });

test("masks of numbers, of black and white, with another ignored value, and of unknown colours", async () => {
  const masks = (...values: number[]) => new Map([["masks/a_mask.png", grey(...values)]]);
  const images = new Map([["images/a.jpg", { width: 3, height: 1 }]]);
  const read = async (files: ReadonlyMap<string, Uint8Array>, ignored?: number) => {
    const { set } = await readAnnotations("mask-png", files, { images, ...(ignored !== undefined && { ignored }) });
    const [image] = set.images;
    assert.equal(image!.name, "images/a.jpg");
    return [set.categories.map(({ name }) => name), [...classMapOf(image!)]];
  };
  assert.deepEqual(await read(masks(0, 4, 255)), [["4"], [0, 1, 255]]);
  assert.deepEqual(await read(masks(0, 255, 255)), [["1"], [0, 1, 1]]);
  assert.deepEqual(await read(masks(1, 2, 3), 3), [
    ["1", "2"],
    [1, 2, 255],
  ]);
  const labels = bytes("# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:9,9,9::\n");
  assert.deepEqual(await read(new Map([...masks(0, 1, 255), ["labelmap.txt", labels]])), [["car"], [0, 1, 255]]);
  const rgb = { dtype: "uint8" as const, shape: [1, 3, 3], data: Uint8Array.of(0, 0, 0, 9, 9, 9, 5, 5, 5) };
  const colours = { ...rgb, data: Uint8Array.of(0, 0, 0, 9, 8, 7, 5, 5, 5) };
  const coloured = new Map([["a.png", encodePng(rgb)]]);
  assert.deepEqual(await read(coloured), [
    ["5", "9"],
    [0, 2, 1],
  ]);
  assert.deepEqual(await read(new Map([...coloured, ["labelmap.txt", labels]])), [["car"], [0, 1, 255]]);
  assert.match(
    sentences(await readAnnotations("mask-png", new Map([["a.png", encodePng(colours)]]))).join(),
    /it has colours and no palette; a mask is grey or has a palette/,
  );
});

const fixture = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/data/fixtures/annotations/${name}`, import.meta.url));

test("a file as CVAT writes it is read", async () => {
  const files = new Map([["annotations.xml", fixture("cvat.xml")]]);
  assert.equal(await recognizedFormat(files), "cvat");
  const { set, findings } = await readAnnotations("cvat", files);
  assert.deepEqual(
    set.categories.map(({ name }) => name),
    ["dent", "scratch"],
  );
  const [photo, other] = set.images;
  assert.deepEqual([photo!.name, photo!.width, photo!.height, other!.objects.length], ["car/1.jpg", 8, 6, 0]);
  const [box, polygon, mask, turned, ellipse] = photo!.objects;
  assert.deepEqual(box, {
    category: 0,
    box: [1, 2, 3, 3],
    attributes: { occluded: true, depth: 2, colour: "dark red" },
  });
  assert.deepEqual(polygon!.polygon, [[1, 1, 5.5, 1, 5.5, 4.25]]);
  assert.deepEqual(
    [...pixelsOfMask(mask!.mask!)].flatMap((pixel, i) => (pixel === 1 ? [i] : [])),
    [17, 18, 26, 35],
  );
  // A rectangle of 4 x 2 that is turned by a right angle is one of 2 x 4 with the same centre.
  for (const [i, value] of [3, 1, 2, 4].entries()) assert.ok(Math.abs(turned!.box[i]! - value) < 1e-9);
  for (const [i, value] of [1, 1, 6, 4].entries()) assert.ok(Math.abs(ellipse!.box[i]! - value) < 1e-9);
  assert.match(findings.map(sentenceOf).join("\n"), /2 shapes without an area \(points, lines, tracks\) left out/);
});

test("a file as Label Studio writes it is read, in its long and its short form", async () => {
  const files = new Map([["tasks.json", fixture("label-studio.json")]]);
  assert.equal(await recognizedFormat(files), "label-studio");
  const images = new Map([
    ["1.jpg", { width: 200, height: 100 }],
    ["sub/two.png", { width: 4, height: 2 }],
  ]);
  const { set, findings } = await readAnnotations("label-studio", files, { images });
  assert.deepEqual(
    set.images.map(({ name }) => name),
    ["1.jpg", "sub/two.png"],
  );
  const [box, polygon] = set.images[0]!.objects;
  assert.deepEqual(box, { category: 0, box: [20, 20, 40, 30] });
  assert.deepEqual(polygon!.polygon, [[20, 10, 100, 10, 100, 60]]);
  assert.deepEqual([...pixelsOfMask(set.images[1]!.objects[0]!.mask!)], [0, 1, 1, 0, 0, 0, 1, 0]);
  assert.match(findings.map(sentenceOf).join("\n"), /1 image annotated by several people/);
  const short = await readAnnotations("label-studio", new Map([["min.json", fixture("label-studio-min.json")]]));
  assert.deepEqual(short.set.images[0]!.objects, [{ category: 0, box: [20, 20, 40, 30] }]);
});

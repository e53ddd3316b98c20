// Names, numbers and encodings of annotation files from other programs: which image, class and text they mean.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type AnnotatedBox,
  type AnnotationFormatName,
  type AnnotationSet,
  cautionsOf,
  encodePng,
  readAnnotations,
  recognizedFormat,
  sentenceOf,
  writeAnnotations,
} from "../../src/data/index.js";

type Content = string | Uint8Array;
const bytesOf = (content: Content): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

/** The contents of a set: image, class and box of each object, and the findings as one text. */
async function read(
  format: AnnotationFormatName,
  files: Readonly<Record<string, Content>>,
  paths?: readonly string[],
): Promise<{
  objects: [image: string, category: string, box: string][];
  images: string[];
  text: string;
  isWhole: boolean;
}> {
  const images = paths && { images: new Map(paths.map((path) => [path, { width: 100, height: 50 }])) };
  const contents = new Map(Object.entries(files).map(([path, content]) => [path, bytesOf(content)]));
  const { set, findings, isWhole } = await readAnnotations(format, contents, images);
  const objects = set.images.flatMap(({ name, objects }) =>
    objects.map(({ category, box }): [string, string, string] => [name, set.categories[category]!.name, box.join()]),
  );
  return { objects, images: set.images.map(({ name }) => name), text: findings.map(sentenceOf).join("\n"), isWhole };
}

type Id = number | string;
const coco = (
  images: readonly (readonly [id: Id, file: string])[],
  objects: readonly (readonly [image: Id, category: Id, rest?: object])[],
  categories: readonly (readonly [id: Id, name: string])[] = [[1, "dent"]],
): string =>
  JSON.stringify({
    images: images.map(([id, file_name]) => ({ id, file_name, width: 100, height: 50 })),
    categories: categories.map(([id, name]) => ({ id, name })),
    annotations: objects.map(([image_id, category_id, rest], id) => ({
      ...{ id, image_id, category_id, bbox: [id + 1, 2, 3, 4], area: 12, iscrowd: 0 },
      ...rest,
    })),
  });

const voc = (name: string, file = ""): string =>
  `<annotation>${file}<size><width>100</width><height>50</height></size><object><name>${name}</name>` +
  "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>4</xmax><ymax>6</ymax></bndbox></object></annotation>";

test("COCO's ids may be text; objects of an id that two have are left out", async () => {
  const named = coco(
    [
      ["a", "a.jpg"],
      ["b", "b.jpg"],
    ],
    [
      ["a", "x"],
      ["b", "y"],
    ],
    [
      ["x", "dent"],
      ["y", "rust"],
    ],
  );
  assert.deepEqual((await read("coco", { "a.json": named })).objects, [
    ["a.jpg", "dent", "1,2,3,4"],
    ["b.jpg", "rust", "2,2,3,4"],
  ]);
  for (const text of [
    coco(
      [
        [1, "a.jpg"],
        [1, "b.jpg"],
      ],
      [[1, 1]],
    ),
    coco(
      [[1, "a.jpg"]],
      [[1, 1]],
      [
        [1, "dent"],
        [1, "rust"],
      ],
    ),
    // Numbers that are one as JSON's readers round them.
    coco(
      [
        ["X", "a.jpg"],
        ["Y", "b.jpg"],
      ],
      [["X", 1]],
    )
      .replaceAll('"X"', "9007199254740992")
      .replaceAll('"Y"', "9007199254740993"),
  ]) {
    const { objects, text: said, isWhole } = await read("coco", { "a.json": text });
    assert.deepEqual([objects, isWhole], [[], false]);
    assert.match(said, /1 object whose image or class shares its number \(id\) with another left out/);
  }
});

test("an image is found by the end of its path, and never in a folder that another name has", async () => {
  const one = (file: string): string => coco([[1, file]], [[1, 1]]);
  const found = async (file: string, ...paths: string[]): Promise<string> =>
    (await read("coco", { "a.json": one(file) }, paths)).text === ""
      ? (await read("coco", { "a.json": one(file) }, paths)).images[0]!
      : "none";
  assert.equal(await found("cam1/1.jpg", "images/cam1/1.jpg", "images/cam2/1.jpg"), "images/cam1/1.jpg");
  assert.equal(await found("seqB/1.jpg", "seqA/1.jpg"), "none");
  assert.equal(await found("old/images/1.jpg", "1.jpg"), "1.jpg");
  assert.equal(await found("JPEGImages/1.jpg", "images/1.png"), "images/1.png");
  assert.equal(await found("1.jpg", "a/1.jpg", "b/1.jpg"), "none");
});

test("files of the same name in the folders of parts belong to the images there", async () => {
  const images = ["train/images/0.jpg", "valid/images/0.jpg"];
  const parts = ["train", "valid"];
  const bySet: Partial<Record<AnnotationFormatName, Record<string, Content>>> = {
    coco: Object.fromEntries(
      parts.map((part) => [`${part}/_annotations.coco.json`, coco([[1, "0.jpg"]], [[1, 1]], [[1, part]])]),
    ),
    voc: Object.fromEntries(
      parts.map((part) => [`${part}/annotations/0.xml`, voc(part, "<filename>0.jpg</filename>")]),
    ),
    cvat: {
      "annotations.xml": `<annotations>${parts.map((part) => `<image name="0.jpg" subset="${part}" width="100" height="50"><box label="${part}" xtl="1" ytl="2" xbr="4" ybr="6"/></image>`).join("")}</annotations>`,
    },
  };
  for (const [format, files] of Object.entries(bySet)) {
    const { objects, text } = await read(format as AnnotationFormatName, files, images);
    assert.deepEqual([objects, text], [images.map((image, i) => [image, parts[i], "1,2,3,4"]), ""], format);
  }
});

test("text is read in the encoding that it declares, and refused where its bytes are other ones", async () => {
  const gbk = (hex: string): Uint8Array =>
    Uint8Array.from(
      [...bytesOf('<?xml version="1.0" encoding="gbk"?>'), ...bytesOf(voc("@", "<filename>a.jpg</filename>"))].flatMap(
        (byte) => (byte === 64 ? [...Buffer.from(hex, "hex")] : [byte]),
      ),
    );
  assert.deepEqual((await read("voc", { "a.xml": gbk("b0bcbadb") })).objects, [["a.jpg", "凹痕", "1,2,3,4"]]);
  const undeclared = Uint8Array.from([...bytesOf("dent\n"), 0xb0, 0xbc]);
  await assert.rejects(
    read("yolo", { "classes.txt": undeclared, "a.txt": "0 0.5 0.5 0.1 0.1" }, ["a.jpg"]),
    /classes\.txt: expected text in UTF-8, found other bytes; save it as UTF-8/,
  );
  const wide = Uint8Array.from([0xff, 0xfe, ...Buffer.from(voc("凹痕"), "utf16le")]);
  assert.equal(await recognizedFormat(new Map([["a.XML", wide]])), "voc");
  assert.equal(await recognizedFormat(new Map([["a.JSON", bytesOf(`\ufeff${coco([], [])}`)]])), "coco");
  const nan = coco([[1, "a.jpg"]], [[1, 1]]).replace("[1,2,3,4]", "[NaN,2,3,4]");
  await assert.rejects(
    read("coco", { "a.json": nan }),
    /a\.json: expected JSON, found NaN in line 1, which JSON does not have; write null/,
  );
});

test("notes and texts beside annotations are none", async () => {
  const notes = JSON.stringify({ categories: [{ id: 0, name: "dent" }], info: {} });
  const labels = "0 0.5 0.5 0.1 0.2";
  const yolo = { "notes.json": notes, "README.dataset.txt": "Cars, 2023 export", "labels/a.txt": labels };
  assert.equal(
    await recognizedFormat(new Map(Object.entries(yolo).map(([path, text]) => [path, bytesOf(text)]))),
    "yolo",
  );
  assert.deepEqual((await read("yolo", { ...yolo, "data.yaml": "names: [dent]" }, ["images/a.jpg"])).text, "");
  const both = await read("coco", { "a.json": coco([[1, "a.jpg"]], [[1, 1]]), "info.json": "{}" });
  assert.equal(both.objects.length, 1);
  assert.match(both.text, /1 file that cannot be read left out \(info\.json: .*expected COCO's JSON/);
});

test("YOLO's key points stand behind the box", async () => {
  const files = {
    "data.yaml": "names: [person]\nkpt_shape: [2, 3]\n",
    "labels/a.txt": "0 0.5 0.5 0.2 0.2 0.1 0.1 2 0.9 0.9 2",
  };
  const { objects, text } = await read("yolo", files, ["images/a.jpg"]);
  assert.deepEqual(objects, [["images/a.jpg", "person", "40,20,20,10"]]);
  assert.match(text, /1 field of the file not read \(labels\/a\.txt: key points\)/);
  await assert.rejects(
    read("yolo", { "data.yaml": "names: dent" }, []),
    /expected names as a list or a map, found "dent"/,
  );
});

test("Label Studio's tasks that nobody annotated are no images without objects", async () => {
  const value = { x: 10, y: 20, width: 20, height: 30 };
  const size = { original_width: 100, original_height: 50 };
  const region = { ...size, id: "r", type: "rectanglelabels", value: { ...value, rectanglelabels: ["dent", "rust"] } };
  const task = (name: string, rest: object): object => ({ data: { image: name }, ...rest });
  const tasks = [
    task("a.jpg", { annotations: [{ result: [region] }] }),
    task("b.jpg", { annotations: [] }),
    task("c.jpg", { annotations: [{ was_cancelled: true, result: [] }], predictions: [{ result: [region] }] }),
    task("d.jpg", { annotations: [], predictions: [{ result: [region] }] }),
    task("e.jpg", {
      annotations: [
        {
          result: [
            { ...size, id: "s", type: "rectangle", value },
            { ...size, id: "s", type: "labels", value: { ...value, labels: ["rust"] } },
            { ...size, id: "s", type: "textarea", value: { ...value, text: ["old"] } },
          ],
        },
      ],
    }),
  ];
  const { objects, images, text } = await read("label-studio", { "a.json": JSON.stringify(tasks) });
  assert.deepEqual(images, ["a.jpg", "d.jpg", "e.jpg"]);
  assert.deepEqual(
    objects.map(([, category]) => category),
    ["dent", "dent", "rust"],
  );
  for (const pattern of [
    /2 images without any annotation \(first b\.jpg\)/,
    /1 image annotated by a model alone \(predictions\) \(d\.jpg\)/,
    /2 objects of several classes, of which the first is used \(first a\.jpg: rust\)/,
  ])
    assert.match(text, pattern);
});

test("what is not kept is named, and files with it are not read as a whole", async () => {
  const shape = '<box label="d" xtl="1" ytl="2" xbr="4" ybr="6" z_order="2" group_id="0"/>';
  const xml = `<annotations><image name="a.jpg" width="9" height="9">${shape}</image></annotations>`;
  assert.match((await read("cvat", { "a.xml": xml })).text, /1 field of the file not read \(a\.xml: z_order\)/);
  assert.equal((await read("coco", { "a.json": coco([[1, "a.jpg"]], [[1, 1]]) })).isWhole, true);
  // JSON has no such number, so that it would become null there.
  const text = xml.replace("/></image>", '><attribute name="size">Infinity</attribute></box></image>');
  const { set } = await readAnnotations("cvat", new Map([["a.xml", bytesOf(text)]]));
  assert.deepEqual(set.images[0]!.objects[0]!.attributes, { size: "Infinity" });
});

test("COCO's files keep their numbers and the fields without a meaning here", async () => {
  const file = {
    info: { year: 2026 },
    licenses: [{ id: 1, name: "own" }],
    images: [{ license: 1, coco_url: "none", id: 7, file_name: "a.jpg", width: 9, height: 9 }],
    categories: [{ keypoints: ["left"], skeleton: [[1, 2]], id: 3, name: "person", supercategory: "" }],
    annotations: [
      {
        ...{ track_id: 3, keypoints: [1, 2, 2], num_keypoints: 1, __proto: "x", score: "high" },
        ...{ id: 42, image_id: 7, category_id: 3, bbox: [1, 2, 3, 4], area: 11, iscrowd: 0 },
        attributes: { list: [1], colour: "red" },
      },
      { id: 5, image_id: 7, category_id: 3, bbox: [1, 2, 3, 3], area: 9, iscrowd: 1, attributes: [1] },
    ],
  };
  const read = await readAnnotations("coco", new Map([["a.json", bytesOf(JSON.stringify(file))]]));
  assert.deepEqual([read.isWhole, read.findings], [true, []]);
  const [written] = (await writeAnnotations("coco", read.set)).values();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(written)), file);
  assert.deepEqual(await cautionsOf(read.set, "coco"), []);
});

test("numbers that cannot be kept are said", async () => {
  const json = (number: number | string): string => coco([[1, "a.jpg"]], [[1, 1]], [[number, "dent"]]);
  const texts = await read("coco", { "a.json": json("x") });
  assert.match(texts.text, /1 number \(id\) not whole, and so not kept \(a\.json: x\)/);
  const two = { "train/a.json": coco([[1, "a.jpg"]], [[1, 1]]), "valid/a.json": coco([[1, "b.jpg"]], [[1, 1]]) };
  const { set } = await readAnnotations(
    "coco",
    new Map(Object.entries(two).map(([path, text]) => [path, bytesOf(text)])),
  );
  assert.deepEqual(await cautionsOf(set, "coco"), [
    "COCO JSON: the images have new numbers (id), since two share a number or some have none",
    "COCO JSON: the objects have new numbers (id), since two share a number or some have none",
  ]);
});

test("boxes and outlines in one of YOLO's files are a caution, for Ultralytics reads one kind", async () => {
  const [box, outline] = [
    { category: 0, box: [1, 2, 3, 4] as const },
    { category: 0, box: [1, 2, 3, 4] as const, polygon: [[1, 2, 4, 2, 4, 6]] },
  ];
  const set = (objects: AnnotatedBox[]): AnnotationSet => ({
    categories: [{ name: "d" }],
    images: [{ name: "a.jpg", width: 9, height: 9, objects }],
  });
  assert.deepEqual(await cautionsOf(set([box, outline]), "yolo"), [
    "YOLO text: 1 image with boxes and outlines in one file, of which Ultralytics reads one kind alone",
  ]);
  for (const one of [[box], [outline], []]) assert.deepEqual(await cautionsOf(set(one), "yolo"), []);
  assert.deepEqual(await cautionsOf(set([box, outline]), "coco"), []);
});

test("a rectangle of LabelMe may have its four corners", async () => {
  const points = [
    [10, 10],
    [30, 10],
    [30, 25],
    [10, 25],
  ];
  const shape = { label: "dent", shape_type: "rectangle", points };
  const file = { imagePath: "a.jpg", imageWidth: 100, imageHeight: 50, shapes: [shape] };
  assert.deepEqual((await read("labelme", { "a.json": JSON.stringify(file) })).objects, [
    ["a.jpg", "dent", "10,10,20,15"],
  ]);
});

test("a label map names the background on any line, and masks may be of 16 bits or grey in three channels", async () => {
  const map = "tumor:200,0,0::\nbackground:0,0,0::\nedge:0,200,0::\n";
  const colours = Uint8Array.of(0, 0, 0, 200, 0, 0, 0, 200, 0);
  const png = encodePng({ dtype: "uint8", shape: [1, 3, 3], data: colours });
  const mapped = await read("mask-png", { "labelmap.txt": map, "a.png": png });
  assert.deepEqual(mapped.objects, [
    ["a", "tumor", "1,0,1,1"],
    ["a", "edge", "2,0,1,1"],
  ]);
  // Black that no label has is the background, and neither an object nor ignored.
  const unnamed = await readAnnotations(
    "mask-png",
    new Map([
      ["labelmap.txt", bytesOf("tumor:200,0,0::\nedge:0,200,0::\n")],
      ["a.png", png],
    ]),
  );
  assert.deepEqual(
    unnamed.set.images.map(({ objects, ignored }) => [objects.map(({ category }) => category), ignored]),
    [[[0, 1], undefined]],
  );
  const grey = Uint8Array.of(0, 0, 0, 2, 2, 2, 1, 1, 1);
  const numbered = await read("mask-png", { "a.png": encodePng({ dtype: "uint8", shape: [1, 3, 3], data: grey }) });
  assert.deepEqual(numbered.objects, [
    ["a", "1", "2,0,1,1"],
    ["a", "2", "1,0,1,1"],
  ]);
});

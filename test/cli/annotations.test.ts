// `fovea annotations`: conversion on the disk, what it says, and wrong usage.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { zipSync } from "fflate";
import { encodePng, openAnnotations, writeAnnotations, writeHail } from "../../src/data/index.js";
import { tensor } from "../../src/index.js";
import { fovea, workplace } from "./fovea.js";

const COCO = {
  images: [
    { id: 3, file_name: "images/a.png", width: 8, height: 6 },
    { id: 4, file_name: "images/gone.png", width: 8, height: 6 },
  ],
  categories: [{ id: 5, name: "dent" }],
  annotations: [
    { id: 1, image_id: 3, category_id: 5, bbox: [1, 2, 3, 3], area: 9, iscrowd: 0 },
    { id: 2, image_id: 3, category_id: 5, bbox: [1, 2, 0, 3], area: 0, iscrowd: 0 },
  ],
};

function folder(t: Parameters<typeof workplace>[0]): string {
  const directory = workplace(t);
  mkdirSync(join(directory, "set/images"), { recursive: true });
  const rows = Array.from({ length: 6 }, (_, y) => Array.from({ length: 8 }, (_, x) => x * y));
  writeFileSync(join(directory, "set/images/a.png"), encodePng(tensor(rows)));
  writeFileSync(join(directory, "set/annotations.json"), JSON.stringify(COCO));
  return directory;
}

test("annotations are converted, with a sentence for each fault and each loss", async (t) => {
  const directory = folder(t);
  const { code, stdout, stderr } = await fovea(directory, "annotations", "set", "out", "--to", "voc", "--json");
  assert.equal(code, 0, stderr);
  const answer = JSON.parse(stdout) as {
    from: string;
    objects: number;
    losses: string[];
    findings: { evidence: string }[];
  };
  assert.deepEqual([answer.from, answer.objects], ["coco", 1]);
  assert.match(stderr, /1 annotated image missing in the folder of images \(images\/gone\.png\)/i);
  assert.match(stderr, /1 object without any area left out/);
  assert.match(stderr, /Pascal VOC XML: 1 area lost\./);
  assert.ok(answer.losses.includes("Pascal VOC XML: 4 numbers of images, classes and objects lost"));
  const xml = readFileSync(join(directory, "out/Annotations/images/a.xml"), "utf8");
  assert.match(xml, /<xmax>4<\/xmax>/);
  const { set, format } = await openAnnotations(join(directory, "out"), { images: join(directory, "set") });
  assert.equal(format, "voc");
  assert.deepEqual(set.images[0]!.objects, [{ category: 0, box: [1, 2, 3, 3] }]);
});

test("YOLO's labels find the sizes of images beside them", async (t) => {
  const directory = folder(t);
  assert.equal((await fovea(directory, "annotations", "set", "out", "--to", "yolo")).code, 0);
  const alone = await fovea(directory, "annotations", "out", "back", "--to", "coco");
  assert.equal(alone.code, 1);
  assert.match(alone.stderr, /do not say how large images are; give the folder of the images \(--images\)/);
  assert.ok(!existsSync(join(directory, "back")), "nothing is half-written");
  const back = await fovea(directory, "annotations", "out", "back", "--to", "coco", "--images", "set");
  assert.equal(back.code, 0, back.stderr);
  assert.match(back.stderr, /1 image of unknown size left out \(gone\)/i);
  assert.match(back.stdout, /Wrote 1 object on 1 image to back: YOLO text became COCO JSON in 1 file\.\n/);
});

test("an archive is read where it lies, and masks beside photos are no photos", async (t) => {
  const directory = folder(t);
  const { set } = await openAnnotations(join(directory, "set"));
  writeFileSync(join(directory, "cvat.zip"), zipSync(Object.fromEntries(await writeAnnotations("cvat", set))));
  assert.equal((await fovea(directory, "annotations", "cvat.zip", "masks", "--to", "mask-png")).code, 0);
  mkdirSync(join(directory, "set/masks"));
  writeFileSync(join(directory, "set/masks/a.png"), readFileSync(join(directory, "masks/masks/images/a.png")));
  const back = await openAnnotations(join(directory, "masks"), { images: join(directory, "set") });
  assert.deepEqual(
    back.set.images.map(({ name, objects }) => [name, objects.map(({ box }) => box)]),
    [
      ["images/a.png", [[1, 2, 3, 3]]],
      // A mask does not say what kind of file its image is.
      ["images/gone", []],
    ],
  );
  assert.deepEqual(
    back.findings.map(({ evidence }) => evidence.replace(/ \(.*/, "")),
    ["1 annotated image missing in the folder of images"],
  );
});

test("wrong usage is told before anything is written", async (t) => {
  const directory = folder(t);
  const unknown = await fovea(directory, "annotations", "set", "out", "--to", "pdf");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /Allowed choices are coco, voc, yolo/);
  const nowhere = await fovea(directory, "annotations", "nowhere", "out", "--to", "coco");
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /cannot find nowhere; give a file, a folder or a zip archive of annotations/);
  const idle = await fovea(directory, "annotations", "set", "out", "--to", "voc", "--ignored", "3");
  assert.equal(idle.code, 2);
  assert.match(idle.stderr, /--ignored goes with mask PNG, and set is coco; leave it out/);
  const taken = await fovea(directory, "annotations", "set", "set", "--to", "coco");
  assert.match(taken.stderr, /set is not empty; give a new or an empty folder/);
  const { set } = await openAnnotations(join(directory, "set"));
  for (const [path, bytes] of await writeAnnotations("voc", set)) {
    mkdirSync(join(directory, "set", path, ".."), { recursive: true });
    writeFileSync(join(directory, "set", path), bytes);
  }
  const mixed = await fovea(directory, "annotations", "set", "out", "--to", "cvat");
  assert.match(mixed.stderr, /has annotations of several formats \(coco, voc\)|\(voc, coco\)/);
  assert.deepEqual(readdirSync(directory).sort(), ["set"].sort());
});

test("generated hail is converted as it lies there, lists of classes beside it and all", async (t) => {
  const directory = workplace(t);
  await writeHail(join(directory, "hail"), { count: 6, height: 48, width: 64, seed: 2 });
  const there = await openAnnotations(join(directory, "hail"));
  for (const format of ["voc", "yolo", "label-studio"]) {
    const { code, stderr } = await fovea(directory, "annotations", "hail", format, "--to", format, "--quiet");
    assert.equal(code, 0, stderr);
    const { set } = await openAnnotations(join(directory, format), { images: join(directory, "hail") });
    const count = (all: typeof set): number => all.images.reduce((sum, { objects }) => sum + objects.length, 0);
    assert.equal(count(set), count(there.set), format);
  }
});

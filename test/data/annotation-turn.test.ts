// Annotations of images that are stored on their side and were annotated so: they are turned as the images are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, STREAM } from "../../src/core/random.js";
import {
  type AnnotatedBox,
  type AnnotationSet,
  maskBox,
  maskOf,
  type Orientation,
  pixelsOfMask,
  readAnnotations,
  runLengthsOf,
  turnUpright,
  writeAnnotations,
} from "../../src/data/index.js";

const [WIDTH, HEIGHT] = [7, 5];
const ON_SIDE: readonly Orientation[] = [5, 6, 7, 8];

/** A mask, a box of whole pixels and the outline of the same box. */
function objectsOf(random: Random): AnnotatedBox[] {
  const mask = runLengthsOf(
    Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => Number(i === 8 || random.uniform() < 0.3)),
    HEIGHT,
    WIDTH,
  );
  const [x, y] = [random.integer(WIDTH - 1), random.integer(HEIGHT - 1)];
  const [right, bottom] = [x + 1 + random.integer(WIDTH - x), y + 1 + random.integer(HEIGHT - y)];
  const box = [x, y, right - x, bottom - y] as const;
  const ring = [x, y, right, y, right, bottom, x, bottom];
  return [
    { category: 0, box: maskBox(mask), mask },
    { category: 0, box },
    { category: 0, box, polygon: [ring] },
  ];
}

const pixelsOf = (object: AnnotatedBox, height: number, width: number): Uint8Array =>
  pixelsOfMask(maskOf(object, height, width));

test("boxes, outlines, masks and ignored pixels are turned as the image is", async () => {
  for (const orientation of ON_SIDE)
    for (let number = 0; number < 20; number++) {
      const random = new Random(3, STREAM.user, number);
      const objects = objectsOf(random);
      const set: AnnotationSet = {
        categories: [{ name: "dent" }],
        images: [{ name: "a.jpg", width: WIDTH, height: HEIGHT, objects }],
      };
      const files = await writeAnnotations("coco", set);
      const images = new Map([["a.jpg", { width: HEIGHT, height: WIDTH, orientation }]]);
      const read = await readAnnotations("coco", files, { images });
      const image = read.set.images[0]!;
      assert.deepEqual([image.width, image.height], [HEIGHT, WIDTH]);
      for (const [i, object] of objects.entries()) {
        const stored = { height: HEIGHT, width: WIDTH, channels: 1 as const, data: pixelsOf(object, HEIGHT, WIDTH) };
        const what = `orientation ${orientation}, set ${number}, object ${i}`;
        assert.deepEqual(pixelsOf(image.objects[i]!, WIDTH, HEIGHT), turnUpright(stored, orientation).data, what);
      }
      assert.deepEqual(image.objects[1]!.box, image.objects[2]!.box);
      assert.equal(read.isWhole, true);
      assert.match(
        read.findings[0]!.evidence,
        /1 image annotated on its side, as stored; the annotations are turned upright/,
      );
    }
  const ignoring: AnnotationSet = {
    categories: [{ name: "dent" }],
    images: [
      {
        ...{ name: "a.png", width: 2, height: 1, objects: [] },
        ignored: runLengthsOf(Uint8Array.of(1, 0), 1, 2),
      },
    ],
  };
  const images = new Map([["a.png", { width: 1, height: 2, orientation: 8 as const }]]);
  const { set } = await readAnnotations("mask-png", await writeAnnotations("mask-png", ignoring), { images });
  assert.deepEqual([...pixelsOfMask(set.images[0]!.ignored!)], [0, 1]);
});

test("images that are shown as they are stored, and annotations of other sizes, are not turned", async () => {
  const image = { id: 1, file_name: "a.jpg", width: 7, height: 5 };
  const text = JSON.stringify({
    images: [image],
    categories: [{ id: 1, name: "dent" }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 2], keypoints: [1, 2, 2] }],
  });
  const files = new Map([["a.json", new TextEncoder().encode(text)]]);
  const boxWith = async (width: number, height: number, orientation: Orientation) => {
    const read = await readAnnotations("coco", files, { images: new Map([["a.jpg", { width, height, orientation }]]) });
    return [read.set.images[0]!.objects[0]!.box, read.findings.map(({ evidence }) => evidence).join("; ")];
  };
  assert.deepEqual(await boxWith(7, 5, 3), [[1, 2, 3, 2], ""]);
  assert.deepEqual(await boxWith(7, 5, 6), [[1, 2, 3, 2], ""]);
  const [same, warning] = await boxWith(5, 7, 1);
  assert.deepEqual(same, [1, 2, 3, 2]);
  assert.match(String(warning), /1 image of another size than its annotations say/);
  // Positions among the fields would no longer be right.
  const [turned, notes] = await boxWith(5, 7, 6);
  assert.deepEqual(turned, [1, 1, 2, 3]);
  assert.match(String(notes), /1 field of the file not read \(a\.jpg: keypoints\)/);
});

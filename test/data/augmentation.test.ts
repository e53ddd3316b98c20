// Images, boxes, outlines and masks moved together: over 1,000 draws the moved mask is the mask of the moved image.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { affineTransform } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import { Random, STREAM } from "../../src/core/random.js";
import {
  type AnnotatedBox,
  drawMosaic,
  drawMovement,
  type Movement,
  type MovementRanges,
  maskBox,
  maskOfBox,
  maskOfPolygon,
  mosaicClassMap,
  mosaicObjects,
  mosaicPixels,
  moveClassMap,
  moveMask,
  movements,
  moveObjects,
  movePixels,
  pixelsOfMask,
  runLengthsOf,
} from "../../src/data/index.js";
import { tensor } from "../../src/index.js";
import { graphRunner } from "../contract/graph-runner.js";

const DRAWS = 1000;

const RANGES: readonly MovementRanges[] = [
  { flip: "both" },
  { turn: 0.5 },
  { zoom: 0.6 },
  { shift: 0.4 },
  { crop: 0.7 },
  { flip: "both", turn: 0.2, zoom: 0.3, shift: 0.2, crop: 0.3 },
  { flip: "horizontal", shift: 0.08, turn: 0.03, zoom: 0.1 },
];

interface Drawn {
  readonly size: { readonly width: number; readonly height: number };
  readonly movement: Movement;
  readonly random: Random;
  readonly turns: boolean;
}

/** The movement of a number, and the generator for what is to be moved. */
function drawn(number: number): Drawn {
  const random = new Random(3, STREAM.user, number);
  const size = { width: 8 + random.integer(30), height: 8 + random.integer(30) };
  const ranges = RANGES[number % RANGES.length]!;
  return { size, movement: drawMovement(random, ranges, size), random, turns: ranges.turn !== undefined };
}

/** Tells whether pixels around one, itself included, have both values: a border runs there. */
function isBorder(pixels: Uint8Array, width: number, at: number): boolean {
  const [x, y] = [at % width, Math.floor(at / width)];
  const around: number[] = [];
  for (let dy = -1; dy <= 1; dy++)
    for (let dx = -1; dx <= 1; dx++) {
      const [column, row] = [x + dx, y + dy];
      const isInside = column >= 0 && row >= 0 && column < width && row * width < pixels.length;
      around.push(isInside ? pixels[row * width + column]! : 0);
    }
  return around.includes(0) && around.includes(1);
}

test("over 1,000 draws the moved mask is the mask of the moved image", () => {
  for (let number = 0; number < DRAWS; number++) {
    const { size, movement, random } = drawn(number);
    const blob = maskOfPolygon(
      [Array.from({ length: 8 }, (_, i) => random.between(0, i % 2 === 0 ? size.width : size.height))],
      size.height,
      size.width,
    );
    const data = pixelsOfMask(blob);
    const image = { ...size, channels: 1, data: data.map((pixel) => 255 * pixel) };
    const moved = pixelsOfMask(moveMask(blob, movement));
    const nearest = movePixels(image, movement, { interpolation: "nearest", fill: 0 }).data;
    assert.deepEqual(
      nearest.map((pixel) => Number(pixel > 0)),
      moved,
      `draw ${number}`,
    );
    // A smooth image is wholly black or white where the nearest pixel and all around it are.
    const smooth = movePixels(image, movement, { fill: 0 }).data;
    for (const [i, pixel] of smooth.entries())
      if (pixel === 0 || pixel === 255) assert.equal(moved[i], pixel / 255, `draw ${number}, pixel ${i}`);
    assert.deepEqual(moveClassMap(data, movement, 0), moved);
  }
});

test("over 1,000 draws outlines and boxes go where their pixels go", () => {
  let seen = 0;
  for (let number = 0; number < DRAWS; number++) {
    const { size, movement, random, turns } = drawn(number);
    const [left, top] = [random.between(0, size.width - 5), random.between(0, size.height - 5)];
    const box = [left, top, random.between(4, size.width - left), random.between(4, size.height - top)] as const;
    const [x, y, width, height] = box;
    const polygon = [[x, y, x + width, y + height / 3, x + width / 2, y + height]];
    const objects: AnnotatedBox[] = [
      { category: 0, box },
      { category: 1, box, polygon },
    ];
    const moved = moveObjects(objects, movement, { leastVisible: 0 });
    for (const object of moved) {
      const before =
        object.category === 0
          ? maskOfBox(box, size.height, size.width)
          : maskOfPolygon(polygon, size.height, size.width);
      const pixels = moveMask(before, movement);
      const [px, py, across, down] = object.box;
      const { to } = movement;
      assert.ok(
        Math.min(px, py, to.width - px - across, to.height - py - down) > -1e-9,
        `draw ${number}: ${object.box}`,
      );
      const [mx, my, wide, high] = maskBox(pixels);
      // A pixel of the image may be several of the result.
      const [a0, a1, , b0, b1] = movement.map;
      const pixel = 1.5 * Math.max(1, 1 / Math.sqrt(Math.abs(a0 * b1 - a1 * b0)));
      // Of a box that turns only the box around it is known, and the tip of an outline may have no pixel.
      const loose = object.category === 1 || turns ? Infinity : pixel;
      if (wide > 0)
        for (const gap of [mx - px, my - py, px + across - mx - wide, py + down - my - high])
          assert.ok(gap > -pixel && gap < loose, `draw ${number}: ${object.box} around ${[mx, my, wide, high]}`);
      if (object.polygon === undefined) continue;
      const outline = pixelsOfMask(maskOfPolygon(object.polygon, movement.to.height, movement.to.width));
      const wanted = pixelsOfMask(pixels);
      for (const [i, pixel] of outline.entries())
        if (pixel !== wanted[i])
          assert.ok(
            isBorder(wanted, movement.to.width, i) || isBorder(outline, movement.to.width, i),
            `draw ${number}, pixel ${i}`,
          );
      seen++;
    }
  }
  assert.ok(seen > DRAWS / 2);
});

const runGraph = graphRunner(referenceBackend);

test("movements are those of the layers of augmentation", async () => {
  const size = { width: 7, height: 5 };
  const data = Uint8Array.from({ length: 35 }, (_, i) => (37 * i) % 256);
  const { flipped, joinedMovement, shifted, turned, zoomed } = movements;
  for (const movement of [
    flipped(size, { across: true }),
    turned(size, 0.07),
    zoomed(size, 0.3, -0.2),
    shifted(size, 0.2, -0.1),
    joinedMovement(turned(size, -0.1), shifted(size, 0.1, 0.1)),
  ]) {
    const [x, maps] = [input("x", [1, 5, 7, 1]), input("maps", [1, 6])];
    const [wanted] = await runGraph(
      { inputs: [x, maps], outputs: [affineTransform(x, maps, { fillValue: 114 })], updates: [] },
      [tensor([...data], [1, 5, 7, 1], "float32"), tensor([...movement.map], [1, 6], "float32")],
    );
    const got = movePixels({ ...size, channels: 1, data }, movement).data;
    for (const [i, value] of got.entries()) assert.ok(Math.abs(value - wanted!.data[i]!) <= 0.501, `pixel ${i}`);
  }
});

test("a mosaic shows four images and their objects, each in its quarter", () => {
  for (let number = 0; number < 100; number++) {
    const random = new Random(5, STREAM.user, number);
    const sizes = Array.from({ length: 4 }, () => ({
      width: 10 + random.integer(20),
      height: 10 + random.integer(20),
    }));
    const mosaic = drawMosaic(random, sizes, { width: 32, height: 24 });
    const masks = sizes.map(({ width, height }) =>
      runLengthsOf(
        Uint8Array.from({ length: width * height }, () => random.integer(2)),
        height,
        width,
      ),
    );
    const images = masks.map((mask, i) => ({ ...sizes[i]!, channels: 1, data: pixelsOfMask(mask) }));
    const together = mosaicPixels(images, mosaic, { interpolation: "nearest", fill: 0 });
    const objects = mosaicObjects(
      masks.map((mask, category) => [{ category, box: maskBox(mask), mask }]),
      mosaic,
      { leastVisible: 0 },
    );
    const union = new Uint8Array(together.data.length);
    for (const { mask } of objects)
      for (const [i, pixel] of pixelsOfMask(mask!).entries()) union[i] = union[i]! | pixel;
    assert.deepEqual(union, together.data, `mosaic ${number}`);
    assert.deepEqual(
      mosaicClassMap(
        images.map(({ data }) => data),
        mosaic,
      ),
      together.data,
      `mosaic ${number}`,
    );
  }
});

test("what is hardly seen any more is left out, and movements of other sizes are refused", () => {
  const size = { width: 10, height: 10 };
  const away = movements.shifted(size, 0, 0.95);
  const object = { category: 0, box: [0, 0, 10, 10] as const, area: 100, score: 0.5 };
  assert.deepEqual(moveObjects([object], away), []);
  assert.deepEqual(moveObjects([object], away, { leastVisible: 0.01 })[0]!.score, 0.5);
  assert.deepEqual(moveObjects([object], movements.resized(size, { width: 20, height: 5 }))[0]!.box, [0, 0, 20, 5]);
  assert.deepEqual(moveObjects([object], movements.fitted(size, { width: 30, height: 20 }))[0]!.box, [5, 0, 20, 20]);
  assert.throws(
    () => movePixels({ width: 3, height: 3, channels: 1, data: new Uint8Array(9) }, away),
    /expected 10 x 10/,
  );
  assert.throws(() => drawMovement(new Random(1, 0), { zoom: 1 }, size), /drawMovement zoom/);
});

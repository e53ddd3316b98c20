// Copies of generated pictures are found however they were altered; other pictures of the same make are not taken for
// copies. Photos are in test/real/copies.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/core/random.js";
import {
  convertColor,
  type DecodedImage,
  decodeImage,
  findCopies,
  type Pixels,
  resizeImage,
  THUMBNAIL_SIDE,
} from "../../src/data/index.js";
import { alteredCopies } from "../../tools/altered-copies.js";

/** Soft blobs of several sizes on a slope: as little alike as photos are. */
function scene(seed: number, width = 160, height = 120): Pixels {
  const draw = new Random(seed, 7, 0);
  const blobs = Array.from({ length: 24 }, (_, n) => ({
    ...{ x: draw.uniform() * width, y: draw.uniform() * height, level: (draw.uniform() - 0.5) * 200 },
    ...{ size: (n % 3 === 0 ? 30 : 8) * (0.5 + draw.uniform()), tint: draw.uniform() },
  }));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        let level = 128 + (seed % 2 === 0 ? x : y) / 4;
        for (const blob of blobs)
          if (Math.hypot(x - blob.x, y - blob.y) < blob.size) level += blob.level * (c === 1 ? blob.tint : 1);
        data[(y * width + x) * 3 + c] = Math.max(0, Math.min(255, level));
      }
  return { width, height, channels: 3, data };
}

const grey = async (bytes: Uint8Array): Promise<Uint8Array> =>
  resizeImage(convertColor(await decodeImage(bytes, "a copy"), "grayscale"), THUMBNAIL_SIDE, THUMBNAIL_SIDE, "lanczos")
    .data;
const greyOf = (photo: Pixels): Uint8Array => {
  const luma = convertColor({ ...photo, format: "PNG", mode: "RGB" } as DecodedImage, "grayscale");
  return resizeImage(luma, THUMBNAIL_SIDE, THUMBNAIL_SIDE, "lanczos").data;
};

test("half-sized, recompressed, cut and mirrored copies are found, and nothing else", async () => {
  const scenes = Array.from({ length: 8 }, (_, seed) => scene(seed));
  const thumbnails = scenes.map(greyOf);
  const ofScene = scenes.map((_, n) => n);
  const names: string[] = scenes.map(() => "original");
  for (const [n, original] of scenes.slice(0, 4).entries())
    for (const { alteration, bytes } of await alteredCopies(original, n / 3)) {
      thumbnails.push(await grey(bytes));
      ofScene.push(n);
      names.push(alteration);
    }
  const pairs = await findCopies(thumbnails);
  for (const { first, second } of pairs) assert.equal(ofScene[first], ofScene[second], "a false pair");
  const found = pairs.filter(({ first }) => first < scenes.length);
  assert.equal(
    found.length,
    16,
    `found ${found.map(({ second }) => `${ofScene[second]} ${names[second]}`).join(", ")}`,
  );
  for (const { second, isMirrored, shown } of found) {
    assert.equal(isMirrored, names[second] === "mirrored");
    if (names[second] === "cut") assert.ok(Math.abs(shown - 0.81) < 0.06, `81 % is shown, it says ${shown}`);
    else assert.ok(shown > 0.95);
  }
});

test("pictures of one colour are no copies, and the threshold decides", async () => {
  const flat = new Uint8Array(THUMBNAIL_SIDE ** 2).fill(200);
  assert.deepEqual(await findCopies([flat, flat.slice().fill(90), flat.slice()]), []);
  const [a, b] = [greyOf(scene(1)), greyOf(scene(1)).map((level, i) => Math.min(255, level + (i % 7) * 6))];
  const [pair] = await findCopies([a, b], { above: 0 });
  assert.ok(pair!.similarity < 1);
  assert.deepEqual(await findCopies([a, b], { above: pair!.similarity + 1e-6 }), []);
});

test("options that cannot be are refused", async () => {
  await assert.rejects(
    findCopies([], { above: 85 }),
    /findCopies above: expected a finite number from 0 to 1, received 85/,
  );
  await assert.rejects(findCopies([], { abvoe: 0.5 } as object), /findCopies: unknown option "abvoe"/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { SMALL_IMAGES, type SmallImage, smallImage } from "../../src/data/generators/small-images.js";

/** Numbers of a picture's pixels by their colour. */
function colors(name: SmallImage): Readonly<Record<string, number>> {
  const { width, height, channels, data } = smallImage(name);
  assert.deepEqual([width, height, channels, data.length], [16, 16, 3, 768]);
  const counts: Record<string, number> = {};
  for (let at = 0; at < data.length; at += 3) {
    const color = data.subarray(at, at + 3).join(",");
    counts[color] = (counts[color] ?? 0) + 1;
  }
  return counts;
}

test("the small pictures have the lecture's colours, as often as there", () => {
  for (const name of ["up", "left", "right"] as const)
    assert.deepEqual(colors(name), { "255,255,0": 143, "0,0,0": 113 });
  assert.deepEqual(colors("ghost"), { "255,163,177": 168, "0,0,0": 48, "255,255,255": 32, "51,0,255": 8 });
});

test("the mouth opens to where its name says", () => {
  const isBlack = (name: SmallImage, x: number, y: number) => smallImage(name).data[3 * (16 * y + x)] === 0;
  assert.deepEqual(
    SMALL_IMAGES.slice(0, 3).map((name) => [isBlack(name, 8, 2), isBlack(name, 2, 7), isBlack(name, 13, 7)]),
    [
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ],
  );
  assert.throws(() => smallImage("down" as SmallImage), /smallImage: expected/);
});

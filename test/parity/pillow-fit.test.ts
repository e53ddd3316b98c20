// Boxes with fractions of pixels, ImageOps.fit and cutting after scaling: Pillow's pixels to the bit, with every filter.
// The fixtures were made by tools/pillow-fit-fixtures.py with real Pillow.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cropImage } from "../../src/data/crop.js";
import type { Pixels } from "../../src/data/pixels.js";
import { INTERPOLATIONS, type Interpolation, resizeImage } from "../../src/data/resize.js";

interface Case {
  readonly from: readonly [height: number, width: number, channels: number];
  readonly to: readonly [height: number, width: number];
  readonly hashes: Readonly<Record<Interpolation, string>>;
}
interface Fixtures {
  readonly fit: readonly Case[];
  readonly scaled: readonly Case[];
  readonly box: readonly (Case & { readonly box: readonly [number, number, number, number] })[];
}

// This file runs from dist/test/parity; the fixtures stay where they are committed.
const url = new URL("../../../test/parity/fixtures/pillow-fit.json", import.meta.url);
const fixtures = JSON.parse(readFileSync(url, "utf8")) as Fixtures;

/** The source pixels of the fixtures, by the same formula as in the script. */
function pattern([height, width, channels]: Case["from"]): Pixels {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    if (Math.floor(i / 29) % 3 === 0) return Math.floor(i / 87) % 2 === 0 ? 0 : 255;
    return Math.imul(i, 2654435761) >>> 24;
  });
  return { width, height, channels, data };
}

function agrees({ from, to, hashes }: Case, work: (image: Pixels, interpolation: Interpolation) => Pixels): void {
  for (const interpolation of INTERPOLATIONS) {
    const { data, height, width } = work(pattern(from), interpolation);
    assert.deepEqual([height, width], to);
    const hash = createHash("sha256").update(data).digest("hex").slice(0, 16);
    assert.equal(hash, hashes[interpolation], interpolation);
  }
}

for (const crop of ["fit", "scaled"] as const)
  for (const known of fixtures[crop])
    test(`cuts ${known.from.join("x")} to ${known.to.join("x")} by "${crop}"`, () =>
      agrees(known, (image, interpolation) => cropImage(image, crop, ...known.to, interpolation)));

for (const known of fixtures.box)
  test(`resizes the box ${known.box.join(", ")} of ${known.from.join("x")} to ${known.to.join("x")}`, () => {
    const [left, top, right, bottom] = known.box;
    agrees(known, (image, interpolation) =>
      resizeImage(image, ...known.to, interpolation, { left, top, right, bottom }),
    );
  });

test("a picture of a few rows is cut after scaling without making the whole of it", () => {
  const long = pattern([1, 16_000, 3]);
  assert.equal(cropImage(long, "scaled", 224, 224, "bilinear").data.length, 224 * 224 * 3);
});

test("a box that leaves the image is refused", () => {
  assert.throws(
    () => resizeImage(pattern([4, 5, 1]), 3, 3, "lanczos", { left: 0, top: 0, right: 5.5, bottom: 4 }),
    /expected a box inside of 5x4 pixels/,
  );
});

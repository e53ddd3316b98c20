// JPEG in print colours, CMYK and YCCK: about the colours that Pillow gives. The fixtures are made by tools/cmyk-fixtures.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeImage, loadImage, readImageHeader } from "../../src/data/index.js";
import { exifSegment, exifWith, joined, withSegments } from "./made-images.js";

// This file runs from dist/test/cases; the fixtures stay where they are committed.
const url = new URL("../../../test/data/fixtures/cmyk.json", import.meta.url);
const { width, height, images } = JSON.parse(readFileSync(url, "utf8")) as {
  width: number;
  height: number;
  images: Record<string, { file: string; rgb: string }>;
};
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const file = bytesOf(images.cmyk!.file);

for (const [name, image] of Object.entries(images))
  test(`${name} has Pillow's colours`, async () => {
    const { shape, data } = await loadImage(bytesOf(image.file));
    assert.deepEqual(shape, [height, width, 3]);
    const expected = bytesOf(image.rgb);
    const differences = Array.from(data, (value, i) => Math.abs(value - expected[i]!));
    const isSubsampled = name.endsWith("subsampled");
    // Colours stored in half the size are spread by another filter than libjpeg's.
    assert.ok(
      differences.reduce((sum, difference) => sum + difference, 0) / differences.length < (isSubsampled ? 5 : 1),
    );
    if (!isSubsampled) assert.ok(Math.max(...differences) <= 4, String(Math.max(...differences)));
    const red = [...data.subarray((2 * width + 2) * 3, (2 * width + 2) * 3 + 3)];
    for (const [c, value] of [250, 20, 20].entries()) assert.ok(Math.abs(red[c]! - value) <= 15, String(red));
    assert.equal((await decodeImage(bytesOf(image.file), name)).mode, "CMYK");
  });

test("junk, an orientation and damage are treated as in any other JPEG", async () => {
  const turned = withSegments(file, exifSegment(exifWith(6)), joined("hello"));
  assert.deepEqual((await loadImage(turned)).shape, [width, height, 3]);
  await assert.rejects(
    loadImage(file.subarray(0, file.length - 40)),
    /the image data end too early; the file is truncated/,
  );
  const large = Uint8Array.from(file);
  const frame = Buffer.from(large).indexOf(Uint8Array.of(0xff, 0xc0));
  large.set([0x27, 0x10, 0x27, 0x10], frame + 5);
  await assert.rejects(
    readImageHeader(large, "large.jpg"),
    /claims to be 10000 x 10000 pixels, and of its kind at most/,
  );
});

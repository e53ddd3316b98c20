// Pixels equal to Pillow's to the bit: decoding every format and mode, grey conversion, resizing with every filter.
// The fixtures were made by tools/pillow-fixtures.py with real Pillow.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { decodeImage, readImageHeader } from "../../src/data/decoders/index.js";
import { convertColor, type Pixels } from "../../src/data/pixels.js";
import { INTERPOLATIONS, type Interpolation, resizeImage } from "../../src/data/resize.js";

interface Fixtures {
  images: Record<string, { file: string; format: string; mode: string; size: number[]; L: string; RGB: string }>;
  damaged: { image: string; at: number; value: number | null; RGB: string | null }[];
  resized: { from: [number, number, number]; to: [number, number]; hashes: Record<Interpolation, string> }[];
  lanczosRows: Record<string, string>;
  raw: Record<Interpolation, number[]>;
}

// This file runs from dist/test/parity; the fixtures stay where they are committed.
const url = new URL("../../../test/parity/fixtures/pillow.json", import.meta.url);
const fixtures = JSON.parse(readFileSync(url, "utf8")) as Fixtures;
const images = Object.entries(fixtures.images).map(([name, facts]) => ({
  name,
  facts,
  bytes: new Uint8Array(Buffer.from(facts.file, "base64")),
}));

const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The source pixels of the fixtures, by the same formula as in the script. */
function pattern(width: number, height: number, channels: number): Pixels {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    if (Math.floor(i / 29) % 3 === 0) return Math.floor(i / 87) % 2 === 0 ? 0 : 255;
    return Math.imul(i, 2654435761) >>> 24;
  });
  return { width, height, channels, data };
}

for (const { name, facts, bytes } of images)
  test(`decodes ${name}`, async () => {
    const image = await decodeImage(bytes, name, "cut");
    assert.equal(image.format.toUpperCase(), facts.format);
    assert.equal(image.mode, facts.mode);
    assert.deepEqual([image.width, image.height], facts.size);
    assert.equal(image.data.length, image.width * image.height * image.channels);
    assert.equal(sha(convertColor(image, "grayscale").data), facts.L, "grey");
    assert.equal(sha(convertColor(image, "rgb").data), facts.RGB, "RGB");
    const { format, width, height, mode } = (await readImageHeader(bytes, name))!;
    assert.deepEqual([format, mode, width, height], [image.format, image.mode, image.width, image.height], "header");
  });

test("a file cut off anywhere is an error that names it, or loses no pixel", async () => {
  for (const { name, bytes, facts } of images) {
    // Every length up to 60, then some.
    const lengths = Array.from({ length: 60 }, (_, i) => i).concat(
      [0.4, 0.6, 0.8, 0.95].map((part) => Math.floor(bytes.length * part)),
    );
    for (const length of new Set([...lengths, bytes.length - 2, bytes.length - 1].filter((n) => n < bytes.length))) {
      const cut = bytes.slice(0, length);
      try {
        assert.equal(
          sha(convertColor(await decodeImage(cut, name), "rgb").data),
          facts.RGB,
          `${name} cut to ${length}`,
        );
      } catch (error) {
        assert.ok(error instanceof FoveaError, `${name} cut to ${length}: ${error}`);
        assert.ok(error.message.startsWith(`cannot decode ${name}: `), error.message);
      }
    }
    // Half a file is never enough, but for a GIF animation, whose first frame comes first.
    if (!name.includes("gif-animated")) await assert.rejects(decodeImage(bytes.slice(0, bytes.length / 2), name), name);
  }
});

test("damaged GIF files are refused where Pillow refuses them, and have its pixels where not", async () => {
  for (const { image, at, value, RGB } of fixtures.damaged) {
    const bytes = images.find(({ name }) => name === image)!.bytes.slice();
    // Zeros to the end, or one byte changed.
    if (value === null) bytes.fill(0, at);
    else bytes[at] = value;
    const pixels = decodeImage(bytes, image).then((decoded) => sha(convertColor(decoded, "rgb").data));
    if (RGB === null) await assert.rejects(pixels, FoveaError, `${image}: ${value} at ${at}`);
    else assert.equal(await pixels, RGB, `${image}: ${value} at ${at}`);
  }
});

for (const { from, to, hashes } of fixtures.resized)
  test(`resizes ${from.join("x")} to ${to.join("x")} with every filter`, () => {
    const [height, width, channels] = from;
    const source = pattern(width, height, channels);
    for (const interpolation of INTERPOLATIONS) {
      const { data } = resizeImage(source, to[0], to[1], interpolation);
      assert.equal(sha(data).slice(0, 16), hashes[interpolation], interpolation);
    }
  });

test("resizes a small image to Pillow's very numbers", () => {
  for (const interpolation of INTERPOLATIONS)
    assert.deepEqual([...resizeImage(pattern(5, 4, 1), 3, 7, interpolation).data], fixtures.raw[interpolation]);
});

test("Lanczos rows of every length from 1 to 320", () => {
  for (const [target, expected] of Object.entries(fixtures.lanczosRows)) {
    const hash = createHash("sha256");
    for (let length = 1; length <= 320; length++)
      hash.update(resizeImage(pattern(length, 1, 1), 1, Number(target), "lanczos").data);
    assert.equal(hash.digest("hex"), expected, `to ${target}`);
  }
});

test("resizing refuses a target without pixels", () => {
  assert.throws(() => resizeImage(pattern(5, 4, 1), 0, 60, "lanczos"), /image size: .* received 0x60/);
});

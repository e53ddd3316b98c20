// Facts about one image file, from a path and from bytes.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { encodePng, imageFileFacts } from "../../src/data/index.js";

const png = encodePng({ dtype: "uint8", shape: [1, 2, 1], data: Uint8Array.of(10, 30) });

test("bytes have the facts of their file, under the name that they are given", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "fovea-facts-")), "two.png");
  writeFileSync(path, png);
  const { path: ofFile, ...file } = await imageFileFacts(path);
  const { path: ofBytes, ...bytes } = await imageFileFacts(png, "two.png");
  assert.deepEqual(bytes, file);
  assert.deepEqual([ofFile, ofBytes], [path, "two.png"]);
  assert.deepEqual([bytes.pixels.shape, bytes.lowest, bytes.highest, bytes.mean], [[1, 2, 1], 10, 30, 20]);
});

test("bytes of no image are named in the sentence", async () => {
  await assert.rejects(imageFileFacts(Uint8Array.of(1, 2, 3), "archive/odd.png"), /cannot decode archive\/odd\.png/);
});

// 24 altered copies of six photos among 46: at least 20 are found at the default threshold, and no false pair.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { convertColor, decodeImage } from "../../src/data/index.js";
import { imagesIn } from "../../src/experiment/data/image-paths.js";
import { copiesAmong } from "../../src/experiment/pretrained/similarity.js";
import { alteredCopies } from "../../tools/altered-copies.js";
import { workplace } from "../cli/fovea.js";
import { realData } from "./shared-data.js";

const photos = realData("applications/photos");
const six = realData("lecture-images");

test("copies of photos", { skip: photos.skip || six.skip }, async (t) => {
  const folder = workplace(t);
  mkdirSync(join(folder, "copies"));
  const originals = (await imagesIn(six.path)).filter((path) => path.endsWith(".jpg"));
  assert.equal(originals.length, 6);
  for (const [n, path] of originals.entries()) {
    const pixels = convertColor(await decodeImage(readFileSync(path), path), "rgb");
    for (const { alteration, extension, bytes } of await alteredCopies(pixels, n / 5))
      writeFileSync(join(folder, "copies", `${basename(path, ".jpg")}.${alteration}.${extension}`), bytes);
  }
  const { pairs, failed } = await copiesAmong([...(await imagesIn(photos.path, join(folder, "copies"))), ...originals]);
  assert.deepEqual(failed, []);
  const stem = (path: string): string => basename(path).split(".")[0]!;
  const wrong = pairs.filter(({ images: [a, b] }) => stem(a) !== stem(b));
  assert.deepEqual(wrong, []);
  const found = pairs.filter(({ images }) => images.filter((path) => originals.includes(path)).length === 1);
  assert.ok(found.length >= 20, `found ${found.length} of 24`);
});

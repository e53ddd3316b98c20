// Real images: the lecture's small ones by their colours, thousands of others by the hash of what Pillow makes of
// them (tools/pillow-folder-hash.py, Pillow 12.3.0).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { convertColor, decodeImage, type ImageSource, type LoadOptions, loadImages } from "../../src/data/index.js";
import { filesInTar, realData } from "./shared-data.js";

const lecture = realData("lecture-images");

test("the lecture's small images have the lecture's colours", { skip: lecture.skip }, async () => {
  const yellow = { "255,255,0": 143, "0,0,0": 113 };
  const expected: Record<string, Record<string, number>> = {
    "pu.gif": yellow,
    "pl.gif": yellow,
    "pr.gif": yellow,
    "pg.bmp": { "255,163,177": 168, "0,0,0": 48, "255,255,255": 32, "51,0,255": 8 },
  };
  for (const [name, colors] of Object.entries(expected)) {
    const image = await decodeImage(new Uint8Array(readFileSync(join(lecture.path, name))), name);
    const { data, width, height } = convertColor(image, "rgb");
    assert.deepEqual([height, width], [16, 16]);
    const counts: Record<string, number> = {};
    for (let i = 0; i < data.length; i += 3) {
      const color = data.subarray(i, i + 3).join();
      counts[color] = (counts[color] ?? 0) + 1;
    }
    assert.deepEqual(counts, colors, name);
  }
});

async function loadTar(path: string, folder: string, options: LoadOptions): Promise<{ count: number; hash: string }> {
  const sources: ImageSource[] = [];
  for (const file of filesInTar(path))
    if (file.path.startsWith(folder))
      sources.push({
        path: file.path.slice(folder.length),
        size: file.bytes.length,
        bytes: async () => file.bytes.slice(),
      });
  const data = await loadImages(sources, options);
  return { count: data.files.length, hash: createHash("sha256").update(data.x.data).digest("hex") };
}

const casia = realData("CASIA-Dataset.tar");

test("the handwriting test set equals Pillow's byte for byte", { skip: casia.skip }, async () => {
  assert.deepEqual(await loadTar(casia.path, "CASIA-Dataset/Test/", { height: 80, width: 60 }), {
    count: 7851,
    hash: "c41e467155be166c7eff8c187ad9f1883e47cca78e7e06fdc1b8368925215075",
  });
});

const photos = realData("hymenoptera.tar");

test("photos equal Pillow's byte for byte", { skip: photos.skip }, async () => {
  const options = { height: 150, width: 150, color: "rgb", interpolation: "bilinear" } as const;
  assert.deepEqual(await loadTar(photos.path, "hymenoptera/train/", options), {
    count: 245,
    hash: "b8e8c3261f74b7d39b04b714eb4c6519e88d65ce3e6ff0d9b79c7e4bde1cb1cb",
  });
  assert.deepEqual(await loadTar(photos.path, "hymenoptera/val/", options), {
    count: 153,
    hash: "60ffc80e70981e07e261ddd4aa3f6ab0b2296cf318bbbf9bbf84ca44c42c737b",
  });
});

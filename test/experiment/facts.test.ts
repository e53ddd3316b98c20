// The facts that a run leaves: what of the mistakes is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { type ImageDataset, MemoryStore } from "../../src/data/index.js";
import { imageSamples } from "../../src/experiment/data/sample-set.js";
import { failuresOf } from "../../src/experiment/run/facts.js";

test("mistakes keep small images as they are and large ones scaled down, aspect kept", async () => {
  for (const [[height, width], expected] of [
    [
      [80, 160],
      [80, 160],
    ],
    [
      [400, 300],
      [160, 120],
    ],
    [
      [2, 800],
      [1, 160],
    ],
  ] as const) {
    const size = height * width * 3;
    const data = Uint8Array.from({ length: 2 * size }, (_, i) => (i < size ? 0 : 50 * (i % 3)));
    const images = { images: new MemoryStore(tensor(data, [2, height, width, 3], "uint8")), files: ["a.png", "b.png"] };
    const targets = { kind: "classes" as const, classNames: ["a", "b"], indices: Int32Array.of(0, 0) };
    const part = { samples: imageSamples(images as unknown as ImageDataset), targets, rows: Int32Array.of(1) };
    const evaluation = {
      kind: "classification" as const,
      labels: [0],
      predicted: [1],
      confidence: [0.5],
    };
    const [failure] = await failuresOf(part, evaluation);
    const { image, file } = failure as Required<NonNullable<typeof failure>>;
    assert.equal(file, "b.png");
    assert.deepEqual([image.height, image.width, image.channels], [...expected, 3]);
    assert.deepEqual([...image.data.subarray(0, 3)], [0, 50, 100]);
    assert.equal(image.data.length, image.height * image.width * 3);
  }
});

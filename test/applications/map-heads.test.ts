// Heads on the maps of a base: Lite R-ASPP is torchvision's, number by number, and the heads of detection have a map for each quarter
// of an image.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MAP_HEADS } from "../../src/applications/map-heads.js";
import { tensor } from "../../src/core/tensor.js";
import { model } from "../../src/index.js";
import { input } from "../../src/nn/layers/index.js";

/** 0.4 sin(0.7 a + 1.3 b + 0.9 c + k), as the script that made the fixture has it. */
const formula = (k: number, a: number, b = 0, c = 0): number => 0.4 * Math.sin(0.7 * a + 1.3 * b + 0.9 * c + k);

interface Fixture {
  readonly low: readonly [channels: number, height: number, width: number];
  readonly high: readonly [channels: number, height: number, width: number];
  readonly imageSize: readonly [number, number];
  readonly classes: number;
  readonly logits: readonly number[];
}

/** Maps as the script has them, the channels last. */
function mapsOf(k: number, [channels, height, width]: Fixture["low"]) {
  const data = Float32Array.from({ length: channels * height * width }, (_, at) => {
    const place = Math.floor(at / channels);
    return formula(k, at % channels, Math.floor(place / width), place % width);
  });
  return tensor(data, [1, height, width, channels], "float32");
}

test("Lite R-ASPP is torchvision's", async () => {
  const url = new URL("../../../test/applications/fixtures/lraspp.json", import.meta.url);
  const { low, high, imageSize, classes, logits } = JSON.parse(readFileSync(url, "utf8")) as Fixture;
  const [fine, coarse] = [low, high].map(([channels, height, width]) => input([height, width, channels]));
  const maps = new Map([
    [16, coarse!.output],
    [8, fine!.output],
  ]);
  const head = model({
    inputs: [fine!, coarse!],
    outputs: MAP_HEADS.lraspp.build(maps, { imageSize, classes }),
  });
  const layers = ["cbr_conv", "scale_conv", "low_classifier", "high_classifier"];
  for (const [k, name] of layers.entries()) {
    const layer = head.getLayer(name);
    const [kernel, bias] = layer.weights;
    const [, , inputs, outputs] = kernel!.shape as readonly [number, number, number, number];
    const values = Float32Array.from({ length: inputs * outputs }, (_, at) =>
      formula(k, at % outputs, Math.floor(at / outputs)),
    );
    kernel!.contents = tensor(values, [1, 1, inputs, outputs], "float32");
    if (bias !== undefined)
      bias.contents = tensor(
        Float32Array.from({ length: classes }, (_, at) => formula(k + 10, at)),
        [classes],
        "float32",
      );
  }
  const norm = head.getLayer("cbr_bn").weights;
  for (const [k, least] of [1, 0, 0, 0.5].entries())
    norm[k]!.contents = tensor(
      Float32Array.from({ length: 128 }, (_, at) => least + formula(20 + k, at)),
      [128],
      "float32",
    );
  const found = await head.predict([mapsOf(30, low), mapsOf(31, high)]);
  assert.deepEqual(found.shape, [1, ...imageSize, classes]);
  for (const [at, value] of logits.entries()) assert.ok(Math.abs(found.data[at]! - value) < 2e-5, `${at}`);
  await head.close();
});

test("the heads of detection merge the maps that there are, and want sides of multiples of 16", () => {
  const maps = (strides: readonly number[], [height, width]: readonly [number, number]) =>
    new Map(
      strides.map((stride) => [stride, input([Math.ceil(height / stride), Math.ceil(width / stride), 5]).output]),
    );
  for (const strides of MAP_HEADS.ttfnet.strides) {
    // 48 is no whole multiple of 32: the coarsest maps reach over the edge.
    const shape = { imageSize: [48, 80], classes: 3 } as const;
    assert.deepEqual(MAP_HEADS.ttfnet.build(maps(strides, shape.imageSize), shape).shape, [12, 20, 7]);
  }
  const odd = { imageSize: [40, 80], classes: 1 } as const;
  assert.throws(() => MAP_HEADS.ttfnet.build(maps([4, 8], odd.imageSize), odd), /multiples of 16 .* take 48x80/);
});

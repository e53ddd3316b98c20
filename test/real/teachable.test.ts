// Exports of Teachable Machine have the layers that they should have and predict what the real Keras predicts.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { openModel } from "../../src/experiment/models/trained-model.js";
import type { Model } from "../../src/nn/model/model.js";
import { workplace } from "../cli/fovea.js";
import { realData } from "./shared-data.js";

const data = realData("teachable");
const expected = JSON.parse(
  readFileSync(new URL("../../../test/real/fixtures/teachable.json", import.meta.url), "utf8"),
) as Record<"fruit" | "zodiac", number[][]>;

/** The images of tools/keras-h5-fixtures.py. */
const images = tensor(
  Float32Array.from({ length: 3 * 224 * 224 * 3 }, (_, at) => {
    const phase = Math.floor(at / (224 * 224 * 3));
    return Math.sin((at % (224 * 224 * 3)) * 0.001 * (phase + 1) + phase);
  }),
  [3, 224, 224, 3],
  "float32",
);

async function predictsAsKeras(model: Model, wanted: number[][], x = images): Promise<void> {
  const { data } = await model.predict(x);
  await model.close();
  const worst = Math.max(...wanted.flat().map((value, i) => Math.abs(value - data[i]!)));
  assert.ok(worst < 1e-5, `off by ${worst}`);
}

/** The number of layers of each class in the innermost model. */
function census(model: Model): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { className } of model.layers[0]!.layers[0]!.layers) counts[className] = (counts[className] ?? 0) + 1;
  return counts;
}
const MOBILENET = {
  Add: 10,
  BatchNormalization: 52,
  Conv2D: 35,
  DepthwiseConv2D: 17,
  InputLayer: 1,
  ReLU: 35,
  ZeroPadding2D: 5,
};

const EXPORTS = [
  {
    folder: "fruit-keras",
    wanted: expected.fruit,
    first: "Banana",
    classes: 8,
    crop: "fit",
    alone: ["keras_model.h5"],
  },
  {
    folder: "tfjs",
    wanted: expected.zodiac,
    first: "初期状態",
    classes: 14,
    crop: "scaled",
    alone: ["model.json", "weights.bin"],
  },
];

for (const { folder, wanted, first, classes, crop, alone } of EXPORTS)
  test(`the export ${folder}`, { skip: data.skip }, async (t) => {
    const { original, model, classNames, preprocessing } = await openModel(join(data.path, folder));
    assert.deepEqual(census(original), MOBILENET);
    assert.equal(String(original.layers[0]!.layers[0]!.layers[2]), "<Conv2D name=Conv1, built=True>");
    assert.equal(classNames?.length, classes);
    assert.equal(classNames[0], first);
    assert.equal(preprocessing.crop, crop);
    await predictsAsKeras(original, wanted);
    // The model that commands use takes pixels.
    const pixels = { ...images, data: images.data.map((value) => (value + 1) * 127.5) } as typeof images;
    await predictsAsKeras(model, wanted, pixels);
    // Without what lies beside them they are known by their layers.
    const directory = workplace(t);
    for (const name of alone) copyFileSync(join(data.path, folder, name), join(directory, name));
    const nameless = await openModel(join(directory, alone[0]!));
    assert.deepEqual(nameless.preprocessing, preprocessing);
    assert.match(nameless.warnings.join(), /has the layers of a Teachable Machine model/);
    await predictsAsKeras(nameless.model, wanted, pixels);
  });

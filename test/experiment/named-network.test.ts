// Weights alone become a whole model by the name of their network: width, top and classes are told by the file.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { convertFile, openModel } from "../../src/experiment/index.js";
import { openNetwork } from "../../src/experiment/models/named-network.js";
import { saveKerasWeights, saveSafetensors } from "../../src/formats/index.js";
import { application, mobileNet, mobileNetV2 } from "../../src/known-models.js";
import type { Model } from "../../src/nn/model/model.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-network-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const imageSize = [32, 32] as const;
const x = tensor(
  Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => Math.sin(i * i)),
  [1, 32, 32, 3],
  "float32",
);

async function written(name: string, model: Model): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith(".h5") ? await saveKerasWeights(model) : await saveSafetensors(model));
  return path;
}

test("the variant of a network is told by its weights", async () => {
  const inputShape = [32, 32, 3] as const;
  for (const [file, network, original] of [
    ["a.weights.h5", "mobilenet", mobileNet({ alpha: 0.25, classes: 7, inputShape, seed: 3 })],
    ["b.weights.h5", "mobilenet_v2", mobileNetV2({ alpha: 0.35, includeTop: false, inputShape, seed: 3 })],
    ["c.weights.h5", "mobilenet_v2", mobileNetV2({ alpha: 0.35, classes: 5, inputShape, seed: 3 })],
    ["d.weights.h5", "resnet20", application("resnet20", { imageSize, channels: 3, classes: 4 }, { seed: 3 })],
  ] as const) {
    const { model } = await openNetwork(network, await written(file, original), { imageSize });
    assert.equal(await model.weightsSha256(), await original.weightsSha256());
    assert.deepEqual(model.outputShape, original.outputShape);
  }
});

test("weights become the network as it is published, and what its pixels are is told; what does not fit too", async () => {
  const original = mobileNetV2({ alpha: 0.35, classes: 3, inputShape: [32, 32, 3], seed: 6 });
  const from = await written("e.safetensors", original);
  const to = join(folder, "e.onnx");
  const variant = { architecture: "mobilenet_v2", alpha: 0.35, classes: 3, imageSize } as const;
  const { warnings } = await convertFile(from, to, variant);
  assert.deepEqual(warnings, [
    "mobilenet_v2 takes pixels scaled as --rescale -1..1 does it, which is not part of the network and so not of the " +
      "file; say it with that option to put it in",
  ]);
  const { original: back } = await openModel(to);
  const [a, b] = [await back.predict(x), await original.predict(x)];
  a.data.forEach((value, i) => {
    assert.ok(Math.abs(value - b.data[i]!) < 1e-5);
  });
  const kept = await convertFile(from, join(folder, "e.keras"), variant);
  assert.deepEqual(kept.warnings, []);
  const { preprocessing } = await openModel(join(folder, "e.keras"));
  assert.deepEqual(preprocessing.rescale, { scale: 1 / 127.5, offset: -1 });
  const weights = await written("f.weights.h5", original);
  await assert.rejects(
    () => convertFile(weights, join(folder, "f.onnx"), { architecture: "xception" }),
    /f\.weights\.h5: holds [\d,]+ numbers, which fit no xception, with its top or without; say which network/,
  );
  await assert.rejects(
    () => convertFile(weights, join(folder, "f.onnx"), { architecture: "mobilenet_v9" }),
    /there is no model mobilenet_v9; expected a model file, or one of mobilenet, mobilenet_v2, /,
  );
});

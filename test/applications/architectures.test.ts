// The known architectures have the shapes and parameters that the literature gives them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { application, applicationOf } from "../../src/index.js";

const shapesOf = (model: ReturnType<typeof application>): Record<string, readonly number[]> =>
  Object.fromEntries(model.layers.map((layer) => [layer.name, layer.outputShape]));

test("logistic regression has 264,055 parameters on 80x60 grey images and 55 classes", () => {
  const model = application("logistic", { imageSize: [80, 60], channels: 1, classes: 55 });
  assert.equal(model.countParams(), 264_055);
  assert.deepEqual(shapesOf(model), { flatten: [4800], rescaling: [4800], dense: [55] });
});

test("the small CNN has 88,375 parameters", () => {
  const model = application("cnn", { imageSize: [80, 60], channels: 1, classes: 55 });
  assert.equal(model.countParams(), 88_375);
  assert.deepEqual(shapesOf(model), {
    rescaling: [80, 60, 1],
    conv1: [80, 60, 16],
    pool1: [40, 30, 16],
    conv2: [40, 30, 32],
    pool2: [20, 15, 32],
    conv3: [20, 15, 64],
    pool3: [5, 3, 64],
    flatten: [960],
    dense: [64],
    dense_1: [55],
  });
});

test("LeNet-5 has 61,706 parameters on 32x32, and on 28x28 padded", () => {
  for (const extent of [32, 28]) {
    const model = application("lenet5", { imageSize: [extent, extent], channels: 1, classes: 10 });
    assert.equal(model.countParams(), 61_706);
    const { c1, s2, c3, s4, c5 } = shapesOf(model);
    assert.deepEqual(
      [c1, s2, c3, s4, c5],
      [
        [28, 28, 6],
        [14, 14, 6],
        [10, 10, 16],
        [5, 5, 16],
        [1, 1, 120],
      ],
    );
  }
});

test("AlexNet has 62,378,344 parameters and draws none of them for its summary", () => {
  const model = application("alexnet", { imageSize: [227, 227], channels: 3, classes: 1000 });
  assert.equal(model.countParams(), 62_378_344);
  const { c1, s2, s4, c7, s8 } = shapesOf(model);
  assert.deepEqual(
    [c1, s2, s4, c7, s8],
    [
      [55, 55, 96],
      [27, 27, 96],
      [13, 13, 256],
      [13, 13, 256],
      [6, 6, 256],
    ],
  );
  const start = performance.now();
  assert.ok(model.summary().includes(" Total params: 62,378,344 (237.95 MB)"));
  assert.ok(performance.now() - start < 100);
});

test("images that are too small and names that do not exist get one sentence", () => {
  assert.throws(
    () => application("alexnet", { imageSize: [80, 60], channels: 1, classes: 55 }),
    /maxPooling2d "s8": a window of 3x3 does not fit images of 3x2; use a smaller window/,
  );
  assert.throws(() => applicationOf("vgg"), /model: expected one of logistic, cnn, lenet5, alexnet, received "vgg"/);
});

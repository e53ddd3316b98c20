// Scores that explanations differentiate for answers that are no classes: the linear part below a logarithmic link or a
// sigmoid, and a lone label, which is not the second of two classes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import { gradCam, occlusion, saliency, visualizeFeatures } from "../../src/explain/index.js";
import { type Model, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";

const front = () => [
  input([8, 8, 1]),
  rescaling(1 / 255),
  conv2d(3, 3, { padding: "same", activation: "relu" }),
  globalAveragePooling2d(),
];
const pixels = tensor(
  Uint8Array.from({ length: 128 }, (_, i) => (i * 37) % 256),
  [2, 8, 8, 1],
  "uint8",
);

const alike = (a: Tensor, b: Tensor): boolean => a.data.every((value, i) => Math.abs(value - b.data[i]!) < 1e-4);

async function withWeightsOf(model: Model, other: Model): Promise<Model> {
  await model.setWeights(await other.getWeights());
  return model;
}

test("the maps of a log link and of a sigmoid are those of the linear part", async () => {
  const linear = sequential([...front(), dense(2)], { seed: 3 });
  const amounts = await withWeightsOf(
    sequential([...front(), dense(2, { activation: "exponential" }), rescaling([100, 7], [0, 0])]),
    linear,
  );
  const labels = await withWeightsOf(sequential([...front(), dense(2, { activation: "sigmoid" })]), linear);
  for (const classIndex of [0, 1]) {
    const wanted = await saliency(linear, pixels, { score: "number", classIndex });
    assert.ok(wanted.maps.data.some((value) => value > 0.5));
    assert.ok(alike((await saliency(amounts, pixels, { score: "log", classIndex })).maps, wanted.maps));
    assert.ok(alike((await saliency(labels, pixels, { score: "odds", classIndex })).maps, wanted.maps));
    const cam = await gradCam(linear, pixels, { score: "number", classIndex });
    assert.ok(alike((await gradCam(amounts, pixels, { score: "log", classIndex })).maps, cam.maps));
  }
  const each = await gradCam(linear, pixels, { score: "number", classIndex: [1, 0] });
  assert.deepEqual(Array.from(each.classes), [1, 0]);
  await assert.rejects(gradCam(linear, pixels, { score: "number", classIndex: 2 }), /expected an output from 0 to 1/);
  await assert.rejects(
    gradCam(linear, pixels, { score: "number", classIndex: [1] }),
    /one number for each of 2 images/,
  );
  for (const model of [linear, amounts, labels]) await model.close();
});

test("a lone output is a score by itself, not the second of two classes", async () => {
  const model = sequential([...front(), dense(1, { activation: "sigmoid" })], { seed: 4 });
  const label = await gradCam(model, pixels, { score: "odds" });
  const second = await gradCam(model, pixels, { classIndex: 1 });
  assert.deepEqual(Array.from(label.classes), [0, 0]);
  assert.ok(alike(label.maps, second.maps));
  const covered = await occlusion(model, pixels, { score: "odds", size: 2 });
  assert.ok(alike(covered.maps, (await occlusion(model, pixels, { classIndex: 1, size: 2 })).maps));
  await model.close();
});

test("options that would be ignored, and values that cannot be, are refused in a sentence", async () => {
  const model = sequential([...front(), dense(3)], { seed: 4 });
  const wrong: readonly (readonly [Promise<unknown>, RegExp])[] = [
    [saliency(model, pixels, { classindex: 1 } as object), /saliency: unknown option "classindex"; those allowed are/],
    [saliency(model, pixels, { layer: "x" } as object), /saliency: unknown option "layer"/],
    [gradCam(model, pixels, { size: 2 } as object), /gradCam: unknown option "size"/],
    [gradCam(model, pixels, { score: "sure" as "odds" }), /gradCam score: expected one of class, odds, number, log/],
    [occlusion(model, pixels, { size: 2.5 }), /occlusion size: expected a whole number of at least 1, received 2\.5/],
    [occlusion(model, pixels, { stride: 0.5 }), /occlusion stride: expected a whole number of at least 1/],
    [
      occlusion(model, pixels, { size: 1000 }),
      /occlusion size: expected at most the \d+ pixels of the image's shorter/,
    ],
    [occlusion(model, pixels, { fill: Number.NaN }), /occlusion fill: expected a finite number/],
    [visualizeFeatures(model, { targets: [0], step: 3 } as never), /visualizeFeatures: unknown option "step"/],
    [visualizeFeatures(model, { targets: 0 } as never), /visualizeFeatures targets: expected a list of numbers/],
    [
      visualizeFeatures(model, { targets: [0], range: [1, 1] }),
      /visualizeFeatures range: expected \[lowest, highest\]/,
    ],
    [visualizeFeatures(model, { targets: [0], steps: -1 }), /visualizeFeatures steps: expected a whole number/],
  ];
  for (const [call, pattern] of wrong) await assert.rejects(call, pattern);
  await model.close();
});

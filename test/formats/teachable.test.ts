// Teachable Machine's networks are known by their layers, whatever their names, size and colours; similar networks are
// not. The preprocessing of each export goes with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadModel, saveKeras, saveTfjs } from "../../src/formats/index.js";
import { UPRIGHT } from "../../src/formats/run/recipe.js";
import { Functional, type Layer, type Model, sequential } from "../../src/index.js";
import {
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  globalAveragePooling2d,
  input,
  reLU,
  rescaling,
  type SymbolicTensor,
} from "../../src/nn/layers/index.js";

const SIDE = 8;

/** A chain of depthwise convolutions, as many as MobileNet of version 1 has. */
function network(channels: number, { count = 13, first = [] as Layer[] } = {}): Model {
  const image = input([SIDE, SIDE, channels]);
  const layers = [
    ...first,
    conv2d(2, 3, { padding: "same" }),
    ...Array.from({ length: count }, () => [depthwiseConv2d(3, { padding: "same" }), reLU({ maxValue: 6 })]).flat(),
  ];
  const outputs = layers.reduce<SymbolicTensor>((x, layer) => layer.apply(x), image.output);
  return new Functional({ inputs: image, outputs });
}

const put = (
  base: Model,
  head: readonly Layer[] = [dense(5, { activation: "relu" }), dense(3, { activation: "softmax", useBias: false })],
): Model =>
  sequential([
    input(base.inputShape),
    sequential([input(base.inputShape), base, globalAveragePooling2d()]),
    sequential([input([2]), ...head]),
  ]);

for (const [channels, color] of [
  [3, "rgb"],
  [1, "grayscale"],
] as const)
  test(`known by its layers: ${color}`, async () => {
    const model = put(network(channels));
    const shared = { imageSize: [SIDE, SIDE], color, rescale: { scale: 1 / 127.5, offset: -1 }, ...UPRIGHT };
    const keras = await loadModel(await saveKeras(model), { file: "m.keras" });
    assert.deepEqual(keras.facts?.preprocessing, { ...shared, interpolation: "lanczos", crop: "fit" });
    assert.match(keras.warnings.join(), /^m\.keras has the layers of a Teachable Machine model/);
    const files = await saveTfjs(model);
    const siblings = async (name: string): Promise<Uint8Array | undefined> => files.get(name);
    const tfjs = await loadModel(files.get("model.json")!, { file: "model.json", siblings });
    assert.deepEqual(tfjs.facts?.preprocessing, { ...shared, interpolation: "bilinear", crop: "scaled" });
    await model.close();
  });

test("networks that only look alike are left as they are", async () => {
  for (const [what, model] of [
    ["a shallow network", put(network(3, { count: 4 }))],
    ["pixels scaled inside", put(network(3, { first: [rescaling(1 / 255)] }))],
    ["one dense layer", put(network(3), [dense(3, { activation: "softmax" })])],
    ["no softmax", put(network(3), [dense(5), dropout(0.1), dense(3)])],
    [
      "no nesting",
      sequential([input([SIDE, SIDE, 3]), network(3), globalAveragePooling2d(), dense(3, { activation: "softmax" })]),
    ],
  ] as const) {
    const { facts, warnings } = await loadModel(await saveKeras(model), { file: "m.keras" });
    assert.deepEqual([facts, warnings], [undefined, []], what);
    await model.close();
  }
});

// Functional models: putting them together, mistakes told in one sentence, shared weights wherever they are used,
// layers inside, freezing, initial values.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";
import {
  add,
  batchNormalization,
  concatenate,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  input,
  reLU,
} from "../../src/nn/layers/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import { layerOutputs } from "../../src/nn/model/layer-outputs.js";
import { Sequential } from "../../src/nn/model/sequential.js";

const images = (n: number): Tensor =>
  tensor(
    Float32Array.from({ length: n * 32 }, (_, i) => ((i * 37) % 64) / 64),
    [n, 4, 4, 2],
    "float32",
  );

function base(name = "base"): Functional {
  const image = input([4, 4, 2]);
  const x = batchNormalization({ name: "bn", momentum: 0.5 }).apply(conv2d(3, 3, { name: "conv" }).apply(image));
  return new Functional({ backend, inputs: image, outputs: reLU({ name: "out" }).apply(x), name });
}

function transfer(inner: Functional): Functional {
  const image = input([4, 4, 2]);
  const features = globalAveragePooling2d().apply(inner.apply(image));
  return new Functional({ backend, inputs: image, outputs: dense(2, { name: "head" }).apply(features) });
}

const data = {
  x: images(6),
  y: tensor([
    [0, 1],
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
    [1, 0],
  ]),
};

test("mistakes in putting models together get one sentence", () => {
  const image = input([4, 4, 2], { name: "image" });
  const other = input([4, 4, 2], { name: "other" });
  const both = add().apply([image, other]);
  const wrong: [() => unknown, RegExp][] = [
    [() => new Functional({ inputs: image, outputs: both }), /depend on input "other", which is not among the inputs/],
    [() => new Functional({ inputs: [image, image], outputs: both }), /input "image" is among the inputs twice/],
    [
      () => new Functional({ inputs: both, outputs: both }),
      /inputs made by input\(\[...\]\), received the output of add/,
    ],
    [() => new Functional({ inputs: [], outputs: both }), /expected inputs, received none/],
    [() => dense(3).apply(3 as never), /dense: expected a symbolic tensor, such as input/],
    [() => dense(3).apply(dense(3) as never), /dense: output is there for a layer that was applied once/],
    [() => add().apply(image), /add: expected two inputs or more, received 1; apply it to a list/],
    [() => add().apply([image, input([3, 4, 2])]), /add: cannot broadcast \[4, 4, 2\] with \[3, 4, 2\]/],
    [() => concatenate().apply([image, input([3, 4, 2])]), /concatenate: expected inputs that agree in all axes but 3/],
    [() => conv2d(3, 5).apply(image), /conv2d: a kernel of 5x5 does not fit images of 4x4/],
    [() => conv2d(3, 3).apply(image, { train: true } as never), /conv2d.apply: unknown option "train"/],
    [
      () => {
        const x = dense(2, { name: "d" }).apply(image);
        return new Functional({ inputs: image, outputs: dense(2, { name: "d" }).apply(x) });
      },
      /layers need names of their own, "d" is there twice/,
    ],
    [() => base().apply(input([4, 4, 3])), /model "base": built for samples \[4, 4, 2\], received \[4, 4, 3\]/],
  ];
  for (const [make, message] of wrong) assert.throws(make, message);
});

test("a layer prints as in Keras", () => {
  const model = base();
  assert.equal(String(model.getLayer("conv")), "<Conv2D name=conv, built=True>");
  assert.equal(
    inspect([dense(3), reLU({ name: "a" })]),
    "[ <Dense name=dense, built=False>, <ReLU name=a, built=False> ]",
  );
});

test("a chain of applied layers starts with the weights of the same stack", async () => {
  const image = input([4, 4, 2]);
  const x = flatten().apply(dropout(0.5).apply(conv2d(3, 3).apply(image)));
  const applied = new Functional({ backend, inputs: image, outputs: dense(2).apply(x), seed: 3 });
  const stack = new Sequential([input([4, 4, 2]), conv2d(3, 3), dropout(0.5), flatten(), dense(2)], {
    backend,
    seed: 3,
  });
  assert.equal(await applied.weightsSha256(), await stack.weightsSha256());
  for (const model of [applied, stack]) {
    model.compile({ optimizer: "adam", loss: "mse" });
    await model.fit(data, { epochs: 2, batchSize: 4 });
  }
  assert.equal(await applied.weightsSha256(), await stack.weightsSha256());
});

test("models inside a model draw weights of their own, whatever they are called", async () => {
  const image = input([4, 4, 2]);
  const inner = () => new Sequential([input([4, 4, 2]), conv2d(2, 3)], { backend });
  const [a, b] = [inner(), inner()];
  const outside = conv2d(2, 3);
  const model = new Functional({ inputs: image, outputs: [a.apply(image), b.apply(image), outside.apply(image)] });
  const kernels = model.weights.filter(({ name }) => name === "kernel").map(({ contents }) => contents.data);
  assert.equal(kernels.length, 3);
  for (const [i, kernel] of kernels.entries())
    for (const other of kernels.slice(i + 1)) assert.notDeepEqual(kernel, other);
  assert.deepEqual(
    model.layers.map(({ name }) => name),
    ["input", "sequential", "sequential_1", "conv2d"].map((name) => (name === "input" ? "input_layer" : name)),
  );
});

test("weights that models share are one set, whichever model trains, is asked, or closes", async () => {
  const inner = base();
  const outer = transfer(inner);
  const before = await inner.predict(data.x);
  outer.compile({ optimizer: "sgd", loss: "mse" });
  await outer.fit(data, { epochs: 2 });
  const after = await inner.predict(data.x);
  assert.notDeepEqual(after.data, before.data);
  const inside = layerOutputs(outer, "base");
  assert.deepEqual((await inside.predict(data.x)).data, after.data);
  const weights = await inner.getWeights();
  await outer.close();
  assert.deepEqual(await inner.getWeights(), weights);
  await inner.setWeights(weights.map((weight) => ({ ...weight, data: weight.data.map((value) => value / 2) })));
  assert.notDeepEqual((await inside.predict(data.x)).data, after.data);
  assert.deepEqual((await inside.predict(data.x)).data, (await inner.predict(data.x)).data);
});

test("layers are found by path, and models end at any of them, inside nested models too", async () => {
  const outer = transfer(base());
  assert.equal(outer.getLayer("base/conv").className, "Conv2D");
  assert.equal(outer.getLayer({ index: -1 }).name, "head");
  assert.throws(() => outer.getLayer("base/conv9"), /no layer "conv9"; the layers are input_layer, conv, bn, out/);
  const conv = layerOutputs(outer, "base/conv");
  assert.deepEqual(conv.outputShape, [2, 2, 3]);
  assert.deepEqual(
    (await conv.predict(data.x)).data,
    (await layerOutputs(outer.getLayer("base") as Functional, "conv").predict(data.x)).data,
  );
  const several = layerOutputs(outer, ["base/bn", "head", ""]);
  assert.deepEqual(several.outputShapes, [[2, 2, 3], [2], [2]]);
});

test("frozen means: no gradient, no update, batch norm in inference; a change counts after compile", async () => {
  const inner = base();
  const outer = transfer(inner);
  inner.trainable = false;
  assert.equal(outer.trainableWeights.length, 2);
  assert.equal(outer.countParams(), 3 * 3 * 2 * 3 + 3 + 12 + 8);
  outer.compile({ optimizer: "adam", loss: "mse" });
  const before = await inner.weightsSha256();
  await outer.fit(data, { epochs: 2, batchSize: 4 });
  assert.equal(await inner.weightsSha256(), before);
  inner.trainable = true;
  await outer.fit(data, { epochs: 1, batchSize: 3 });
  assert.equal(await inner.weightsSha256(), before, "not compiled again");
  outer.compile({ optimizer: "adam", loss: "mse" });
  await outer.fit(data, { epochs: 1, batchSize: 3 });
  assert.notEqual(await inner.weightsSha256(), before);
});

test("a model applied with training false keeps batch norm in inference even when it learns", async () => {
  const inner = base();
  const image = input([4, 4, 2]);
  const outputs = dense(2).apply(globalAveragePooling2d().apply(inner.apply(image, { training: false })));
  const outer = new Functional({ backend, inputs: image, outputs });
  outer.compile({ optimizer: "sgd", loss: "mse" });
  const [kernel, , , , mean] = await inner.getWeights();
  await outer.fit(data, { epochs: 1 });
  const [kernelAfter, , , , meanAfter] = await inner.getWeights();
  assert.notDeepEqual(kernelAfter, kernel);
  assert.deepEqual(meanAfter, mean);
});

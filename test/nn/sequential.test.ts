// Putting models together: names, order, weights, what goes wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { tensor } from "../../src/core/tensor.js";
import { dense, dropout, flatten, input, rescaling } from "../../src/nn/layers/index.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { sha256Hex } from "../../src/platform/hashing.js";

test("layers are named as in a fresh Keras, and every model counts for itself", () => {
  for (let i = 0; i < 2; i++) {
    const model = new Sequential([input([2, 2, 1]), flatten(), dense(3), dense(2, { name: "out" }), dense(1)]);
    assert.deepEqual(
      model.layers.map(({ name }) => name),
      ["flatten", "dense", "out", "dense_1"],
    );
    assert.deepEqual(model.weights.map(({ path }) => path).slice(0, 2), ["dense/kernel", "dense/bias"]);
    assert.equal(model.name, "sequential");
  }
});

test("add builds on what is there; a model without input waits for its first data", async () => {
  const model = new Sequential([], { backend: referenceBackend });
  model.add(input([3]));
  model.add(dense(2));
  model.add(dense(4));
  assert.deepEqual(model.outputShape, [4]);
  const waiting = new Sequential([dense(2)], { backend: referenceBackend });
  assert.ok(!waiting.built);
  assert.throws(() => waiting.outputShape, /sequential: not built yet; put it into a model that begins with input/);
  assert.deepEqual((await waiting.predict(tensor([[1, 2, 3]]))).shape, [1, 2]);
  assert.equal(waiting.countParams(), 8);
});

test("what cannot be a model is refused in one sentence", async () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => new Sequential([dense(1), input([3])]), /input\(\[...\]\) comes first, and once/],
    [() => new Sequential([dense(1, { name: "a" }), dense(1, { name: "a" })]), /"a" is there twice/],
    [() => new Sequential(["dense"] as never), /expected a list of layers, such as/],
    [
      () => new Sequential([], { sed: 1 } as never),
      /unknown option "sed"; those allowed are runtime, backend, threads, mode, save, seed, name/,
    ],
    [() => new Sequential([input([4]), dense(1)]).getLayer("dens"), /no layer "dens"; the layers are dense/],
    [() => new Sequential([input([4]), dense(1)]).trainer, /not compiled; call compile/],
    [
      () => new Sequential([input([4]), dense(1)]).compile({ optimizer: "adm" as never, loss: "mse" }),
      /optimizer: expected one of adam, .*sgd.*, received "adm"/,
    ],
    [
      () => new Sequential([input([4]), dense(1)]).compile({ optimizer: "adam", loss: "msee" as never }),
      /loss: expected one of sparse_categorical_crossentropy, .*"msee"/,
    ],
  ];
  for (const [make, message] of wrong) assert.throws(make, message);
  const model = new Sequential([input([1]), dense(1)], { backend: referenceBackend });
  model.compile({ optimizer: "adam", loss: "mse", metrics: ["f1" as never] });
  await assert.rejects(
    model.fit({ x: tensor([[1]]), y: tensor([1]) }),
    /metrics: expected one of accuracy, .*received "f1"/,
  );
  await assert.rejects(new Sequential([input([1]), dense(1)]).predict(tensor([[1]])), /has no backend to compute with/);
});

test("weights are drawn from the seed, one stream each, and can be read, set and hashed", async () => {
  const make = (seed: number) => new Sequential([input([3]), dense(3), dense(3)], { seed, backend: referenceBackend });
  const [a, b, c] = [make(1), make(1), make(2)];
  const weights = await a.getWeights();
  assert.deepEqual(await b.getWeights(), weights);
  assert.notDeepEqual(await c.getWeights(), weights);
  assert.notDeepEqual(weights[0]!.data, weights[2]!.data);
  const bytes = new Float32Array(weights.flatMap(({ data }) => [...data]));
  assert.equal(await a.weightsSha256(), await sha256Hex(new Uint8Array(bytes.buffer)));
  await c.predict(tensor([[1, 2, 3]]));
  await c.setWeights(weights);
  assert.equal(await c.weightsSha256(), await a.weightsSha256());
  await assert.rejects(a.setWeights(weights.slice(1)), /setWeights: expected 4 tensors, received 3/);
  await assert.rejects(
    a.setWeights([weights[1]!, weights[1]!, weights[2]!, weights[3]!]),
    /weight "dense\/kernel": expected float32 \[3, 3\], received float32 \[3\]/,
  );
});

test("freezing a model freezes its layers", () => {
  const model = new Sequential([input([3]), rescaling(2), dense(3), dropout(0.5), dense(1)]);
  assert.equal(model.trainableWeights.length, 4);
  model.getLayer({ index: 1 }).trainable = false;
  assert.equal(model.trainableWeights.length, 2);
  model.trainable = false;
  assert.equal(model.trainableWeights.length, 0);
  assert.ok(model.layers.every((layer) => !layer.trainable));
});

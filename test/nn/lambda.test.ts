// Layers by a function: shapes, gradients, several inputs, and what no file can hold.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { referenceBackend as backend } from "../../src/backends/reference/reference.js";
import { modelCheckpoint } from "../../src/callbacks.js";
import { mean, mul, relu, reshape, sigmoid, sub } from "../../src/core/index.js";
import { tensor } from "../../src/core/tensor.js";
import { saveOnnx, saveTfjs } from "../../src/index.js";
import { activation, dense, input, lambda } from "../../src/nn/layers/index.js";
import { Functional } from "../../src/nn/model/functional.js";
import { Sequential } from "../../src/nn/model/sequential.js";
import { modelToKeras } from "../../src/nn/serialization/model.js";

const x = tensor([
  [1, -2, 0.5],
  [0, 3, -1],
]);
const y = tensor([[1], [0]]);

test("a function trains as the layer does that computes the same", async () => {
  const hashes: string[] = [];
  for (const layer of [lambda((value) => mul(value, sigmoid(value))), activation("silu")]) {
    const model = new Sequential([input([3]), dense(4), layer, dense(1)], { backend, seed: 2 });
    model.compile({ optimizer: "sgd", loss: "mse" });
    await model.fit({ x, y }, { epochs: 3 });
    hashes.push(await model.weightsSha256());
  }
  assert.equal(hashes[0], hashes[1]);
});

test("several inputs, and a shape of its own", async () => {
  const [left, right] = [input([2, 3]), input([3])];
  const gap = lambda((a, b) => mean(sub(a!, reshape(b!, [-1, 1, 3])), [2]), { name: "gap" }).apply([left, right]);
  assert.deepEqual(gap.shape, [2]);
  const model = new Functional({ backend, inputs: [left, right], outputs: gap });
  const values = tensor([
    [
      [1, 2, 3],
      [0, 0, 0],
    ],
  ]);
  assert.deepEqual([...(await model.predict([values, tensor([[1, 1, 1]])])).data], [1, -1]);
});

test("a function that makes no layer is refused", () => {
  const at = (make: () => unknown, message: RegExp) => assert.throws(make, message);
  at(() => lambda("relu" as never), /lambda: expected a function of values, received "relu"/);
  at(
    () => lambda(() => 3 as never).apply(input([3])),
    /expected the function to return a value of the graph, received 3/,
  );
  at(
    () => lambda((value) => mean(value, [0])).apply(input([3])),
    /return float32 with the batch axis of its inputs, \[2, ...\], received float32 \[3\]/,
  );
});

test("its model goes to ONNX, prints and draws, but Keras's forms refuse the code in it", async () => {
  const model = new Sequential([input([3]), lambda((value) => relu(value), { name: "cut" }), dense(1)], { backend });
  assert.match(model.summary(), /cut \(Lambda\)/);
  assert.equal(model.architecture().at(-1)!.type, "Fully connected");
  assert.ok((await saveOnnx(model)).length > 0);
  const message = /lambda "cut": a function cannot be written to a file; save the weights alone/;
  assert.throws(() => modelToKeras(model), message);
  assert.throws(() => modelToKeras(new Sequential([input([3]), model], { backend })), message);
  await assert.rejects(saveTfjs(model), message);
});

test("checkpoints of fovea/callbacks are Keras's files, or its weights alone", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fovea-checkpoint-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const model = new Sequential([input([3]), dense(1)], { backend });
  model.compile({ optimizer: "sgd", loss: "mse" });
  const [whole, weights] = ["{epoch:02d}.keras", "best.weights.h5"].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const callbacks = [modelCheckpoint(whole), modelCheckpoint(weights, { monitor: "loss", saveBestOnly: true })];
  await model.fit({ x, y }, { epochs: 2, callbacks });
  assert.deepEqual(readdirSync(folder).sort(), ["01.keras", "02.keras", "best.weights.h5"]);
});

// ONNX files with one thing each that exporters write: what Fovea predicts is what ONNX Runtime computes
// (tools/onnx-operators-fixtures.py), what is saved and opened again predicts the same, and gradients reach the weights.
import assert from "node:assert/strict";
import { test } from "node:test";
import { asJson } from "../../src/nn/config/keras-object.js";
import type { Model } from "../../src/nn/model/model.js";
import { modelFromKeras, modelToKeras } from "../../src/nn/serialization/model.js";
import { backend, fixtures, given, inFileOrder, opened, worst } from "./onnx-fixtures.js";

const QUANTIZED = /this is a quantised model \(int8\)/;

for (const name of fixtures)
  test(`${name} predicts what ONNX Runtime computes`, async () => {
    const { model, warnings } = await opened(name);
    const { x, shape, y } = given(name);
    const ours = await model.predict(x);
    const off = worst(inFileOrder(ours, shape), y);
    // Activations that are not rounded any more are off by a fraction of their steps.
    const most = (name === "quantized" ? 0.02 : 1e-5) * Math.max(1, ...y.map(Math.abs));
    assert.ok(off < most, `off by ${off}`);
    assert.equal(warnings.length, name === "quantized" ? 1 : 0);
    if (name === "quantized") assert.match(warnings.join(), QUANTIZED);
    const back = modelFromKeras(asJson(modelToKeras(model)), { backend });
    await back.setWeights(await model.getWeights());
    assert.deepEqual((await back.predict(x)).data, ours.data, "through Keras's form");
  });

test("attention and windows as exported learn", async () => {
  for (const name of ["attention", "windows", "class-token"]) {
    const { model } = await opened(name);
    const losses = await trained(model, name);
    assert.ok(losses.at(-1)! < losses[0]! * 0.95, `${name}: ${losses.join(", ")}`);
  }
});

async function trained(model: Model, name: string): Promise<readonly number[]> {
  const { x } = given(name);
  const y = await model.predict(x);
  const wanted = { ...y, data: y.data.map((value, i) => 0.5 * value + ((i * 7) % 5) / 5) } as typeof y;
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const { history } = await model.fit({ x, y: wanted }, { epochs: 30, batchSize: 2, verbose: 0 });
  return history.loss!;
}

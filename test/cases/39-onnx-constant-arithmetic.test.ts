// Case 39: ONNX files that compute shapes, indices and constants: ShuffleNet with an open batch, ViT's class token.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { writeOnnx } from "../../src/formats/models/onnx/proto.js";
import { readOnnx } from "../../src/formats/models/onnx/read-proto.js";
import { bytesOf, given, inFileOrder, opened, worst } from "../formats/onnx-fixtures.js";

const NAMES = ["channel-shuffle", "class-token", "integer-arithmetic", "windows", "attention"];

for (const name of NAMES)
  test(`${name} gives what ONNX Runtime computes, in a batch and one by one`, async () => {
    const { model } = await opened(name);
    const { x, shape, y } = given(name);
    const off = worst(inFileOrder(await model.predict(x), shape), y);
    assert.ok(off < 1e-5, `off by ${off}`);
    const size = x.data.length / 2;
    for (const image of [0, 1]) {
      const data = (x.data as Float32Array).slice(image * size, (image + 1) * size);
      const alone = await model.predict(tensor(data, [1, ...x.shape.slice(1)], "float32"));
      const part = y.slice((image * y.length) / 2, ((image + 1) * y.length) / 2);
      assert.ok(worst(inFileOrder(alone, shape), part) < 1e-5);
    }
  });

test("constants without end are refused soon", async () => {
  const stored = readOnnx(bytesOf("constant-of-shape.onnx"));
  const name = stored.nodes.find(({ op }) => op === "ConstantOfShape")!.inputs[0]!;
  const shape = { kind: "int" as const, shape: [4], data: [2 ** 20, 2 ** 20, 1, 1] };
  const bytes = writeOnnx(
    { ...stored, initializers: new Map([...stored.initializers, [name, shape]]) },
    { name: "test", version: "1" },
  );
  await assert.rejects(
    () => opened("constant-of-shape", bytes),
    /makes far more numbers out of constants than the file has/,
  );
});

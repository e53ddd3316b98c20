// Case 40: an ONNX file whose weight is made by ConstantOfShape.
import assert from "node:assert/strict";
import { test } from "node:test";
import { given, opened, worst } from "../formats/onnx-fixtures.js";

test("a weight made by ConstantOfShape gives what ONNX Runtime computes", async () => {
  const { model } = await opened("constant-of-shape");
  const { x, y } = given("constant-of-shape");
  const off = worst((await model.predict(x)).data, y);
  assert.ok(off < 1e-5, `off by ${off}`);
});

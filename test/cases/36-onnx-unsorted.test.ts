// Case 36: ONNX files whose nodes are in another order than that in which they can be computed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/core/random.js";
import { type OnnxModel, type OnnxNode, writeOnnx } from "../../src/formats/models/onnx/proto.js";
import { readOnnx } from "../../src/formats/models/onnx/read-proto.js";
import { bytesOf, given, opened, worst } from "../formats/onnx-fixtures.js";

const NAME = "unsorted";
const stored = readOnnx(bytesOf(`${NAME}.onnx`));
const changed = (change: Partial<OnnxModel>): Promise<unknown> => answer(writtenWith(change));
const writtenWith = (change: Partial<OnnxModel>): Uint8Array =>
  writeOnnx({ ...stored, ...change }, { name: "test", version: "1" });

async function answer(bytes: Uint8Array): Promise<ArrayLike<number>> {
  const { model } = await opened(NAME, bytes);
  return (await model.predict(given(NAME).x)).data;
}

test("nodes in reverse order give what ONNX Runtime computes", async () => {
  const off = worst(await answer(bytesOf(`${NAME}.onnx`)), given(NAME).y);
  assert.ok(off < 1e-5, `off by ${off}`);
});

test("nodes in any order give the same bits", async () => {
  const right = await answer(bytesOf(`${NAME}.onnx`));
  const random = new Random(36, 0);
  for (let round = 0; round < 5; round++) {
    const nodes = [...stored.nodes];
    for (let i = nodes.length - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      [nodes[i], nodes[j]] = [nodes[j]!, nodes[i]!];
    }
    assert.deepEqual(await answer(writtenWith({ nodes })), right);
  }
});

test("what no output needs is not read", async () => {
  const odd: OnnxNode = { op: "NoSuchOperator", inputs: ["x"], outputs: ["unused"], attributes: {} };
  assert.deepEqual(await changed({ nodes: [odd, ...stored.nodes] }), await answer(bytesOf(`${NAME}.onnx`)));
});

test("a circle, a missing tensor and one that is given twice are a sentence each", async () => {
  const relu = stored.nodes.find(({ op }) => op === "Relu")!;
  const others = stored.nodes.filter((node) => node !== relu);
  const end = stored.nodes.find(({ op }) => op === "Softmax")!.outputs[0]!;
  const circle = changed({ nodes: [{ ...relu, inputs: [end] }, ...others] });
  await assert.rejects(circle, /unsorted\.onnx: the operator \w+ that gives "\w+" needs its own result/);
  const missing = changed({ nodes: [{ ...relu, inputs: ["nowhere"] }, ...others] });
  await assert.rejects(missing, /unsorted\.onnx: the operator Relu .* needs "nowhere", which nothing gives/);
  const twice = changed({ nodes: [...stored.nodes, { ...relu, inputs: ["x"] }] });
  await assert.rejects(twice, /two operators or inputs give "\w+"/);
});

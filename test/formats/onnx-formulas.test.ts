// ONNX operators against their formulas (onnx.ai/onnx/operators): small graphs in which a reader could take a node for
// another, or drop it, without a word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tensor } from "../../src/core/tensor.js";
import { type OnnxNode, type OnnxTensor, writeOnnx } from "../../src/formats/models/onnx/proto.js";
import { opened } from "./onnx-fixtures.js";

const X = [-2.5, -1, -0.25, 0, 0.5, 3];
const N = X.length;

const floats = (data: readonly number[], shape: readonly number[] = [data.length]): OnnxTensor => ({
  kind: "float",
  shape,
  data,
});
const node = (op: string, inputs: readonly string[], output: string, attributes = {}): OnnxNode => ({
  op,
  inputs,
  outputs: [output],
  attributes,
});
const IDENTITY = floats(
  Array.from({ length: N * N }, (_, i) => (i % (N + 1) === 0 ? 1 : 0)),
  [N, N],
);

/** Outputs of a graph from x [1, 6] to y, whose nodes may name the constants. */
async function computed(
  nodes: readonly OnnxNode[],
  constants: Readonly<Record<string, OnnxTensor>> = {},
  { opset = 17, shape = [1, N] as readonly number[] } = {},
): Promise<number[]> {
  const bytes = writeOnnx(
    {
      opset,
      name: "formula",
      nodes,
      initializers: new Map(Object.entries(constants)),
      inputs: [{ name: "x", shape }],
      outputs: [{ name: "y", shape }],
      metadata: new Map(),
    },
    { name: "test", version: "1" },
  );
  const { model } = await opened("formula", bytes);
  try {
    const y = await model.predict(tensor(Float32Array.from(X), [1, ...model.inputShape], "float32"));
    return [...y.data];
  } finally {
    await model.close();
  }
}

function close(found: readonly number[], wanted: readonly number[]): void {
  assert.equal(found.length, wanted.length);
  for (const [i, value] of wanted.entries())
    assert.ok(Math.abs(found[i]! - value) < 1e-5 * Math.max(1, Math.abs(value)), `${found} instead of ${wanted}`);
}

const BIAS = [0.5, -1, 2, 0.25, -0.5, 1];

test("a bound or a power between a product and a sum stays where it is", async () => {
  const dense = node("MatMul", ["x", "k"], "a");
  const plus = node("Add", ["b", "c"], "y");
  const constants = {
    k: IDENTITY,
    c: floats(BIAS),
    low: floats([0], []),
    high: floats([1], []),
    least: floats([-1], []),
  };
  const cases: readonly (readonly [OnnxNode, (x: number) => number])[] = [
    [node("Clip", ["a", "low", "high"], "b"), (x) => Math.min(Math.max(x, 0), 1)],
    [node("Clip", ["a", "least", "high"], "b"), (x) => Math.min(Math.max(x, -1), 1)],
    [node("Max", ["a", "low"], "b"), (x) => Math.max(x, 0)],
    [node("Min", ["a", "high"], "b"), (x) => Math.min(x, 1)],
    [node("Pow", ["a", "p"], "b"), (x) => x ** 2],
    [node("Pow", ["a", "q"], "b"), (x) => x ** 3],
  ];
  for (const [between, f] of cases) {
    const all = { ...constants, p: floats([2], []), q: floats([3], []) };
    close(
      await computed([dense, between, plus], all),
      X.map((x, i) => f(x) + BIAS[i]!),
    );
  }
});

test("Celu and Selu with constants of their own", async () => {
  for (const alpha of [1, 0.5, 2])
    close(
      await computed([node("Celu", ["x"], "y", { alpha })]),
      X.map((x) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha))),
    );
  for (const [alpha, gamma] of [
    [1.6732632423543772, 1.0507009873554805],
    [1.5, 2],
  ] as const)
    close(
      await computed([node("Selu", ["x"], "y", { alpha, gamma })]),
      X.map((x) => (x > 0 ? gamma * x : gamma * alpha * Math.expm1(x))),
    );
});

test("until version 13 a softmax is over all axes from the stated one on, also where that has extent 1", async () => {
  const powers = X.map(Math.exp);
  const total = powers.reduce((a, b) => a + b, 0);
  const softmax = powers.map((power) => power / total);
  for (const [opset, axis] of [
    [11, 1],
    [11, 2],
    [13, 2],
  ] as const)
    close(await computed([node("Softmax", ["x"], "y", { axis })], {}, { opset, shape: [1, 1, N] }), softmax);
  close(
    await computed([node("LogSoftmax", ["x"], "y", { axis: 1 })], {}, { opset: 11, shape: [1, 1, N] }),
    softmax.map(Math.log),
  );
  await assert.rejects(
    computed([node("Softmax", ["x"], "y", { axis: 1 })], {}, { opset: 11, shape: [1, 2, 3] }),
    /is over several axes, which is not supported/,
  );
});

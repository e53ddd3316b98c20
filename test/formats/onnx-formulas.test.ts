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

interface Form {
  readonly opset?: number;
  readonly shape?: readonly (number | string)[];
  readonly out?: readonly (number | string)[];
}

/** The file of a graph from x [1, 6] to y, whose nodes may name the constants. */
const fileOf = (
  nodes: readonly OnnxNode[],
  constants: Readonly<Record<string, OnnxTensor>>,
  { opset = 17, shape = [1, N], out = shape }: Form,
): Uint8Array =>
  writeOnnx(
    {
      opset,
      name: "formula",
      nodes,
      initializers: new Map(Object.entries(constants)),
      inputs: [{ name: "x", shape }],
      outputs: [{ name: "y", shape: out }],
      metadata: new Map(),
    },
    { name: "test", version: "1" },
  );

/** Outputs of such a graph. */
async function computed(
  nodes: readonly OnnxNode[],
  constants: Readonly<Record<string, OnnxTensor>> = {},
  form: Form = {},
  x: readonly number[] = X,
): Promise<number[]> {
  const { model } = await opened("formula", fileOf(nodes, constants, form));
  try {
    const batch = x.length / model.inputShape.reduce((size, extent) => size * extent, 1);
    const y = await model.predict(tensor(Float32Array.from(x), [batch, ...model.inputShape], "float32"));
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

/** numpy.matmul of [count, m, k] and [count, k, n], where a count of 1 stands for any. */
function products(a: OnnxTensor, b: OnnxTensor, count: number): number[] {
  const [, m, k] = a.shape as [number, number, number];
  const [, , n] = b.shape as [number, number, number];
  const at = ({ shape }: OnnxTensor, i: number): number => (shape[0] === 1 ? 0 : i) * shape[1]! * shape[2]!;
  return Array.from({ length: count * m * n }, (_, index) => {
    const [i, row, column] = [Math.floor(index / (m * n)), Math.floor(index / n) % m, index % n];
    let sum = 0;
    for (let j = 0; j < k; j++) sum += a.data[at(a, i) + row * k + j]! * b.data[at(b, i) + j * n + column]!;
    return sum;
  });
}

test("a product with a constant has a matrix for each place in front, as numpy.matmul", async () => {
  const K = floats(
    Array.from({ length: 24 }, (_, i) => Math.sin(i + 1)),
    [2, 3, 4],
  );
  const wholes = (...data: number[]): OnnxTensor => ({ kind: "int", shape: [data.length], data });
  const two = [...X, ...X.map((x) => x * x - 1)];
  const images = [two.slice(0, 6), two.slice(6)];
  const product = (shape: number[], constant: OnnxTensor, out: number[], isFirst = false) =>
    computed(
      [
        node("Reshape", ["x", "s"], "a"),
        node("MatMul", isFirst ? ["k", "a"] : ["a", "k"], "b"),
        node("Reshape", ["b", "t"], "y"),
      ],
      { s: wholes(...shape), k: constant, t: wholes(...out) },
      { shape: ["n", 6], out: ["n", out[1]!] },
      two,
    );
  // [n, 2, 1, 3] x [2, 3, 4]
  const each = images.flatMap((image) => products(floats(image, [2, 1, 3]), K, 2));
  close(await product([-1, 2, 1, 3], K, [-1, 8]), each);
  // [n, 2, 3] x [2, 3, 4] as [n, 1, 2, 3]: the model's axis of extent 1 is repeated.
  const spread = images.flatMap((image) => products(floats(image, [1, 2, 3]), K, 2));
  close(await product([-1, 1, 2, 3], K, [-1, 16]), spread);
  // [2, 4, 3] x [n, 2, 3, 1]
  const turned = floats(
    Array.from({ length: 24 }, (_, i) => Math.cos(i)),
    [2, 4, 3],
  );
  const first = images.flatMap((image) => products(turned, floats(image, [2, 3, 1]), 2));
  close(await product([-1, 2, 3, 1], turned, [-1, 8], true), first);
  // More axes than the model's: [1, 1, 3, 4].
  const matrix = floats(K.data.slice(0, 12) as number[], [1, 1, 3, 4]);
  const plain = images.flatMap((image) => products(floats(image, [1, 2, 3]), floats([...matrix.data], [1, 3, 4]), 1));
  close(await product([-1, 2, 3], matrix, [-1, 8]), plain);
  // Vectors: [n, 2, 3] x [3] and [2] x [n, 2, 3].
  const vector = floats([1, -2, 0.5]);
  const dots = images.flatMap((image) => products(floats(image, [1, 2, 3]), floats([1, -2, 0.5], [1, 3, 1]), 1));
  close(await product([-1, 2, 3], vector, [-1, 2]), dots);
  const sums = images.flatMap((image) => products(floats([3, -1], [1, 1, 2]), floats(image, [1, 2, 3]), 1));
  close(await product([-1, 2, 3], floats([3, -1]), [-1, 3], true), sums);
});

test("a batch among the rows is no matter, and a constant that differs between images is refused", async () => {
  const K = floats(
    Array.from({ length: 12 }, (_, i) => i - 5),
    [2, 3, 2],
  );
  const two = [...X, ...X.map((x) => 2 - x)];
  const nodes = [
    node("Transpose", ["x"], "a", { perm: [1, 0, 2] }),
    node("MatMul", ["a", "k"], "b"),
    node("Transpose", ["b"], "y", { perm: [1, 0, 2] }),
  ];
  const form = { shape: ["n", 2, 3], out: ["n", 2, 2] };
  const wanted = [two.slice(0, 6), two.slice(6)].flatMap((image) => products(floats(image, [2, 1, 3]), K, 2));
  close(await computed(nodes, { k: K }, form, two), wanted);
  const direct = computed([node("MatMul", ["x", "k"], "y")], { k: K }, form, two);
  await assert.rejects(direct, /MatMul that gives "y" has a constant that differs between images/);
  const odd = computed(nodes, { k: floats([...K.data], [3, 2, 2]) }, form, two);
  await assert.rejects(odd, /multiplies \[2, batch, 3\] with \[3, 2, 2\]/);
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

test("numbers are dequantised by the formula unless they were quantised by the same scale and zero point", async () => {
  const constants = {
    s: floats([0.01], []),
    t: floats([0.02], []),
    z: { kind: "int" as const, shape: [], data: [3] },
    two: floats([2], []),
    six: { kind: "int" as const, shape: [2], data: [1, N] },
  };
  close(
    await computed([node("DequantizeLinear", ["x", "s", "z"], "y")], constants),
    X.map((x) => (x - 3) * 0.01),
  );
  const quantize = node("QuantizeLinear", ["x", "s"], "q", { output_dtype: 3 });
  const within = X.map((x) => Math.min(Math.max(x, -1.28), 1.27));
  close(await computed([quantize, node("DequantizeLinear", ["q", "s"], "y")], constants, { opset: 21 }), within);
  const moved = node("Reshape", ["q", "six"], "r");
  close(await computed([quantize, moved, node("DequantizeLinear", ["r", "s"], "y")], constants, { opset: 21 }), within);
  // Without a type the rounded numbers are of 0 to 255.
  const plain = node("QuantizeLinear", ["x", "s"], "q");
  close(
    await computed([plain, node("DequantizeLinear", ["q", "s"], "y")], constants),
    X.map((x) => Math.min(Math.max(x, 0), 2.55)),
  );
  await assert.rejects(
    computed([plain, node("DequantizeLinear", ["q", "t"], "y")], constants),
    /DequantizeLinear that gives "y" has another scale or zero point than the numbers were rounded by/,
  );
  await assert.rejects(
    computed([plain, node("Mul", ["q", "two"], "y")], constants),
    /Mul that gives "y" computes with whole numbers, which is not supported/,
  );
});

test("a pooling that rounds up has no window that begins behind the image", async () => {
  const pool = (op: string, size: number, stride: number, pads: readonly number[]) =>
    node(op, ["x"], "y", {
      kernel_shape: [1, size],
      strides: [1, stride],
      pads: [0, pads[0]!, 0, pads[1]!],
      ceil_mode: 1,
    });
  const images = (width: number): Form => ({ shape: [1, 1, 1, N], out: [1, 1, 1, width] });
  // ONNX Runtime 1.30 gives the same.
  close(await computed([pool("MaxPool", 3, 4, [1, 1])], {}, images(2)), [-1, 3]);
  close(await computed([pool("MaxPool", 3, 2, [0, 0])], {}, images(3)), [-0.25, 0.5, 3]);
  await assert.rejects(
    computed([pool("MaxPool", 2, 1, [2, 0])], {}, images(7)),
    /MaxPool that gives "y" pads by \[0, 0, 2, 0\]; expected fewer cells than its window has/,
  );
});

test("Expand is looked at for every size of the batch", async () => {
  const constants = { one: { kind: "int" as const, shape: [1], data: [1] } };
  const nodes = [
    node("Shape", ["x"], "shape"),
    node("Concat", ["one", "shape"], "wanted", { axis: 0 }),
    node("Unsqueeze", ["x", "one"], "wide"),
    node("Expand", ["wide", "wanted"], "y"),
  ];
  const form: Form = { shape: ["n", N], out: ["n", "n", N] };
  await assert.rejects(computed(nodes, constants, form), /Expand that gives "y" repeats by how many images there are/);
  close(await computed([nodes[0]!, node("Expand", ["x", "shape"], "y")], constants, { shape: ["n", N] }), X);
});

test("a model that was exported as it is in training says so", async () => {
  const constants = {
    a: floats(new Array<number>(N).fill(1)),
    b: floats(new Array<number>(N).fill(0)),
    half: floats([0.5], []),
    yes: { kind: "int" as const, shape: [], data: [1] },
  };
  const normal = node("BatchNormalization", ["x", "a", "b", "b", "a"], "y", { training_mode: 1, epsilon: 0 });
  for (const nodes of [[normal], [node("Dropout", ["x", "half", "yes"], "y")]]) {
    const { model, warnings } = await opened("training", fileOf(nodes, constants, {}));
    assert.match(warnings.join(), /this model was exported as it is in training/);
    await model.close();
    close(await computed(nodes, constants), X);
  }
  await assert.rejects(
    computed([node("Flatten", ["x"], "y", { axis: 3 })]),
    /Flatten that gives "y" has the axis 3 of a tensor with 2 axes/,
  );
});

// Every rewrite gives the values and the gradients of the plain graph: the f64 interpreter runs the graph as it was
// written, the WebAssembly backend what the compiler made of it, on shapes that fit no tile.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { CPU_TARGET } from "../../src/backends/wasm/cpu-target.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { canonicalize } from "../../src/compile/canonicalize.js";
import type { KernelName } from "../../src/compile/kernels.js";
import { compile } from "../../src/compile/program.js";
import type { Target } from "../../src/compile/target.js";
import { gradients } from "../../src/core/autodiff.js";
import * as f from "../../src/core/functions/index.js";
import type { Graph, Numerics } from "../../src/core/graph/graph.js";
import { input, type Value } from "../../src/core/graph/node.js";
import type { Tensor, TensorType } from "../../src/core/tensor.js";
import { tensorsFor } from "../../src/testing/backend/tensors.js";

interface Rewrite {
  readonly name: string;
  /** The operands; gradients are taken of those that are float32. */
  readonly operands: readonly TensorType[];
  readonly build: (...operands: Value[]) => Value;
  /** A kernel that the program must contain, so that the rewrite is known to have happened. */
  readonly becomes: KernelName;
  /** A kernel that the program must not contain. */
  readonly leavesOut?: KernelName;
  /** Version of the numerics. Default 1. */
  readonly numerics?: Numerics;
}

const float = (...shape: number[]): TensorType => ({ dtype: "float32", shape });
const bytes = (...shape: number[]): TensorType => ({ dtype: "uint8", shape });

/** Convolution, bias, ReLU and pooling, in Keras's order. */
const pooled =
  (padding: f.Padding, pool: readonly [number, number], strides: readonly [number, number] = [1, 1]) =>
  (x: Value, filter: Value, bias: Value): Value =>
    f.maxPool2d(f.relu(f.add(f.conv2d(x, filter, { padding, strides }), bias)), pool);

const POOLED: readonly Rewrite[] = [
  [[3, 7, 9, 1], [3, 3, 1, 3], "same", [2, 2], [1, 1]],
  [[1, 6, 5, 3], [3, 3, 3, 5], "valid", [2, 2], [1, 1]],
  [[2, 2, 2, 2], [3, 3, 2, 6], "same", [2, 2], [1, 1]],
  [[5, 11, 8, 5], [5, 3, 5, 7], "same", [3, 2], [1, 1]],
  [[2, 13, 12, 3], [3, 3, 3, 4], "same", [2, 2], [2, 2]],
  [[17, 9, 9, 2], [2, 2, 2, 9], "valid", [4, 4], [1, 1]],
].map(([x, filter, padding, pool, strides]) => ({
  name: `pooled convolution ${x} by ${filter}, ${padding}, pool ${pool}, strides ${strides}`,
  operands: [float(...(x as number[])), float(...(filter as number[])), float((filter as number[])[3]!)],
  build: pooled(padding as f.Padding, pool as [number, number], strides as [number, number]),
  becomes: "sparseFilterGrad",
}));

const WINOGRAD: readonly Rewrite[] = [
  [[1, 5, 7, 12], [3, 3, 12, 16], "same", "winogradFilterGrad"],
  [[3, 4, 3, 16], [3, 3, 16, 12], "valid", "winogradConv2d"],
  [[2, 3, 3, 64], [3, 3, 64, 48], "same", "winogradFilterGrad"],
  [[9, 8, 6, 16], [3, 3, 16, 16], "same", "winogradFilterGrad"],
  [[21, 9, 7, 16], [3, 3, 16, 20], "valid", "winogradFilterGrad"],
].map(([x, filter, padding, becomes]) => ({
  name: `Winograd ${x} by ${filter}, ${padding}`,
  operands: [float(...(x as number[])), float(...(filter as number[]))],
  build: (images, filters) => f.tanh(f.conv2d(images, filters, { padding: padding as f.Padding })),
  becomes: becomes as KernelName,
}));

/** Tiles of six points: whole ones, and ones that reach over each edge. */
const LARGE_TILES: readonly Rewrite[] = [
  [[3, 8, 12, 16], [3, 3, 16, 20], "same", "winogradConv2d"],
  [[2, 11, 13, 16], [3, 3, 16, 16], "same", "winogradFilterGrad"],
  [[17, 9, 10, 12], [3, 3, 12, 16], "valid", "winogradFilterGrad"],
  [[24, 6, 7, 64], [3, 3, 64, 48], "same", "winogradConv2d"],
  [[16, 8, 6, 16], [5, 5, 16, 12], "same", "winogradFilterGrad"],
  [[19, 5, 4, 8], [3, 3, 8, 192], "same", "winogradFilterGrad"],
  [[3, 9, 12, 8], [5, 5, 8, 20], "valid", "winogradConv2d"],
].map(([x, filter, padding, becomes]) => ({
  name: `Winograd of six points ${x} by ${filter}, ${padding}`,
  operands: [float(...(x as number[])), float(...(filter as number[]))],
  build: (images, filters) => f.conv2d(images, filters, { padding: padding as f.Padding }),
  becomes: becomes as KernelName,
  numerics: 2,
}));

const REWRITES: readonly Rewrite[] = [
  ...POOLED,
  ...WINOGRAD,
  ...LARGE_TILES,
  {
    name: "Winograd under pooling, odd borders left out",
    operands: [float(3, 9, 7, 16), float(3, 3, 16, 20), float(20)],
    build: pooled("same", [2, 2]),
    becomes: "winogradConv2d",
  },
  {
    name: "bytes, rescaled on the way into a convolution",
    operands: [bytes(3, 7, 5, 3), float(3, 3, 3, 5), float(5)],
    build: (x, filter, bias) => pooled("same", [2, 2])(f.mul(f.cast(x, "float32"), 1 / 255), filter, bias),
    becomes: "sparseFilterGrad",
  },
  {
    name: "bytes, shifted and scaled, strided and without padding",
    operands: [bytes(1, 9, 8, 1), float(3, 2, 1, 6)],
    build: (x, filter) =>
      f.conv2d(f.sub(f.mul(f.cast(x, "float32"), 2 / 255), 1), filter, { strides: [2, 3], padding: "valid" }),
    becomes: "filterGrad",
  },
  {
    name: "filters as large as their images",
    operands: [float(3, 5, 3, 6), float(5, 3, 6, 7), float(7)],
    build: (x, filter, bias) => f.tanh(f.add(f.conv2d(x, filter), bias)),
    becomes: "matmul",
  },
  {
    name: "batch normalization with given statistics inside a convolution",
    operands: [float(2, 5, 6, 3), float(3, 3, 3, 10), float(10), float(10)],
    build: (x, filter, scale, shift) =>
      f.minimum(f.relu(f.add(f.mul(f.conv2d(x, filter, { padding: "same" }), scale), shift)), 6),
    becomes: "conv2d",
  },
  {
    name: "batch normalization inside a depthwise convolution",
    operands: [float(3, 7, 5, 6), float(3, 3, 6), float(6), float(6)],
    build: (x, filter, scale, shift) =>
      f.relu(f.add(f.mul(f.depthwiseConv2d(x, filter, { strides: [2, 2], padding: "same" }), scale), shift)),
    becomes: "depthwiseConv2d",
  },
  {
    name: "zeros around the images of a strided depthwise convolution",
    operands: [float(2, 6, 7, 8), float(3, 3, 8)],
    build: (x, filter) =>
      f.depthwiseConv2d(f.pad(f.relu(x), [[0, 0], [0, 1], [1, 2], [0, 0]]), filter, { strides: [2, 2], padding: "valid" }), // biome-ignore format: sides
    becomes: "depthwiseConv2d",
    leavesOut: "pad",
  },
  {
    name: "zeros around the images of a strided convolution",
    operands: [float(2, 6, 7, 3), float(3, 3, 3, 5)],
    build: (x, filter) =>
      f.conv2d(f.pad(f.tanh(x), [[0, 0], [2, 1], [1, 0], [0, 0]]), filter, { strides: [2, 1], padding: "valid" }), // biome-ignore format: sides
    becomes: "filterGrad",
    leavesOut: "pad",
  },
  {
    name: "a residual sum inside a 1 x 1 convolution",
    operands: [float(1, 5, 3, 7), float(1, 1, 7, 7), float(7)],
    build: (x, filter, bias) => f.add(x, f.add(f.conv2d(x, filter), bias)),
    becomes: "conv2d",
  },
  {
    name: "dense layers on a partial batch",
    operands: [float(5, 13), float(13, 9), float(9), float(9, 3)],
    build: (x, first, bias, second) => f.matmul(f.relu(f.add(f.matmul(x, first), bias)), second),
    becomes: "matmul",
  },
];

/** The value and its gradients, weighted so that every element counts differently. */
function graphOf(inputs: readonly Value[], value: Value, numerics: Numerics = 1): Graph {
  const weights = f.add(f.mul(f.randomUniform(value.type.shape, inputs.at(-1)!, 1), 0.5), 0.75);
  const wrt = inputs.slice(0, -1).filter(({ type }) => type.dtype === "float32");
  return { inputs, outputs: [value, ...gradients(f.sum(f.mul(value, weights)), wrt)], updates: [], numerics };
}

/** Elements must agree to 1e-5 of the largest of their tensor. */
function assertAgree(actual: Tensor, expected: Tensor, what: string): void {
  assert.deepEqual(actual.shape, expected.shape, what);
  const largest = Math.max(...expected.data.map(Math.abs));
  expected.data.forEach((value, i) => {
    const off = Math.abs(value - actual.data[i]!);
    assert.ok(off <= 1e-5 * largest, `${what}: element ${i} is ${actual.data[i]}, the plain graph says ${value}`);
  });
}

for (const { name, operands, build, becomes, leavesOut, numerics } of REWRITES)
  test(`${name}: values and gradients of the plain graph`, async () => {
    const inputs = [
      ...operands.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype)),
      input("state", [3], "int32"),
    ];
    const plain = build(...inputs.slice(0, -1));
    const graph = graphOf(inputs, plain);
    const rewritten = graphOf(inputs, canonicalize([plain])[0]!, numerics);
    const kinds = compile(rewritten, CPU_TARGET).stages.flatMap((stage) => stage.map((kernel) => kernel.kind));
    assert.ok(kinds.includes(becomes), `expected a kernel ${becomes}, the program has ${kinds.join(", ")}`);
    assert.ok(leavesOut === undefined || !kinds.includes(leavesOut), `expected no kernel ${leavesOut}`);
    const ranges = inputs.map(({ type }) => (type.dtype === "uint8" ? ([0, 255] as const) : undefined));
    const tensors = tensorsFor(inputs, ranges);
    const oracle = await referenceBackend.open();
    const expected = await (await oracle.compile(graph)).run(tensors);
    const session = await createWasmBackend({ inline: true, check: true }).open();
    const actual = await (await session.compile(rewritten)).run(tensors);
    expected.forEach((tensor, i) => {
      assertAgree(actual[i]!, tensor, i === 0 ? "the value" : `gradient ${i}`);
    });
    await session.close();
  });

test("a target without special kernels gets the common ones", () => {
  const plain: Target = { ...CPU_TARGET, name: "plain", winograd: undefined, sparsePooling: false, prologueSteps: 0 };
  const special = /^(winograd|sparse)/;
  for (const { name, operands, build, becomes, numerics } of REWRITES) {
    const inputs = [
      ...operands.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype)),
      input("state", [3], "int32"),
    ];
    const graph = graphOf(inputs, canonicalize([build(...inputs.slice(0, -1))])[0]!, numerics);
    const kinds = (target: Target): string[] =>
      compile(graph, target, { check: true }).stages.flatMap((stage) => stage.map(({ kind }) => kind));
    assert.deepEqual(
      kinds(plain).filter((kind) => special.test(kind)),
      [],
      name,
    );
    if (special.test(becomes)) assert.ok(kinds(CPU_TARGET).includes(becomes), name);
  }
});

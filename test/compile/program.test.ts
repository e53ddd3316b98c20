// Promises of the compiler about its programs, on small graphs that can be read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { interpret } from "../../src/backends/reference/reference.js";
import { CPU_TARGET } from "../../src/backends/wasm/cpu-target.js";
import { canonicalize } from "../../src/compile/canonicalize.js";
import type { Kernel } from "../../src/compile/kernels.js";
import { programFacts } from "../../src/compile/print.js";
import { compile, type Program } from "../../src/compile/program.js";
import { simplify } from "../../src/compile/simplify.js";
import { gradients } from "../../src/core/autodiff.js";
import * as f from "../../src/core/functions/index.js";
import { type Graph, printGraph } from "../../src/core/graph/graph.js";
import { input, type Value, Variable } from "../../src/core/graph/node.js";
import { drawOperands } from "../../src/testing/backend/op-cases.js";

const compiled = (graph: Graph): Program => compile(graph, CPU_TARGET, { check: true });
const kernelsOf = (graph: Graph): Kernel[] => compiled(graph).stages.flat();
const kinds = (graph: Graph): string[] => kernelsOf(graph).map((kernel) => kernel.kind);

test("an elementwise chain is one kernel", () => {
  const x = input("x", [8, 5]);
  const y = f.tanh(f.add(f.mul(x, 2), 1));
  assert.deepEqual(kinds({ inputs: [x], outputs: [y], updates: [] }), ["elementwise"]);
});

test("a bias and an activation are computed inside the product", () => {
  const [x, w, b] = [input("x", [16, 32]), input("w", [32, 8]), input("b", [8])];
  const y = f.relu(f.add(f.matmul(x, w), b));
  assert.deepEqual(kinds({ inputs: [x, w, b], outputs: [y], updates: [] }), ["matmul"]);
});

function convNet(batch: number) {
  const x = input("x", [batch, 16, 12, 1], "uint8");
  const filter = new Variable("filter", { dtype: "float32", shape: [3, 3, 1, 8] });
  const bias = new Variable("bias", { dtype: "float32", shape: [8] });
  const images = f.mul(f.cast(x, "float32"), 1 / 255);
  const full = f.relu(f.add(f.conv2d(images, filter.read(), { padding: "same" }), bias.read()));
  return { x, filter, bias, full, pooled: f.maxPool2d(full, [2, 2]) };
}

test("convolution, bias, activation and pooling are one kernel that reads bytes", () => {
  const { x, pooled } = convNet(4);
  const graph = { inputs: [x], outputs: canonicalize([pooled]), updates: [] };
  assert.deepEqual(kinds(graph), ["conv2d"]);
});

test("the full-size activation and its gradient are never in memory", () => {
  const { x, filter, bias, pooled, full } = convNet(64);
  const loss = f.mean(f.square(canonicalize([pooled])[0]!));
  const grads = gradients(loss, [filter.read(), bias.read()]);
  const graph: Graph = { inputs: [x], outputs: [loss, ...grads], updates: [] };
  const fullSize = full.type.shape.reduce((a, b) => a * b);
  for (const kernel of kernelsOf(graph))
    for (const buffer of kernel.writes)
      assert.ok(buffer.size < fullSize, `${kernel.kind} writes ${buffer.size} elements`);
  assert.ok(kinds(graph).includes("sparseFilterGrad"));
});

test("canonical forms keep values and gradients", () => {
  const { x, filter, bias, pooled } = convNet(3);
  const [canonical] = canonicalize([pooled]);
  assert.notEqual(canonical, pooled);
  const wrt = [filter.read(), bias.read()];
  const run = (value: Value) => {
    const loss = f.mean(f.square(f.sub(value, 0.1)));
    const graph: Graph = { inputs: [x], outputs: [value, ...gradients(loss, wrt)], updates: [] };
    const [pixels, w, b] = drawOperands([{ ...x.type, range: [0, 255] }, filter.type, bias.type]);
    const variables = new Map([
      [filter, w!],
      [bias, b!],
    ]);
    return interpret(graph, [pixels!], variables).map((array) => [...array.data]);
  };
  const [before, after] = [run(pooled), run(canonical!)];
  before.forEach((values, i) => {
    values.forEach((value, j) => {
      assert.ok(Math.abs(value - after[i]![j]!) < 1e-12);
    });
  });
});

test("equal subgraphs are computed once, and arithmetic without effect is dropped", () => {
  const x = input("x", [4]);
  const y = f.mul(f.sub(f.add(f.exp(x), f.exp(x)), 0), 1);
  const graph = simplify({ inputs: [x], outputs: [y], updates: [] });
  assert.equal(
    printGraph(graph),
    ['%0 = input "x" : float32 [4]', "%1 = exp(%0) : float32 [4]", "%2 = add(%1, %1) : float32 [4]", "output %2"].join(
      "\n",
    ),
  );
});

test("constants that JSON writes alike stay apart", () => {
  const x = input("x", [4]);
  const outputs = [f.add(x, Infinity), f.add(x, -Infinity), f.mul(x, 0), f.mul(x, -0), f.sub(x, -0)];
  const simplified = simplify({ inputs: [x], outputs, updates: [] });
  assert.equal(new Set([x, ...simplified.outputs]).size, 6);
});

test("an optimizer writes weight and slots in place with one kernel", () => {
  const weight = new Variable("weight", { dtype: "float32", shape: [40] });
  const slot = new Variable("slot", { dtype: "float32", shape: [40] });
  const gradient = input("gradient", [40]);
  const velocity = f.add(f.mul(slot.read(), 0.9), gradient);
  const program = compiled({
    inputs: [gradient],
    outputs: [],
    updates: [
      [slot, velocity],
      [weight, f.sub(weight.read(), f.mul(velocity, 0.1))],
    ],
  });
  const kernels = program.stages.flat();
  assert.equal(kernels.length, 1);
  assert.deepEqual(new Set(kernels[0]!.writes.map((buffer) => buffer.role)), new Set([weight, slot]));
});

test("frozen weights cost no gradient", () => {
  const x = input("x", [8, 6]);
  const frozen = new Variable("frozen", { dtype: "float32", shape: [6, 4] });
  const head = new Variable("head", { dtype: "float32", shape: [4, 2] });
  const loss = f.mean(f.square(f.matmul(f.relu(f.matmul(x, frozen.read())), head.read())));
  const graph = { inputs: [x], outputs: gradients(loss, [head.read()]), updates: [] };
  assert.equal(kinds(graph).filter((kind) => kind === "matmul").length, 3);
});

test("buffers that live at the same time do not overlap", () => {
  const { x, filter, bias, pooled } = convNet(8);
  const loss = f.mean(f.square(pooled));
  const graph: Graph = { inputs: [x], outputs: [loss, ...gradients(loss, [filter.read(), bias.read()])], updates: [] };
  const { stages, memory } = compiled(graph);
  const life = new Map<object, [number, number]>();
  stages.forEach((stage, i) => {
    for (const kernel of stage)
      for (const buffer of [...kernel.reads, ...kernel.writes])
        if (memory.offsets.has(buffer)) life.set(buffer, [life.get(buffer)?.[0] ?? i, i]);
  });
  const placed = [...memory.offsets].filter(([buffer]) => life.has(buffer));
  for (const [a, at] of placed)
    for (const [b, bt] of placed) {
      if (a === b) continue;
      const [s, t] = [life.get(a)!, life.get(b)!];
      const together = s[0] <= t[1] && t[0] <= s[1];
      const overlap = at < bt + b.size && bt < at + a.size;
      assert.ok(!(together && overlap), "two live buffers share memory");
    }
});

test("a program can be told: kernels, their bytes and what is alive", () => {
  const { x, pooled } = convNet(4);
  const program = compiled({ inputs: [x], outputs: canonicalize([pooled]), updates: [] });
  const bytesOfInput = 4 * 16 * 12;
  const bytesOfOutput = 4 * 8 * 6 * 8 * 4;
  assert.deepEqual(programFacts(program), [
    {
      stage: 0,
      kind: "conv2d",
      what: "4 x 16x12, 3x3 filters, 1 > 8 channels, pooled 2x2",
      bytes: bytesOfOutput,
      live: bytesOfInput + bytesOfOutput,
      operations: 2 * 4 * 16 * 12 * 9 * 8,
      traffic: bytesOfInput + bytesOfOutput + 4 * (9 * 8 + 8),
    },
  ]);
  assert.equal(program.memory.bytes, bytesOfInput + bytesOfOutput);
});

test("groups that would wait for each other are not put together", () => {
  // One kernel for both products by way of w, one for both functions of v: the first would wait for the second's root,
  // the second, by way of the sum, for the first's cotangents.
  const [x, w, v] = [input("x", [4, 6]), input("w", [4, 6]), input("v", [1, 6])];
  const root = f.maximum(f.sqrt(v), 1e-7);
  const shared = f.mul(f.exp(x), w);
  const total = f.mul(f.sum(f.mul(shared, x), [0], true), f.equal(f.sqrt(v), root));
  const outputs = [f.mul(shared, root), f.sum(shared, [0]), f.div(total, root)];
  const { stages } = compiled({ inputs: [x, w, v], outputs, updates: [] });
  assert.ok(stages.length > 2);
});

// The checker between passes refuses programs that are broken by hand, one mistake each, and passes those that are not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CPU_TARGET } from "../../src/backends/wasm/cpu-target.js";
import { checkLowered, checkPlan, checkStages } from "../../src/compile/check-program.js";
import { CompilerMistake } from "../../src/compile/compiler-mistake.js";
import { readLeaf } from "../../src/compile/expression.js";
import { type Buffer, type Kernel, kernel } from "../../src/compile/kernels.js";
import type { LoweredGraph } from "../../src/compile/lowerer.js";
import { plan } from "../../src/compile/plan.js";
import { Variable } from "../../src/core/graph/node.js";

const buffer = (role: Buffer["role"] = "temporary", size = 8): Buffer => ({ dtype: "float32", size, role });
const copy = (from: Buffer, to: Buffer, offset = 0): Kernel =>
  kernel("elementwise", {
    expression: readLeaf([8], { buffer: from, strides: [1], offset }),
    outputs: [to],
    dtype: "float32",
  });

const input = buffer("input");
const [a, b, c] = [buffer(), buffer(), buffer()];
const variable = new Variable("weight", { dtype: "float32", shape: [8] });
const held = buffer(variable);

const lowered = (kernels: readonly Kernel[], change: Partial<LoweredGraph> = {}): LoweredGraph => ({
  kernels,
  inputs: [input],
  outputs: [b],
  variables: new Map([[variable, held]]),
  updates: [],
  ...change,
});
const good = [copy(input, a), copy(a, b)];

test("a whole program passes all checks", () => {
  const whole = lowered([...good, copy(held, c)]);
  checkLowered(whole, CPU_TARGET);
  const stages = [[good[0]!, copy(held, c)], [good[1]!]];
  checkStages(stages, whole);
  checkPlan(stages, plan(stages, [input], [b], CPU_TARGET), whole, CPU_TARGET);
});

for (const [name, kernels, pattern, change] of [
  ["a buffer that nobody writes", [copy(c, b)], /elementwise reads a temporary of 8 float32 that no kernel writes/],
  [
    "a buffer with two writers",
    [...good, copy(input, b)],
    /writes a temporary of 8 float32 that another writes as well/,
  ],
  ["a kernel that reads what it writes", [copy(b, b)], /both reads and writes a temporary/],
  ["a kernel that writes an input", [copy(a, input)], /elementwise writes an input of 8 float32/],
  ["a kernel that writes a variable", [copy(input, held)], /writes variable "weight" of 8/],
  ["a leaf past the end of its buffer", [copy(input, a, 1)], /reads elements 1 to 8 of an input of 8 float32/],
  ["an output that nobody writes", [copy(input, a)], /output 0 is no buffer of its own that a kernel writes/],
  ["two outputs in one buffer", good, /output 1 is no buffer of its own/, { outputs: [b, b] }],
] as const)
  test(`after lowering: ${name} is refused`, () => {
    assert.throws(() => checkLowered(lowered(kernels, change), CPU_TARGET), pattern);
  });

test("after lowering: a kernel that the target lacks is refused", () => {
  const plain = { ...CPU_TARGET, name: "plain", winograd: undefined, sparsePooling: false };
  const special = kernel("winogradFilter", {
    filter: input,
    size: 1,
    tiling: { results: 2, cells: 3 },
    output: buffer("temporary", 16),
  });
  checkLowered(lowered([...good, special]), CPU_TARGET);
  assert.throws(
    () => checkLowered(lowered([...good, special]), plain),
    (error) =>
      error instanceof CompilerMistake &&
      error.message ===
        'compile: kernel winogradFilter is none of target "plain"; this is a mistake in Fovea\'s compiler, please report the model that shows it',
  );
});

const update = { updates: [[variable, a]] as const };
for (const [name, stages, pattern, change] of [
  [
    "a read in the stage of the write",
    [good],
    /stage 0: kernel elementwise reads .* that elementwise writes in the same/,
  ],
  ["a read before the write", [[good[1]!], [good[0]!]], /stage 0: .* that no earlier stage writes/],
  ["a second write", [[good[0]!], [good[1]!, copy(input, b)]], /stage 1: .* for the second time/],
  ["an output that no stage writes", [[good[0]!]], /output 0 is written by no stage/],
  [
    "an update that no stage makes",
    [[good[0]!], [good[1]!]],
    /variable "weight" of 8 float32 is updated by no stage/,
    update,
  ],
  [
    "a variable that changes before it is read",
    [[good[0]!], [copy(a, held), good[1]!], [copy(held, c)]],
    /stage 2: .* variable "weight" of 8 float32 that has changed already/,
    update,
  ],
  [
    "a variable that changes while another kernel reads it",
    [[good[0]!], [copy(a, held), good[1]!, copy(held, c)]],
    /stage 1: .* that elementwise writes in the same stage/,
    update,
  ],
  [
    "a variable read at other positions than written",
    [[good[0]!], [good[1]!], [kernelBackwards()]],
    /stage 2: .* that it writes at other positions/,
    update,
  ],
] as const)
  test(`after scheduling: ${name} is refused`, () => {
    assert.throws(() => checkStages(stages, lowered([], change)), pattern);
  });

function kernelBackwards(): Kernel {
  const expression = readLeaf([8], { buffer: held, strides: [-1], offset: 7 });
  return kernel("elementwise", { expression, outputs: [held], dtype: "float32" });
}

test("after planning: memory that is shared, missing, askew or outside is refused", () => {
  const stages = [[good[0]!], [good[1]!]];
  const places =
    (offsets: readonly (readonly [Buffer, number])[], bytes = 256) =>
    () =>
      checkPlan(stages, { offsets: new Map(offsets), bytes }, lowered(good), CPU_TARGET);
  places([
    [input, 0],
    [a, 64],
    [b, 0],
  ])();
  const at = (second: number, third: number) => [[input, 0] as const, [a, second] as const, [b, third] as const];
  assert.throws(places(at(64, 64)), /share memory while both are needed/);
  assert.throws(places(at(32, 128)), /lies at 32 in an arena of 256 bytes/);
  assert.throws(places(at(64, 256)), /lies at 256 in an arena of 256 bytes/);
  assert.throws(places(at(64, 128).slice(0, 2)), /has no place in memory/);
});

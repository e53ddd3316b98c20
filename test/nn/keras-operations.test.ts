// Operations of keras.ops by their formulas, where Keras's own fixtures have no case: settings other than the defaults,
// gradients that stop, and arguments that would change results and are not supported.
import assert from "node:assert/strict";
import { test } from "node:test";
import { referenceBackend } from "../../src/backends/reference/reference.js";
import { createWasmBackend } from "../../src/backends/wasm/session.js";
import { gradients } from "../../src/core/autodiff.js";
import { sum } from "../../src/core/functions/index.js";
import { input } from "../../src/core/graph/node.js";
import type { Json, JsonObject } from "../../src/core/json.js";
import type { MultiHeadAttention } from "../../src/nn/layers/attention/multi-head-attention.js";
import { InferenceContext } from "../../src/nn/layers/call-context.js";
import { layerFromKeras } from "../../src/nn/serialization/layers.js";

const X = [-2, -0.75, -0.25, 0, 0.25, 1.5];
const tensor: Json = { class_name: "__keras_tensor__", config: { keras_history: ["x", 0, 0] } };

function operation(
  className: string,
  config: JsonObject = {},
  args: readonly Json[] = [tensor],
  kwargs: JsonObject = {},
) {
  return layerFromKeras({
    module: "keras.src.ops.numpy",
    class_name: className,
    config: { name: "layer", ...config },
    inbound_nodes: [{ args, kwargs }],
  });
}

/** Results and slopes for samples of one number each. */
async function computed(layer: ReturnType<typeof operation>, backend = referenceBackend) {
  const x = input("x", [X.length, 1]);
  const y = layer.callAll([x], new InferenceContext())[0]!;
  const session = await backend.open();
  try {
    const program = await session.compile({ inputs: [x], outputs: [y, ...gradients(sum(y), [x])], updates: [] });
    const results = await program.run([{ dtype: "float32", shape: [X.length, 1], data: Float32Array.from(X) }]);
    return results.map(({ data }) => [...data]) as [number[], number[]];
  } finally {
    await session.close();
  }
}

function near(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i]! - value) <= 1e-6 * (1 + Math.abs(value)), `${i}: ${found[i]}, expected ${value}`);
  });
}

test("Celu divides by alpha before the exponential", async () => {
  const [y] = await computed(operation("Celu", { alpha: 0.5 }));
  near(y, X.map((x) => Math.max(x, 0) + Math.min(0, 0.5 * (Math.exp(x / 0.5) - 1)))); // biome-ignore format: a formula
  assert.throws(
    () => operation("Celu", { alpha: 0 }).computeOutputShapes([[1]]),
    /alpha is 0, expected a number above 0/,
  );
});

test("Round keeps decimals, before and behind the point", async () => {
  near((await computed(operation("Round", { decimals: 1 })))[0], [-2, -0.8, -0.2, 0, 0.2, 1.5]);
  near((await computed(operation("Round", { decimals: 0 })))[0], [-2, -1, 0, 0, 0, 2]);
  near((await computed(operation("Round", { decimals: -1 })))[0], [0, 0, 0, 0, 0, 0]);
  assert.throws(() => operation("Round", { decimals: 0.5 }).computeOutputShapes([[1]]), /decimals is 0.5/);
});

for (const backend of [referenceBackend, createWasmBackend({ inline: true })])
  test(`${backend.name}: StopGradient passes numbers on and no gradient`, async () => {
    assert.deepEqual(await computed(operation("StopGradient"), backend), [X, X.map(() => 0)]);
  });

test("powers of whole numbers keep the signs of bases, also large ones", async () => {
  const power = (exponent: number) => computed(operation("Power", {}, [tensor, exponent]));
  near((await power(17))[0], X.map((x) => x ** 17)); // biome-ignore format: a formula
  near((await power(101))[0], X.map((x) => x ** 101)); // biome-ignore format: a formula
  near((await power(18))[0], X.map((x) => x ** 18)); // biome-ignore format: a formula
});

test("arguments that nobody reads are refused, null apart", () => {
  const of = (kwargs: JsonObject, args: readonly Json[] = [tensor]) => operation("Max", { axis: 1 }, args, kwargs);
  assert.throws(() => of({ initial: 3 }).computeOutputShapes([[2, 4]]), /argument "initial" is not supported/);
  assert.throws(() => of({}, [tensor, 2]).computeOutputShapes([[2, 4]]), /argument 1 is not supported/);
  assert.deepEqual(of({ where: null }).computeOutputShapes([[2, 4]]), [[4]]);
  assert.throws(() => of({ constructor: 1 }).computeOutputShapes([[2, 4]]), /argument "constructor"/);
});

test("an einsum over the samples is refused, over constants it is not", () => {
  const both = (subscripts: string) => operation("Einsum", { subscripts }, [tensor, tensor]);
  assert.throws(() => both("bi,ci->bi").computeOutputShapes([[4], [4]]), /mixes the samples/);
  assert.throws(() => both("bi,ib->b").computeOutputShapes([[2], [2]]), /mixes the samples/);
  assert.deepEqual(both("bi,bj->bij").computeOutputShapes([[4], [3]]), [[4, 3]]);
  const constant: Json = { class_name: "__numpy__", config: { value: [[1, 2, 3], [4, 5, 6]] } }; // biome-ignore format: rows
  const weighed = operation("Einsum", { subscripts: "bi,ij->bj" }, [tensor, constant]);
  assert.deepEqual(weighed.computeOutputShapes([[2]]), [[3]]);
});

test("arguments of attention's calls count by their position too, in the forms of Keras 2 and 3", () => {
  const attention = (call: Json) =>
    layerFromKeras({
      class_name: "MultiHeadAttention",
      config: { name: "layer", num_heads: 1, key_dim: 2 },
      inbound_nodes: [call],
    });
  const isCausal = (call: Json): boolean => (attention(call) as MultiHeadAttention).useCausalMask;
  const nothing = [null, null, null, null, null, false, null];
  assert.equal(isCausal({ args: [tensor, tensor], kwargs: {} }), false);
  assert.equal(isCausal({ args: [tensor, tensor], kwargs: { use_causal_mask: true, training: false } }), true);
  assert.equal(isCausal({ args: [tensor, tensor, ...nothing, true], kwargs: {} }), true);
  assert.equal(isCausal([["x", 0, 0, { value: ["x", 0, 0], use_causal_mask: true }]]), true);
  assert.equal(isCausal([["x", 0, 0, {}], ["x", 0, 0, { use_causal_mask: 1 }]]), true); // biome-ignore format: short
  const mask = [tensor, tensor, null, null, null, null, tensor];
  assert.throws(() => attention({ args: mask, kwargs: {} }), /is called with attention_mask, which is not supported/);
  assert.throws(() => attention([["x", 0, 0, { training: true }]]), /is called with training/);
});

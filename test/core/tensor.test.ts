// Tensors on the host: how they print (NumPy's own texts, tools/numpy-print-fixtures.py), how whole types wrap around, and
// what argMax, softmax and toCategorical make of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { allocate, type DType } from "../../src/core/dtype.js";
import { sizeOf } from "../../src/core/shape.js";
import { argMax, FoveaError, sequential, softmax, tensor, toCategorical, zeros } from "../../src/index.js";
import { dense, input } from "../../src/nn/layers/index.js";

interface Printed {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Left out of large arrays, which follow from their shape. */
  readonly data?: readonly (number | string)[];
  readonly text: string;
}

const NAMED: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };

const ramp = (dtype: DType, length: number): number[] =>
  Array.from({ length }, (_, i) => (dtype === "float32" ? (((i * 37) % 501) - 100) / 7 : (i * 37) % 251));

test("a tensor prints as NumPy prints the array, with shape and dtype, as text and in the console", () => {
  const path = fileURLToPath(new URL("../../../test/core/fixtures/numpy-print.json", import.meta.url));
  const cases = JSON.parse(readFileSync(path, "utf8")) as Printed[];
  assert.ok(cases.length > 80);
  for (const { dtype, shape, data, text } of cases) {
    const array = allocate(dtype, sizeOf(shape));
    array.set(data?.map((value) => (typeof value === "string" ? NAMED[value]! : value)) ?? ramp(dtype, sizeOf(shape)));
    const x = tensor(array as never, shape, dtype);
    assert.equal(String(x), text);
    assert.equal(inspect(x), text);
  }
});

test("what models give prints as well, alone and inside of an object", async () => {
  const model = sequential([input([2]), dense(1, { kernelInitializer: "ones" })]);
  const y = await model.predict(tensor([[1, 2]], "int8"));
  assert.equal(String(y), "array([[3.]], shape=(1, 1), dtype=float32)");
  assert.equal(`${(await model.getWeights())[1]}`, "array([0.], shape=(1,), dtype=float32)");
  assert.match(inspect({ y }), /y: array\(\[\[3\.\]\]/);
  await model.close();
});

test("whole types wrap around as in NumPy", () => {
  assert.deepEqual([...tensor([-128, 1, 127, 128], [4], "int8").data], [-128, 1, 127, -128]);
  assert.deepEqual([...tensor([0, 1, 255, 256], "uint8").data], [0, 1, 255, 0]);
  assert.equal(
    String(tensor([-128, 1, 127, 128], [4], "int8")),
    "array([-128,    1,  127, -128], shape=(4,), dtype=int8)",
  );
});

test("a tensor is what its parts say, or an error", () => {
  const wrong: readonly [() => unknown, RegExp][] = [
    [() => tensor([1, 2, 3], [2], "int8"), /shape \[2\] holds 2 elements, received 3/],
    [() => tensor([[1, 2], [3]]), /ragged/],
    [
      () => tensor(new Uint8Array(2) as never, [2], "float32"),
      /expected Float32Array for float32, received Uint8Array/,
    ],
    [
      () => tensor(new Float64Array(2) as never, [2], "float32"),
      /expected Float32Array for float32, received Float64Array/,
    ],
    [() => tensor([1], "float16" as never), /dtype: expected one of float32, int32, uint8, int8, received "float16"/],
    [() => (tensor as (data: unknown) => unknown)(new Float32Array(2)), /expected the shape of a typed array/],
    [() => input([3], { dtype: "int8" as never }), /expected one of float32, int32, uint8, received "int8"/],
  ];
  for (const [make, message] of wrong)
    assert.throws(make, (error) => error instanceof FoveaError && message.test(error.message));
  assert.deepEqual(tensor(Uint8ClampedArray.of(1, 2) as never, [2], "uint8").data, Uint8Array.of(1, 2));
  assert.deepEqual(tensor([[1, 2]], [2, 1], "int32").shape, [2, 1]);
});

test("argMax and softmax work along any axis; NaN is the largest, as in NumPy", () => {
  const x = tensor([
    [1, 5, 5],
    [9, Number.NaN, 2],
  ]);
  assert.deepEqual([...argMax(x).data], [1, 1]);
  assert.deepEqual([...argMax(x, 0).data], [1, 1, 0]);
  assert.deepEqual(argMax(zeros([2, 3, 4], "float32"), 1).shape, [2, 4]);
  assert.throws(() => argMax(x, 2), /axis 2 is out of range for a tensor of shape \[2, 3\]/);
  const p = softmax(tensor([[1000, 1001], [0, 0]])); // biome-ignore format: rows
  assert.ok(Math.abs(p.data[0]! - 1 / (1 + Math.E)) < 1e-7);
  assert.deepEqual([...p.data.slice(2)], [0.5, 0.5]);
  assert.deepEqual([...softmax(tensor([[1], [1]]), 0).data], [0.5, 0.5]);
});

test("toCategorical makes one-hot rows, and refuses what is no label", () => {
  const rows = toCategorical(tensor([[0], [2]], "int32"), 3);
  assert.deepEqual(rows.shape, [2, 3]);
  assert.deepEqual([...rows.data], [1, 0, 0, 0, 0, 1]);
  assert.deepEqual(toCategorical([1, 0]).shape, [2, 2]);
  assert.throws(() => toCategorical([0, 3], 3), /whole labels from 0 to 2, received 3 at position 1/);
  assert.throws(() => toCategorical([0.5], 3), /received 0.5 at position 0/);
});

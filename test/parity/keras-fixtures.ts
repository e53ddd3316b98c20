// Reads the fixtures that tools/keras-fixtures.py made with the real Keras, and compares with them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DType } from "../../src/core/dtype.js";
import type { Shape } from "../../src/core/shape.js";
import { type Tensor, tensor } from "../../src/core/tensor.js";

/** An array in a fixture. */
export interface Plain {
  readonly shape: Shape;
  readonly data: readonly number[];
}

/** The fixture test/parity/fixtures/keras-NAME.json. */
export function fixture<T>(name: string): T {
  const path = fileURLToPath(new URL(`../../../test/parity/fixtures/keras-${name}.json`, import.meta.url));
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

export function tensorOf({ shape, data }: Plain, dtype: DType = "float32"): Tensor {
  if (dtype === "float32") return tensor(Float32Array.from(data), shape, dtype);
  if (dtype === "int32") return tensor(Int32Array.from(data), shape, dtype);
  return tensor(Uint8Array.from(data), shape, dtype);
}

/** Fails unless shapes are equal and every element is within `tolerance`, relative for elements above 1. */
export function close(actual: Tensor, expected: Plain, tolerance: number, what: string): void {
  assert.deepEqual([...actual.shape], [...expected.shape], `${what}: shape`);
  expected.data.forEach((wanted, i) => {
    const got = actual.data[i]!;
    assert.ok(
      Math.abs(got - wanted) <= tolerance * Math.max(1, Math.abs(wanted)),
      `${what}: element ${i} is ${got}, Keras has ${wanted}`,
    );
  });
}

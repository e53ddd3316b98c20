// Initializers have Keras's distributions, and the same bits for the same seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "../../src/core/json.js";
import { Random } from "../../src/core/random.js";
import {
  fansOf,
  identity,
  initializerFromKeras,
  initializerOf,
  initializerToKeras,
  orthogonal,
  varianceScaling,
  zeros,
} from "../../src/nn/initializers/index.js";
import { fixture } from "../parity/keras-fixtures.js";

interface Case {
  readonly initializer: JsonObject & { readonly class_name: string };
  readonly shape: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
}

for (const { initializer, shape, mean, deviation, low, high } of fixture<Case[]>("initializers")) {
  test(`${initializer.class_name} of [${shape}] is distributed as in Keras`, () => {
    const made = initializerFromKeras("test", initializer, zeros());
    assert.deepEqual(initializerToKeras(made), initializer);
    const values = made.fill(shape, new Random(3, 0));
    const n = values.length;
    const ownMean = values.reduce((total, x) => total + x, 0) / n;
    const ownDeviation = Math.sqrt(values.reduce((total, x) => total + (x - ownMean) ** 2, 0) / n);
    const tolerance = (5 * deviation) / Math.sqrt(n) + 1e-6;
    assert.ok(Math.abs(ownMean - mean) < 2 * tolerance, `mean ${ownMean}, Keras ${mean}`);
    assert.ok(Math.abs(ownDeviation - deviation) < 2 * tolerance, `deviation ${ownDeviation}, Keras ${deviation}`);
    const bounded = /Uniform|Zeros|Ones|Constant|He|Lecun|Glorot/.test(initializer.class_name);
    if (!bounded || initializer.class_name === "GlorotNormal") return;
    // Bounds: those of a uniform or of a normal cut at two deviations.
    assert.ok(values.every((x) => x >= low - 0.01 * (high - low) - 1e-7 && x <= high + 0.01 * (high - low) + 1e-7));
  });
}

test("orthogonal kernels have orthonormal columns, or rows where there are fewer", () => {
  for (const [shape, gain] of [
    [[9, 4], 1],
    [[3, 7], 0.5],
    [[3, 3, 2, 5], 2],
  ] as const) {
    const values = orthogonal({ gain }).fill(shape, new Random(3, 0));
    const columns = shape.at(-1)!;
    const rows = values.length / columns;
    const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
    const at = (vector: number, i: number): number =>
      values[rows < columns ? vector * columns + i : i * columns + vector]!;
    for (let a = 0; a < count; a++)
      for (let b = 0; b < count; b++) {
        let product = 0;
        for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
        assert.ok(Math.abs(product - (a === b ? gain * gain : 0)) < 1e-5, `${shape}: ${a} by ${b} is ${product}`);
      }
  }
  assert.deepEqual([...identity({ gain: 2 }).fill([2, 3], new Random(0, 0))], [2, 0, 0, 0, 2, 0]);
  assert.throws(() => identity().fill([3], new Random(0, 0)), /expected a matrix/);
});

test("variance scaling has the variance it says", () => {
  for (const [mode, distribution, wanted] of [
    ["fan_in", "truncated_normal", 3 / 200],
    ["fan_out", "uniform", 3 / 400],
    ["fan_avg", "untruncated_normal", 3 / 300],
  ] as const) {
    const values = varianceScaling({ scale: 3, mode, distribution }).fill([200, 400], new Random(3, 0));
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    assert.ok(Math.abs(variance / wanted - 1) < 0.03, `${mode}: ${variance}, wanted ${wanted}`);
  }
  assert.throws(() => varianceScaling({ mode: "fan" as never }), /one of fan_in, fan_out, fan_avg/);
});

test("fans count the receptive field", () => {
  assert.deepEqual(fansOf([4800, 55]), [4800, 55]);
  assert.deepEqual(fansOf([3, 3, 16, 64]), [144, 576]);
  assert.deepEqual(fansOf([7]), [7, 7]);
});

test("a name in either spelling is an initializer, any other is refused", () => {
  assert.equal(initializerOf("dense", "heNormal").className, "HeNormal");
  assert.equal(initializerOf("dense", "glorot_uniform").className, "GlorotUniform");
  assert.throws(
    () => initializerOf("dense kernelInitializer", "xavier" as never),
    /one of zeros, ones, .*received "xavier"/,
  );
});

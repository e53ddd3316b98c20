// Initializers have Keras's distributions, and the same bits for the same seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/core/random.js";
import { fansOf, initializerFromKeras, initializerOf, initializerToKeras, zeros } from "../../src/nn/initializers.js";
import type { JsonObject } from "../../src/nn/serialization/keras-object.js";
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

test("fans count the receptive field", () => {
  assert.deepEqual(fansOf([4800, 55]), [4800, 55]);
  assert.deepEqual(fansOf([3, 3, 16, 64]), [144, 576]);
  assert.deepEqual(fansOf([7]), [7, 7]);
});

test("a name in either spelling is an initializer, any other is refused", () => {
  assert.equal(initializerOf("dense", "heNormal").className, "HeNormal");
  assert.equal(initializerOf("dense", "glorot_uniform").className, "GlorotUniform");
  assert.throws(() => initializerOf("dense kernelInitializer", "xavier"), /one of zeros, ones, .*received "xavier"/);
});

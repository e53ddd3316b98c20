// Training goes the way of Keras: the losses of the first fifty real steps, from the same weights and batches
// (tools/keras-steps.py). Rounding grows from step to step, through ReLU and pooling, which decide: Keras in single
// precision is itself up to 0.1 % away from Keras in double precision by then. That distance is the measure here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sliceRows } from "../../src/index.js";
import { realData } from "./shared-data.js";
import { BATCH, STEPS, stepsData } from "./steps.js";

const casia = realData("CASIA-Dataset.tar");
const fixture = new URL("../../../test/real/fixtures/keras-steps.json", import.meta.url);

/** Before rounding has grown. */
const EARLY = 15;

test("fifty steps on real images lose what Keras loses", { skip: casia.skip }, async () => {
  const keras = JSON.parse(readFileSync(fixture, "utf8")) as { float32: number[]; float64: number[] };
  assert.equal(keras.float64.length, STEPS);
  const { model, x, y } = await stepsData(casia.path);
  const ours: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const [from, to] = [step * BATCH, (step + 1) * BATCH];
    ours.push((await model.trainOnBatch({ x: sliceRows(x, from, to), y: sliceRows(y, from, to) })).loss!);
  }
  await model.close();
  const distances = (losses: number[]): number[] =>
    losses.map((loss, step) => Math.abs(loss - keras.float64[step]!) / keras.float64[step]!);
  const [own, theirs] = [distances(ours), distances(keras.float32)];
  const largest = (values: number[]): number => Math.max(...values);
  assert.ok(largest(own.slice(0, EARLY)) <= 2e-5, `early steps are off by ${largest(own.slice(0, EARLY))}`);
  assert.ok(largest(own) <= 2 * largest(theirs), `off by ${largest(own)}, Keras's own float32 by ${largest(theirs)}`);
});

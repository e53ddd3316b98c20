// Training goes the way of Keras: the losses of the first fifty real steps, from the same weights and batches
// (tools/keras-steps.py), set against Keras in double precision. A network without decisions stays on Keras's path. The
// lecture's CNN decides, by ReLU and max-pooling: once rounding has tipped one decision, paths part, those of Keras in
// single and in double precision too. There that distance is the measure.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sliceRows } from "../../src/index.js";
import { realData } from "./shared-data.js";
import { BATCH, type Kind, STEPS, stepsData, stepsImages } from "./steps.js";

const casia = realData("CASIA-Dataset.tar");
const fixture = new URL("../../../test/real/fixtures/keras-steps.json", import.meta.url);

/** Keras's losses by seed. */
type KerasLosses = Readonly<Record<string, { readonly float32: number[]; readonly float64: number[] }>>;

const keras = JSON.parse(readFileSync(fixture, "utf8")) as { readonly losses: Readonly<Record<Kind, KerasLosses>> };

/** Relative, by step. */
interface Distances {
  readonly ours: number[];
  readonly theirs: number[];
}

const images = casia.skip ? undefined : await stepsImages(casia.path);

/** Per seed: how far our losses, and those of Keras in single precision, are from Keras in double precision. */
async function distances(kind: Kind): Promise<Distances[]> {
  const found: Distances[] = [];
  for (const [seed, { float32, float64 }] of Object.entries(keras.losses[kind])) {
    assert.equal(float64.length, STEPS);
    const { model, x, y } = stepsData(images!, kind, Number(seed));
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const [from, to] = [step * BATCH, (step + 1) * BATCH];
      losses.push((await model.trainOnBatch({ x: sliceRows(x, from, to), y: sliceRows(y, from, to) })).loss!);
    }
    await model.close();
    const relative = (some: number[]): number[] => some.map((loss, i) => Math.abs(loss - float64[i]!) / float64[i]!);
    found.push({ ours: relative(losses), theirs: relative(float32) });
  }
  return found;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

test("fifty steps on real images lose what Keras loses", { skip: casia.skip }, async () => {
  for (const { ours } of await distances("smooth")) {
    const largest = Math.max(...ours);
    assert.ok(largest <= 1e-6, `off by ${largest}`);
  }
});

test("where a network decides, its losses part from Keras's no sooner than Keras's own", {
  skip: casia.skip,
}, async () => {
  const seeds = await distances("cnn");
  for (const { ours } of seeds) assert.ok(Math.max(...ours.slice(0, 2)) <= 1e-6, `begins off by ${ours}`);
  for (const step of [9, 19, 49]) {
    const [ours, theirs] = [median(seeds.map((run) => run.ours[step]!)), median(seeds.map((run) => run.theirs[step]!))];
    assert.ok(ours <= 2 * theirs, `step ${step + 1}: off by ${ours}, Keras's own float32 by ${theirs}`);
  }
});

// Weights of classes and images: as scikit-learn has them, in the recipe, replayed to the bit, and in the lines of code
// that a report shows. And batch normalization that had no time to settle.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { classWeightsFor, imageWeights, recordedWeights } from "../../src/experiment/data/weights.js";
import { buildModel, makeRecipe, type Plan, planOf } from "../../src/experiment/recipe/recipe.js";
import { replayCode } from "../../src/experiment/recipe/replay-code.js";
import { train } from "../../src/experiment/run/training.js";
import { unsettledAverages } from "../../src/experiment/training/moving-averages.js";
import { readRecipe, writeRecipe } from "../../src/formats/run/recipe.js";
import { sequential, tensor } from "../../src/index.js";
import { batchNormalization, conv2d, dense, flatten, input } from "../../src/nn/layers/index.js";
import { modelToKeras } from "../../src/nn/serialization/model.js";
import { load, PLAN, photos, write } from "../cases/class-folders.js";
import { workplace } from "../cli/fovea.js";

const uneven = (folder: string): string => write(folder, { ...photos("a", 40), ...photos("b", 6, 100) });

async function weightsAfter(plan: Plan, data: Awaited<ReturnType<typeof load>>): Promise<string> {
  const { model, weightsSha256 } = await train(readRecipe(writeRecipe(makeRecipe(plan, data))), data, { threads: 1 });
  await model.close();
  return weightsSha256;
}

test("a recipe holds the weights, trains by them, and becomes the same plan again", async (t) => {
  const data = await load(uneven(workplace(t)), { stratify: false });
  const plain = makeRecipe(PLAN, data);
  assert.ok(!("classWeight" in plain.training));
  const recipe = makeRecipe({ ...PLAN, classWeight: "balanced" }, data);
  assert.deepEqual(recipe.training.classWeight, classWeightsFor("balanced", data));
  assert.deepEqual(makeRecipe(planOf(recipe), data), recipe);
  const named = { ...PLAN, classWeight: [{ name: "b", weight: 3 }] };
  assert.deepEqual(makeRecipe(named, data).training.classWeight, [1, 3]);
  const bits = await Promise.all(
    [PLAN, { ...PLAN, classWeight: "balanced" as const }, named].map((plan) => weightsAfter(plan, data)),
  );
  assert.equal(new Set(bits).size, 3, "weights change what is learned");
  assert.equal(await weightsAfter(planOf(recipe), data), bits[1], "and the recipe has all of it");
  assert.match(replayCode(recipe), /^ {2}classWeight: \{ 0: 0\.\d+, 1: \d/m);
  assert.throws(
    () => makeRecipe({ ...PLAN, classWeight: [{ name: "constructor", weight: 1 }] }, data),
    /class weights: "constructor" is no class of these images; the classes are a, b/,
  );
});

test("a table weighs single images, together with their classes; the recipe knows it by its hash", async (t) => {
  const folder = workplace(t);
  const data = await load(uneven(join(folder, "set")));
  const table = join(folder, "weights.csv");
  const rows = data.folders.train.samples.files.map((file, i) => `${file},${i % 3}`);
  writeFileSync(table, `file,weight\n${rows.join("\n")}\n`);
  const recipe = makeRecipe(
    { ...PLAN, classWeight: [{ name: "b", weight: 2 }], sampleWeight: await recordedWeights(table) },
    data,
  );
  const weights = await imageWeights(recipe, data);
  const { rows: trained, targets } = data.parts.train;
  assert.ok(targets.kind === "classes");
  assert.deepEqual(
    [...weights!],
    Array.from(trained, (row) => (row % 3) * (targets.indices[row] === 1 ? 2 : 1)),
  );
  writeFileSync(table, "file,weight\na/0.png,1\n");
  await assert.rejects(imageWeights(recipe, data), /these are not the weights of the run/);
  const lacking = makeRecipe({ ...PLAN, sampleWeight: await recordedWeights(table) }, data);
  await assert.rejects(imageWeights(lacking, data), /has no weight for the image/);
  writeFileSync(table, "file,weight\na/0.png,-1\n");
  const negative = makeRecipe({ ...PLAN, sampleWeight: await recordedWeights(table) }, data);
  await assert.rejects(imageWeights(negative, data), /row 2: expected a weight of at least 0, received "-1"/);
  rmSync(table);
  await assert.rejects(
    imageWeights(negative, data),
    /weights\.csv: expected the recipe's table of image weights, it is not there; bring it back/,
  );
  await assert.rejects(recordedWeights(table), /there is no such table of image weights; give a CSV file/);
});

test("fit refuses class weights for targets that are maps", async () => {
  const model = sequential([input([4, 4, 1]), conv2d(2, 1)]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  const x = tensor(new Float32Array(32), [2, 4, 4, 1], "float32");
  const y = tensor(new Float32Array(64), [2, 4, 4, 2], "float32");
  await assert.rejects(
    model.fit({ x, y }, { classWeight: { 0: 2 } }),
    /classWeight is for targets of one class per sample, .* received \[2, 4, 4, 2\]/,
  );
  await model.close();
});

test("batch normalization that had no time to settle is said, and only that", async (t) => {
  const data = await load(uneven(workplace(t)));
  const warnings = async (momentum: number, trainable = true): Promise<readonly string[]> => {
    const built = sequential([
      input([8, 8, 1]),
      conv2d(2, 3),
      batchNormalization({ momentum, trainable }),
      flatten(),
      dense(1),
    ]);
    const config = JSON.parse(JSON.stringify(modelToKeras(built))) as Record<string, never>;
    const recipe = makeRecipe({ ...PLAN, model: { config } }, data);
    const { model, warnings: said = [] } = await train(recipe, data, { threads: 1 });
    await model.close();
    return said;
  };
  const [said] = await warnings(0.99);
  // At most two epochs of one step: 0.99^1 or 0.99^2 of the averages are what they were.
  assert.match(
    said!,
    /^Batch normalization has not settled: after [12] steps at momentum 0\.99, 9[89] % .*\(299 steps/,
  );
  assert.deepEqual(await warnings(0.01), []);
  assert.deepEqual(await warnings(0.99, false), []);
  const plain = await train(makeRecipe(PLAN, data), data, { threads: 1 });
  assert.deepEqual(plain.warnings, []);
  // An interruption in the first epoch leaves weights that no step has changed.
  assert.equal(unsettledAverages(plain.model, 0), undefined);
  const normalized = sequential([input([4]), batchNormalization({ momentum: 0 }), dense(1)]);
  assert.match(unsettledAverages(normalized, 0)!, /after 0 steps .*\(1 step is enough\)/);
  assert.equal(unsettledAverages(normalized, 1), undefined);
  await plain.model.close();
  assert.ok(buildModel(makeRecipe(PLAN, data)).compiled);
});

// The version of the numerics in recipes: earlier ones keep theirs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { recipeDifferences } from "../../src/experiment/recipe/differences.js";
import { buildModel, compileOptionsOf } from "../../src/experiment/recipe/recipe.js";
import { type Recipe, readRecipe } from "../../src/formats/index.js";
import { readBytes } from "../../src/platform/files.js";

const OLD = readRecipe(await readBytes("assets/hanzi/recipe.json"));
const NEW: Recipe = { ...OLD, numerics: 2 };

test("a recipe without a version of the numerics trains by the first", async () => {
  assert.deepEqual(
    [OLD, NEW].map((recipe) => compileOptionsOf(recipe).numerics),
    [1, 2],
  );
  assert.deepEqual(recipeDifferences(OLD, NEW), [{ setting: "numerics", first: "1", second: "2" }]);
  for (const [recipe, numerics] of [
    [OLD, 1],
    [NEW, 2],
  ] as const) {
    const model = buildModel(recipe, { threads: 1 });
    const graph = model.trainer.trainingGraph({
      x: [{ dtype: "uint8", shape: [1, 80, 60, 1] }],
      y: [{ dtype: "int32", shape: [1] }],
      weighted: false,
    });
    assert.equal(graph.numerics, numerics);
  }
});

test("compile refuses a version that there is not", () => {
  const model = buildModel(NEW, { threads: 1 });
  assert.throws(
    () => model.compile({ ...compileOptionsOf(NEW), numerics: 3 as 2 }),
    /^FoveaError: compile numerics: expected one of 1, 2, received 3$/,
  );
});

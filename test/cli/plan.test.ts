// The plan of a recipe that is used again: what it brings along is told, what options say wins, and what does not fit the
// data is refused.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type PlanOptions, planFrom } from "../../src/cli/plan.js";
import { loadData, makeRecipe, type Plan } from "../../src/experiment/index.js";
import { type TablePreprocessing, writeRecipe } from "../../src/formats/run/recipe.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-plan-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const table = join(folder, "cars.csv");
const lines = Array.from({ length: 60 }, (_, row) =>
  [["Bus", "Sedan"][row % 2], 1 + (row % 7), row % 5, row % 3].join(","),
);
writeFileSync(table, `body,age,doors,claims\n${lines.join("\n")}\n`);
const STEPS: TablePreprocessing = { missing: "error", standardize: true };
const recipePath = join(folder, "recipe.json");

const DEFAULTS = {
  model: recipePath,
  imageSize: [80, 60],
  color: "grayscale",
  epochs: 100,
  batchSize: 1024,
  patience: 15,
  validationSplit: 0.2,
  splitSeed: 123,
  mode: "reproducible",
  augment: "none",
  schedule: "constant",
  learningRate: 1e-3,
} as const satisfies PlanOptions;

/** The plan of options that were given, beside the defaults of the others. */
const wished = (stated: Partial<PlanOptions> = {}, look: Parameters<typeof planFrom>[2] = STEPS) =>
  planFrom({ ...DEFAULTS, ...stated }, (name) => Object.hasOwn(stated, name), look);

async function write(target: string, changes: Partial<Plan>): Promise<void> {
  const split = { validation: 0.2, seed: 1 };
  const data = await loadData({ train: table }, STEPS, split, {
    target: [target],
    task: target === "body" ? "classification" : "regression",
  });
  const training = { epochs: 3, batchSize: 8, patience: 2 };
  const plan: Plan = {
    model: { name: "linear" },
    preprocessing: STEPS,
    split,
    seed: 5,
    mode: "reproducible",
    training,
  };
  writeFileSync(recipePath, writeRecipe(makeRecipe({ ...plan, ...changes }, data)));
}

test("weights that come from a recipe are told, unless options say others", async () => {
  const sampleWeight = { path: "weights.csv", sha256: "0".repeat(64) };
  await write("body", { classWeight: [{ name: "Bus", weight: 2.5 }], sampleWeight });
  const { plan, data, notes } = await wished();
  assert.deepEqual(notes, [
    `classes count as in ${recipePath}: Bus 2.5, Sedan 1; --class-weight says otherwise`,
    `images count as in ${recipePath}, by weights.csv; --sample-weight says otherwise`,
  ]);
  assert.deepEqual(plan.sampleWeight, sampleWeight);
  assert.deepEqual(data, { task: "classification", target: ["body"] });
  const other = await wished({ classWeight: "balanced" });
  assert.deepEqual([other.plan.classWeight, other.notes.length], ["balanced", 1]);
});

test("task, columns, penalty and solver go along; another target has columns of its own", async () => {
  await write("claims", { wish: { loss: "poisson", l2: 0.5 } });
  const { plan, data, notes } = await wished({ seed: 9 });
  assert.deepEqual([plan.seed, plan.solver, plan.wish, notes], [9, "newton", { loss: "poisson", l2: 0.5 }, []]);
  assert.deepEqual(data, { task: "regression", target: ["claims"] });
  assert.deepEqual((await wished({ target: ["age"] })).data, { target: ["age"] });
  assert.equal((await wished({ batchSize: 16 })).plan.solver, "adam");
  await assert.rejects(wished({ l2: 1 }), /a recipe\.json says how its model learns; leave out --l2/);
  await assert.rejects(
    wished({ solver: "newton", patience: 3 }),
    /--solver newton takes all rows at once .* --patience/,
  );
});

test("steps of a table go along with types of the features that stay; a recipe of images is none of a table", async () => {
  await write("claims", {});
  const { plan } = await wished({}, { ...STEPS, features: ["age", "body"], types: { age: "category" } });
  assert.deepEqual(plan.preprocessing, {
    features: ["age", "body"],
    types: { body: "category", age: "category" },
    missing: "error",
    standardize: true,
    delimiter: ",",
  });
  await assert.rejects(
    wished({}, { imageSize: [8, 8], color: "rgb" }),
    /recipe\.json is the recipe of a table, and here are images; give a table, or another --model/,
  );
});

// Linear models of tables against scikit-learn (tools/sklearn-linear-fixtures.py): the same coefficients for the same alpha,
// which is the proof that loss, weights and penalty are one objective; and what Newton's method tells and refuses.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  type DataWish,
  dataWishOf,
  loadData,
  makeRecipe,
  type Plan,
  planOf,
  train,
} from "../../src/experiment/index.js";
import type { Logs } from "../../src/nn/index.js";

interface Fixture {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly models: readonly {
    readonly loss: string;
    readonly target: string;
    readonly exposure: boolean;
    readonly alpha: number;
    readonly coefficients: readonly number[];
  }[];
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../../../test/parity/fixtures/sklearn-linear.json", import.meta.url), "utf8"),
);
const folder = mkdtempSync(join(tmpdir(), "fovea-linear-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const policies = join(folder, "policies.csv");
// All rows train, some of them once more for the other parts, which a model of a few weights learns nothing from.
const parts = [...fixture.rows.map((row) => [...row, "train"])];
for (const part of ["validation", "test"]) parts.push(...fixture.rows.slice(0, 10).map((row) => [...row, part]));
writeFileSync(policies, `${[[...fixture.columns, "split"], ...parts].map((row) => row.join(",")).join("\n")}\n`);

const COLUMNS = { split: "split" };
const PLAN: Plan = {
  columns: COLUMNS,
  model: { name: "linear" },
  preprocessing: { features: ["age", "body"], missing: "error", standardize: true },
  split: { validation: 0.2, seed: 1 },
  seed: 0,
  mode: "reproducible",
  training: { epochs: 100, batchSize: 32, patience: 5 },
};

const load = (target: readonly string[], exposure: boolean, path = policies) => {
  const wish: DataWish = { task: "regression", target, exposure, columns: COLUMNS };
  return loadData({ train: path }, PLAN.preprocessing, PLAN.split, wish);
};

/** Coefficients in the unit of the target: of the age, then of each body with the intercept. */
async function fitted(plan: Plan, data: Awaited<ReturnType<typeof load>>): Promise<number[]> {
  const recipe = makeRecipe(plan, data);
  const { model, converged, epochs, warnings } = await train(recipe, data, { threads: 1 });
  const [kernel, bias] = await model.getWeights();
  await model.close();
  assert.deepEqual([converged, warnings], [true, []]);
  assert.ok(epochs <= 12, `takes ${epochs} steps`);
  assert.ok(recipe.task.kind === "regression");
  const { link, scale, offset } = recipe.task;
  const unit = link === "log" ? 1 : scale[0]!;
  const shift = link === "log" ? Math.log(scale[0]!) : offset[0]!;
  const [age, ...bodies] = Array.from(kernel!.data, (weight) => weight * unit);
  return [age!, ...bodies.map((weight) => weight + bias!.data[0]! * unit + shift)];
}

for (const { loss, target, exposure, alpha, coefficients } of fixture.models)
  test(`${loss} of ${target}, alpha ${alpha}: scikit-learn's coefficients`, async () => {
    const data = await load([target], exposure);
    const actual = await fitted({ ...PLAN, wish: { loss, l2: alpha } }, data);
    const [age, ...others] = coefficients;
    const intercept = others.pop()!;
    const expected = [age!, ...others.map((body) => body + intercept)];
    const size = Math.max(...expected.map(Math.abs));
    expected.forEach((value, i) => {
      assert.ok(Math.abs(actual[i]! - value) < 2e-5 * size, `${i}: ${actual[i]} for ${value}`);
    });
  });

test("counts and amounts have a small penalty by default, numbers have none, and a recipe takes its own elsewhere", async () => {
  const counts = await load(["claims"], true);
  const recipe = makeRecipe({ ...PLAN, wish: { loss: "poisson" } }, counts);
  assert.ok(recipe.task.kind === "regression");
  const { l2, penalty } = recipe.task;
  assert.equal(l2, 0.1);
  assert.equal(recipe.training.solver, "newton");
  assert.deepEqual(makeRecipe(planOf(recipe), counts), recipe);
  const numbers = makeRecipe(PLAN, await load(["cost"], false)).task;
  assert.ok(numbers.kind === "regression");
  assert.deepEqual([numbers.l2, numbers.penalty], [undefined, undefined]);

  // Twice the exposure: the same strength is twice the factor, and the loss is twice as large.
  const [head, ...lines] = readFileSync(policies, "utf8").trim().split("\n");
  const doubled = lines.map((line) => line.replace(/,(0\.\d+|1\.0),/, (_, cell) => `,${2 * Number(cell)},`));
  const other = join(folder, "doubled.csv");
  writeFileSync(other, `${[head, ...doubled].join("\n")}\n`);
  const elsewhere = makeRecipe(
    planOf(recipe),
    await loadData({ train: other }, PLAN.preprocessing, PLAN.split, dataWishOf(recipe)),
  );
  assert.ok(elsewhere.task.kind === "regression");
  assert.equal(elsewhere.task.l2, 0.1);
  assert.ok(Math.abs(elsewhere.task.penalty! / penalty! - 2) < 1e-5);

  // Recipes from before the strength was a field keep the factor.
  const older = { ...recipe, task: { ...recipe.task, l2: undefined } };
  const again = makeRecipe(planOf(older), counts).task;
  assert.ok(again.kind === "regression");
  assert.deepEqual([again.l2, again.penalty], [undefined, penalty]);
});

test("several targets are solved each for itself, as they are alone", async () => {
  const wish = { loss: "tweedie", power: 1.5, l2: 0 };
  const both = makeRecipe({ ...PLAN, wish }, await load(["claims", "total"], false));
  assert.equal(both.training.solver, "newton");
  const data = await load(["claims", "total"], false);
  const { model, converged } = await train(both, data, { threads: 1 });
  assert.equal(converged, true);
  const [kernel] = await model.getWeights();
  await model.close();
  const alone = await fitted({ ...PLAN, wish }, await load(["total"], false));
  assert.ok(Math.abs(kernel!.data[1]! - alone[0]!) < 1e-5 * Math.abs(alone[0]!));
});

test("the history tells every step, more steps than are allowed are a warning, and the same bits come again", async () => {
  const data = await load(["claims"], true);
  const recipe = makeRecipe({ ...PLAN, wish: { loss: "poisson", l2: 1 } }, data);
  const seen: Logs[] = [];
  const observer = { onEpochEnd: (_epoch: number, logs: Logs) => void seen.push(logs) };
  const first = await train(recipe, data, { threads: 1, observer });
  await first.model.close();
  assert.equal(seen.length, first.epochs);
  assert.equal(first.bestEpoch, first.epochs);
  const losses = seen.map(({ loss }) => loss!);
  for (let i = 1; i < losses.length; i++) assert.ok(losses[i]! <= losses[i - 1]! + 1e-7, "the loss falls");
  assert.ok(Object.keys(seen[0]!).includes("val_loss"));

  const again = await train(recipe, data, { threads: 2 });
  await again.model.close();
  assert.equal(again.weightsSha256, first.weightsSha256);

  const short = await train({ ...recipe, training: { ...recipe.training, epochs: 1 } }, data, { threads: 1 });
  await short.model.close();
  assert.equal(short.converged, false);
  assert.match(short.warnings![0]!, /Newton's method has not converged in a single step/);
});

test("features that say the same twice, or are constant, have a solution", async () => {
  const table = join(folder, "twice.csv");
  const lines = Array.from({ length: 40 }, (_, row) => [row, 2 * row, 7, row % 3, 3 * row + 5]);
  writeFileSync(table, `${["a,b,c,d,y", ...lines.map((line) => line.join(","))].join("\n")}\n`);
  const plan: Plan = { ...PLAN, preprocessing: { missing: "error", standardize: true } };
  const data = await loadData({ train: table }, plan.preprocessing, plan.split, { task: "regression", target: ["y"] });
  const { model, converged } = await train(makeRecipe(plan, data), data, { threads: 1 });
  const { x, y } = await sample(data);
  const predicted = await model.predict(x);
  await model.close();
  assert.equal(converged, true);
  y.forEach((value, i) => {
    assert.ok(Math.abs(predicted.data[i]! - value) < 1e-3, `${predicted.data[i]} for ${value}`);
  });
});

async function sample({ parts: { test: part } }: Awaited<ReturnType<typeof load>>) {
  assert.ok(part.targets.kind === "numbers");
  const { values } = part.targets;
  return { x: await part.samples.rows(part.rows), y: Array.from(part.rows, (row) => values[row]!) };
}

test("Newton's method where it has no meaning, and penalties that are none, are refused in a sentence", async () => {
  const data = await load(["cost"], false);
  const refused = (plan: Plan, pattern: RegExp, of = data) => assert.throws(() => makeRecipe(plan, of), pattern);
  refused({ ...PLAN, model: { name: "mlp" }, solver: "newton" }, /--solver newton is for --model linear/);
  refused({ ...PLAN, wish: { loss: "mae" }, solver: "newton" }, /a loss of mse, poisson, gamma or tweedie/);
  refused({ ...PLAN, wish: { power: 1.2 } }, /--power belongs to --loss tweedie, received --loss mse/);
  const several = await load(["cost", "claims"], false);
  refused({ ...PLAN, wish: { l2: 1 } }, /--l2 is one penalty for all targets/, several);
  assert.equal(makeRecipe({ ...PLAN, wish: { loss: "mae" } }, data).training.solver, undefined);
  assert.equal(makeRecipe({ ...PLAN, solver: "adam" }, data).training.solver, undefined);

  const classes = await loadData(
    { train: policies },
    { missing: "error", standardize: true, features: ["age"] },
    PLAN.split,
    { target: ["body"] },
  );
  const plan: Plan = { ...PLAN, preprocessing: { missing: "error", standardize: true, features: ["age"] } };
  refused({ ...plan, wish: { l2: 1 } }, /--l2 1 is for numbers, and the targets are classes/, classes);
  refused({ ...plan, wish: { power: 1.5 } }, /--power 1.5 is for numbers, and the targets are classes/, classes);
  const recipe = makeRecipe(PLAN, data);
  await assert.rejects(
    train({ ...recipe, model: { name: "mlp" } }, data, { threads: 1 }),
    /the solver "newton" is for the model "linear"/,
  );
});

// A table from its CSV file to a run and back, by the command line: train, resume, replay, predict, evaluate, report, and
// the sentences about cells that cannot be used.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readRecipe } from "../../src/formats/run/recipe.js";
import { fovea, workplace } from "./fovea.js";

const ROWS = 300;
const BODIES = ["Sedan", "Utility", "Bus"];

/** Claims of policies: a bus has four times as many as others, and older cars fewer. */
function policies(rows: number, change: (cells: string[], row: number) => void = () => {}): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const body = BODIES[row % 3]!;
    const age = 1 + ((7 * row) % 11);
    const exposure = 0.2 + ((13 * row) % 17) / 20;
    const expected = exposure * (body === "Bus" ? 2 : 0.5) * (1.5 - age / 11);
    const claims = Math.floor(expected + ((29 * row) % 31) / 31);
    const cells = [String(claims), exposure.toFixed(3), String(age), body, `P${row % 40}`];
    change(cells, row);
    return cells.join(",");
  });
  return `${["Claims,Exposure,Age,Body,Policy", ...lines].join("\n")}\n`;
}

const WISH = ["--target", "Claims", "--exposure", "Exposure", "--loss", "poisson"] as const;
const SHORT = [
  ...WISH,
  "--model",
  "mlp",
  "--epochs",
  "6",
  "--batch-size",
  "64",
  "--learning-rate",
  "0.01",
  "--threads",
  "1",
] as const;

test("a table trains, goes on to the same bits, is replayed, predicted, evaluated and reported", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "policies.csv"), policies(ROWS));
  const args = [...SHORT, "--group-column", "Policy", "--split-by", "group"];
  const trained = await fovea(folder, "train", "policies.csv", ...args, "--out", "run", "--json");
  assert.equal(trained.code, 0, trained.stderr);
  const metrics = JSON.parse(trained.stdout);
  assert.equal(metrics.task, "regression");
  for (const key of ["loss", "d2", "rmse", "mae", "gini"]) assert.ok(Number.isFinite(metrics.test[key]), key);
  assert.ok(metrics.test.d2 > 0.2, `explains ${metrics.test.d2}`);
  assert.equal(metrics.parts.train.rows + metrics.parts.val.rows + metrics.parts.test.rows, ROWS);

  const recipe = readRecipe(readFileSync(join(folder, "run/recipe.json")));
  assert.equal(recipe.version, 2);
  assert.deepEqual(recipe.preprocessing, {
    features: ["Age", "Body"],
    types: { Age: "number", Body: "category" },
    missing: "error",
    standardize: true,
    delimiter: ",",
  });
  assert.deepEqual([recipe.data.train.rows, recipe.data.train.images, recipe.split.by], [ROWS, undefined, "group"]);
  assert.deepEqual(recipe.model, { name: "mlp" });

  const replayed = await fovea(folder, "replay", "run", "--json", "--threads", "2");
  assert.equal(replayed.code, 0, replayed.stderr);
  assert.equal(JSON.parse(replayed.stdout).same_bits, true);

  for (const file of ["model.keras", "metrics.json", "facts.json", "report.html"]) rmSync(join(folder, "run", file));
  const resumed = await fovea(folder, "train", "--resume", "run", "--json");
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.equal(JSON.parse(resumed.stdout).weights_sha256, metrics.weights_sha256);

  const predicted = await fovea(folder, "predict", "run", "policies.csv", "--json");
  assert.equal(predicted.code, 0, predicted.stderr);
  const { predictions } = JSON.parse(predicted.stdout);
  assert.equal(predictions.length, ROWS);
  assert.ok(predictions[2].rate > 2 * predictions[3].rate, "a bus and a sedan");

  const evaluated = await fovea(folder, "evaluate", "run", "policies.csv", "--json");
  assert.equal(evaluated.code, 0, evaluated.stderr);
  const figures = JSON.parse(evaluated.stdout);
  assert.equal(figures.rows, ROWS);
  assert.ok(figures.d2 > 0.2 && figures.gini > 0.2);
  assert.match(figures.warnings.join("\n"), /of the 300 rows trained the model/);

  rmSync(join(folder, "run/report.html"));
  const report = await fovea(folder, "report", "run");
  assert.equal(report.code, 0, report.stderr);
  const page = readFileSync(join(folder, "run/report.html"), "utf8");
  assert.match(page, /Deciles of the prediction/);
  assert.match(page, /The rows that add most to the Poisson deviance/i);
  assert.doesNotMatch(page, /colour modes|images per/);
});

test("a linear model, filled gaps, chosen features and categories of numbers", async (t) => {
  const folder = workplace(t);
  const gaps = policies(ROWS, (cells, row) => {
    if (row % 20 === 0) cells[2] = "";
    if (row % 30 === 1) cells[3] = "NA";
  });
  writeFileSync(join(folder, "gaps.csv"), gaps.replaceAll(",", ";"));
  const refused = await fovea(folder, "train", "gaps.csv", ...SHORT, "--features", "Age", "Body");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /values are missing \(Age: 15, Body: 10\)/);
  const filled = ["--missing", "fill", "--features", "Age", "Body", "--categories", "Age", "--model", "linear"];
  const trained = await fovea(folder, "train", "gaps.csv", ...SHORT, ...filled, "--out", "run", "--json");
  assert.equal(trained.code, 0, trained.stderr);
  // Eleven ages and three bodies, each with a feature for the missing ones; a weight each, and a bias.
  assert.equal(JSON.parse(trained.stdout).params, 12 + 4 + 1);
  const predicted = await fovea(folder, "predict", "run", "gaps.csv", "--json");
  assert.equal(predicted.code, 0, predicted.stderr);
});

test("a linear model of counts is solved: it replays, begins again to the same bits, and its recipe goes to other policies", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "policies.csv"), policies(ROWS));
  writeFileSync(join(folder, "others.csv"), policies(ROWS / 2));
  const args = [...WISH, "--features", "Age", "Body", "--l2", "0.01", "--seed", "1"];
  const trained = await fovea(folder, "train", "policies.csv", ...args, "--out", "run", "--json");
  assert.equal(trained.code, 0, trained.stderr);
  assert.match(trained.stderr, /Newton's method has converged/);
  const metrics = JSON.parse(trained.stdout);
  assert.ok(metrics.epochs < 10 && metrics.best_epoch === metrics.epochs);
  assert.ok(metrics.test.d2 > 0.2, `explains ${metrics.test.d2}`);
  const recipe = readRecipe(readFileSync(join(folder, "run/recipe.json")));
  assert.equal(recipe.training.solver, "newton");
  assert.match(readFileSync(join(folder, "run/report.html"), "utf8"), /Optimizer<\/dt><dd><bdi>Newton/);

  const replayed = await fovea(folder, "replay", "run", "--json");
  assert.equal(JSON.parse(replayed.stdout).same_bits, true, replayed.stderr);
  for (const file of ["model.keras", "metrics.json", "facts.json", "report.html"]) rmSync(join(folder, "run", file));
  const resumed = await fovea(folder, "train", "--resume", "run", "--json");
  assert.equal(JSON.parse(resumed.stdout).weights_sha256, metrics.weights_sha256, resumed.stderr);

  const reused = await fovea(folder, "train", "others.csv", "--model", "run/recipe.json", "--out", "again", "--json");
  assert.equal(reused.code, 0, reused.stderr);
  const again = readRecipe(readFileSync(join(folder, "again/recipe.json")));
  assert.ok(recipe.task.kind === "regression" && again.task.kind === "regression");
  assert.deepEqual(
    [again.task.l2, again.task.link, again.task.exposure, again.training.solver],
    [0.01, "log", "Exposure", "newton"],
  );
  assert.deepEqual(again.preprocessing, recipe.preprocessing);
  const batches = await fovea(
    folder,
    "train",
    "others.csv",
    "--model",
    "run/recipe.json",
    "--solver",
    "newton",
    "--patience",
    "3",
  );
  assert.equal(batches.code, 2);
  assert.match(batches.stderr, /--solver newton takes all rows at once .* leave out --patience/);
});

test("a column of classes trains a classifier, which replays and is evaluated", async (t) => {
  const folder = workplace(t);
  writeFileSync(join(folder, "cars.csv"), policies(ROWS));
  const args = ["--target", "Body", "--features", "Age", "Claims", "Exposure", "--epochs", "4", "--threads", "1"];
  const trained = await fovea(folder, "train", "cars.csv", ...args, "--out", "run", "--json");
  assert.equal(trained.code, 0, trained.stderr);
  assert.equal(JSON.parse(trained.stdout).task, "classification");
  const replayed = await fovea(folder, "replay", "run");
  assert.equal(replayed.code, 0, replayed.stderr);
  const evaluated = await fovea(folder, "evaluate", "run", "cars.csv", "--json");
  assert.equal(evaluated.code, 0, evaluated.stderr);
  const { accuracy, rows, images, classes } = JSON.parse(evaluated.stdout);
  assert.ok(accuracy > 0.3);
  assert.deepEqual([rows, images], [ROWS, undefined]);
  assert.equal(classes[0].rows, ROWS / 3);
  const predicted = await fovea(folder, "predict", "run", "cars.csv", "--json", "--top", "2");
  assert.equal(predicted.code, 0, predicted.stderr);
  const { target, task, predictions } = JSON.parse(predicted.stdout);
  assert.deepEqual([target, task, predictions.length], ["Body", "classification", ROWS]);
  const { top, ...first } = predictions[0];
  assert.deepEqual(first, { row: 1, task: "classification", accepted: true });
  assert.deepEqual(
    [top.length, BODIES.includes(top[0].class), top[0].probability >= top[1].probability],
    [2, true, true],
  );
});

test("cells that cannot be used are one sentence each, and nothing is left behind", async (t) => {
  const folder = workplace(t);
  const refusal = async (cells: (cells: string[], row: number) => void, pattern: RegExp, ...more: string[]) => {
    writeFileSync(join(folder, "bad.csv"), policies(60, cells));
    const { code, stderr } = await fovea(folder, "train", "bad.csv", ...SHORT, "--features", "Age", "Body", ...more);
    assert.notEqual(code, 0);
    assert.match(stderr, pattern);
  };
  const at = (column: number, text: string) => (cells: string[], row: number) => {
    if (row === 4) cells[column] = text;
  };
  await refusal(at(0, "many"), /expected a number in every row of column Claims, found "many" in line 6/);
  await refusal(at(0, ""), /expected a number in every row of column Claims, found nothing in line 6/);
  await refusal(at(0, "-1"), /--loss poisson is for counts or rates of at least 0, found Claims -4 of line 6/);
  await refusal(at(1, "0"), /expected an exposure above 0, found "0" in line 6/);
  await refusal(at(2, "old"), /row 5 of column "Age": expected a number, found "old" in line 6/);
  await refusal(() => {}, /--model cnn takes images, and a table has features; choose mlp or linear/, "--model", "cnn");
  await refusal(() => {}, /--image-size is for images, and bad.csv is a table/, "--image-size", "8x8");
  await refusal(() => {}, /there is no column Nothing for the group/, "--group-column", "Nothing");
  await refusal(() => {}, /the column Body is the group and cannot be a feature/, "--group-column", "Body");
  const inspected = await fovea(folder, "inspect", "bad.csv");
  assert.match(inspected.stderr, /bad\.csv is a table; fovea train checks it/);
  const strange = await fovea(folder, "train", "bad.csv", "--target", "Nothing");
  assert.match(strange.stderr, /there is no column "Nothing" for the target; the columns are Claims, Exposure, Age/);
});

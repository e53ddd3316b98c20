// Every task from a manifest to a run and back: facts of the recipe, figures, the report, the model's file, the same bits
// again; and what is wrong with data, one sentence each.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { writeHail } from "../../src/data/index.js";
import {
  type DataWish,
  dataWishOf,
  type ExperimentData,
  expectedOf,
  loadData,
  makeRecipe,
  openModel,
  PART_NAMES,
  type Plan,
  partFor,
  planOf,
  RUN_FILES,
  replay,
  startRun,
  type TaskWish,
} from "../../src/experiment/index.js";
import { regression } from "../../src/experiment/tasks/regression.js";
import { readRecipe } from "../../src/formats/run/recipe.js";
import { lossOf } from "../../src/nn/losses/index.js";
import { photos, write } from "../cases/class-folders.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-tasks-"));
after(() => rmSync(directory, { recursive: true, force: true }));
const hail = join(directory, "hail");
before(async () => {
  await writeHail(hail, { count: 60, height: 32, width: 32, seed: 3 });
});

const PLAN: Plan = {
  model: { name: "cnn" },
  preprocessing: { imageSize: [24, 24], color: "rgb", interpolation: "lanczos" },
  split: { validation: 0.25, seed: 7 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 2, batchSize: 8, patience: 15 },
};

const load = (wish: DataWish, split: Plan["split"] = PLAN.split, path = hail): Promise<ExperimentData> =>
  loadData({ train: path }, PLAN.preprocessing, split, { ...wish, cache: false, threads: 1 });

const CASES: readonly {
  readonly name: string;
  readonly data: DataWish;
  readonly wish: TaskWish;
  readonly kind: string;
  readonly figures: readonly string[];
}[] = [
  { name: "class", data: { target: ["class"] }, wish: {}, kind: "classification", figures: ["accuracy"] },
  { name: "labels", data: { target: ["labels"] }, wish: {}, kind: "multiLabel", figures: ["f1", "auc", "exact"] },
  {
    name: "cost",
    data: { task: "regression", target: ["cost"] },
    wish: { loss: "gamma" },
    kind: "regression",
    figures: ["d2", "rmse", "mae", "gini"],
  },
  {
    name: "dents",
    data: { task: "regression", target: ["dents"], exposure: true },
    wish: { loss: "poisson" },
    kind: "regression",
    figures: ["d2", "rmse", "mae", "gini"],
  },
  {
    name: "two numbers",
    data: { task: "regression", target: ["cost", "dents"] },
    wish: { loss: "tweedie", power: 1.3 },
    kind: "regression",
    figures: ["d2_cost", "d2_dents", "rmse_cost"],
  },
];

for (const { name, data: wanted, wish, kind, figures } of CASES)
  test(`${name}: a run with its figures, its report and its model, and the same bits again`, async () => {
    const data = await load(wanted);
    const groups = PART_NAMES.map((part) => {
      const { samples, rows } = data.parts[part];
      return new Set(Array.from(rows, (row) => /H\d+/.exec(samples.files[row]!)![0]));
    });
    for (const [i, group] of groups.entries())
      for (const other of groups.slice(i + 1))
        assert.ok(
          [...group].every((claim) => !other.has(claim)),
          "a claim in two parts",
        );

    const recipe = makeRecipe({ ...PLAN, wish }, data);
    assert.equal(recipe.version, 2);
    assert.equal(recipe.task.kind, kind);
    assert.deepEqual(makeRecipe(planOf(recipe), data), recipe, "the plan of a recipe makes it again");
    assert.deepEqual(planOf(recipe).split, { ...PLAN.split, by: "group" });
    const path = join(directory, name);
    const { folder, metrics } = await startRun(path, recipe, data, { threads: 1 });
    assert.equal(metrics.task, kind);
    for (const figure of figures)
      assert.ok(Number.isFinite(metrics.test![figure]), `${figure}: ${metrics.test![figure]}`);

    const facts = JSON.parse(readFileSync(folder.file("facts"), "utf8"));
    assert.equal(facts.facts.evaluation.kind, kind);
    assert.match(readFileSync(folder.file("report"), "utf8"), /<section/);

    const stored = readRecipe(readFileSync(join(path, RUN_FILES.recipe)));
    const again = await load(wanted, stored.split);
    assert.ok((await replay(stored, again, await expectedOf(folder), { threads: 2 })).sameBits);

    const { code } = facts.facts.replay;
    assert.match(code, /loadData\(paths, recipe\.preprocessing, recipe\.split, \{ \.\.\.dataWishOf\(recipe\) \}\)/);
    assert.deepEqual(
      (await load(dataWishOf(stored), stored.split)).parts.test.rows,
      data.parts.test.rows,
      "what the code loads",
    );

    const opened = await openModel(path);
    assert.equal(opened.task?.kind, kind);
    const { part, task } = await partFor(opened, hail);
    assert.equal(part.rows.length, 60);
    assert.equal(task.kind, kind);
    await opened.model.close();
  });

test("answers of a regression come in the unit of the target, from the first step on", async () => {
  const data = await load({ target: ["cost"] });
  const { task } = makeRecipe({ ...PLAN, wish: { loss: "gamma" } }, data);
  assert.ok(task.kind === "regression" && task.link === "log");
  const { targets, rows } = data.parts.train;
  assert.ok(targets.kind === "numbers");
  const mean = rows.reduce((sum, row) => sum + targets.values[row]!, 0) / rows.length;
  assert.deepEqual(task.scale, [Number(mean.toPrecision(6))]);
  const pairs = {
    kind: "regression",
    targets: 1,
    actual: Float32Array.of(1, 2, 4),
    predicted: Float32Array.of(2, 2, 2),
  } as const;
  // scikit-learn 1.9.1: d2_tweedie_score([1, 2, 4], [2, 2, 2], power=2)
  assert.ok(Math.abs(regression.scores(pairs, task, { loss: lossOf("gamma") }).d2! - -0.08119319910514666) < 1e-6);
});

test("data that cannot be right are refused in one sentence", async () => {
  const rows = readFileSync(join(hail, "manifest.csv"), "utf8").trim().split("\n");
  const images = rows.slice(1).map((row) => row.split(",")[0]!);
  const manifest = (name: string, head: string, cell: (i: number) => string, count = images.length): string => {
    const path = join(hail, `${name}.csv`);
    writeFileSync(path, [head, ...images.slice(0, count).map((image, i) => `${image},${cell(i)}`)].join("\n"));
    return path;
  };
  const classes = write(join(directory, "classes"), { ...photos("cats", 4), ...photos("dogs", 4, 9) });
  const refused: readonly [path: string, wish: DataWish, taskWish: TaskWish, pattern: RegExp][] = [
    [
      manifest("negative", "path,cost", (i) => `${i - 2.5}`),
      {},
      { loss: "gamma" },
      /--loss gamma is for targets above 0, found cost -2\.5 of images\//,
    ],
    [manifest("one", "path,cost", () => "3.5", 1), {}, {}, /one\.csv has one image; training needs at least two/],
    [
      manifest("nan", "path,cost", (i) => (i === 4 ? "NaN" : `${i}.5`)),
      { task: "regression" },
      {},
      /found "NaN" in line 6/,
    ],
    [
      manifest("exposure", "path,n,exposure", (i) => `${i}.5,${i}`),
      { exposure: true, target: ["n"] },
      {},
      /exposure above 0, found "0" in line 2/,
    ],
    [
      manifest("text", "path,kind", (i) => (i % 2 ? "a" : "b")),
      { task: "regression" },
      {},
      /regression does not suit the data/,
    ],
    [hail, { target: ["cost"] }, { loss: "crossentropy" }, /expected one of .*mse.*, received "crossentropy"/],
    [hail, { target: ["class"] }, { loss: "gamma" }, /--loss gamma is for numbers, and the targets are classes/],
    [hail, { target: ["class"], exposure: true }, {}, /an exposure divides numbers/],
    [classes, { exposure: true }, {}, /an exposure divides numbers, and here folders are the classes; leave out --exp/],
    [
      classes,
      { columns: { weight: "w" } },
      {},
      /w is named as the column of the weight, and only a manifest has columns/,
    ],
  ];
  for (const [path, wish, taskWish, pattern] of refused)
    await assert.rejects(
      load(wish, PLAN.split, path).then((data) => makeRecipe({ ...PLAN, wish: taskWish }, data)),
      (error) => error instanceof FoveaError && !error.message.includes("\n") && pattern.test(error.message),
      String(pattern),
    );
  const monitor = { ...PLAN, training: { ...PLAN.training, monitor: "val_accuracy" } };
  const data = await load({ target: ["cost"] });
  assert.throws(
    () => makeRecipe(monitor, data),
    /--monitor val_accuracy is not measured by a regression; choose val_loss/,
  );
});

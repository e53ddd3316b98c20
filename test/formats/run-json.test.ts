// recipe.json and metrics.json: what is printed reads back equal, and what is wrong is told by field.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FoveaError } from "../../src/core/errors.js";
import { INTERPOLATIONS } from "../../src/data/resize.js";
import {
  type Recipe,
  type RunMetrics,
  readMetrics,
  readRecipe,
  writeMetrics,
  writeRecipe,
} from "../../src/formats/index.js";
import { PREPROCESSING } from "../../src/formats/run/recipe.js";
import { adam, optimizerFromKeras, optimizerToKeras } from "../../src/nn/optimizers/index.js";

const HASH = "0123456789abcdef".repeat(4);

const RECIPE: Recipe = {
  version: 2,
  createdBy: { fovea: "0.1.0", node: "v22.1.0" },
  model: { name: "cnn" },
  task: { kind: "classification", classNames: ["东", "主"] },
  data: {
    train: {
      path: "C:\\Daten\\Train",
      sha256: HASH,
      images: 100,
      skipped: [{ path: "东/1.png", reason: "cut short" }],
    },
    test: { path: "C:\\Daten\\Test", sha256: HASH, images: 20 },
  },
  parts: { train: 80, validation: 20, test: 20 },
  preprocessing: { imageSize: [80, 60], color: "grayscale", interpolation: "lanczos" },
  split: { validation: 0.2, seed: 123 },
  seed: Number.MAX_SAFE_INTEGER,
  mode: "reproducible",
  training: {
    optimizer: optimizerToKeras(adam({ learningRate: 0.1 + 0.2 })) as Recipe["training"]["optimizer"],
    loss: "sparse_categorical_crossentropy",
    metrics: ["accuracy", { class_name: "SparseTopKCategoricalAccuracy", config: { k: 5 } }],
    epochs: 100,
    batchSize: 128,
    monitor: "val_accuracy",
    patience: 15,
  },
};

const METRICS: RunMetrics = {
  run: "runs/cnn-1",
  epochs: 41,
  best_epoch: 26,
  seconds_per_epoch: 12.5,
  params: 88375,
  weights_sha256: HASH,
  mode: "reproducible",
  train: { loss: 1 / 3, accuracy: 1 },
  val: { loss: Number.NaN, accuracy: 0.1 },
  test: { loss: 0.5, accuracy: 0.25, sparse_top_k_categorical_accuracy: 1 },
};

/** A copy of a JSON value with one field, named by its path, replaced; removed when `value` is undefined. */
function changed(base: object, path: string, value: unknown): string {
  const copy = JSON.parse(JSON.stringify(base)) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop()!;
  let at = copy;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
  return JSON.stringify(copy);
}

const refused = (parse: () => unknown, pattern: RegExp): void =>
  assert.throws(parse, (error) => error instanceof FoveaError && pattern.test(error.message), String(pattern));

test("a recipe reads back equal, and prints the same text whatever the order of its fields", () => {
  const text = writeRecipe(RECIPE);
  assert.deepEqual(readRecipe(text), RECIPE);
  assert.deepEqual(readRecipe(new TextEncoder().encode(text)), RECIPE);
  const shuffled = Object.fromEntries(Object.entries(RECIPE).reverse()) as Recipe;
  assert.equal(writeRecipe({ ...shuffled, split: { seed: 123, validation: 0.2 } }), text);
  assert.ok(text.startsWith('{\n  "version": 2,\n') && text.endsWith("}\n"));
  const optimizer = readRecipe(text).training.optimizer;
  assert.equal(typeof optimizer !== "string" && optimizerFromKeras(optimizer).learningRate, 0.1 + 0.2);
});

test("a recipe of version 1 is a classification with its classes", () => {
  const { task, ...others } = RECIPE;
  assert.ok(task.kind === "classification");
  const old = JSON.stringify({ ...others, version: 1, classNames: task.classNames });
  assert.deepEqual(readRecipe(old), RECIPE);
  refused(
    () => readRecipe(changed(JSON.parse(old), "classNames", ["x"])),
    /task\.classNames: expected array to have >=2/,
  );
});

test("a whole model in Keras's form stays as it is", () => {
  const recipe: Recipe = {
    ...RECIPE,
    model: {
      config: { class_name: "Sequential", config: { name: "m", layers: [{ class_name: "Flatten", config: {} }] } },
    },
  };
  assert.deepEqual(readRecipe(writeRecipe(recipe)), recipe);
});

const NUMBERS = { kind: "regression", targets: ["cost", "dents"], link: "log", scale: [9, 2], offset: [0, 0] };

test("a recipe that is wrong is told by field, with what was expected and what came", () => {
  const wrong: [path: string, value: unknown, pattern: RegExp][] = [
    ["version", 3, /^r\.json: expected a recipe of version 2, received version 3; read it with a newer Fovea$/],
    ["version", "1", /^r\.json: version: expected 2, received "1"$/],
    ["version", undefined, /^r\.json: version: expected 2, received nothing$/],
    ["training.epochs", "ten", /^r\.json: training\.epochs: expected number, received "ten"$/],
    ["training.epochs", 0, /training\.epochs: expected number to be >0, received 0$/],
    ["training.batchSize", 1.5, /training\.batchSize: expected int, received 1\.5$/],
    ["training.patience", -1, /training\.patience: expected number to be >=0, received -1$/],
    ["training.optimizer", {}, /training\.optimizer: expected a name, or a Keras object .*, received \{\}$/],
    ["training.lr", 1, /^r\.json: training: unrecognized key: "lr"$/],
    ["mode", "quick", /mode: expected one of "reproducible"\|"fast", received "quick"$/],
    ["preprocessing.imageSize", [80], /preprocessing\.imageSize: .*received \[80\]$/],
    [
      "preprocessing.interpolation",
      "sinc",
      /preprocessing\.interpolation: expected one of .*"lanczos", received "sinc"$/,
    ],
    ["model", "cnn", /model: expected \{"name": .*, received "cnn"$/],
    ["split.validation", 1, /split\.validation: expected number to be <1, received 1$/],
    ["split.seed", 2 ** 32, /split\.seed: .*received 4294967296$/],
    ["data.train.sha256", "ABC", /data\.train\.sha256: expected a SHA-256 of 64 hexadecimal digits, received "ABC"$/],
    ["data.train", undefined, /data\.train: expected object, received nothing$/],
    ["task.classNames", ["x"], /task\.classNames: expected array to have >=2 items, received \["x"\]$/],
    ["task.classNames.1", 7, /task\.classNames\.1: expected string, received 7$/],
    ["task.kind", "guessing", /task\.kind: /],
    ["task", { ...NUMBERS, scale: [1] }, /task\.scale: expected 2 items, one for each of targets, received \[1\]$/],
    ["task", { ...NUMBERS, offset: [] }, /task\.offset: expected 2 items, one for each of targets, received \[\]$/],
    [
      "task",
      { kind: "multiLabel", labelNames: ["dent"], columns: ["labels"], thresholds: [0.5, 0.5] },
      /task\.thresholds: expected 1 item, one for each of labelNames, received \[0\.5,0\.5\]$/,
    ],
    ["seed", 2 ** 53, /seed: .*received 9007199254740992$/],
  ];
  for (const [path, value, pattern] of wrong)
    refused(() => readRecipe(changed(RECIPE, path, value), "r.json"), pattern);
  refused(() => readRecipe("[]"), /^recipe\.json: expected object, received \[\]$/);
  refused(() => writeRecipe({ ...RECIPE, seed: -1 }), /^recipe: seed: /);
});

test("a recipe cut short anywhere, or another file, is refused", () => {
  const text = writeRecipe(RECIPE).trimEnd();
  for (let length = 0; length < text.length; length++)
    refused(() => readRecipe(text.slice(0, length)), /^recipe\.json: expected JSON/);
  refused(() => readRecipe("\x89PNG"), /expected JSON/);
  refused(() => readRecipe(`${"[".repeat(50000)}${"]".repeat(50000)}`), /^recipe\.json: /);
  const deep = `${'{"a":'.repeat(50000)}1${"}".repeat(50000)}`;
  refused(() => readRecipe(writeRecipe(RECIPE).replace('{\n    "name": "cnn"\n  }', `{"config":${deep}}`)), /deeply/);
});

test("the interpolations of a recipe are those of the data room", () => {
  assert.deepEqual(PREPROCESSING.shape.interpolation.options, [...INTERPOLATIONS]);
});

test("metrics read back equal, NaN by way of null, and fields of others are kept", () => {
  const text = writeMetrics(METRICS);
  assert.deepEqual(readMetrics(text), METRICS);
  assert.match(text, /"loss": null/);
  assert.deepEqual(readMetrics(changed(METRICS, "later", { x: 1 })), { ...METRICS, later: { x: 1 } });
  assert.deepEqual(Object.keys(JSON.parse(text)), Object.keys(METRICS));
});

test("metrics that are wrong are told by field", () => {
  const wrong: [path: string, value: unknown, pattern: RegExp][] = [
    ["epochs", null, /^metrics\.json: epochs: expected number, received null$/],
    ["weights_sha256", "", /weights_sha256: expected a SHA-256/],
    ["test", "good", /test: expected record, received "good"$/],
    ["val.loss", "low", /val\.loss: expected number, received "low"$/],
  ];
  for (const [path, value, pattern] of wrong) refused(() => readMetrics(changed(METRICS, path, value)), pattern);
  for (const length of [0, 1, 20, 200]) refused(() => readMetrics(writeMetrics(METRICS).slice(0, length)), /JSON/);
});

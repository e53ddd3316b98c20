// A training, its report and a transfer's features with images in memory, in the cache file and on demand: one
// weights_sha256, the same figures, the same facts.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ImageStore, MemoryStore, writeHanzi } from "../../src/data/index.js";
import { CacheStore, OnDemandStore } from "../../src/data/store/streamed-stores.js";
import type { ImageSamples } from "../../src/experiment/data/sample-set.js";
import {
  closeData,
  type ExperimentData,
  findData,
  imageData,
  type LoadDataOptions,
  loadData,
  makeRecipe,
  makeTransferRecipe,
  type Plan,
  preprocessingFor,
  replay,
  startRun,
  stepMemory,
  withinMemory,
} from "../../src/experiment/index.js";
import { buildModel, configOf } from "../../src/experiment/recipe/recipe.js";
import { expectedOf, recipeOf } from "../../src/experiment/run/index.js";
import type { Recipe } from "../../src/formats/run/recipe.js";
import { Sequential } from "../../src/nn/index.js";
import * as layers from "../../src/nn/layers/index.js";

const directory = mkdtempSync(join(tmpdir(), "fovea-memory-"));
after(() => rmSync(directory, { recursive: true, force: true }));
process.env.FOVEA_CACHE = join(directory, "cache");
const signs = join(directory, "signs");
before(() => writeHanzi(signs, { characters: [..."人口山"], scale: 0.02 }));

const PLAN: Plan = {
  model: { name: "cnn" },
  preprocessing: { imageSize: [16, 16], color: "grayscale", interpolation: "lanczos" },
  split: { validation: 0.2, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 2, batchSize: 8, monitor: "val_accuracy", patience: 15 },
};

/** Ways of loading, with the kind of store that they lead to. */
const ways = (batch: number): readonly [LoadDataOptions, abstract new (...args: never[]) => ImageStore][] => [
  [{ cache: false }, MemoryStore],
  [{ cache: false, memory: 2 * 8 * batch, batchSize: 8, threads: 2 }, OnDemandStore],
  [{ memory: 2 * 8 * batch, batchSize: 8 }, CacheStore],
];

/** Trains in each way. @returns weights_sha256 and the facts of each run, without its name and times */
async function runs(
  name: string,
  imageBytes: number,
  open: (options: LoadDataOptions) => Promise<ExperimentData<ImageSamples>>,
  recipeFor: (data: ExperimentData<ImageSamples>) => Recipe | Promise<Recipe>,
): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const [options, Store] of ways(imageBytes)) {
    const data = await open(options);
    assert.ok(data.folders.train.samples.images instanceof Store, Store.name);
    const path = join(directory, `${name}-${Store.name}`);
    const { folder, training, metrics } = await startRun(path, await recipeFor(data), data, { threads: 1 });
    await closeData(data);
    const facts = readFileSync(folder.file("facts"), "utf8")
      .replaceAll(path, "RUN")
      .replaceAll(/"(name|seconds)": ?[^,]*,/g, "");
    const {
      seconds_per_epoch: _,
      processor_seconds: ___,
      run: __,
      ...figures
    } = { run: "", ...metrics } as Record<string, unknown>;
    results.push({ sha256: training.weightsSha256, figures, facts });
    rmSync(join(directory, "cache"), { recursive: true, force: true });
  }
  return results;
}

test("training gives one weights_sha256, the same figures and the same report, wherever images are", async () => {
  const open = async (options: LoadDataOptions): Promise<ExperimentData<ImageSamples>> =>
    imageData(await loadData(await findData(signs), PLAN.preprocessing, PLAN.split, options));
  const [memory, ...others] = await runs("train", 16 * 16, open, (data) => makeRecipe(PLAN, data));
  for (const other of others) assert.deepEqual(other, memory);
});

test("features of a transfer, of varied images too, and fine-tuning are the same wherever images are", async () => {
  const preprocessing = preprocessingFor("hanzi");
  const split = { validation: 0.2, seed: 123 };
  const open = async (options: LoadDataOptions): Promise<ExperimentData<ImageSamples>> =>
    imageData(await loadData(await findData(signs), preprocessing, split, options));
  const [memory, ...others] = await runs("transfer", 80 * 60, open, (data) =>
    makeTransferRecipe(
      {
        base: "hanzi",
        split,
        seed: 3,
        mode: "reproducible",
        training: { epochs: 2, batchSize: 32, monitor: "val_loss", patience: 5 },
        augmentation: "light",
        variants: 1,
        fineTune: { layers: 1, learningRate: 1e-5, epochs: 1, batchSize: 8 },
      },
      preprocessing,
      data,
    ),
  );
  for (const other of others) assert.deepEqual(other, memory);
});

test("folders share the limit, and the sentence about too little names the batch", async () => {
  const load = async (options: LoadDataOptions): Promise<ExperimentData<ImageSamples>> =>
    imageData(await loadData(await findData(signs), PLAN.preprocessing, PLAN.split, { cache: false, ...options }));
  const whole = await load({});
  const train = whole.folders.train.samples.images.count * 256;
  // All of Train fits, and Test no longer beside it.
  const data = await load({ memory: train + 256, batchSize: 2 });
  assert.ok(data.folders.train.samples.images instanceof MemoryStore);
  assert.ok(data.folders.test!.samples.images instanceof OnDemandStore);
  await closeData(data);
  // Test alone would fit, and is read from its cache file as Train is.
  const within = await load({ cache: true, memory: train - 1, batchSize: 2 });
  const stores = [within.folders.train, within.folders.test!].map(({ samples }) => samples.images);
  for (const store of stores) assert.ok(store instanceof CacheStore);
  assert.ok(stores[1]!.count * 256 < train - 1);
  await closeData(within);
  await assert.rejects(
    load({ memory: "1KB", batchSize: 8 }),
    /memory 1 KB \(--memory\) holds less than one batch of 8 images of 256 bytes and the next one, .*; give at least 4 KB/,
  );
});

test("a step within little memory is the same, or goes in parts that the recipe says and a replay repeats", async () => {
  const data = await loadData(await findData(signs), PLAN.preprocessing, PLAN.split, { cache: false });
  const hidden = Array.from({ length: 6 }, () => layers.conv2d(8, 3, { padding: "same", activation: "swish" }));
  const last = [layers.globalAveragePooling2d(), layers.dense(3, { activation: "softmax" })];
  const network = new Sequential([layers.input([16, 16, 1]), layers.rescaling(1 / 255), ...hidden, ...last]);
  const recipe = makeRecipe({ ...PLAN, model: { config: configOf(network) } }, data);
  const model = buildModel(recipe);
  const types = { x: [{ dtype: "uint8", shape: [8, 16, 16, 1] }], y: [{ dtype: "int32", shape: [8] }] } as const;
  const { bytes } = await model.trainer.plan({ ...types, weighted: false }, { memory: Infinity });
  const sha256 = async (name: string, trained: Recipe, memory?: number) => {
    const { folder, training } = await startRun(join(directory, name), trained, data, memory ? { memory } : {});
    return { folder, sha256: training.weightsSha256 };
  };

  const [enough, little] = [Math.floor(bytes * 0.75), Math.floor(bytes * 0.35)];
  assert.deepEqual(await withinMemory(recipe, data, enough), { recipe, notes: [] });
  const whole = await sha256("whole", recipe);
  assert.equal((await sha256("again", recipe, enough)).sha256, whole.sha256);

  const { recipe: inParts, notes } = await withinMemory(recipe, data, little);
  const { microBatchSize } = inParts.training;
  assert.ok(microBatchSize! >= 1 && microBatchSize! < 8, `${microBatchSize}`);
  assert.match(
    notes.join(),
    new RegExp(
      `^each step computes its 8 images in ${Math.ceil(8 / microBatchSize!)} parts of at most ${microBatchSize}, with the losses of the whole batch but for rounding$`,
    ),
  );
  const { folder, sha256: found } = await sha256("parts", inParts, little);
  assert.notEqual(found, whole.sha256);
  const read = await recipeOf(folder);
  assert.equal(read.training.microBatchSize, microBatchSize);
  // With memory to spare the parts stay as they are.
  assert.ok((await replay(read, data, await expectedOf(folder))).sameBits);
  await assert.rejects(
    withinMemory(recipe, data, 30_000),
    /^FoveaError: memory 29\.3 KB: a training step on a single sample at a time takes at least [\d.]+ KB, though results are computed again/,
  );
  assert.deepEqual(stepMemory(64e6), { pixels: 64e6 });
  assert.deepEqual(stepMemory(2 ** 30), { pixels: 2 ** 28, step: 3 * 2 ** 28 - 300 * 2 ** 20 });
  await closeData(data);
});

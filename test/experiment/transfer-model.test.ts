// A model file as a base, such as an export of Teachable Machine: all of it before the layer that decides stays as it was, a
// new head learns, the recipe names the file's hash, and the run is replayed to its bits.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Random } from "../../src/core/random.js";
import { encodePng } from "../../src/data/index.js";
import { findData, loadData } from "../../src/experiment/data/experiment-data.js";
import { embeddingLayer, lastFeatures } from "../../src/experiment/models/last-features.js";
import { expectedOf, replay } from "../../src/experiment/run/replay.js";
import { recipeOf, startRun } from "../../src/experiment/run/run.js";
import { MODEL_BASE, readBaseWeights } from "../../src/experiment/transfer/base.js";
import { keptClasses } from "../../src/experiment/transfer/kept-classes.js";
import { basePreprocessing, makeTransferRecipe, type TransferWish } from "../../src/experiment/transfer/recipe.js";
import { loadKeras, type Model, saveKeras, saveTfjs, sequential } from "../../src/index.js";
import { conv2d, dense, flatten, globalAveragePooling2d, input, softmax } from "../../src/nn/layers/index.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-model-base-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** A trunk and a head as models in a model, as exports of Teachable Machine are. */
const nested = (
  head = [dense(5, { activation: "relu", name: "hidden" }), dense(3, { activation: "softmax" })],
): Model =>
  sequential([
    input([8, 8, 3]),
    sequential([input([8, 8, 3]), conv2d(4, 3, { activation: "relu" }), globalAveragePooling2d()], { name: "trunk" }),
    sequential([input([4]), ...head], { name: "head" }),
  ]);

test("the layer before the one that decides is found in nested models", async () => {
  assert.equal(lastFeatures(nested()), "head/hidden");
  assert.equal(lastFeatures(nested([dense(3, { activation: "softmax" })])), "trunk");
  const plain = sequential([input([4, 4, 1]), flatten({ name: "flat" }), dense(2), softmax()]);
  assert.equal(lastFeatures(plain), "flat");
  assert.throws(() => lastFeatures(sequential([input([4]), dense(2)])), /takes the pixels themselves/);
});

test("the embedding before a head of several layers is found in nested models", () => {
  assert.equal(embeddingLayer(nested()), `trunk/${nested().layers.at(0)!.layers.at(-1)!.name}`);
  const plain = sequential([input([4, 4, 1]), flatten({ name: "flat" }), dense(9), dense(2), softmax()]);
  assert.equal(embeddingLayer(plain), "flat");
  const mlp = sequential([input([4]), dense(3, { name: "first" }), dense(2)]);
  assert.equal(embeddingLayer(mlp), "first", "where nothing is before the dense layers");
});

test("a head begins with the file's columns for classes of the same names", async () => {
  const model = nested();
  const classNames = ["cat", "dog", "owl"];
  const file = { path: "m.keras", bytes: await saveKeras(model, { facts: { version: 1, classNames } }), sha256: "" };
  const weights = await model.getWeights();
  const [kernel, bias] = weights.slice(-2);
  const column = (unit: number): number[] => Array.from({ length: 5 }, (_, i) => kernel!.data[i * 3 + unit]!);
  const from = (names: readonly string[], cut = "head/hidden") =>
    keptClasses(
      {
        model: { name: MODEL_BASE },
        task: { kind: "classification", classNames: [...names] },
        transfer: { cut, keepClasses: classNames },
      },
      file,
    );
  const { weights: head, kept, lost } = await from(["owl", "newt", "cat"]);
  assert.deepEqual([kept, lost], [["owl", "cat"], ["dog"]]);
  const [made, offsets] = head;
  for (const [unit, old] of [2, undefined, 0].entries()) {
    const found = Array.from({ length: 5 }, (_, i) => made.data[i * 3 + unit]!);
    assert.deepEqual(found, old === undefined ? [0, 0, 0, 0, 0] : column(old));
    assert.equal(offsets.data[unit], old === undefined ? 0 : bias!.data[old]);
  }
  const two = (await from(["dog", "owl"])).weights[0];
  assert.deepEqual(two.shape, [5, 1], "two classes have one output, for the second");
  assert.deepEqual([...two.data], [...Float32Array.from(column(2), (value, i) => value - column(1)[i]!)]);
  await assert.rejects(from(["newt", "eft"]), /the images have none of them/);
  await assert.rejects(from(["cat", "dog"], "trunk"), /cannot be kept at the cut trunk/);
  await model.close();
});

test("a model in several files is one base with one hash", async () => {
  const model = nested();
  const directory = join(folder, "web");
  mkdirSync(directory);
  for (const [name, bytes] of await saveTfjs(model)) writeFileSync(join(directory, name), bytes);
  const found = await readBaseWeights(MODEL_BASE, directory);
  assert.equal(found.path, join(directory, "model.json"));
  assert.deepEqual(await readBaseWeights(MODEL_BASE, found.path), found);
  const look = await basePreprocessing({ base: MODEL_BASE, weights: directory });
  assert.deepEqual(look.imageSize, [8, 8]);
  await model.close();
});

/** Images of noise, dark in one class and bright in the other. */
function writePhotos(): string {
  const random = new Random(1, 7, 1);
  for (const [name, least] of [
    ["dark", 0],
    ["bright", 128],
  ] as const) {
    mkdirSync(join(folder, "photos", name), { recursive: true });
    for (let n = 0; n < 10; n++) {
      const data = Uint8Array.from({ length: 8 * 8 * 3 }, () => least + random.integer(100));
      writeFileSync(join(folder, "photos", name, `${n}.png`), encodePng({ dtype: "uint8", shape: [8, 8, 3], data }));
    }
  }
  return join(folder, "photos");
}

test("a model file is trained further, and replayed", async () => {
  const model = nested();
  const rescale = { scale: 1 / 127.5, offset: -1 };
  const look = { imageSize: [8, 8], color: "rgb", interpolation: "lanczos" } as const;
  const file = join(folder, "mine.keras");
  writeFileSync(file, await saveKeras(model, { facts: { version: 1, preprocessing: { ...look, rescale } } }));
  const wish: TransferWish = {
    ...{ base: "model", weights: file, seed: 1, mode: "reproducible", learningRate: 0.05 },
    split: { validation: 0.2, seed: 1, stratify: true },
    training: { epochs: 30, batchSize: 4, patience: 30 },
    fineTune: { layers: 1, learningRate: 1e-5, epochs: 1, batchSize: 4 },
  };
  const preprocessing = await basePreprocessing(wish);
  assert.deepEqual(preprocessing, look);
  const data = await loadData(await findData(writePhotos()), preprocessing, wish.split);
  const recipe = await makeTransferRecipe(wish, preprocessing, data);
  assert.deepEqual(recipe.model, { name: "model" });
  const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
  assert.deepEqual(recipe.transfer?.weights, { path: file, sha256 });
  const { training, folder: run } = await startRun(join(folder, "run"), recipe, data);
  const trained = await loadKeras(readFileSync(join(folder, "run", "model.keras")));
  const kernel = (of: Model): Promise<readonly unknown[]> => of.getWeights().then((weights) => [...weights[0]!.data]);
  assert.deepEqual(await kernel(trained.model), await kernel(model), "the convolution is the file's");
  assert.deepEqual(trained.model.outputShape, [1], "a probability of the second of two");
  const again = await replay(await recipeOf(run), data, await expectedOf(run));
  assert.equal(again.weightsSha256, training.weightsSha256);

  await assert.rejects(basePreprocessing(wish, [16, 16]), /takes images of 8x8 only, received 16x16/);
  writeFileSync(file, await saveKeras(nested()));
  await assert.rejects(startRun(join(folder, "other"), recipe, data), /expected the weights with hash/);
  for (const opened of [model, trained.model, training.model]) await opened.close();
});

test("a model base without a file says what is missing", async () => {
  await assert.rejects(readBaseWeights("model"), /pass it by --base/);
});

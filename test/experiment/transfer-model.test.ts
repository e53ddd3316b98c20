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
import { lastFeatures } from "../../src/experiment/models/last-features.js";
import { expectedOf, replay } from "../../src/experiment/run/replay.js";
import { recipeOf, startRun } from "../../src/experiment/run/run.js";
import { readBaseWeights } from "../../src/experiment/transfer/base.js";
import { basePreprocessing, makeTransferRecipe, type TransferWish } from "../../src/experiment/transfer/recipe.js";
import { loadKeras, type Model, saveKeras, sequential } from "../../src/index.js";
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

// The head of a transfer as a penalised logistic regression: chosen for few images, learns where early stopping does not, replays,
// and refuses settings of the other method.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Random } from "../../src/core/random.js";
import { encodePng } from "../../src/data/index.js";
import { findData, loadData } from "../../src/experiment/data/experiment-data.js";
import { expectedOf, replay } from "../../src/experiment/run/replay.js";
import { recipeOf, startRun } from "../../src/experiment/run/run.js";
import { basePreprocessing, makeTransferRecipe, type TransferWish } from "../../src/experiment/transfer/recipe.js";
import { saveKeras, sequential } from "../../src/index.js";
import { conv2d, dense, globalAveragePooling2d, input, rescaling } from "../../src/nn/layers/index.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-solved-head-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** Images of noise around a shade of each class. */
function writeShades(name: string, shades: readonly (readonly [red: number, green: number, blue: number])[]): string {
  const random = new Random(1, 7, shades.length);
  for (const [at, shade] of shades.entries()) {
    mkdirSync(join(folder, name, `shade-${at}`), { recursive: true });
    for (let n = 0; n < 8; n++) {
      const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => shade[i % 3]! + random.integer(60));
      const image = { dtype: "uint8", shape: [8, 8, 3], data } as const;
      writeFileSync(join(folder, name, `shade-${at}`, `${n}.png`), encodePng(image));
    }
  }
  return join(folder, name);
}

const base = join(folder, "base.keras");
const network = sequential([
  input([8, 8, 3]),
  rescaling(1 / 255),
  conv2d(6, 3, { activation: "relu" }),
  globalAveragePooling2d(),
  dense(3, { activation: "softmax" }),
]);
writeFileSync(base, await saveKeras(network));
await network.close();

const wish: TransferWish = {
  ...{ base: "model", weights: base, rescale: "0..1", seed: 1, mode: "reproducible" },
  split: { validation: 0.25, seed: 1, stratify: true },
  training: { batchSize: 4 },
  augmentation: "none",
};
const preprocessing = await basePreprocessing(wish);
const open = async (path: string) => loadData(await findData(path), preprocessing, wish.split);

for (const [name, shades] of [
  [
    "two",
    [
      [40, 60, 80],
      [70, 60, 60],
    ],
  ],
  [
    "three",
    [
      [40, 60, 80],
      [70, 60, 60],
      [20, 90, 60],
    ],
  ],
] as const) {
  test(`a head of ${name} classes and few images is solved, and replayed`, async () => {
    const data = await open(writeShades(name, shades));
    const recipe = await makeTransferRecipe(wish, preprocessing, data);
    assert.equal(recipe.training.solver, "logistic");
    const { training, folder: run, evaluated } = await startRun(join(folder, `run-${name}`), recipe, data);
    const losses = training.history.history.cross_validated_loss!;
    assert.equal(training.bestEpoch, losses.indexOf(Math.min(...losses)) + 1, "the penalty is that of least loss");
    assert.ok(losses.length > training.bestEpoch || losses.length === recipe.training.epochs);
    assert.equal(evaluated!.metrics.test.accuracy, 1);
    // The history is of the penalties, its best epoch that of the weights which are kept.
    const train = training.history.history.loss![training.bestEpoch - 1]!;
    assert.ok(Math.abs(evaluated!.metrics.train.loss! - train) < 1e-6);
    const again = await replay(await recipeOf(run), data, await expectedOf(run));
    assert.equal(again.weightsSha256, training.weightsSha256);
    const other = await startRun(join(folder, `threads-${name}`), recipe, data, { threads: 1 });
    assert.equal(other.training.weightsSha256, training.weightsSha256, "on any number of threads");
    assert.equal(again.sameBits, true);
    for (const { model } of [training, other.training]) await model.close();
  });
}

test("the other method is taken where its settings are given, or many images ask for it", async () => {
  const data = await open(join(folder, "two"));
  const solverOf = async (more: Partial<TransferWish>) =>
    (await makeTransferRecipe({ ...wish, ...more }, preprocessing, data)).training.solver;
  assert.equal(await solverOf({ learningRate: 0.01 }), undefined);
  assert.equal(await solverOf({ training: { batchSize: 4, epochs: 3 } }), undefined);
  assert.equal(await solverOf({ solver: "adam" }), undefined);
  assert.equal(await solverOf({ solver: "logistic" }), "logistic");
  await assert.rejects(
    solverOf({ solver: "logistic", learningRate: 0.01 }),
    /^FoveaError: the solver logistic has no learningRate; leave it out, or say the solver adam$/,
  );
});

test("features that are not finite are refused in a sentence, and no run is left", async () => {
  const broken = sequential([
    input([8, 8, 3]),
    rescaling(1 / 255),
    conv2d(6, 3),
    globalAveragePooling2d(),
    dense(3, { activation: "softmax" }),
  ]);
  const weights = await broken.getWeights();
  weights[0]!.data.fill(3e38);
  await broken.setWeights(weights);
  const file = join(folder, "broken.keras");
  writeFileSync(file, await saveKeras(broken));
  await broken.close();
  const data = await open(join(folder, "two"));
  const recipe = await makeTransferRecipe({ ...wish, weights: file }, preprocessing, data);
  await assert.rejects(startRun(join(folder, "never"), recipe, data), /the features of the base are not all finite/);
  assert.equal(existsSync(join(folder, "never")), false);
});

// Makes the shipped backbone: `node dist/tools/make-backbone.js DIR RUN`. DIR holds invented characters (`fovea synth
// invented-hanzi --out DIR --characters 600 --scale 0.058`), RUN becomes the run's folder. What the package ships lies in
// assets/hanzi: the model without its optimizer's state, and recipe, history and metrics, so that `fovea replay
// assets/hanzi --data DIR` trains it again and compares the weights to the bit.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findData, loadData, makeRecipe, type Plan, startRun } from "../src/experiment/index.js";
import { type Json, loadKeras, modelToKeras, saveKeras, sequential } from "../src/index.js";
import { activation, conv2d, dense, flatten, input, maxPooling2d, rescaling } from "../src/nn/layers/index.js";
import { readBytes } from "../src/platform/files.js";

const [directory, run] = process.argv.slice(2);
if (directory === undefined || run === undefined)
  throw new Error("give the folder of characters, relative, and that of the run");

const SIZE = [80, 60] as const;
const block = { padding: "same", activation: "relu", kernelInitializer: "he_normal" } as const;

/** Three blocks; then one convolution as large as the maps that are left: 192 features of the whole character. */
const layers = [
  input([...SIZE, 1]),
  rescaling(1 / 255),
  conv2d(24, 3, { ...block, name: "conv1" }),
  maxPooling2d(2, { name: "pool1" }),
  conv2d(48, 3, { ...block, name: "conv2" }),
  maxPooling2d(2, { name: "pool2" }),
  conv2d(96, 3, { ...block, name: "conv3" }),
  maxPooling2d(4, { name: "pool3" }),
  conv2d(192, [5, 3], { kernelInitializer: "he_normal", name: "whole" }),
  activation("relu", { name: "features" }),
  flatten(),
  dense(600, { name: "characters" }),
];

const config = modelToKeras(sequential(layers)) as unknown as Record<string, Json>;
const plan: Plan = {
  model: { config } as Plan["model"],
  preprocessing: { imageSize: SIZE, color: "grayscale", interpolation: "lanczos" },
  split: { validation: 0.1, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 16, batchSize: 64, monitor: "val_accuracy", patience: null },
  augmentation: "light",
  schedule: "cosine",
  learningRate: 2e-3,
};

const data = await loadData(await findData(directory), plan.preprocessing, plan.split);
const recipe = makeRecipe(plan, data);
const { folder, metrics } = await startRun(run, recipe, data, {
  observer: { onEpochEnd: (epoch, logs) => console.log(epoch + 1, logs) },
});
console.log(metrics);

const assets = fileURLToPath(new URL("../../assets/hanzi", import.meta.url));
mkdirSync(assets, { recursive: true });
for (const file of ["recipe.json", "history.csv", "metrics.json"])
  copyFileSync(join(folder.path, file), join(assets, file));
const { model, facts } = await loadKeras(await readBytes(folder.file("model")), { compile: false });
writeFileSync(join(assets, "model.keras"), await saveKeras(model, { facts: facts!, date: new Date(0) }));

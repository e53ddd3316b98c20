// Makes the shipped backbone: `node dist/tools/make-backbone.js DIR RUN`. DIR holds 600 characters besides the
// lecture's (`fovea synth other-hanzi --out DIR --scale 0.1`), RUN becomes the run's folder. The shipped files lie in
// assets/hanzi: the model without its optimizer's state, and recipe, history and metrics, so that
// `fovea replay assets/hanzi --data DIR` trains it again and compares the weights to the bit.
//
// The network is a smaller one in the manner of those that did best among 36 by what a linear classifier makes of their
// features with 20 images a class, on 55 generated characters and on images of CASIA's Train folder: no reported figure
// is of these.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findData, loadData, makeRecipe, type Plan, startRun } from "../src/experiment/index.js";
import { type Json, loadKeras, modelToKeras, saveKeras, sequential } from "../src/index.js";
import {
  activation,
  batchNormalization,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  input,
  type Layer,
  maxPooling2d,
  rescaling,
} from "../src/nn/layers/index.js";
import { readBytes } from "../src/platform/files.js";

const [directory, run] = process.argv.slice(2);
if (directory === undefined || run === undefined)
  throw new Error("give the folder of characters, relative, and that of the run");

const SIZE = [80, 60] as const;
const plain = { useBias: false, kernelInitializer: "he_normal" } as const;
/** Far fewer steps than Keras's momentum of 0.99 is made for. */
const normalized = { momentum: 0.95 } as const;

/** A convolution, then what is left of it after pooling, normalized: before pooling there is four times as much. */
const block = (number: number, filters: number, pool: number): Layer[] => [
  conv2d(filters, 3, { ...plain, padding: "same", name: `conv${number}` }),
  ...(pool > 1 ? [maxPooling2d(pool, { name: `pool${number}` })] : []),
  batchNormalization({ ...normalized, name: `norm${number}` }),
  activation("relu", { name: `relu${number}` }),
];

/**
 * Four blocks; then four weighted sums over the places of each of the 96 maps, since in a character it matters where
 * something is: 384 features. The 96 numbers between them and the classes keep the classes' weights few.
 */
const layers = [
  input([...SIZE, 1]),
  rescaling(1 / 255),
  ...block(1, 16, 2),
  ...block(2, 32, 2),
  ...block(3, 64, 2),
  ...block(4, 96, 1),
  depthwiseConv2d([10, 7], {
    depthMultiplier: 4,
    useBias: false,
    depthwiseInitializer: "he_normal",
    name: "places",
  }),
  flatten(),
  batchNormalization({ ...normalized, name: "features" }),
  dropout(0.3),
  dense(96, { useBias: false, name: "narrow" }),
  dense(600, { name: "characters" }),
];

const config = modelToKeras(sequential(layers)) as unknown as Record<string, Json>;
const plan: Plan = {
  model: { config } as Plan["model"],
  preprocessing: { imageSize: SIZE, color: "grayscale", interpolation: "lanczos" },
  split: { validation: 0.1, seed: 123 },
  seed: 1,
  mode: "reproducible",
  training: { epochs: 16, batchSize: 128, monitor: "val_accuracy", patience: null },
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

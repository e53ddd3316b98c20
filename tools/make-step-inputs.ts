// Writes what tools/keras-steps.py trains on: for each seed and each network of test/real/steps.ts the initial
// model, images and labels.
//   node dist/tools/make-step-inputs.js CASIA-Dataset.tar FOLDER SEED...
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "../src/formats/index.js";
import { saveKeras } from "../src/index.js";
import { KINDS, stepsData, stepsImages } from "../test/real/steps.js";

const [tar, folder, ...seeds] = process.argv.slice(2);
if (tar === undefined || folder === undefined || seeds.length === 0)
  throw new Error("expected the archive CASIA-Dataset.tar, a folder to write to, and seeds");
const images = await stepsImages(tar);
for (const seed of seeds)
  for (const kind of KINDS) {
    const { model, x, y } = stepsData(images, kind, Number(seed));
    const directory = join(folder, kind, seed);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "initial.keras"), await saveKeras(model));
    writeFileSync(join(directory, "x.npy"), writeNpy(x));
    writeFileSync(join(directory, "y.npy"), writeNpy(y));
    await model.close();
  }

// Writes what tools/keras-steps.py trains on: the initial model, images and labels of test/real/steps.ts.
//   node dist/tools/make-step-inputs.js CASIA-Dataset.tar FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeNpy } from "../src/formats/index.js";
import { saveKeras } from "../src/index.js";
import { stepsData } from "../test/real/steps.js";

const [tar, folder] = process.argv.slice(2);
if (tar === undefined || folder === undefined)
  throw new Error("expected the archive CASIA-Dataset.tar and a folder to write to");
const { model, x, y } = await stepsData(tar);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "initial.keras"), await saveKeras(model));
writeFileSync(join(folder, "x.npy"), writeNpy(x));
writeFileSync(join(folder, "y.npy"), writeNpy(y));
await model.close();

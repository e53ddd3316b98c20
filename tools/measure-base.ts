// Value of a base of the package with 20 images a class: `node dist/tools/measure-base.js BASE [FOLDER...] [--ways WAYS]`
// trains the lecture's network from scratch, the same with augmentation, a new head on the base, and the base itself after
// that, on the folders given, and for the base hanzi on generated images of the lecture's 55 characters first. Three draws of
// the 20 images, medians of the test accuracy; each of the four validates with a fifth of its 20. A folder has Train and Test,
// or train and val, or classes alone: there all other images test. WAYS are some of the four, such as "transfer,and fine-tuned".
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Random, STREAM } from "../src/core/random.js";
import { writeHanzi } from "../src/data/index.js";
import {
  evaluate,
  findData,
  loadData,
  makeRecipe,
  makeTransferRecipe,
  type Plan,
  train,
} from "../src/experiment/index.js";
import { median } from "../src/experiment/models/benchmark.js";
import { baseFacts } from "../src/experiment/transfer/base.js";
import { preprocessingFor } from "../src/experiment/transfer/recipe.js";
import type { Recipe } from "../src/formats/run/recipe.js";

const PER_CLASS = 20;
const SEEDS = [1, 2, 3];
const WAYS = ["from scratch", "from scratch, augmented", "transfer", "and fine-tuned"] as const;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { ways: { type: "string" } } });
const [base = "hanzi", ...folders] = positionals;
const ways = WAYS.filter((method) => values.ways === undefined || values.ways.split(",").includes(method));

const preprocessing = preprocessingFor(base);
const { augmentation } = baseFacts(base);
/** Photos are varied as photos, handwriting as handwriting. */
const varied = augmentation === "none" ? "photo" : augmentation;
const split = { validation: 0.2, seed: 123 };
const mode = "reproducible";

/** Twice the lecture's patience, since epochs of so few images are short. */
const scratch = { epochs: 150, batchSize: 32, monitor: "val_accuracy", patience: 30 } as const;
/** Settings of `fovea transfer DIR --base hanzi --fine-tune all --fine-tune-rate 9e-5 --fine-tune-epochs 30`. */
const head = { batchSize: 32, monitor: "val_loss" } as const;
const fineTune = { layers: "all", learningRate: 9e-5, epochs: 30, batchSize: 16 } as const;

const directory = mkdtempSync(join(tmpdir(), "fovea-backbone-"));
try {
  const sets = folders.map((folder) => [basename(folder), resolve(folder)] as const);
  if (base === "hanzi") {
    const generated = join(directory, "hanzi");
    await writeHanzi(generated, { scale: 0.25, seed: 1 });
    sets.unshift(["generated", generated]);
  }
  for (const [name, folder] of sets) {
    const found: Record<string, number[]> = Object.fromEntries(ways.map((method) => [method, []]));
    for (const seed of SEEDS) {
      const few = join(directory, `${name}-${seed}`);
      await drawFew(folder, few, seed);
      const data = await loadData(await findData(few), preprocessing, split);
      const plan: Plan = { model: { name: "cnn" }, preprocessing, split, seed, mode, training: scratch };
      const wish = { base, split, seed, mode, training: head } as const;
      const recipes: Record<(typeof WAYS)[number], Recipe> = {
        "from scratch": makeRecipe(plan, data),
        "from scratch, augmented": makeRecipe({ ...plan, augmentation: varied }, data),
        transfer: await makeTransferRecipe(wish, preprocessing, data),
        "and fine-tuned": await makeTransferRecipe({ ...wish, fineTune }, preprocessing, data),
      };
      for (const method of ways) {
        const recipe = recipes[method];
        const training = await train(recipe, data);
        const { metrics } = await evaluate(training.model, recipe, data, {}, training.subject);
        for (const model of new Set([training.model, training.subject?.model])) await model?.close();
        found[method]!.push(metrics.test.accuracy!);
        console.log(
          `${name}, seed ${seed}, ${method}: ${metrics.test.accuracy!.toFixed(4)}, ${training.epochs} epochs`,
        );
      }
    }
    console.log(`${name}: ${ways.map((method) => `${method} ${median(found[method]!).toFixed(4)}`).join(" | ")}`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** A folder with 20 images of each class for training, drawn by the seed; the test images are those of the folder, or all others. */
async function drawFew(folder: string, few: string, seed: number): Promise<void> {
  const { train, validation, test = validation } = await findData(folder);
  for (const [number, name] of readdirSync(train).sort().entries()) {
    const files = readdirSync(join(train, name)).sort();
    const drawn = new Random(seed, STREAM.user, number).shuffle(files);
    const copied = test === undefined ? drawn.length : PER_CLASS;
    for (const [index, file] of drawn.slice(0, copied).entries()) {
      const part = join(few, index < PER_CLASS ? "Train" : "Test", name);
      await mkdir(part, { recursive: true });
      await cp(join(train, name, file), join(part, file));
    }
  }
  if (test !== undefined) symlinkSync(test, join(few, "Test"));
}

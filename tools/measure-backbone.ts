// Value of the shipped backbone with 20 images a class: `node dist/tools/measure-backbone.js [CASIA-Dataset]` trains
// the lecture's network from scratch, the same with augmentation, a new head on the backbone, and the backbone itself
// after that, on generated images of the lecture's 55 characters and on the real ones of the folder given. Three draws of
// the 20 images, medians of the test accuracy; each of the four validates with a fifth of its 20. After the folder one may
// name some of the four, such as transfer "and fine-tuned", to train only these.
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
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
import { preprocessingFor } from "../src/experiment/transfer/recipe.js";
import type { Recipe } from "../src/formats/run/recipe.js";

const PER_CLASS = 20;
const SEEDS = [1, 2, 3];
const BASE = "hanzi";
const WAYS = ["from scratch", "from scratch, augmented", "transfer", "and fine-tuned"] as const;

const [, , real, ...named] = process.argv;
const ways = WAYS.filter((way) => named.length === 0 || named.includes(way));

const preprocessing = preprocessingFor(BASE);
const split = { validation: 0.2, seed: 123 };
const mode = "reproducible";

/** Twice the lecture's patience, since epochs of so few images are short. */
const scratch = { epochs: 150, batchSize: 32, monitor: "val_accuracy", patience: 30 } as const;
/** Settings of `fovea transfer DIR --base hanzi --fine-tune all --fine-tune-rate 9e-5 --fine-tune-epochs 30`. */
const head = { epochs: 100, batchSize: 32, monitor: "val_loss", patience: 10 } as const;
const fineTune = { layers: "all", learningRate: 9e-5, epochs: 30, batchSize: 16 } as const;

const place = mkdtempSync(join(tmpdir(), "fovea-backbone-"));
try {
  const generated = join(place, "hanzi");
  await writeHanzi(generated, { scale: 0.25, seed: 1 });
  const sets = [["generated", generated], ...(real === undefined ? [] : [["real", resolve(real)]])];
  for (const [name, folder] of sets as [string, string][]) {
    const found: Record<string, number[]> = Object.fromEntries(ways.map((way) => [way, []]));
    for (const seed of SEEDS) {
      const few = join(place, `${name}-${seed}`);
      await drawFew(folder, few, seed);
      const data = await loadData(await findData(few), preprocessing, split);
      const plan: Plan = { model: { name: "cnn" }, preprocessing, split, seed, mode, training: scratch };
      const wish = { base: BASE, split, seed, mode, training: head } as const;
      const recipes: Record<(typeof WAYS)[number], Recipe> = {
        "from scratch": makeRecipe(plan, data),
        "from scratch, augmented": makeRecipe({ ...plan, augmentation: "light" }, data),
        transfer: await makeTransferRecipe(wish, preprocessing, data),
        "and fine-tuned": await makeTransferRecipe({ ...wish, fineTune }, preprocessing, data),
      };
      for (const way of ways) {
        const recipe = recipes[way];
        const training = await train(recipe, data);
        const { metrics } = await evaluate(training.model, recipe, data, {}, training.subject);
        for (const model of new Set([training.model, training.subject?.model])) await model?.close();
        found[way]!.push(metrics.test.accuracy!);
        console.log(`${name}, seed ${seed}, ${way}: ${metrics.test.accuracy!.toFixed(4)}, ${training.epochs} epochs`);
      }
    }
    console.log(`${name}: ${ways.map((way) => `${way} ${median(found[way]!).toFixed(4)}`).join(" | ")}`);
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}

/** A folder with 20 images of each class for training, drawn by the seed, and all of the test images. */
async function drawFew(folder: string, few: string, seed: number): Promise<void> {
  const classes = readdirSync(join(folder, "Train")).sort();
  for (const [number, name] of classes.entries()) {
    await mkdir(join(few, "Train", name), { recursive: true });
    const files = readdirSync(join(folder, "Train", name)).sort();
    const drawn = new Random(seed, STREAM.user, number).shuffle(files).slice(0, PER_CLASS);
    for (const file of drawn) await cp(join(folder, "Train", name, file), join(few, "Train", name, file));
  }
  symlinkSync(join(folder, "Test"), join(few, "Test"));
}

// Masks learnt from a folder of images and masks: `node dist/tools/measure-segmentation.js FOLDER [--size HxW] [--epochs N]
// [--batch N] [--loss NAME] [--augment NAME] [--seed N] [--threads N] [--arrays DIR]` trains the U-Net and prints the test figures, those
// of each class, and the seconds of an epoch. FOLDER is made by `synth hail` where there is none. With --arrays the parts go to
// DIR as .npy files, for tools/keras-unet.py, which trains the same network in Keras on the same images.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { writeHail } from "../src/data/index.js";
import { PART_NAMES, sourceOf } from "../src/experiment/data/experiment-data.js";
import { type AugmentationName, evaluate, findData, loadData, makeRecipe, type Plan } from "../src/experiment/index.js";
import { taskOf } from "../src/experiment/tasks/index.js";
import { trainModel } from "../src/experiment/training/train.js";
import { writeNpy } from "../src/formats/containers/npy.js";
import { textTable } from "../src/report/text/table.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: "string", default: "96x96" },
    color: { type: "string", default: "rgb" },
    count: { type: "string", default: "600" },
    epochs: { type: "string", default: "15" },
    batch: { type: "string", default: "16" },
    rate: { type: "string", default: "0.001" },
    loss: { type: "string", default: "crossentropy" },
    augment: { type: "string", default: "none" },
    seed: { type: "string", default: "1" },
    threads: { type: "string" },
    arrays: { type: "string" },
  },
});
const [folder = "hail"] = positionals;
const [height, width] = options.size.split("x").map(Number) as [number, number];
if (!existsSync(folder))
  await writeHail(folder, { count: Number(options.count), height, width, seed: Number(options.seed) });

const plan: Plan = {
  model: { name: "unet" },
  preprocessing: {
    imageSize: [height, width],
    color: options.color as "rgb" | "grayscale",
    interpolation: "lanczos",
    orientation: "exif",
    depth: "scaled",
  },
  split: { validation: 0.2, seed: 123 },
  seed: Number(options.seed),
  mode: "reproducible",
  training: { epochs: Number(options.epochs), batchSize: Number(options.batch), patience: Number(options.epochs) },
  wish: { loss: options.loss },
  augmentation: options.augment as AugmentationName,
  learningRate: Number(options.rate),
};
const data = await loadData(await findData(folder), plan.preprocessing as never, plan.split, { task: "segmentation" });
if (options.arrays !== undefined) {
  mkdirSync(options.arrays, { recursive: true });
  for (const part of PART_NAMES) {
    const source = sourceOf(data.parts[part]);
    const { x, y } = await source.take(Int32Array.from({ length: source.size }, (_, i) => i));
    for (const [name, array] of [["x", x] as const, ["y", y] as const])
      writeFileSync(join(options.arrays, `${part}_${name}.npy`), writeNpy(array));
  }
  console.log(`The parts are in ${options.arrays}`);
}
const recipe = makeRecipe(plan, data);
const processor: number[] = [];
const used = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
let [began, before] = [performance.now(), used()];
const threads = options.threads === undefined ? {} : { threads: Number(options.threads) };
const training = await trainModel(recipe, data, {
  ...threads,
  observer: {
    onEpochEnd: (epoch, logs) => {
      const seconds = (performance.now() - began) / 1000;
      processor.push(used() - before);
      [began, before] = [performance.now(), used()];
      const figures = ["loss", "mean_iou", "val_loss", "val_mean_iou"].map((key) => `${key} ${logs[key]?.toFixed(4)}`);
      console.log(`epoch ${epoch + 1}  ${seconds.toFixed(1)} s  ${figures.join("  ")}`);
    },
  },
});
const evaluated = await evaluate(training.model, recipe, data);
await training.model.close();
const { metrics, task, outcome, intervals } = evaluated;
const { columns, rows } = taskOf(task).detail(outcome, task, "images");
const [low, high] = intervals.mean_iou ?? [Number.NaN, Number.NaN];
console.log(
  `test mIoU ${metrics.test.mean_iou!.toFixed(4)} (95 %: ${low.toFixed(4)} to ${high.toFixed(4)}), Dice ${metrics.test.dice!.toFixed(4)}, best epoch ${training.bestEpoch}`,
);
console.log(textTable(columns, rows));
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
console.log(
  `${median(training.seconds).toFixed(2)} s an epoch of ${data.parts.train.rows.length} images with validation, ` +
    `${median(processor).toFixed(2)} s of processor time (medians)`,
);

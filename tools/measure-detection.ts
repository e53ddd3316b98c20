// Objects learnt from a folder of images and annotations: `node dist/tools/measure-detection.js FOLDER [--set hail|pages]
// [--count N] [--size HxW] [--epochs N] [--minutes M] [--batch N] [--rate R] [--augment NAME] [--threads N] [--pictures DIR]`
// trains CenterNet and prints COCO's figures of the test images, those of each class, and the seconds of an epoch. FOLDER is made
// where there is none. With --minutes training ends after the epoch that
// passes them, and epochs says how long the rate falls. With --pictures the worst images are written with their boxes.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encodePng, writeHail, writePages } from "../src/data/index.js";
import { imagesOf, PART_NAMES, type Part } from "../src/experiment/data/experiment-data.js";
import type { ImageSamples } from "../src/experiment/data/sample-set.js";
import { type AugmentationName, evaluate, findData, loadData, makeRecipe, type Plan } from "../src/experiment/index.js";
import { taskOf } from "../src/experiment/tasks/index.js";
import { trainModel } from "../src/experiment/training/train.js";
import { boxesOverImage } from "../src/report/box-outlines.js";
import { textTable } from "../src/report/text/table.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: "string", default: "hail" },
    size: { type: "string", default: "192x192" },
    color: { type: "string", default: "rgb" },
    count: { type: "string", default: "600" },
    epochs: { type: "string", default: "40" },
    minutes: { type: "string", default: "1e9" },
    batch: { type: "string", default: "16" },
    rate: { type: "string", default: "0.004" },
    augment: { type: "string", default: "upright" },
    seed: { type: "string", default: "1" },
    model: { type: "string", default: "ttfnet" },
    threads: { type: "string" },
    pictures: { type: "string" },
  },
});
const [folder = options.set] = positionals;
const [height, width] = options.size.split("x").map(Number) as [number, number];
const making = { count: Number(options.count), seed: Number(options.seed), height, width };
if (!existsSync(folder)) {
  if (options.set === "hail") await writeHail(folder, making);
  else await writePages(folder, making);
}

const plan: Plan = {
  model: { name: options.model },
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
  augmentation: options.augment as AugmentationName,
  learningRate: Number(options.rate),
  schedule: "cosine",
};
const data = await loadData(await findData(folder), plan.preprocessing, plan.split, {
  task: "detection",
  cache: false,
});
console.log(PART_NAMES.map((part) => `${part} ${data.parts[part].rows.length} images`).join(", "));
const recipe = makeRecipe(plan, data);
const controller = new AbortController();
const began = performance.now();
const training = await trainModel(recipe, data, {
  threads: Number(options.threads ?? 2),
  signal: controller.signal,
  observer: {
    onEpochEnd: (epoch, logs) => {
      const minutes = (performance.now() - began) / 60_000;
      const numbers = Object.entries(logs).map(([key, value]) => `${key} ${Number(value).toFixed(4)}`);
      console.log(`epoch ${epoch + 1}  ${minutes.toFixed(2)} min  ${numbers.join("  ")}`);
      if (minutes >= Number(options.minutes)) controller.abort();
    },
  },
});
const seconds = [...training.seconds].sort((a, b) => a - b);
const { metrics, task, outcome, intervals, loss } = await evaluate(training.model, recipe, data);
const record = taskOf(task);
for (const [name, value] of Object.entries(metrics.test)) {
  const ends = intervals[name];
  console.log(
    `${name} ${value.toFixed(4)}${ends === undefined ? "" : ` (${ends.map((end) => end.toFixed(4)).join(" to ")})`}`,
  );
}
const { columns, rows } = record.detail(outcome, task, "images");
console.log(textTable([...columns], [...rows]));
console.log(
  `${training.epochs} epochs, best ${training.bestEpoch}, median ${seconds[seconds.length >> 1]?.toFixed(2)} s an epoch, ` +
    `${((performance.now() - began) / 60_000).toFixed(1)} min in all, weights ${training.weightsSha256.slice(0, 12)}`,
);
if (options.pictures !== undefined) await writePictures(options.pictures);
await training.model.close();

/** Writes the worst test images with their boxes. */
async function writePictures(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const facts = record.evaluationFacts("Test", outcome, task, { loss, baseline: undefined }, () => ({}));
  if (facts.kind !== "detection") return;
  const worst = record.worst(outcome, task, { loss }, facts.shown.length);
  for (const [i, { at }] of worst.entries()) {
    const { data: pixels, shape } = await imagesOf(data.parts.test as Part<ImageSamples>, Int32Array.of(at));
    const [, high, wide, channels] = shape as [number, number, number, 1 | 3];
    const image = { height: high, width: wide, channels, data: Uint8Array.from(pixels) };
    const drawn = boxesOverImage(facts.shown[i]!.boxes, image);
    const bytes = encodePng({ dtype: "uint8", shape: [drawn.height, drawn.width, 3], data: drawn.data as Uint8Array });
    writeFileSync(join(directory, `${String(i).padStart(2, "0")}.png`), bytes);
  }
}

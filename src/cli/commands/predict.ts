// `fovea predict`: asks a model about single images, or about an array of them in a .npy file.

import type { Command } from "commander";
import { UsageError } from "../../core/errors.js";
import { defined } from "../../experiment/defined.js";
import { probabilitiesOf, type Ranked, ranked } from "../../experiment/predictions.js";
import { imagesFor, openClassifier, type TrainedModel } from "../../experiment/trained-model.js";
import { readNpy } from "../../formats/containers/npy.js";
import type { Tensor } from "../../index.js";
import { readBytes } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { percent } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { isTable, predictTable } from "./predict-table.js";

interface Options extends CommonOptions {
  readonly top: number;
  readonly out?: string;
}

/** One image and its most probable classes. */
interface Answer {
  readonly image: string;
  readonly top: readonly Ranked[];
}

export function define(command: Command): void {
  command
    .description(
      "Prints the most probable classes of images with their probabilities. Images are resized and converted as they " +
        "were for training, which the model file remembers.",
    )
    .argument("<model>", "a model file (.keras, .h5, .onnx, model.json) or the folder of a run or export")
    .argument(
      "<image...>",
      "image files; or a .npy array [batch, height, width, channels] of pixels from 0 to 255; or a .csv file for a model that was trained on a table",
    )
    .option("--top <N>", "how many classes to print", wholeNumber(1), 5)
    .option("--out <scores.csv>", "of a .csv file: write it with what the model says of each row");
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Of a .csv file each row is scored by a model of fovea tune run (--artifacts) or fovea tune rebuild --out: columns go by
their names, and unknown categories, missing columns and odd cells are told by row and column. A model that was trained
with an exposure gives the rate per 1 of it, and where the file has the column the expected value of each row.

Examples:
  fovea predict runs/photos-cnn-1 a.png b.jpg
  fovea predict model.keras *.png --top 1 --json | jq -r '.predictions[].top[0].class'
  fovea predict model.keras x_test.npy
  fovea predict claims.keras policies.csv --out scores.csv`,
    )
    .action(run);
}

const BATCH = 128;

async function run(path: string, images: readonly string[], options: Options): Promise<void> {
  if (images.some(isTable)) return predictTable(path, images, options);
  if (options.out !== undefined) throw new UsageError("--out: expected a .csv file to score, received images");
  const output = new Output(options);
  const { threads } = options;
  const asked = await openClassifier(path, defined({ threads }));
  const answers: Answer[] = [];
  try {
    // Arrays and files are asked in the order given; files in a row together.
    for (const group of grouped(images)) answers.push(...(await ask(asked, group, options.top)));
  } finally {
    await asked.model.close();
  }
  const nameOf = (index: number): string => asked.classNames?.[index] ?? String(index);
  const predictions = answers.map(({ image, top }) => ({
    image,
    top: top.map(({ classIndex, probability }) => ({
      class: nameOf(classIndex),
      index: classIndex,
      probability,
    })),
  }));
  output.answer({ predictions }, asText(predictions));
}

const isArray = (path: string): boolean => extensionOf(path) === ".npy";

function grouped(paths: readonly string[]): string[][] {
  const groups: string[][] = [];
  for (const path of paths) {
    const last = groups.at(-1);
    if (last === undefined || isArray(path) || isArray(last[0]!) || last.length >= BATCH) groups.push([path]);
    else last.push(path);
  }
  return groups;
}

async function ask(asked: TrainedModel, paths: readonly string[], top: number): Promise<Answer[]> {
  const array = isArray(paths[0]!);
  const x: Tensor = array ? readNpy(await readBytes(paths[0]!), paths[0]!) : await imagesFor(asked, paths);
  const outputs = await asked.model.predict(x, { batchSize: BATCH });
  const predictions = probabilitiesOf(asked.model, outputs);
  return Array.from({ length: x.shape[0]! }, (_, n) => ({
    image: array ? `${paths[0]}[${n}]` : paths[n]!,
    top: ranked(predictions, n, top),
  }));
}

function asText(
  predictions: readonly { image: string; top: readonly { class: string; probability: number }[] }[],
): string {
  return textTable(
    [{ head: "image" }, { head: "class" }, { head: "probability", align: "right" }],
    predictions.flatMap(({ image, top }) =>
      top.map((one, rank) => [rank === 0 ? image : "", one.class, percent(one.probability)]),
    ),
  );
}

// `fovea predict`: asks a model about single images, or about an array of them in a .npy file.

import type { Command } from "commander";
import { defined } from "../../experiment/defined.js";
import { probabilitiesOf, type Ranked, ranked } from "../../experiment/predictions.js";
import { imagesFor, openClassifier, type TrainedModel } from "../../experiment/trained-model.js";
import { readNpy } from "../../formats/containers/npy.js";
import type { Tensor } from "../../index.js";
import { readBytes } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { percent } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { addCommonOptions, type CommonOptions, type ImageSize, sizeOption, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions {
  readonly top: number;
  readonly imageSize?: ImageSize;
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
    .argument("<image...>", "image files; or a .npy array [batch, height, width, channels] of pixels from 0 to 255")
    .option("--top <N>", "how many classes to print", wholeNumber(1), 5)
    .addOption(sizeOption());
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea predict runs/photos-cnn-1 a.png b.jpg
  fovea predict model.keras *.png --top 1 --json | jq -r '.predictions[].top[0].class'
  fovea predict model.keras x_test.npy`,
    )
    .action(run);
}

const BATCH = 128;

async function run(path: string, images: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const { threads, imageSize = await sizeOfArray(images[0]!) } = options;
  const asked = await openClassifier(path, { compile: false, ...defined({ threads, imageSize }) });
  for (const warning of asked.warnings) output.warn(warning);
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

/** Height and width of an array of images, which a model that takes any size then has. */
async function sizeOfArray(path: string): Promise<ImageSize | undefined> {
  if (!isArray(path)) return undefined;
  const [, height, width, channels] = readNpy(await readBytes(path), path).shape;
  return height === undefined || width === undefined || channels === undefined ? undefined : [height, width];
}

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

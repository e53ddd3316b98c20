// `fovea predict`: asks a model about images, arrays in .npy files or rows of numbers in .csv files.

import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import {
  type Answer,
  type Asked,
  checkPredictionFile,
  imagePaths,
  type OutputAnswer,
  openAny,
  predictFiles,
  type Told,
  writePredictions,
} from "../../experiment/index.js";
import { readNpy } from "../../formats/containers/npy.js";
import { readBytes } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { percent } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import { addForeignOptions, type ForeignOptions } from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, type ImageSize, memoryOption, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { isTable, predictTable } from "./predict-table.js";

interface Options extends CommonOptions, ForeignOptions {
  readonly memory?: number;
  readonly top: number;
  readonly raw?: true;
  readonly out?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Prints what a model gives: the most probable classes of images with their probabilities, or numbers, or what maps " +
        "are like. Images are resized and converted as they were for training, which the model file remembers. Files that " +
        "cannot be read are named, the others are answered for, and the exit status is 1.",
    )
    .argument("<model>", "a model file (.keras, .h5, .onnx, model.json) or the folder of a run or export")
    .argument(
      "<image...>",
      "images, folders of images and patterns; .npy arrays [n, height, width, channels] of pixels from 0 to 255, or of " +
        "what else the model takes; .csv files with a row of numbers for each sample, or with the columns of the table " +
        "that the model was trained on",
    )
    .option("--top <N>", "how many classes to print", wholeNumber(1), 5)
    .option("--raw", "print the model's outputs as they are, without taking them for classes")
    .option("--out <file>", "write all that the model gives: .npy, .csv, .json, or .png for maps and images")
    .addOption(memoryOption());
  addForeignOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
A model that was trained on a table scores each row of a .csv file: one of fovea tune run (--artifacts) or fovea tune rebuild --out. Columns go by
their names, and unknown categories, missing columns and odd cells are told by row and column. A model that was trained
with an exposure gives the rate per 1 of it, and where the file has the column the expected value of each row.

Examples:
  fovea predict runs/photos-cnn-1 a.png b.jpg
  fovea predict runs/photos-cnn-1 new-photos
  fovea predict model.keras "*.png" --top 1 --json | jq -r '.predictions[].top[0].class'
  fovea predict model.keras x_test.npy --out answers.npy
  fovea predict resnet18.onnx cat.jpg --rescale imagenet --labels imagenet.txt
  fovea predict claims.keras policies.csv --out scores.csv

Patterns may be quoted or not: *.png and photos/**/*.jpg mean the same in every shell.`,
    )
    .action(run);
}

async function run(path: string, images: readonly string[], options: Options): Promise<void> {
  const output = new Output(options);
  const { threads, rescale, labels, imageSize, top, raw = false, out, memory } = options;
  if (out !== undefined) checkPredictionFile(out);
  const paths = await imagePaths(images);
  const size = imageSize ?? (await sizeOfArray(paths[0]));
  const opened = await openAny(path, {
    compile: "objective",
    ...defined({ threads, rescale, labels, imageSize: size }),
  });
  for (const warning of opened.warnings) output.warn(warning);
  if (opened.facts?.table !== undefined && paths.some(isTable)) return predictTable(opened, paths, options, output);
  const { classNames } = opened;
  let asked: Asked;
  try {
    asked = await predictFiles(opened, paths, { top, raw, keep: out !== undefined, ...defined({ memory }) });
  } finally {
    await opened.model.close();
  }
  for (const sentence of asked.warnings) output.warn(sentence);
  const { answers: predictions } = asked;
  const good = predictions.flatMap((one) => ("error" in one ? [] : [one]));
  for (const one of predictions) if ("error" in one) output.fault(one.error);
  const files = out === undefined || good.length === 0 ? undefined : await writePredictions(out, asked, classNames);
  const written = files === undefined ? "" : `\n\nWritten: ${files.join(", ")}`;
  output.answer({ predictions, ...defined({ files }) }, `${asText(good)}${written}`);
  if (good.length < predictions.length) process.exitCode = EXIT.failed;
}

/** Height and width of an array of images, which a model that takes any size then has. */
async function sizeOfArray(path: string | undefined): Promise<ImageSize | undefined> {
  if (path === undefined || extensionOf(path) !== ".npy") return undefined;
  try {
    const [, height, width, channels] = readNpy(await readBytes(path), path).shape;
    return height === undefined || width === undefined || channels === undefined ? undefined : [height, width];
  } catch (error) {
    // The reader of samples names the fault of such a file.
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** A table for each kind of answer that there is: a model's outputs may be of several. */
function asText(answers: readonly Answer[]): string {
  const lines = answers.flatMap(({ image, ...answer }) =>
    ("outputs" in answer ? Object.entries(answer.outputs) : [["", answer] as const]).map(
      ([name, one]) => [image, name, one] as const,
    ),
  );
  const named = lines.some(([, name]) => name !== "");
  const tables = KINDS.flatMap(({ heads, rows }) => {
    const shown = lines.flatMap(([image, name, answer]) =>
      rows(answer).map((row, n) => [...(n === 0 ? [image, name] : ["", ""]), ...row]),
    );
    if (shown.length === 0) return [];
    const columns = [{ head: "image" }, ...(named ? [{ head: "output" }] : []), ...heads];
    return [textTable(columns, named ? shown : shown.map(([image, , ...rest]) => [image!, ...rest]))];
  });
  return tables.join("\n\n");
}

interface Kind {
  readonly heads: readonly { readonly head: string; readonly align?: "right" }[];
  /** None where an answer is of another kind. */
  readonly rows: (answer: OutputAnswer) => readonly (readonly string[])[];
}

const right = (head: string) => ({ head, align: "right" as const });
const SHOWN = 8;

const KINDS: readonly Kind[] = [
  {
    heads: [{ head: "class" }, right("probability")],
    rows: (answer) => ("top" in answer ? answer.top.map((one) => [one.class, percent(one.probability)]) : []),
  },
  { heads: [right("value")], rows: (answer) => ("value" in answer ? [[short(answer.value)]] : []) },
  {
    heads: [{ head: "values" }],
    rows: (answer) => {
      if (!("values" in answer)) return [];
      const { length } = answer.values;
      const rest = length > SHOWN ? `, ... ${length} in all` : "";
      return [[answer.values.slice(0, SHOWN).map(short).join(", ") + rest]];
    },
  },
  {
    heads: [{ head: "shape" }, right("min"), right("mean"), right("max")],
    rows: (answer) =>
      "shape" in answer ? [[answer.shape.join(" x "), short(answer.min), short(answer.mean), short(answer.max)]] : [],
  },
];

/** Six digits, which is what single precision is good for. */
const short = (value: Told): string => (typeof value === "number" ? String(Number(value.toPrecision(6))) : value);

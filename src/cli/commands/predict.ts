// `fovea predict`: asks a model about images, arrays in .npy files or rows of numbers in .csv files.
import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { expanded } from "../../experiment/data/index.js";
import {
  type Answer,
  type AnswerBatch,
  askedFiles,
  CocoFile,
  checkPredictionFile,
  isRefusal,
  MaskFolder,
  MOST_OVERLAP,
  type OpenedModel,
  openAny,
  outputKinds,
  predictBatches,
  predictFiles,
  sizeOfArray,
  streamPredictions,
  tiledBatches,
  writePredictions,
} from "../../experiment/models/index.js";
import { whole } from "../../report/format.js";
import { EXIT } from "../exit.js";
import {
  addDetectorOptions,
  addForeignOptions,
  checkDetecting,
  type DetectorOptions,
  detecting,
  type ForeignOptions,
  tellLeftOut,
} from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, memoryOption, numberAbove, wholeNumber } from "../options.js";
import { answerTables } from "../terminal/answers.js";
import { Output } from "../terminal/output.js";
import { referralLines } from "../terminal/referrals.js";
import { addTrustOptions, rulesOf, type TrustOptions } from "../trust-options.js";
import { beginLog } from "./predict-log.js";
import { predictPair } from "./predict-pair.js";
import { isTable, MOST_FAULTS, predictTable, tellUnnamed } from "./predict-table.js";

interface Options extends CommonOptions, ForeignOptions, DetectorOptions, TrustOptions {
  readonly memory?: number;
  readonly top: number;
  readonly raw?: true;
  readonly pair?: true;
  readonly out?: string;
  readonly masks?: string;
  readonly coco?: string;
  readonly tiles?: number;
  readonly log?: string;
}

export function define(command: Command): void {
  command
    .description(
      "Prints a model's outputs: the most probable classes of images with their probabilities, the labels of images, " +
        "numbers, or summaries of maps. Images are resized and converted as they were for training, which the model file remembers. Files that " +
        "cannot be read are named, the others are answered for, and the exit status is 1.",
    )
    .argument("<model>", "a model file (.keras, .h5, .onnx, model.json) or the folder of a run or export")
    .argument(
      "<image...>",
      "images, folders of images and patterns; manifests and archives, for their images; .npy arrays [n, height, width, channels] of pixels from 0 to 255, or of " +
        "other inputs of the model: .csv files with a row of numbers for each sample, or with the columns of the table " +
        "that the model was trained on",
    )
    .option("--top <N>", "how many classes to print", wholeNumber(1), 5)
    .option("--raw", "print the model's outputs as they are, without taking them for classes")
    .option("--pair", "compare two images: are both of one identity, for a model of --task verification")
    .option(
      "--out <file>",
      "write all that the model gives: .npy, .csv with a column for each class, label or target, .json, or .png for maps " +
        "and images (default: none)",
    )
    .option(
      "--masks <dir>",
      "write a mask of each image there, a palette PNG in its size whose pixels are numbers of classes (default: none)",
    )
    .option(
      "--coco <file>",
      "write the objects found there as COCO's JSON: boxes with their scores, or the outlines of the regions of masks (default: none)",
    )
    .option(
      "--tiles <overlap>",
      "look at large images in tiles of the network's size that overlap by this share, such as 0.25; for masks (default: no tiles)",
      numberAbove(0, MOST_OVERLAP),
    )
    .option(
      "--log <file>",
      "add a line for each answer to a decision log (.jsonl), which fovea log verify checks (default: no log)",
    )
    .addOption(memoryOption());
  addTrustOptions(command);
  addForeignOptions(command);
  addDetectorOptions(command);
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
  fovea predict runs/claims claims.zip --out answers.csv
  fovea predict runs/claims claims.zip --log decisions.jsonl
  fovea predict runs/dents photos --masks masks --coco dents.json
  fovea predict model.keras "*.png" --top 1 --json | jq -r '.predictions[].top[0].class'
  fovea predict model.keras x_test.npy --out answers.npy
  fovea predict runs/photos-cnn-1 new-photos --refer-above 0.02
  fovea predict runs/photos-cnn-1 new-photos --coverage 0.95 --out answers.csv
  fovea predict resnet18.onnx cat.jpg --rescale imagenet --labels imagenet.txt
  fovea predict yolo11n.onnx photos --out counts.csv
  fovea predict claims.keras policies.csv --out scores.csv

Patterns may be quoted or not: *.png and photos/**/*.jpg mean the same in every shell.`,
    )
    .action(run);
}

/** Options that say nothing to rows of a table, but for the number of classes where there are some. */
const OF_IMAGES = [
  ...["top", "raw", "memory", "rescale", "labels", "imageSize"],
  ...["coverage", "sets", "perClass", "referAbove", "confidence", "costs", "novelty"],
];

async function run(path: string, images: readonly string[], options: Options, command: Command): Promise<void> {
  const output = new Output(options);
  const { threads, rescale, labels, imageSize, out } = options;
  if (options.pair) return predictPair(path, images, options, output);
  if (out !== undefined) checkPredictionFile(out);
  if (options.coco !== undefined && !/\.json$/i.test(options.coco))
    throw new UsageError(`--coco ${options.coco}: expected the name of a .json file; COCO's annotations are JSON`);
  const asTheyCome = (["masks", "coco", "tiles"] as const).find((name) => options[name] !== undefined);
  if (asTheyCome !== undefined && out !== undefined && !isTable(out))
    throw new UsageError(
      `--${asTheyCome} gives answers as they come, and ${out} is written at the end; name a .csv with --out`,
    );
  const typed = await expanded(images);
  const size = imageSize ?? (typed[0] === undefined ? undefined : await sizeOfArray(typed[0]));
  const opened = await openAny(path, {
    compile: "objective",
    tables: typed.some(isTable),
    ...detecting(options),
    ...defined({ threads, rescale, labels, imageSize: size }),
  });
  for (const warning of opened.warnings) output.warn(warning);
  await checkDetecting(opened, options);
  if (opened.facts?.table !== undefined && typed.some(isTable)) {
    const hasClasses = opened.classNames !== undefined;
    const idle = OF_IMAGES.find(
      (name) => command.getOptionValueSource(name) === "cli" && !(name === "top" && hasClasses),
    );
    if (idle === undefined) return predictTable(opened, typed, options, output);
    await opened.model.close();
    throw new UsageError(
      `--${idle === "novelty" ? "no-" : ""}${idle.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} has no effect on a model of a table; leave it out`,
    );
  }
  try {
    await answerAll(opened, images, options, output);
  } finally {
    await opened.model.close();
  }
}

/** Batches of answers whose masks and objects are kept on the way, and which name the masks. */
async function* keeping(
  batches: AsyncIterable<AnswerBatch>,
  masks: MaskFolder | undefined,
  coco: CocoFile | undefined,
): AsyncGenerator<AnswerBatch> {
  for await (const batch of batches) {
    await coco?.add(batch);
    yield masks === undefined ? batch : await masks.add(batch);
  }
}

/** So many samples are shown where a file has all of them. */
const SHOWN = 20;

async function answerAll(
  opened: OpenedModel,
  typed: readonly string[],
  options: Options,
  output: Output,
): Promise<void> {
  const { top, raw = false, out, memory, json = false, calibration } = options;
  const asked = await askedFiles(typed);
  const asking = { top, raw, calibration, rules: await rulesOf(options, opened), ...defined({ memory }) };
  const log = await beginLog(options.log, opened, asked, output);
  const { files } = log;
  const { outputs, assumed } = outputKinds(opened, { raw });
  const answers: (Answer | AnswerBatch["answers"][number])[] = [];
  let [good, bad] = [0, 0];
  const masks = options.masks === undefined ? undefined : new MaskFolder(options.masks, opened, outputs, asked);
  const { tiles } = options;
  const coco = options.coco === undefined ? undefined : new CocoFile(options.coco, opened, outputs, asked);
  const isStreamed =
    masks !== undefined || coco !== undefined || tiles !== undefined || (out !== undefined && isTable(out));
  const progress = output.progress("Asking");
  const take = (batch: Pick<AnswerBatch, "answers" | "doubt">): void => {
    for (const answer of batch.answers) {
      if (!isRefusal(answer)) good++;
      else {
        bad++;
        if (bad <= MOST_FAULTS) output.fault(answer.error);
      }
      if (json || !isStreamed || (!isRefusal(answer) && good <= SHOWN)) answers.push(answer);
    }
    if (batch.doubt !== undefined) output.warn(batch.doubt);
    if (isStreamed) progress.update(good + bad, Math.max(files.length, good + bad), "samples");
  };
  for (const sentence of assumed) output.warn(sentence);
  let written: readonly string[] | undefined;
  try {
    if (isStreamed) {
      const answered =
        tiles === undefined ? predictBatches(opened, files, asking) : tiledBatches(opened, outputs, files, tiles);
      const batches = keeping(log.follow(answered), masks, coco);
      if (out === undefined) for await (const batch of batches) take(batch);
      else written = await streamPredictions(out, { outputs }, batches, take);
      if (good > 0) await coco?.write();
    } else {
      const asked = await predictFiles(opened, files, { ...asking, keep: out !== undefined });
      await log.add(asked.answers);
      for (const sentence of asked.warnings) output.warn(sentence);
      take(asked);
      if (out !== undefined && good > 0) written = await writePredictions(out, asked);
    }
  } finally {
    progress.end();
  }
  tellLeftOut(opened, output);
  if (written?.length === 0) written = undefined;
  const shown = answers.flatMap((answer) => (isRefusal(answer) ? [] : [answer]));
  const more = good > shown.length ? `\n... ${whole(good - shown.length)} more` : "";
  const told = [
    ...(written === undefined ? [] : [`\n\nWritten: ${written.join(", ")}`]),
    ...(masks === undefined ? [] : [`\n\n${whole(masks.written)} masks are in ${masks.folder}`]),
    ...(coco === undefined || good === 0 ? [] : [`\n\n${whole(coco.objects)} objects are in ${coco.file}`]),
  ].join("");
  output.answer(
    {
      predictions: answers,
      ...defined({ files: written, masks: masks?.folder, coco: good > 0 ? coco?.file : undefined }),
      ...log.json(),
    },
    `${answerTables(shown, outputs)}${more}${referralLines(shown)}${told}${log.sentence()}`,
  );
  tellUnnamed(bad, output);
  if (bad > 0) process.exitCode = EXIT.failed;
}

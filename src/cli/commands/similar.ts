// `fovea similar`: the images of a folder that are most like one, or that are there twice: by their pixels, or by a network
// that is named.

import type { Command } from "commander";
import { IMAGENET_NAMES } from "../../applications/imagenet/index.js";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { COPIES_ABOVE } from "../../data/index.js";
import { type BadFile, imagePaths } from "../../experiment/data/index.js";
import {
  type Copies,
  copiesAmong,
  duplicateImages,
  openEmbedder,
  SHIPPED_NAMES,
  similarImages,
  usualNetwork,
} from "../../experiment/pretrained/index.js";
import type { RescaleName } from "../../formats/models/pixels.js";
import type { TooLarge } from "../../platform/cache.js";
import { stat } from "../../platform/files.js";
import { looksLikePattern } from "../../platform/patterns.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import { rescaleOption } from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, numberAbove, wholeNumber } from "../options.js";
import { notKept } from "../terminal/not-kept.js";
import { Output } from "../terminal/output.js";
import type { ProgressLine } from "../terminal/progress.js";
import { addVariantOptions, type VariantOptions, variantOf } from "../weights-options.js";

interface Options extends CommonOptions, VariantOptions {
  readonly model?: string;
  readonly weights?: string;
  readonly layer?: string;
  readonly rescale?: RescaleName;
  readonly top: number;
  readonly duplicates?: true;
  readonly above?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Finds the images of a folder, folders in it included, that a network takes for most like IMAGE; or with " +
        "--duplicates those that are in the folders more than once: scaled, saved again, mirrored or slightly cut.",
    )
    .argument("<path...>", "DIR... and IMAGE; with --duplicates DIR...; a DIR may be a folder, an image or a pattern")
    .option(
      "--model <which>",
      `a model file, a run, or one of ${[...SHIPPED_NAMES, ...IMAGENET_NAMES].join(", ")} (default: photos; for --duplicates none, pixels ` +
        "are compared)",
    )
    .option("--weights <file>", "a file of weights for a network given by its name (default: the local store)")
    .option("--layer <path>", "the layer whose results are compared (default: the one before the decision)")
    .addOption(rescaleOption("how pixels are scaled for a model file that does not say it (default: the file's)"))
    .option("--top <N>", "how many images to print", wholeNumber(1), 10)
    .option("--duplicates", "print pairs of images that show the same picture")
    .option(
      "--above <S>",
      `how alike duplicates are at least: the correlation of their details (default: ${COPIES_ABOVE}), or with --model ` +
        "the cosine of their features (default: 0.98)",
      numberAbove(0, 1),
    );
  addVariantOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea similar claims new.jpg --top 5
  fovea similar claims2024 claims2025 --duplicates
  fovea similar claims --duplicates --model mobilenet_v2 --above 0.95
  fovea similar photos new.jpg --model runs/photos-cnn-1
  fovea similar "claims/**/*.jpg" new.jpg`,
    )
    .action(run);
}

/** An option that would be ignored is a mistake. @throws UsageError */
function checkUse(options: Options, isGiven: (name: keyof Options) => boolean): void {
  const { model, duplicates } = options;
  const refuse = (names: readonly (keyof Options)[], why: (option: string) => string): void => {
    const idle = names.find(isGiven);
    if (idle !== undefined) throw new UsageError(why(`--${idle}`));
  };
  if (duplicates) refuse(["top"], (option) => `${option} is about images like another; leave it out with --duplicates`);
  else refuse(["above"], (option) => `${option} is about duplicates; add --duplicates, or leave it out`);
  if (duplicates && model === undefined)
    refuse(
      ["layer", "weights", "rescale", "alpha", "size"],
      (option) => `${option} belongs to a network; name it with --model`,
    );
  if (model !== undefined && !IMAGENET_NAMES.some((name) => name === model))
    refuse(
      ["weights", "alpha", "size"],
      (option) => `${option} belongs to a network given by its name, and ${model} is a model of its own; leave it out`,
    );
}

async function run(paths: readonly string[], options: Options, command: Command): Promise<void> {
  checkUse(options, (name) => command.getOptionValueSource(name) === "cli");
  const { model, weights, layer, threads, rescale, duplicates, top, above } = options;
  const output = new Output(options);
  const wanted = duplicates === undefined ? paths.at(-1)! : undefined;
  const folders = duplicates === undefined ? paths.slice(0, -1) : paths;
  if (wanted !== undefined && (folders.length === 0 || (await stat(wanted))?.isDirectory))
    throw new UsageError(
      `expected a folder and an image, received ${paths.join(" ")}; folders alone go with --duplicates`,
    );
  const images = await amongPaths(folders);
  if (duplicates && model === undefined) return tellCopies(output, images, above);
  const embedder = await openEmbedder(model ?? usualNetwork({ ...variantOf(options), ...defined({ weights }) }), {
    ...variantOf(options),
    ...defined({ weights, layer, threads, rescale }),
  });
  for (const warning of embedder.warnings) output.warn(warning);
  const progress = output.progress("Looking");
  const onProgress = (done: number, total: number): void => progress.update(done, total, "images");
  const bad: BadFile[] = [];
  const onBad = (file: BadFile): void => {
    bad.push(file);
    output.fault(file.error);
    process.exitCode = EXIT.failed;
  };
  const onNotKept = (why: TooLarge): void => output.warn(notKept("the embeddings", why));
  const failures = (): object => (bad.length === 0 ? {} : { failed: bad });
  try {
    if (wanted !== undefined) {
      const similar = await similarImages(embedder, wanted, images, { top, onProgress, onBad, onNotKept });
      progress.end();
      output.answer(
        { image: wanted, similar, ...failures() },
        asTable(similar.map((image) => [shown(image.similarity), image.image])),
      );
      return;
    }
    const pairs = await duplicateImages(embedder, images, { onProgress, onBad, onNotKept, ...defined({ above }) });
    progress.end();
    output.answer({ images: images.length, pairs, ...failures() }, pairsTable(pairs));
  } finally {
    progress.end();
    await embedder.close();
  }
}

/** The images in folders, and those that are named. @throws UsageError for a name that there is nothing of. */
async function amongPaths(typed: readonly string[]): Promise<string[]> {
  for (const path of typed)
    if (!looksLikePattern(path) && (await stat(path)) === undefined)
      throw new UsageError(`${path} is no folder; expected one with images`);
  return imagePaths(typed);
}

/** Copies by their pixels. Files that cannot be read are named, and do not hide the others. */
async function tellCopies(output: Output, images: readonly string[], above: number | undefined): Promise<void> {
  const reading = output.progress("Reading");
  let comparing: ProgressLine | undefined;
  try {
    const { pairs, failed } = await copiesAmong(images, {
      onProgress: (done, total) => reading.update(done, total, "images"),
      onCompared: (done, total) => {
        reading.end();
        comparing ??= output.progress("Comparing");
        comparing.update(done, total, "images");
      },
      ...defined({ above }),
    });
    reading.end();
    comparing?.end();
    for (const { error } of failed) output.fault(error);
    if (failed.length > 0) process.exitCode = EXIT.failed;
    const answer = { images: images.length, pairs, ...(failed.length > 0 && { failed }) };
    output.answer(answer, pairsTable(pairs));
  } finally {
    reading.end();
    comparing?.end();
  }
}

function pairsTable(pairs: Copies["pairs"]): string {
  if (pairs.length === 0) return "No duplicates.";
  const rows = pairs.map(({ images: [a, b], similarity, identical, change }) => [
    ...[identical ? "same file" : shown(similarity), a, b],
    ...(change === undefined ? [] : [change]),
  ]);
  return asTable(rows);
}

/** Four digits, cut off rather than rounded: 1 is for images that are the same to the network. */
const shown = (similarity: number): string => (Math.floor(similarity * 1e4 + 1e-3) / 1e4).toFixed(4);

const asTable = (rows: readonly (readonly string[])[]): string =>
  textTable(
    [
      ...[{ head: "alike", align: "right" as const }, { head: "image" }],
      ...[{ head: "image" }, { head: "change" }].slice(0, rows[0]!.length - 2),
    ],
    rows,
  );

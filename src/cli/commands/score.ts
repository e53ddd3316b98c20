// `fovea score`: a model's answers about any number of images as a table, in shards that any engine can start.
import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { FoveaError, UsageError } from "../../core/errors.js";
import { type OpenedModel, openAny, outputKinds } from "../../experiment/models/index.js";
import {
  fleetHere,
  formOf,
  openScoreSource,
  type Scored,
  type Shard,
  scoreImages,
  shardName,
  shardOf,
} from "../../experiment/scoring/index.js";
import { readText } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { whole } from "../../report/format.js";
import {
  addDetectorOptions,
  addForeignOptions,
  checkDetecting,
  type DetectorOptions,
  detecting,
  type ForeignOptions,
  tellLeftOut,
} from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";
import { addTrustOptions, rulesOf, type TrustOptions } from "../trust-options.js";
import { defineMerge } from "./score-merge.js";

interface Options extends CommonOptions, ForeignOptions, DetectorOptions, TrustOptions {
  readonly out?: string;
  readonly shard?: string;
  readonly top: number;
  readonly raw?: true;
  readonly fetch?: readonly string[];
}

export function define(command: Command): void {
  command
    .description(
      "Scores any number of images: a row for each with the answers that fovea predict gives, and for a file that cannot be " +
        "read the reason. A shard is a share of the images for one process; score merge joins the parts of all shards to the " +
        "bytes that a single process would have written. A killed process continues when the same command runs again, " +
        "and a finished part stays unchanged.",
    )
    .usage("[options] MODEL IMAGES\n       fovea score merge [options] PART...")
    .argument("[model]", "a model file (.keras, .h5, .onnx, model.json) or the folder of a run or export")
    .argument(
      "[images]",
      "a folder, a manifest or an archive of images, or a list (.txt): one path or address per line, paths from the list's folder",
    )
    .option(
      "--out <file>",
      "the table: .parquet, .csv or .jsonl; {shard} in the name becomes the shard, such as 03-of-16; required",
    )
    .option(
      "--shard <K/N>",
      "score share K of N, from 1; env takes both from the engine that started this process (Slurm arrays, AWS Batch, Cloud " +
        "Run tasks), env/N its number alone (Kubernetes Indexed Jobs) (default: all images)",
    )
    .option("--top <N>", "how many classes to note in .jsonl", wholeNumber(1), 5)
    .option("--raw", "note the model's outputs as they are, without taking them for classes")
    .option(
      "--fetch <origin...>",
      "origins that addresses of a list may be fetched from, such as https://photos.s3.eu-central-1.amazonaws.com " +
        "(default: none)",
    );
  addTrustOptions(command);
  addForeignOptions(command);
  addDetectorOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea score runs/photos-cnn-1 photos --out scores.parquet
  fovea score runs/photos-cnn-1 photos --shard 3/16 --out scores-3.csv
  fovea score runs/photos-cnn-1 photos --shard env/16 --out parts/{shard}.parquet
  fovea score model.keras addresses.txt --fetch https://photos.example.org --out scores.jsonl
  fovea score merge parts/*.parquet --out scores.parquet

fovea docs scoring has whole examples for GNU parallel, Ray, Kubernetes and Slurm.`,
    )
    .action(run);
  defineMerge(command);
}

async function run(path: string | undefined, images: string | undefined, options: Options): Promise<void> {
  if (path === undefined || images === undefined || options.out === undefined)
    throw new UsageError(
      "expected a model, images and --out FILE, such as fovea score runs/photos-cnn-1 photos --out scores.csv",
    );
  const output = new Output(options);
  const { threads, rescale, labels, imageSize, top, raw, calibration, fetch: fetchFrom = [] } = options;
  const shard: Shard = options.shard === undefined ? { index: 1, count: 1 } : usage(() => shardOf(options.shard!));
  const fleet = fleetHere();
  if (options.shard === undefined && fleet !== undefined)
    output.warn(
      `this is one of several processes of ${fleet}, and without --shard it scores all images; add --shard env`,
    );
  const out = options.out.replaceAll("{shard}", shardName(shard));
  formOf(out);
  const opened = await openAny(path, {
    compile: "objective",
    ...detecting(options),
    ...defined({ threads, rescale, labels, imageSize }),
  });
  await checkDetecting(opened, options);
  try {
    for (const warning of opened.warnings) output.warn(warning);
    for (const sentence of outputKinds(opened, defined({ raw })).assumed) output.warn(sentence);
    const source = await openScoreSource(images, { fetchFrom });
    const progress = output.progress("Scoring");
    const scored = await scoreImages(opened, source, out, {
      ...{ shard, top, calibration, rules: await rulesOf(options, opened) },
      settings: await settingsOf(options, opened),
      onProgress: (done, total) => progress.update(done, total, "images"),
      ...defined({ raw, threads }),
    }).finally(() => progress.end());
    tellLeftOut(opened, output);
    tell(scored, output);
  } finally {
    await opened.model.close();
  }
}

/** A mistake in an option is wrong usage. */
function usage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FoveaError) throw new UsageError(error.message);
    throw error;
  }
}

/** Facts about a model from elsewhere that change answers: those of the user, the names of its classes by their hash, and how its boxes are read. */
async function settingsOf({ rescale, labels, imageSize }: Options, opened: OpenedModel) {
  const named = labels === undefined ? undefined : await sha256Hex(new TextEncoder().encode(await readText(labels)));
  return defined({
    rescale,
    labels: named,
    imageSize: imageSize === undefined ? undefined : [...imageSize],
    input: [...opened.model.inputShape],
    head: opened.detector?.name,
    overlap: opened.detector?.overlap,
    score: opened.detector?.score,
  });
}

function tell({ out, rows, refused, shard, wasDone, resumed, model, sha256 }: Scored, output: Output): void {
  const which = shard.count === 1 ? "" : `, shard ${shard.index} of ${shard.count}`;
  const before = wasDone
    ? "; an earlier process had done it"
    : resumed > 0
      ? `; ${whole(resumed)} were there from an earlier process`
      : "";
  const bad =
    refused === 0 ? "" : `\n${whole(refused)} of them have a reason in place of an answer, in the column error`;
  output.answer(
    { out, rows, refused, shard, done_before: wasDone, resumed, model, sha256 },
    `${out} has ${whole(rows)} rows${which}${before}${bad}`,
  );
}

// `fovea convert`: a model file into another format, with a check that both compute the same. Parses, calls, prints.
import type { Command } from "commander";
import { defined } from "../../core/defined.js";
import { UsageError } from "../../core/errors.js";
import { convertFile, type ImageCheck, parameterCounts } from "../../experiment/models/index.js";
import { WRITTEN_FORMATS, type WrittenFormat } from "../../formats/models/convert.js";
import { WEIGHT_DTYPES, type WeightDType } from "../../formats/models/precision.js";
import { readableSize, withCommas } from "../../nn/model/summary.js";
import { exists } from "../../platform/files.js";
import { addForeignOptions, type ForeignOptions } from "../foreign-options.js";
import { addCommonOptions, type CommonOptions, choice, numberAbove, wholeNumber } from "../options.js";
import { Output } from "../terminal/output.js";

interface Options extends CommonOptions, ForeignOptions {
  readonly to?: WrittenFormat;
  readonly architecture?: string;
  readonly dtype?: WeightDType;
  readonly check?: string;
  readonly classes?: number;
  readonly alpha?: number;
}

export function define(command: Command): void {
  command
    .description(
      "Writes a model in another format: Keras (.keras), its weights (.weights.h5, .safetensors), ONNX (.onnx), " +
        "TensorFlow.js (a folder), or the form that Teachable Machine's library loads (a folder). Reads these, Keras's " +
        "older .h5 and exports of Teachable Machine. Class names and preprocessing go along. The result is opened again, " +
        "asked about random inputs, and only written when both agree. An ONNX file with an operator that Fovea does not read is " +
        "written unchecked, and a line says so.",
    )
    .argument("<in>", "a model file, a run's folder, or a folder or archive with an exported model")
    .argument("<out>", "the file, or the folder, to write")
    .addOption(choice("--to <format>", "format to write (default: by the name of OUT)", WRITTEN_FORMATS))
    .addOption(
      choice("--dtype <type>", "type of the weights in the file; int8, with one scale per channel, for .onnx", [
        ...WEIGHT_DTYPES,
      ]).default("float32"),
    )
    .option(
      "--check <dir>",
      "images, in folders by class where there are such, on which the loss of a smaller type is measured (default: none)",
    )
    .option(
      "--architecture <model>",
      "architecture of IN, when IN holds weights alone: a model file, or a known network such as mobilenet_v2 (default: none)",
    )
    .option("--classes <N>", "number of classes of the known network (default: that of the weights)", wholeNumber(1))
    .option("--alpha <A>", "width of a mobilenet (default: that of the weights)", numberAbove(0, 4));
  addForeignOptions(command);
  addCommonOptions(command)
    .addHelpText(
      "after",
      `
Examples:
  fovea convert runs/photos-cnn-1 photos.onnx
  fovea convert keras_model.h5 fruit.keras
  fovea convert model.keras web --to tfjs
  fovea convert model.keras half.keras --dtype float16 --check photos
  fovea convert resnet18.onnx resnet18.keras --rescale imagenet --labels imagenet.txt
  fovea convert weights.h5 trained.keras --architecture model.keras
  fovea convert mobilenet_v2_weights.h5 mobilenet.onnx --architecture mobilenet_v2`,
    )
    .action(run);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Share of the same decisions; undefined where there are none. */
const shareOf = (agreement: ImageCheck["agreement"]): number | undefined =>
  agreement === undefined || agreement.all === 0 ? undefined : agreement.same / agreement.all;

/** Sentences about a rounded model's answers beside the original's. */
function imageLines({ images, unreadable, agreement, maxDifference, accuracy }: ImageCheck): string {
  const share = shareOf(agreement);
  const same = share === undefined ? "" : `the same answer for ${percent(share)} of the ${agreement!.of}, `;
  const right =
    accuracy === undefined
      ? ""
      : `\nAccuracy on ${accuracy.images} of them: ${percent(accuracy.before)} before, ${percent(accuracy.after)} after` +
        (accuracy.top5 === undefined
          ? ""
          : `; among the first five ${percent(accuracy.top5.before)} before, ${percent(accuracy.top5.after)} after`);
  const left = unreadable === 0 ? "" : ` (${unreadable} more cannot be read)`;
  return `On ${images} images${left}: ${same}largest difference of an output ${maxDifference.toPrecision(2)}${right}`;
}

async function run(from: string, to: string, options: Options): Promise<void> {
  const output = new Output(options);
  const { to: format, dtype, check: folder, architecture, threads, rescale, labels, imageSize, alpha } = options;
  const idle = (["classes", "alpha"] as const).find((name) => options[name] !== undefined);
  if (idle !== undefined && (architecture === undefined || (await exists(architecture))))
    throw new UsageError(
      `--${idle} belongs to a known network that is named with --architecture, such as mobilenet_v2; leave it out`,
    );
  const network = { imageSize, alpha, classes: options.classes };
  const converted = await convertFile(
    from,
    to,
    defined({ format, dtype, check: folder, architecture, threads, rescale, labels, ...network }),
  );
  for (const warning of converted.warnings) output.warn(warning);
  const { check, files, facts, images } = converted;
  const { total } = parameterCounts(converted.model);
  const classes = facts?.classNames?.length;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const checked =
    typeof check === "string"
      ? check
      : `Largest difference on ${check.samples} random inputs: ${check.maxDifference.toPrecision(2)} ` +
        `(largest output ${check.maxOutput.toPrecision(2)})`;
  output.answer(
    {
      format: converted.format,
      files,
      params: total,
      ...(facts?.classNames === undefined ? {} : { class_names: facts.classNames }),
      ...(typeof check === "string"
        ? { max_difference: null, reason: check }
        : { samples: check.samples, max_difference: check.maxDifference, max_output: check.maxOutput }),
      ...(images && {
        images: {
          same_answer: shareOf(images.agreement),
          same_answer_of: images.agreement?.of,
          max_difference: images.maxDifference,
          count: images.images,
          unreadable: images.unreadable,
          accuracy: images.accuracy,
        },
      }),
    },
    `${files.map(({ path }) => path).join(", ")}: ${readableSize(bytes)}, ${withCommas(total)} parameters` +
      `${classes === undefined ? "" : `, ${classes} classes`}\n${checked}` +
      (images === undefined ? "" : `\n${imageLines(images)}`),
  );
}

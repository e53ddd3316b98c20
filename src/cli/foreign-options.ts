// Options that say what a model from elsewhere does not: how pixels are scaled for it, and what its classes are called.
import type { Command, Option } from "commander";
import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import { HEAD_NAMES, type HeadName, leftOutSentences, type OpenedModel } from "../experiment/models/index.js";
import { RESCALE_NAMES, type RescaleName } from "../formats/models/pixels.js";
import { choice, type ImageSize, numberAbove, sizeOption } from "./options.js";
import type { Output } from "./terminal/output.js";

export interface ForeignOptions {
  readonly rescale?: RescaleName;
  readonly labels?: string;
  readonly imageSize?: ImageSize;
}

/** Options about detectors from elsewhere. */
export interface DetectorOptions {
  readonly head?: HeadName;
  readonly overlap?: number;
  readonly score?: number;
}

/** Adds `--head`, `--score` and `--overlap`. */
export function addDetectorOptions(command: Command): Command {
  return command
    .optionsGroup("Detectors from elsewhere:")
    .addOption(
      choice(
        "--head <name>",
        "how the outputs lie, where their shapes leave it open (default: by the shapes)",
        HEAD_NAMES,
      ),
    )
    .option("--score <share>", "score from which boxes are reported (default: 0.25)", numberAbove(0, 1, false))
    .option(
      "--overlap <share>",
      "intersection over union above which two boxes of a class are one object (default: 0.7)",
      numberAbove(0, 1, false),
    );
}

/** Options for `openAny`, `openModel` and `openAnswering`, which take detectors from elsewhere by them. */
export const detecting = ({ head, overlap, score }: DetectorOptions) => ({
  detectors: true,
  ...defined({ head, overlap, score }),
});

/** @throws UsageError for a score or an overlap that has no effect on a model, which is closed */
export async function checkDetecting({ detector, model, file }: OpenedModel, options: DetectorOptions): Promise<void> {
  const idle = (["score", "overlap"] as const).find((name) => options[name] !== undefined);
  if (detector !== undefined || idle === undefined) return;
  await model.close();
  throw new UsageError(`--${idle} is for detectors from elsewhere, and ${file} is none; leave it out`);
}

/** Warns about boxes that a detector's answers have left out. */
export function tellLeftOut({ detector, file }: OpenedModel, output: Pick<Output, "warn">): void {
  if (detector === undefined) return;
  for (const sentence of leftOutSentences(file, detector)) output.warn(sentence);
}

export const rescaleOption = (description: string): Option => choice("--rescale <scale>", description, RESCALE_NAMES);

/** Adds `--rescale`, `--labels` and `--image-size`. */
export function addForeignOptions(command: Command): Command {
  return command
    .optionsGroup("Models from elsewhere:")
    .addOption(rescaleOption("range that the model expects pixels 0..255 to be scaled to (default: the file's)"))
    .option(
      "--labels <file>",
      "names of the classes: one per line, Teachable Machine's labels.txt, or a JSON list (default: the file's)",
    )
    .addOption(sizeOption());
}

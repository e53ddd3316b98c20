// Options that say what a model from elsewhere does not: how pixels are scaled for it, and what its classes are called.
import type { Command, Option } from "commander";
import { HEAD_NAMES, type HeadName } from "../experiment/models/index.js";
import { RESCALE_NAMES, type RescaleName } from "../formats/models/pixels.js";
import { choice, type ImageSize, numberAbove, sizeOption } from "./options.js";

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

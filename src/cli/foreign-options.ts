// Options that say what a model from elsewhere does not: how pixels are scaled for it, and what its classes are called.
import type { Command, Option } from "commander";
import { RESCALE_NAMES, type RescaleName } from "../formats/models/pixels.js";
import { choice, type ImageSize, sizeOption } from "./options.js";

export interface ForeignOptions {
  readonly rescale?: RescaleName;
  readonly labels?: string;
  readonly imageSize?: ImageSize;
}

export const rescaleOption = (description: string): Option => choice("--rescale <scale>", description, RESCALE_NAMES);

/** Adds `--rescale`, `--labels` and `--image-size`. */
export function addForeignOptions(command: Command): Command {
  return command
    .optionsGroup("Models from elsewhere:")
    .addOption(rescaleOption("range that the model expects pixels 0..255 to be scaled to (default: the file's)"))
    .option(
      "--labels <file>",
      "names of the classes: one a line, Teachable Machine's labels.txt, or a JSON list (default: the file's)",
    )
    .addOption(sizeOption());
}

// Options that say which of the weights that Keras publishes for a network are meant.

import { type Command, InvalidArgumentError } from "commander";
import type { WeightsVariant } from "../experiment/pretrained/index.js";
import { wholeNumber } from "./options.js";

export interface VariantOptions {
  readonly alpha?: number;
  readonly size?: number;
}

const widths = (text: string): number => {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value <= 4))
    throw new InvalidArgumentError("Expected a number such as 0.5.");
  return value;
};

/** `--alpha` and `--size`. */
export function addVariantOptions(command: Command): Command {
  return command
    .option("--alpha <A>", "width of a mobilenet: 1 (default), 0.5 ...", widths)
    .option("--size <N>", "height and width of a mobilenet's images: 224 (default), 160 ...", wholeNumber(1));
}

/** The options that were given. */
export const variantOf = ({ alpha, size }: VariantOptions): WeightsVariant => ({
  ...(alpha === undefined ? {} : { alpha }),
  ...(size === undefined ? {} : { size }),
});

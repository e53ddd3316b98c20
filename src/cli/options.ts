// Options that several commands share, and how the text behind an option becomes a value. A value that cannot be is
// wrong usage: commander prints the sentence with the option's name, and the exit code is 2.

import { type Command, InvalidArgumentError, Option } from "commander";
import { parseByteSize } from "../core/byte-size.js";
import { FoveaError } from "../core/errors.js";
import type { EngineName } from "../experiment/pretrained/index.js";

export interface CommonOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly debug?: true;
  readonly seed?: number;
  readonly threads?: number;
}

/** Heading of the options that every command has. */
export const COMMON_GROUP = "Common options:";

/** Adds the options that every command has. */
export function addCommonOptions(command: Command): Command {
  command.optionsGroup(COMMON_GROUP);
  return command
    .option(
      "--seed <N>",
      "seed of everything random: weights, order of images, generated data (default: 0, or that of the recipe)",
      wholeNumber(0),
    )
    .option("--threads <N>", "threads to compute with (default: all; results do not depend on it)", wholeNumber(1, 256))
    .option("--json", "print one JSON object on stdout, everything else on stderr")
    .option("--quiet", "print results only, no progress")
    .option("--debug", "on an error, show where it came from");
}

/** A whole number from `low` to `high`. */
export const wholeNumber =
  (low: number, high = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < low || value > high)
      throw new InvalidArgumentError(
        high === Number.MAX_SAFE_INTEGER
          ? `Expected a whole number of at least ${low}.`
          : `Expected a whole number from ${low} to ${high}.`,
      );
    return value;
  };

/** A number between `low` and `high`, `low` itself excluded. */
export const numberAbove =
  (low: number, high: number, highIncluded = true) =>
  (text: string): number => {
    const value = Number(text);
    const fits = value > low && (highIncluded ? value <= high : value < high);
    if (text.trim() === "" || !fits)
      throw new InvalidArgumentError(
        `Expected a number above ${low} and ${highIncluded ? `up to ${high}` : `below ${high}`}.`,
      );
    return value;
  };

/** A number of at least `low`. */
export const numberFrom =
  (low: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < low)
      throw new InvalidArgumentError(`Expected a number of at least ${low}.`);
    return value;
  };

/** `64MB`: bytes with their unit. */
export function byteSize(text: string): number {
  try {
    return parseByteSize("--memory", text);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    throw new InvalidArgumentError("Expected a size with its unit, such as 64MB or 2GB.");
  }
}

/** `--memory`, which means the same wherever images are loaded. */
export const memoryOption = (): Option =>
  new Option(
    "--memory <SIZE>",
    "memory for pixels, such as 64MB: pixels that do not fit are read from a cache file or decoded on use " +
      "(default: a quarter of the free memory; results do not depend on it)",
  ).argParser(byteSize);

/** `--memory` where a model is trained: from 512 MB on it is that of the whole program. */
export const trainingMemoryOption = (): Option =>
  new Option(
    "--memory <SIZE>",
    "memory for pixels, such as 64MB: pixels that do not fit are read from a cache file or decoded on use; from 512MB on, memory " +
      "for all: results are computed again rather than kept, and where that is not enough a batch is computed in parts, which the " +
      "recipe then says (default: a quarter of the free memory for pixels, no limit for the rest)",
  ).argParser(byteSize);

export type ImageSize = readonly [height: number, width: number];

/** `80x60`: height, then width. */
export function imageSize(text: string): ImageSize {
  const match = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text);
  const size = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)] as const;
  if (size.some((extent) => extent < 1 || extent > 16384))
    throw new InvalidArgumentError("Expected HEIGHTxWIDTH in pixels, each from 1 to 16384, such as 80x60.");
  return size;
}

/** Shows an image size as it is typed. */
export const showImageSize = ([height, width]: ImageSize): string => `${height}x${width}`;

/** An option as it is typed: `--batch-size` for `batchSize`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** An option with a fixed list of values; anything else is answered with that list. */
export const choice = <T extends string>(flags: string, description: string, values: readonly T[]): Option =>
  new Option(flags, description).choices(values);

/** `--image-size` and `--color`, which mean the same wherever they stand. */
export const imageSizeOption = (): Option =>
  new Option("--image-size <HxW>", "height x width in pixels that every image is resized to")
    .argParser(imageSize)
    .default([80, 60], "80x60");

/** `--image-size` for models whose file does not say the size of their images. */
export const sizeOption = (): Option =>
  new Option(
    "--image-size <HxW>",
    "height x width of the images in pixels, for a model that takes any (default: the model's)",
  ).argParser(imageSize);

export const colorOption = (): Option =>
  choice("--color <mode>", "colours that the model takes", ["grayscale", "rgb"]).default("grayscale");

/** `--engine`, for what a trained network computes. */
export const engineOption = (): Option =>
  choice<EngineName>("--engine <name>", "who runs the trained network: Fovea, or onnxruntime-node where installed", [
    "wasm",
    "onnxruntime",
  ]).default("wasm");

export const modeOption = (): Option =>
  choice(
    "--mode <mode>",
    "the same bits everywhere, or relaxed SIMD where it is faster, as timed once on this machine",
    ["reproducible", "fast"],
  ).default("reproducible");

// Options of `fovea train` for a table, whose samples are rows of features in place of images.
import type { Command } from "commander";
import { TABLE_MODELS } from "../applications/tabular.js";
import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import type { TablePreprocessing } from "../formats/run/recipe.js";
import { choice, flagOf } from "./options.js";

export interface TableOptions {
  readonly features?: readonly string[];
  readonly categories?: readonly string[];
  readonly missing: "error" | "fill";
  readonly standardize: boolean;
  readonly delimiter?: string;
}

/** Adds the options of a table's features. */
export const addTableOptions = (command: Command): Command =>
  command
    .optionsGroup("Tables:")
    .option("--features <column...>", "columns to learn from (default: all but those with another use)")
    .option("--categories <column...>", "columns of categories that look like numbers (default: none)")
    .addOption(
      choice("--missing <way>", "cells without a value: an error, or filled with the mean or a category of their own", [
        "error",
        "fill",
      ]).default("error"),
    )
    .option("--no-standardize", "take numbers as they are, not as (value - mean) / deviation")
    .option("--delimiter <character>", "separator of fields (default: detected from the first line)");

const OF_TABLES = ["features", "categories", "missing", "standardize", "delimiter"] as const;
const OF_IMAGES = ["imageSize", "color", "skipBad", "augment", "keepCopies", "sampleWeight"] as const;
/** Names of options that settle what is made of a table. */
export const TABLE_SETTINGS = OF_TABLES;

type Given = (name: (typeof OF_TABLES)[number] | (typeof OF_IMAGES)[number]) => boolean;

/** @throws UsageError for an option that has no meaning for a table, or for images */
export function checkTableOptions(dir: string, isOfRows: boolean, isGiven: Given): void {
  const wrong = (isOfRows ? OF_IMAGES : OF_TABLES).find(isGiven);
  if (wrong === undefined) return;
  throw new UsageError(
    isOfRows
      ? `train: ${flagOf(wrong)} is for images, and ${dir} is a table without a column of paths; leave it out`
      : `train: ${flagOf(wrong)} is for tables, and ${dir} has images; leave it out`,
  );
}

/** Steps from columns to features that options ask for. */
export function tablePreprocessingFrom(options: TableOptions): TablePreprocessing {
  const { features, categories, missing, standardize, delimiter } = options;
  const types = categories && Object.fromEntries(categories.map((name) => [name, "category" as const]));
  return { missing, standardize, ...defined({ features, types, delimiter }) };
}

/** Steps of a recipe's table with what options say beside it: other features keep their known types. */
export function reusedTable(
  recipe: TablePreprocessing,
  wished: TablePreprocessing,
  isGiven: (name: (typeof OF_TABLES)[number]) => boolean,
): TablePreprocessing {
  const features = wished.features ?? recipe.features;
  const known = Object.entries(recipe.types ?? {}).filter(([name]) => features?.includes(name));
  return {
    ...defined({ features, delimiter: wished.delimiter ?? recipe.delimiter }),
    types: { ...Object.fromEntries(known), ...wished.types },
    missing: isGiven("missing") ? wished.missing : recipe.missing,
    standardize: isGiven("standardize") ? wished.standardize : recipe.standardize,
  };
}

/** Settings that tables are trained with unless options say otherwise. */
export const TABLE_DEFAULTS = { model: "linear", batchSize: 1024 } as const;

interface Settings {
  readonly model: string;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** Options with the defaults of tables in place of those of images. */
export function withTableDefaults<T extends Settings>(options: T, isGiven: (name: keyof Settings) => boolean): T {
  const model = isGiven("model") ? options.model : TABLE_DEFAULTS.model;
  const batchSize = isGiven("batchSize") ? options.batchSize : TABLE_DEFAULTS.batchSize;
  const known = Object.entries(TABLE_MODELS).find(([name]) => name === model)?.[1];
  const learningRate = isGiven("learningRate") || known === undefined ? options.learningRate : known.learningRate;
  return { ...options, model, batchSize, learningRate };
}

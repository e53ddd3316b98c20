// Options of `fovea train` and `fovea transfer` for a split and for weights: whether classes keep their proportions,
// and how much images count.

import type { Command } from "commander";
import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import { type ClassWeightWish, recordedWeights } from "../experiment/data/index.js";
import type { Plan } from "../experiment/recipe/index.js";
import { readText } from "../platform/files.js";

export interface WeightOptions {
  readonly classWeight?: string;
  readonly sampleWeight?: string;
}

/** Adds `--stratify` and `--no-stratify`. */
export const addSplitOptions = (command: Command): Command =>
  command
    .option("--stratify", "hold out every class in its proportion (default: only where classes are uneven)")
    .option("--no-stratify", "split as scikit-learn's train_test_split does by default, regardless of classes");

/** Adds `--class-weight` and `--sample-weight`. */
export const addWeightOptions = (command: Command): Command =>
  command
    .option(
      "--class-weight <weights>",
      "balanced, NAME=WEIGHT,NAME=WEIGHT or a .json file with weights of classes in the loss (default: all 1)",
    )
    .option(
      "--sample-weight <file.csv>",
      "columns file and weight, the weight of each training image in the loss (default: all 1)",
    );

/** Help of commands that have both kinds of options. */
export const SPLIT_HELP = `
Images without a folder of their own are held out as scikit-learn's train_test_split does it, not stratified; where the
largest class has five times as many images as the smallest, or a class would get less than half of its share of a
part, the split is stratified and a line says so. --stratify and --no-stratify decide.
--class-weight balanced weighs classes as scikit-learn's compute_class_weight does.`;

/** The weights that options ask for. @throws UsageError for a text that is none of the forms. */
export async function weightsFrom({
  classWeight,
  sampleWeight,
}: WeightOptions): Promise<Pick<Plan, "classWeight" | "sampleWeight">> {
  return defined({
    classWeight: classWeight === undefined ? undefined : await classWeightFrom(classWeight),
    sampleWeight: sampleWeight === undefined ? undefined : await recordedWeights(sampleWeight),
  });
}

async function classWeightFrom(text: string): Promise<ClassWeightWish> {
  if (text === "balanced") return text;
  if (text.endsWith(".json")) return fromJson(text, await readText(text));
  return text.split(",").map((pair) => {
    const at = pair.lastIndexOf("=");
    const weight = Number(pair.slice(at + 1));
    if (at < 1 || pair.slice(at + 1).trim() === "" || !Number.isFinite(weight) || weight < 0)
      throw new UsageError(
        `--class-weight: expected balanced, NAME=WEIGHT,NAME=WEIGHT or a .json file, received ${JSON.stringify(pair)}`,
      );
    return { name: pair.slice(0, at), weight };
  });
}

function fromJson(path: string, text: string): ClassWeightWish {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`--class-weight: ${path} is no JSON`);
  }
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const wrong = entries.find(([, weight]) => typeof weight !== "number" || !Number.isFinite(weight) || weight < 0);
  if (entries.length === 0 || wrong !== undefined)
    throw new UsageError(
      `--class-weight: expected {"CLASS": WEIGHT, ...} with weights of at least 0 in ${path}` +
        (wrong === undefined ? "" : `, received ${JSON.stringify(wrong[1])} for "${wrong[0]}"`),
    );
  return entries.map(([name, weight]) => ({ name, weight: weight as number }));
}

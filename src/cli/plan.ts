// From the options of `fovea train` to a plan: the lecture's settings, another run's recipe, and what was given beside it.

import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import type { DataWish, UsualLook } from "../experiment/data/index.js";
import {
  type AugmentationName,
  dataWishOf,
  type Plan,
  planOf,
  type ScheduleName,
  type SolverName,
} from "../experiment/recipe/index.js";
import { isOfTable, readRecipe, type TablePreprocessing, UPRIGHT } from "../formats/run/recipe.js";
import { readText } from "../platform/files.js";
import { flagOf, type ImageSize } from "./options.js";
import { weightsFrom } from "./split-options.js";
import { reusedTable } from "./table-options.js";
import { columnsFrom, dataWishFrom, splitByFrom, type TaskOptions, taskWishFrom } from "./task-options.js";

/** Options that settle what is trained; all but the seed have defaults. */
export interface PlanOptions extends TaskOptions {
  /** The name of an architecture, or the path of a recipe.json. */
  readonly model: string;
  readonly imageSize: ImageSize;
  readonly color: "grayscale" | "rgb";
  readonly epochs: number;
  readonly batchSize: number;
  readonly patience: number;
  readonly monitor?: string;
  readonly validationSplit: number;
  readonly splitSeed: number;
  readonly stratify?: boolean;
  readonly classWeight?: string;
  readonly sampleWeight?: string;
  readonly mode: "reproducible" | "fast";
  readonly augment: AugmentationName;
  readonly schedule: ScheduleName;
  readonly learningRate: number;
  readonly solver?: SolverName;
  readonly seed?: number;
}

/** Checks whether an option was given, rather than left at its default. */
type Given = (name: keyof PlanOptions) => boolean;

/** Plan and wish for the data that options and a recipe come to. */
export interface Wished {
  readonly plan: Plan;
  /** Wish for the data, as options say it. */
  readonly data: DataWish;
  /** Sentences on what comes from a recipe and changes the loss, without a full stop. */
  readonly notes: readonly string[];
}

/**
 * The plan of a recipe where one is given, else the lecture's; options on the command line win.
 * @param look size and colour of the images where the options do not say, or what is made of a table
 */
export async function planFrom(
  options: PlanOptions,
  isGiven: Given,
  look?: UsualLook | TablePreprocessing,
): Promise<Wished> {
  const { model, epochs, batchSize, patience, monitor, validationSplit, splitSeed, mode } = options;
  const wished: Plan = {
    model: { name: model },
    preprocessing: preprocessingFrom(options, isGiven, look),
    split: {
      validation: validationSplit,
      seed: splitSeed,
      stratify: options.stratify ?? "uneven",
      ...splitByFrom(options),
    },
    seed: options.seed ?? 0,
    mode,
    training: { epochs, batchSize, patience, ...defined({ monitor }) },
    wish: taskWishFrom(options, isGiven),
    ...columnsFrom(options),
    augmentation: options.augment,
    schedule: options.schedule,
    learningRate: options.learningRate,
    ...solverFrom(options, isGiven),
    ...(await weightsFrom(options)),
  };
  const data = dataWishFrom(options);
  if (!model.endsWith(".json")) return { plan: wished, data, notes: [] };
  const settled = (["augment", "schedule", "learningRate", "loss", "power", "l2"] as const).find(isGiven);
  if (settled !== undefined)
    throw new UsageError(`train: a recipe.json says how its model learns; leave out ${flagOf(settled)}`);
  const recipe = readRecipe(await readText(model), model);
  const plan = planOf(recipe);
  const reused: Plan = {
    model: plan.model,
    preprocessing: reusedPreprocessing(model, plan.preprocessing, wished.preprocessing, isGiven),
    split: {
      validation: isGiven("validationSplit") ? validationSplit : plan.split.validation,
      seed: isGiven("splitSeed") ? splitSeed : plan.split.seed,
      stratify: options.stratify ?? plan.split.stratify,
      ...defined({ by: options.splitBy ?? plan.split.by, keepCopies: options.keepCopies ?? plan.split.keepCopies }),
    },
    seed: options.seed ?? plan.seed,
    mode: isGiven("mode") ? mode : plan.mode,
    training: { ...plan.training, ...chosen(wished.training, isGiven) },
    ...defined({
      wish: plan.wish,
      solver: wished.solver ?? plan.solver,
      classWeight: wished.classWeight ?? plan.classWeight,
      sampleWeight: wished.sampleWeight ?? plan.sampleWeight,
      columns: wished.columns ?? plan.columns,
    }),
  };
  // Another task or target makes the recipe's columns mean nothing.
  const isOther = isGiven("task") || isGiven("target");
  return {
    plan: reused,
    data: isOther ? data : { ...dataWishOf(recipe), ...data },
    notes: weightNotes(model, wished, plan),
  };
}

/** The preprocessing of a recipe with what options say beside it. @throws UsageError for one of another kind of data */
function reusedPreprocessing(
  from: string,
  recipe: Plan["preprocessing"],
  wished: Plan["preprocessing"],
  isGiven: Given,
): Plan["preprocessing"] {
  if (isOfTable(recipe) && isOfTable(wished)) return reusedTable(recipe, wished, isGiven as (name: string) => boolean);
  if (!isOfTable(recipe) && !isOfTable(wished)) return { ...recipe, ...chosen(wished, isGiven) };
  throw new UsageError(
    isOfTable(recipe)
      ? `train: ${from} is the recipe of a table, and here are images; give a table, or another --model`
      : `train: ${from} is the recipe of images, and here is a table; give images, or another --model`,
  );
}

/** Sentences on weights that a recipe brings along. */
function weightNotes(from: string, wished: Plan, { classWeight, sampleWeight }: Plan): string[] {
  const named = wished.classWeight === undefined && Array.isArray(classWeight) ? classWeight : [];
  const weights = named.map(({ name, weight }) => `${name} ${Number(weight.toPrecision(4))}`);
  return [
    ...(weights.length === 0
      ? []
      : [`classes count as in ${from}: ${weights.join(", ")}; --class-weight says otherwise`]),
    ...(wished.sampleWeight !== undefined || sampleWeight === undefined
      ? []
      : [`images count as in ${from}, by ${sampleWeight.path}; --sample-weight says otherwise`]),
  ];
}

/** Settings of learning from batches, which Newton's method has no use for. */
const OF_BATCHES = ["batchSize", "learningRate", "schedule", "patience", "monitor"] as const;

/** The method of learning where options say one. @throws UsageError for settings that Newton's method has no use for */
function solverFrom({ solver }: PlanOptions, isGiven: Given): Pick<Plan, "solver"> {
  const setting = OF_BATCHES.find(isGiven);
  if (solver === "newton" && setting !== undefined)
    throw new UsageError(
      `--solver newton takes all rows at once until a step changes nothing; leave out ${flagOf(setting)}, or say --solver adam`,
    );
  return defined({ solver: solver ?? (setting === undefined ? undefined : "adam") });
}

/** Steps that make samples: of images by their look, of a table as it is asked for. */
function preprocessingFrom(
  options: PlanOptions,
  isGiven: Given,
  look: UsualLook | TablePreprocessing | undefined,
): Plan["preprocessing"] {
  if (look !== undefined && "standardize" in look) return look;
  const imageSize = look === undefined || isGiven("imageSize") ? options.imageSize : look.imageSize;
  const color = look === undefined || isGiven("color") ? options.color : look.color;
  return { imageSize, color, interpolation: "lanczos", ...UPRIGHT };
}

/** Those fields of `settings` that were given as options of the same name. */
function chosen<T extends object>(settings: T, isGiven: Given): Partial<T> {
  const entries = Object.entries(settings).filter(([name]) => isGiven(name as keyof PlanOptions));
  return Object.fromEntries(entries) as Partial<T>;
}

// From the options of `fovea train` to a plan: the lecture's settings, another run's recipe, and what was given beside it.

import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import type { UsualLook } from "../experiment/data/index.js";
import { type AugmentationName, type Plan, planOf, type ScheduleName } from "../experiment/recipe/index.js";
import { readRecipe, type TablePreprocessing, UPRIGHT } from "../formats/run/recipe.js";
import { readText } from "../platform/files.js";
import { flagOf, type ImageSize } from "./options.js";
import { weightsFrom } from "./split-options.js";
import { columnsFrom, splitByFrom, type TaskOptions, taskWishFrom } from "./task-options.js";

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
  readonly seed?: number;
}

/** Whether an option was given, rather than left at its default. */
type Given = (name: keyof PlanOptions) => boolean;

/**
 * The plan of a recipe where one is given, else the lecture's; options on the command line win.
 * @param look size and colour of the images where the options do not say, or what is made of a table
 */
export async function planFrom(
  options: PlanOptions,
  given: Given,
  look?: UsualLook | TablePreprocessing,
): Promise<Plan> {
  const { model, epochs, batchSize, patience, monitor, validationSplit, splitSeed, mode } = options;
  const wished: Plan = {
    model: { name: model },
    preprocessing: preprocessingFrom(options, given, look),
    split: {
      validation: validationSplit,
      seed: splitSeed,
      stratify: options.stratify ?? "uneven",
      ...splitByFrom(options),
    },
    seed: options.seed ?? 0,
    mode,
    training: { epochs, batchSize, patience, ...defined({ monitor }) },
    wish: taskWishFrom(options, given),
    ...columnsFrom(options),
    augmentation: options.augment,
    schedule: options.schedule,
    learningRate: options.learningRate,
    ...(await weightsFrom(options)),
  };
  if (!model.endsWith(".json")) return wished;
  const settled = (["augment", "schedule", "learningRate", "loss", "power"] as const).find(given);
  if (settled !== undefined)
    throw new UsageError(`train: a recipe.json says how its model learns; leave out ${flagOf(settled)}`);
  const plan = planOf(readRecipe(await readText(model), model));
  return {
    model: plan.model,
    preprocessing: { ...plan.preprocessing, ...chosen(wished.preprocessing, given) } as Plan["preprocessing"],
    split: {
      validation: given("validationSplit") ? validationSplit : plan.split.validation,
      seed: given("splitSeed") ? splitSeed : plan.split.seed,
      stratify: options.stratify ?? plan.split.stratify,
      ...defined({ by: options.splitBy ?? plan.split.by, keepCopies: options.keepCopies ?? plan.split.keepCopies }),
    },
    seed: options.seed ?? plan.seed,
    mode: given("mode") ? mode : plan.mode,
    training: { ...plan.training, ...chosen(wished.training, given) },
    ...defined({
      classWeight: wished.classWeight ?? plan.classWeight,
      sampleWeight: wished.sampleWeight ?? plan.sampleWeight,
      columns: wished.columns ?? plan.columns,
    }),
  };
}

/** Steps that make samples: of images by their look, of a table as it is asked for. */
function preprocessingFrom(
  options: PlanOptions,
  given: Given,
  look: UsualLook | TablePreprocessing | undefined,
): Plan["preprocessing"] {
  if (look !== undefined && "standardize" in look) return look;
  const imageSize = look === undefined || given("imageSize") ? options.imageSize : look.imageSize;
  const color = look === undefined || given("color") ? options.color : look.color;
  return { imageSize, color, interpolation: "lanczos", ...UPRIGHT };
}

/** Those fields of `settings` that were given as options of the same name. */
function chosen<T extends object>(settings: T, given: Given): Partial<T> {
  const entries = Object.entries(settings).filter(([name]) => given(name as keyof PlanOptions));
  return Object.fromEntries(entries) as Partial<T>;
}

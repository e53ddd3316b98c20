// Options of commands that learn from targets: the task, its columns and loss, and how images are split by what is known
// of them.
import type { Command } from "commander";
import { defined } from "../core/defined.js";
import { UsageError } from "../core/errors.js";
import type { DataWish } from "../experiment/data/index.js";
import { TASKS, type TaskWish, type UsualSettings } from "../experiment/tasks/index.js";
import type { Recipe } from "../formats/run/recipe.js";
import { TASK_KINDS, type TaskKind } from "../formats/run/task.js";
import { choice, numberAbove, numberFrom } from "./options.js";

export interface TaskOptions {
  readonly task?: TaskKind;
  readonly target?: readonly string[];
  readonly loss?: string;
  readonly power?: number;
  readonly l2?: number;
  readonly exposure?: string | true;
  readonly splitBy?: "random" | "group" | "date";
  readonly groupColumn?: string;
  readonly dateColumn?: string;
  readonly weightColumn?: string;
  readonly keepCopies?: true;
}

const LOSSES = [...new Set(Object.values(TASKS).flatMap(({ losses }) => losses))];

/** Adds the options of a task. */
export const addTaskOptions = (command: Command): Command =>
  command
    .optionsGroup("Task and targets:")
    .addOption(choice("--task <name>", "task (default: by the targets)", TASK_KINDS))
    .option(
      "--target <column...>",
      "columns of a manifest to learn (default: the only one, or class, label, target; of masks mask, or the folder masks)",
    )
    .addOption(
      choice("--loss <name>", "loss of a regression (default: mse), or of masks (default: dice-crossentropy)", LOSSES),
    )
    .option("--power <P>", "power of --loss tweedie, between 1 and 2", numberAbove(1, 2, false), 1.5)
    .option(
      "--l2 <A>",
      "L2 penalty on the last layer of a regression, as scikit-learn's alpha (default: 0; 0.1 for --model linear of counts and amounts)",
      numberFrom(0),
    )
    .option("--exposure [column]", "divide numbers by a column of exposures, and weigh them with it (default: none)");

/** Adds the options of a split by what is known of images. */
export const addSplitByOptions = (command: Command): Command =>
  command
    .addOption(
      choice(
        "--split-by <way>",
        "group keeps groups whole, date holds out the latest (default: group where there are groups)",
        ["random", "group", "date"],
      ),
    )
    .option("--group-column <name>", "column of groups, such as the claim (default: group)")
    .option("--date-column <name>", "column of dates (default: date)")
    .option("--weight-column <name>", "column of weights (default: weight)")
    .option("--keep-copies", "keep images with the same bytes in one part");

/** The same options with those settings that a task has of its own. */
export function withTaskDefaults<O extends TaskOptions>(
  options: O,
  isGiven: (name: keyof UsualSettings) => boolean,
): O {
  const { task } = dataWishFrom(options);
  const usual = task && TASKS[task].usual;
  if (usual === undefined) return options;
  const names = Object.keys(usual) as (keyof UsualSettings)[];
  return { ...options, ...Object.fromEntries(names.flatMap((name) => (isGiven(name) ? [] : [[name, usual[name]]]))) };
}

/** Names of options that settle the task, for commands that take it from a recipe. */
export const TASK_SETTINGS = [
  "task",
  "target",
  "loss",
  "power",
  "l2",
  "exposure",
  "splitBy",
  "groupColumn",
  "dateColumn",
  "weightColumn",
  "keepCopies",
] as const;

/** Wish for the task. @throws UsageError for a power without the loss that has one */
export function taskWishFrom({ loss, power, l2 }: TaskOptions, isGiven: (name: "power") => boolean): TaskWish {
  if (isGiven("power") && loss !== "tweedie")
    throw new UsageError("--power belongs to --loss tweedie; leave it out, or name that loss");
  return defined({ loss, l2, power: loss === "tweedie" ? power : undefined });
}

/** Columns of a manifest that are not called as their roles are. */
export function columnsFrom(options: TaskOptions): Pick<Recipe, "columns"> {
  const { exposure, groupColumn: group, dateColumn: date, weightColumn: weight } = options;
  const columns = defined({ group, date, weight, exposure: typeof exposure === "string" ? exposure : undefined });
  return Object.keys(columns).length === 0 ? {} : { columns };
}

/** Task that a loss or an exposure is for, where nobody named one. */
const impliedTask = ({ loss, exposure }: TaskOptions): TaskKind | undefined =>
  exposure === undefined
    ? TASK_KINDS.find((kind) => loss !== undefined && TASKS[kind].losses.includes(loss))
    : "regression";

/** Wish for the data. */
export const dataWishFrom = (options: TaskOptions): DataWish =>
  defined({
    task: options.task ?? impliedTask(options),
    target: options.target,
    exposure: options.exposure === undefined ? undefined : true,
    columns: columnsFrom(options).columns,
  });

/** Ways of splitting that options ask for. */
export const splitByFrom = ({ splitBy, keepCopies }: TaskOptions) => defined({ by: splitBy, keepCopies });

// Options that say which answers a person should look at: coverage, risk, costs; and how they become rules.
import { type Command, InvalidArgumentError } from "commander";
import { defined } from "../core/defined.js";
import { FoveaError, UsageError } from "../core/errors.js";
import type { OpenedModel } from "../experiment/models/index.js";
import { taskOf } from "../experiment/tasks/index.js";
import {
  type DecisionRules,
  INTERVAL_METHODS,
  type IntervalMethod,
  readCosts,
  SET_METHODS,
  type SetMethod,
} from "../experiment/trust/index.js";
import { readText } from "../platform/files.js";
import { choice } from "./options.js";

export interface TrustOptions {
  readonly coverage?: number;
  readonly sets?: SetMethod;
  readonly perClass?: true;
  readonly ranges?: IntervalMethod;
  readonly referAbove?: number;
  readonly confidence?: number;
  readonly costs?: string;
  /** False for `--no-calibration`. */
  readonly calibration: boolean;
  /** False for `--no-novelty`. */
  readonly novelty: boolean;
}

/** A share, both ends excluded. */
function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < 1))
    throw new InvalidArgumentError("Expected a share above 0 and below 1, such as 0.95.");
  return value;
}

/** Adds the options of decisions. */
export function addTrustOptions(command: Command): Command {
  return command
    .optionsGroup("Which answers a person should look at:")
    .option(
      "--coverage <C>",
      "add the classes, or the range of a number, that hold the truth for this share of images, such as 0.95; an image with " +
        "more or fewer than one class is referred (default: none)",
      share,
    )
    .addOption(choice("--sets <method>", "method of the sets of --coverage (default: lac)", SET_METHODS))
    .option("--per-class", "keep the coverage in each class, not only over all")
    .addOption(
      choice(
        "--ranges <method>",
        "method of the ranges of --coverage (default: the one of the model's file)",
        INTERVAL_METHODS,
      ),
    )
    .option(
      "--refer-above <R>",
      "refer the least sure answers, so that at most this share of the others is wrong, such as 0.02 (default: refer none)",
      share,
    )
    .option("--confidence <C>", "confidence of the bound of --refer-above (default: 0.95)", share)
    .option(
      "--costs <file>",
      "decide at least expected cost: a CSV file, a row for each true class, a column for each decision, and one named look (default: the most probable class)",
    )
    .option("--no-novelty", "accept answers about images unlike all training images")
    .option("--no-calibration", "leave probabilities as the model gives them");
}

/** Options that change what another does, and do nothing without it. */
const NEEDS = [
  ["sets", "coverage", "--sets has nothing to do without --coverage; add --coverage 0.95"],
  ["perClass", "coverage", "--per-class has nothing to do without --coverage; add --coverage 0.95"],
  ["ranges", "coverage", "--ranges has nothing to do without --coverage; add --coverage 0.95"],
  ["confidence", "referAbove", "--confidence has nothing to do without --refer-above; add --refer-above 0.02"],
] as const;

/** Rules of the options. @throws UsageError for one without the other that it needs, FoveaError for costs that do not fit the model */
export async function rulesOf(options: TrustOptions, { classNames, task, file }: OpenedModel): Promise<DecisionRules> {
  for (const [name, needed, sentence] of NEEDS)
    if (options[name] !== undefined && options[needed] === undefined) throw new UsageError(sentence);
  const { coverage, sets, perClass, ranges, referAbove, confidence, costs, novelty } = options;
  if (costs !== undefined && classNames === undefined && task !== undefined)
    throw new UsageError(
      `--costs chooses among the classes of an image, and ${file} is a ${taskOf(task).model}; leave it out`,
    );
  if (costs !== undefined && classNames === undefined)
    throw new FoveaError("missing-option", `${file} has no class names, which --costs needs; --labels FILE names them`);
  return {
    ...defined({ coverage, sets, perClass, ranges, referAbove, sureness: confidence }),
    ...(costs === undefined ? {} : { costs: readCosts(await readText(costs), classNames!, costs) }),
    ...(novelty ? {} : { novelty }),
  };
}

// Options that say which answers a person should look at: coverage, risk, costs; and how they become rules.
import { type Command, InvalidArgumentError } from "commander";
import { defined } from "../core/defined.js";
import { FoveaError } from "../core/errors.js";
import type { OpenedModel } from "../experiment/models/index.js";
import { type DecisionRules, readCosts, SET_METHODS, type SetMethod } from "../experiment/trust/index.js";
import { readText } from "../platform/files.js";
import { choice } from "./options.js";

export interface TrustOptions {
  readonly coverage?: number;
  readonly sets?: SetMethod;
  readonly perClass?: true;
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
      "add the classes, or the range of a number, that hold the truth for this share of images, such as 0.95; more classes than " +
        "one refer the image",
      share,
    )
    .addOption(choice("--sets <method>", "how classes are kept in with --coverage (default: lac)", SET_METHODS))
    .option("--per-class", "keep the coverage in each class, not only over all")
    .option(
      "--refer-above <R>",
      "refer what is too unsure for a share of wrong answers of at most R among the others, such as 0.02",
      share,
    )
    .option("--confidence <C>", "how sure that bound is (default: 0.95)", share)
    .option(
      "--costs <file>",
      "decide at least expected cost: a CSV file, a row for each true class, a column for each decision, and one named look",
    )
    .option("--no-novelty", "answer too about images that are like none of the training images")
    .option("--no-calibration", "leave probabilities as the model gives them");
}

/** Rules of the options. @throws FoveaError for costs that do not fit the model */
export async function rulesOf(
  { coverage, sets, perClass, referAbove, confidence, costs, novelty }: TrustOptions,
  { classNames, file }: OpenedModel,
): Promise<DecisionRules> {
  if (costs !== undefined && classNames === undefined)
    throw new FoveaError(`${file} has no class names, which --costs needs; --labels FILE names them`);
  return {
    ...defined({ coverage, sets, perClass, referAbove, sureness: confidence }),
    ...(costs === undefined ? {} : { costs: readCosts(await readText(costs), classNames!, costs) }),
    ...(novelty ? {} : { novelty }),
  };
}

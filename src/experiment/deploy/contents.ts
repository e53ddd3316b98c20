// The contents of every deployed form: the model opened as `fovea predict` opens it, its rules, its card where it is a run,
// and for pages its compact form, which is opened again and compared before it is given out.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { wholeNumber } from "../../core/options.js";
import { saveCompact } from "../../formats/models/compact.js";
import { filesHere } from "../../platform/files/files-here.js";
import { baseName, joinPath } from "../../platform/paths.js";
import type { CardFacts } from "../../report/card-facts.js";
import { readRunCard } from "../card/index.js";
import { judgeOf } from "../models/calibrated.js";
import { type OpenedModel, openAny, openCompact, outputKinds } from "../models/index.js";
import { RUN_FILES, RunFolder } from "../run/index.js";
import type { DecisionRules } from "../trust/decisions/rules.js";
import { CREATED_BY, optionsOf, type PageSettings } from "./settings.js";

/** Options of all forms. */
export interface DeployOptions {
  /**
   * Rules about which answers are accepted, or a function that makes them for the opened model. Default: sets, or ranges of
   * numbers, at a coverage of 0.9 where the model's file has what they take, and the referral of images like none of the
   * training images.
   */
  readonly rules?: DecisionRules | ((opened: OpenedModel) => Promise<DecisionRules>) | undefined;
  /** Most classes in an answer. Default 5. */
  readonly top?: number | undefined;
  /** False for probabilities as the model gives them. Default true. */
  readonly calibration?: boolean | undefined;
  /** Threads that check the model. Default: what the machine has. */
  readonly threads?: number | undefined;
}

/** The coverage of sets that nobody asked for. */
const USUAL_COVERAGE = 0.9;

/** A model with what its answers go by. */
export interface Contents {
  readonly opened: OpenedModel;
  readonly settings: Omit<PageSettings, "form">;
  /** Absent for a model that is no run's. */
  readonly card: CardFacts | undefined;
  /** Warnings of the model's file, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Opens a model for a form, and closes it after `work`.
 * @throws FoveaError as `openAny` does, and for rules that the model's file has no facts for
 */
export async function withContents<T>(
  path: string,
  options: DeployOptions,
  work: (contents: Contents) => Promise<T>,
): Promise<T> {
  const top = wholeNumber("deploy top", options.top ?? 5);
  const { calibration = true, threads } = options;
  const opened = await openAny(path, { compile: "objective", tables: true, ...defined({ threads }) });
  try {
    const asked = typeof options.rules === "function" ? await options.rules(opened) : options.rules;
    const rules = rulesFor(opened, asked, calibration);
    const card = await cardAt(path);
    const { outputs, assumed } = outputKinds(opened);
    if (opened.facts?.table === undefined && opened.preprocessing === undefined)
      throw new FoveaError(
        "unsuited-model",
        `${opened.file} takes neither photos nor the rows of a known table; expected a model of these`,
      );
    if (outputs.some(({ kind }) => kind === "maps"))
      throw new FoveaError(
        "unsuited-model",
        `${opened.file} gives maps, which a page cannot show yet; deploy a model with classes or numbers`,
      );
    const settings = {
      ...{ version: 1 as const, name: nameOf(path), rules, top, calibration },
      ...{ weights: await opened.original.weightsSha256(), parameters: opened.original.countParams() },
      ...{ createdBy: CREATED_BY, options: optionsOf({ rules, top, calibration }) },
    };
    return await work({ opened, settings, card, warnings: [...opened.warnings, ...assumed] });
  } finally {
    await opened.model.close();
  }
}

/** Rules that were asked for, checked; else sets where the model's file has what they take. */
function rulesFor(opened: OpenedModel, asked: DecisionRules | undefined, calibration: boolean): DecisionRules {
  // Rows of tables are answered without rules.
  if (opened.facts?.table !== undefined) {
    if (asked === undefined || Object.keys(asked).length === 0) return {};
    throw new FoveaError(
      "unsuited-model",
      `${opened.file} is a model of a table, for which there are no sets and no referral; leave these out`,
    );
  }
  const [output, ...others] = outputKinds(opened).outputs;
  const task = others.length === 0 ? output?.task : undefined;
  const check = (rules: DecisionRules): DecisionRules => {
    judgeOf(opened, task, { rules, calibration, batchSize: 1 });
    return rules;
  };
  if (asked !== undefined) return check(asked);
  try {
    return check({ coverage: USUAL_COVERAGE });
  } catch (error) {
    // Models from elsewhere and of older runs have no facts about it.
    if (error instanceof FoveaError) return check({});
    throw error;
  }
}

/** The card of a run's folder; undefined for anything else. */
async function cardAt(path: string): Promise<CardFacts | undefined> {
  const isRun = (name: string): Promise<boolean> => filesHere.exists(joinPath(path, name));
  if (!(await isRun(RUN_FILES.recipe)) || !(await isRun(RUN_FILES.metrics))) return undefined;
  return (await readRunCard(await RunFolder.open(path))).facts;
}

const nameOf = (path: string): string =>
  baseName(path.replace(/[/\\]+$/, "")).replace(/\.(keras|h5|onnx|json)$/i, "") || "model";

/** The model in compact form. @throws FoveaError where what was written has other weights */
export async function compactOf({ opened, settings }: Contents): Promise<Uint8Array> {
  const bytes = await saveCompact({ model: opened.original, facts: opened.facts });
  const again = await openCompact(bytes, { file: opened.file });
  try {
    if ((await again.original.weightsSha256()) === settings.weights) return bytes;
  } finally {
    await again.model.close();
  }
  throw new FoveaError(
    "conversion-loss",
    `deploy: the copy of ${opened.file} would have other weights than the original; nothing was written`,
  );
}

// Training within a time: candidates are measured, trained one after the other as ordinary runs, and validation images choose among
// them. Test images are evaluated by each run and choose nothing.
import { FoveaError } from "../../core/errors.js";
import type { Recipe } from "../../formats/run/recipe.js";
import { closeData, type ExperimentData } from "../data/experiment-data.js";
import { type RunOptions, type RunOutcome, startRun } from "../run/run.js";
import { taskOf } from "../tasks/index.js";
import { CANDIDATES, type PreparedRun } from "./candidates.js";
import type { BudgetJob } from "./job.js";

/** A candidate that was trained. */
export interface TriedRun {
  /** Noun phrase for the way to train. */
  readonly title: string;
  /** Name of the network or of the base. */
  readonly name: string;
  /** The recipe that was settled for the time. */
  readonly recipe: Recipe;
  /** The images, open until `closeBudget`. */
  readonly data: ExperimentData;
  /** The run as it ended. */
  readonly outcome: RunOutcome;
}

/** Runs of a budget. */
export interface BudgetOutcome {
  /** The run that validation images judge best. */
  readonly best: TriedRun;
  /** All runs, in the order in which they were trained. */
  readonly tried: readonly TriedRun[];
}

/** Options of `trainWithin`. */
export interface BudgetOptions {
  /** Folder of a run. @param name name of the network or of the base */
  readonly pathOf: (name: string) => string | Promise<string>;
  /**
   * Options of a run, such as its observer. Default: those of `startRun`.
   * @param title noun phrase for the way to train
   * @param prepared recipe, images and the seconds that were measured
   */
  readonly runOptions?: (title: string, prepared: PreparedRun) => RunOptions;
  /**
   * Called with the candidates that are not trained. Default: none.
   * @param title noun phrase for the way to train
   * @param reason clause that says what the images or the time lack
   */
  readonly onLeftOut?: (title: string, reason: string) => void;
}

/**
 * Figure of a run on its validation images by its task's usual monitor, the larger the better, and its standard error. A figure that is
 * not finite never wins.
 */
function judged({ recipe, outcome, data }: TriedRun): { readonly figure: number; readonly error: number } {
  const record = taskOf(recipe.task);
  const key = record.defaultMonitor.replace(/^val_/, "");
  const monitor = record.monitors(recipe.task).find((known) => known.key === key);
  const value = outcome.metrics.val?.[key] ?? Number.NaN;
  const images = data.parts.validation.rows.length;
  if (!Number.isFinite(value)) return { figure: Number.NEGATIVE_INFINITY, error: 0 };
  return {
    figure: monitor?.direction === "up" ? value : -value,
    error: monitor?.isShare === true ? Math.sqrt((value * (1 - value)) / Math.max(1, images)) : 0,
  };
}

/**
 * The best of several runs, the earliest that no other beats by more than a standard error (Breiman, Friedman, Olshen and Stone,
 * "Classification and Regression Trees", 1984, section 3.4.3): later candidates learn more from the images and need them.
 */
function bestOf(tried: readonly TriedRun[]): TriedRun {
  const figures = tried.map(judged);
  const highest = figures.reduce((a, b) => (b.figure > a.figure ? b : a));
  const at = figures.findIndex(({ figure }) => figure >= highest.figure - highest.error);
  return tried[Math.max(0, at)]!;
}

/** Trains a candidate; its images are closed where that fails. */
async function trained(title: string, prepared: PreparedRun, options: BudgetOptions): Promise<TriedRun> {
  const { recipe, data, name } = prepared;
  try {
    const path = await options.pathOf(name);
    return {
      ...{ title, name, recipe, data },
      outcome: await startRun(path, recipe, data, options.runOptions?.(title, prepared)),
    };
  } catch (error) {
    await closeData(data);
    throw error;
  }
}

/**
 * Trains within a time: first a new head on a trained base, then a network from scratch, each as a run of its own.
 * @param job images, wish and clock; a candidate that does not fit in what is left is left out
 * @param options folders and observers of the runs
 * @throws FoveaError when no candidate fits in the time
 * @returns the best run by its validation images, and all others; the caller closes their data with `closeBudget`
 */
export async function trainWithin(job: BudgetJob, options: BudgetOptions): Promise<BudgetOutcome> {
  const tried: TriedRun[] = [];
  try {
    for (const { title, share, prepare } of CANDIDATES) {
      const end = (1 - share) * job.left();
      const prepared = await prepare(job, () => job.left() - end, tried.length === 0);
      if ("reason" in prepared) {
        options.onLeftOut?.(title, prepared.reason);
        continue;
      }
      const run = await trained(title, prepared, options);
      tried.push(run);
      if (run.outcome.evaluated === undefined) return { best: run, tried };
    }
  } catch (error) {
    await closeBudget({ tried });
    throw error;
  }
  if (tried.length === 0)
    throw new FoveaError(
      "out-of-range",
      `a budget of ${job.wish.seconds} s: expected time for one epoch, and loading and evaluation take longer; give more time, or fewer images`,
    );
  return { best: bestOf(tried), tried };
}

/**
 * Closes the images of all runs of a budget.
 * @param outcome runs that `trainWithin` gave
 */
export async function closeBudget({ tried }: Pick<BudgetOutcome, "tried">): Promise<void> {
  for (const { data } of tried) await closeData(data);
}

// Pruners that compare a trial with finished ones at the same step.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { type Direction, lastStep, type TrialRecord } from "../trial-record.js";
import type { Pruner, PrunerView } from "./pruner.js";

/** Options of `medianPruner` and `percentilePruner`. */
export interface PercentileOptions {
  /** Complete trials before any is pruned. Default 5. */
  readonly startupTrials?: number;
  /** Steps at which no trial is pruned. Default 0. */
  readonly warmupSteps?: number;
  /** Steps between two looks at a trial. Default 1. */
  readonly intervalSteps?: number;
  /** Complete trials that must have reported the step. Default 1. */
  readonly minTrials?: number;
}

/**
 * Ends a trial whose best report so far is outside the best `percentile` percent of the reports of complete trials at
 * the same step.
 * @throws FoveaError for a percentile outside of 0 to 100 or options out of range
 * @example createStudy({ pruner: percentilePruner(25, { warmupSteps: 3 }) });
 */
export function percentilePruner(percentile: number, options: PercentileOptions = {}): Pruner {
  checkOptions("percentilePruner", options, ["startupTrials", "warmupSteps", "intervalSteps", "minTrials"]);
  const { startupTrials = 5, warmupSteps = 0, intervalSteps = 1, minTrials = 1 } = options;
  if (!(percentile >= 0 && percentile <= 100))
    throw new FoveaError(
      "out-of-range",
      `percentilePruner: expected a percentile from 0 to 100, received ${percentile}`,
    );
  wholeNumber("percentilePruner: startupTrials", startupTrials, 0);
  wholeNumber("percentilePruner: warmupSteps", warmupSteps, 0);
  wholeNumber("percentilePruner: intervalSteps", intervalSteps, 1);
  wholeNumber("percentilePruner: minTrials", minTrials, 1);
  return {
    name: "percentile",
    shouldPrune(view) {
      const complete = view.trials.filter((trial) => trial.state === "complete");
      const step = lastStep(view);
      if (complete.length === 0 || complete.length < startupTrials || step === undefined || step < warmupSteps)
        return false;
      if (!isDue(view, step, warmupSteps, intervalSteps)) return false;
      const best = bestReport(view.intermediate, view.direction);
      if (best === undefined) return true;
      const reports = reportsAt(complete, step);
      if (reports.length < minTrials) return false;
      const share = view.direction === "maximize" ? 100 - percentile : percentile;
      const limit = percentileOf(reports, share);
      return view.direction === "maximize" ? best < limit : best > limit;
    },
  };
}

/** Ends a trial whose best report so far is worse than the median of complete trials at the same step. */
export const medianPruner = (options: PercentileOptions = {}): Pruner => ({
  ...percentilePruner(50, options),
  name: "median",
});

/** Checks whether this is the first report since the last step at which a look was due. */
function isDue({ intermediate }: PrunerView, step: number, warmup: number, interval: number): boolean {
  const due = Math.floor((step - warmup) / interval) * interval + warmup;
  return ![...intermediate.keys()].some((other) => other !== step && other >= due);
}

/** `undefined` when there are only NaNs. */
function bestReport(reports: ReadonlyMap<number, number>, direction: Direction): number | undefined {
  const better = direction === "maximize" ? Math.max : Math.min;
  let best: number | undefined;
  for (const value of reports.values())
    if (!Number.isNaN(value)) best = best === undefined ? value : better(best, value);
  return best;
}

const reportsAt = (trials: readonly TrialRecord[], step: number): number[] =>
  trials.flatMap((trial) => trial.intermediate.get(step) ?? []);

/** With linear interpolation between neighbours, NaNs left out; NaN when nothing is left. */
function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const position = ((sorted.length - 1) * percentile) / 100;
  const [below, above] = [sorted[Math.floor(position)] ?? Number.NaN, sorted[Math.ceil(position)] ?? Number.NaN];
  return below === above ? below : below + (above - below) * (position - Math.floor(position));
}

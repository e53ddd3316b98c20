// Pruning by Wilcoxon's test: for objectives that are the mean of many parts (folds, images), reported one by one in
// any order. Ends a trial that is worse than the best one on the parts they share, with statistical certainty.
import { FoveaError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { wilcoxonGreater } from "../../core/statistics/wilcoxon.js";
import type { TrialRecord } from "../trial-record.js";
import type { Pruner, PrunerView } from "./pruner.js";

/** Options of `wilcoxonPruner`. */
export interface WilcoxonOptions {
  /** The p-value below which a trial ends, from 0 to 1: lower prunes less. Default 0.1. */
  readonly pThreshold?: number;
  /** Parts that must have been reported before a trial may end. Default 2. */
  readonly startupSteps?: number;
}

/**
 * Ends a trial whose reports are worse than the best trial's at the same steps.
 * @throws FoveaError for wrong options
 * @example createStudy({ pruner: wilcoxonPruner({ pThreshold: 0.05 }) });
 */
export function wilcoxonPruner(options: WilcoxonOptions = {}): Pruner {
  checkOptions("wilcoxonPruner", options, ["pThreshold", "startupSteps"]);
  const { pThreshold = 0.1, startupSteps = 2 } = options;
  if (!(pThreshold >= 0 && pThreshold <= 1) || !(startupSteps >= 0))
    throw new FoveaError(
      "out-of-range",
      `wilcoxonPruner: expected pThreshold from 0 to 1 and startupSteps from 0, received ${pThreshold} and ${startupSteps}`,
    );
  return {
    name: "wilcoxon",
    shouldPrune(view) {
      const best = bestOf(view);
      if (best === undefined || best.intermediate.size === 0) return false;
      const [ours, theirs] = [[...view.intermediate.values()], [...best.intermediate.values()]];
      if (ours.length === 0 || ![...ours, ...theirs].every(Number.isFinite)) return false;
      const sign = view.direction === "maximize" ? -1 : 1;
      const worse = [...view.intermediate].flatMap(([step, value]) => {
        const other = best.intermediate.get(step);
        return other === undefined ? [] : [sign * (value - other)];
      });
      if (worse.length < Math.max(2, startupSteps)) return false;
      // One that is better on average stays, whatever the test says about the parts.
      if (sign * (mean(ours) - mean(theirs)) <= 0) return false;
      return wilcoxonGreater(worse) < pThreshold;
    },
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function bestOf({ trials, direction }: PrunerView): TrialRecord | undefined {
  const complete = trials.filter((trial) => trial.state === "complete");
  const sign = direction === "maximize" ? -1 : 1;
  return complete.reduce<TrialRecord | undefined>(
    (best, trial) => (best === undefined || sign * trial.values![0]! < sign * best.values![0]! ? trial : best),
    undefined,
  );
}

// Successive halving without waiting (Li et al., "A system for massively parallel hyperparameter tuning", 2020): at
// each rung a trial goes on only if it is among the best of those that have come so far.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { type Direction, lastStep, type TrialRecord } from "../trial-record.js";
import type { Pruner, PrunerView } from "./pruner.js";

/** Options of `successiveHalvingPruner`. */
export interface SuccessiveHalvingOptions {
  /** Steps to the first rung; "auto": a hundredth of the first complete trial's. Default "auto". */
  readonly minResource?: number | "auto";
  /** One of this number of trials continues after a rung. Default 4. */
  readonly reductionFactor?: number;
  /** Rungs that are left out at the beginning. Default 0. */
  readonly minEarlyStoppingRate?: number;
  /** Trials that must have reached a rung before any continues. Default 0. */
  readonly bootstrapCount?: number;
}

/** The system attribute with a trial's value at a rung, as Optuna names it. */
const rungKey = (rung: number): string => `completed_rung_${rung}`;

/**
 * Asynchronous successive halving. Rung r is after `minResource * reductionFactor ** (minEarlyStoppingRate + r)` steps.
 * @throws FoveaError for options out of range
 * @example createStudy({ pruner: successiveHalvingPruner({ minResource: 2 }) });
 */
export function successiveHalvingPruner(options: SuccessiveHalvingOptions = {}): Pruner {
  const names = ["minResource", "reductionFactor", "minEarlyStoppingRate", "bootstrapCount"];
  checkOptions("successiveHalvingPruner", options, names);
  const { minResource = "auto", reductionFactor = 4, minEarlyStoppingRate = 0, bootstrapCount = 0 } = options;
  if ((minResource !== "auto" && !(minResource >= 1)) || !(reductionFactor >= 2) || !(minEarlyStoppingRate >= 0))
    throw new FoveaError(
      "out-of-range",
      `successiveHalvingPruner: expected minResource from 1 (or "auto"), reductionFactor from 2 and minEarlyStoppingRate from 0, received ${minResource}, ${reductionFactor} and ${minEarlyStoppingRate}`,
    );
  wholeNumber("successiveHalvingPruner: bootstrapCount", bootstrapCount, 0);
  if (bootstrapCount > 0 && minResource === "auto")
    throw new FoveaError(
      "missing-option",
      'successiveHalvingPruner: bootstrapCount needs a minResource that is not "auto"',
    );
  return {
    name: "successive halving",
    shouldPrune(view) {
      const step = lastStep(view);
      const least = minResource === "auto" ? estimatedResource(view.trials) : minResource;
      if (step === undefined || least === undefined) return false;
      const value = view.intermediate.get(step)!;
      let rung = 0;
      while (rungKey(rung) in view.attributes) rung++;
      for (; step >= least * reductionFactor ** (minEarlyStoppingRate + rung); rung++) {
        if (Number.isNaN(value)) return true;
        const others = valuesAt(view, rung);
        view.note(rungKey(rung), value);
        if (others.length + 1 <= bootstrapCount) return true;
        if (!isAmongBest(value, [...others, value], reductionFactor, view.direction)) return true;
      }
      return false;
    },
  };
}

/** From the first complete trial that reported: the same for every later trial. */
function estimatedResource(trials: readonly TrialRecord[]): number | undefined {
  for (const trial of trials) {
    const step = trial.state === "complete" ? lastStep(trial) : undefined;
    if (step !== undefined) return Math.max(Math.floor(step / 100), 1);
  }
  return undefined;
}

const valuesAt = (view: PrunerView, rung: number): number[] =>
  view.trials.flatMap((trial) => {
    const value = trial.systemAttributes[rungKey(rung)];
    return typeof value === "number" ? [value] : [];
  });

function isAmongBest(value: number, competing: readonly number[], factor: number, direction: Direction): boolean {
  const going = Math.max(Math.floor(competing.length / factor) - 1, 0);
  const sorted = [...competing].sort((a, b) => a - b);
  return direction === "maximize" ? value >= sorted.at(-(going + 1))! : value <= sorted[going]!;
}

// Hyperband (Li et al. 2018): several brackets of successive halving side by side, from early and hard to late and
// gentle. A trial's bracket follows from the study's name and its number, as in Optuna.
import { crc32 } from "../../core/crc.js";
import { FoveaError } from "../../core/errors.js";
import { log } from "../../core/math.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { lastStep, type TrialRecord } from "../trial-record.js";
import type { Pruner } from "./pruner.js";
import { successiveHalvingPruner } from "./successive-halving.js";

/** Options of `hyperbandPruner`. */
export interface HyperbandOptions {
  /** Steps to the first rung of the hardest bracket. Default 1. */
  readonly minResource?: number;
  /** Steps of a whole trial; "auto": those of the first complete one, until when nothing is pruned. Default "auto". */
  readonly maxResource?: number | "auto";
  /** One of this number of trials continues after a rung. Default 3. */
  readonly reductionFactor?: number;
  /** Trials that must have reached a rung before any continues. Default 0. */
  readonly bootstrapCount?: number;
}

/**
 * Hyperband (Li and others, 2018). Samplers see the trials of their bracket only.
 * @throws FoveaError for options out of range.
 * @example createStudy({ pruner: hyperbandPruner({ maxResource: 30 }) });
 */
export function hyperbandPruner(options: HyperbandOptions = {}): Pruner {
  checkOptions("hyperbandPruner", options, ["minResource", "maxResource", "reductionFactor", "bootstrapCount"]);
  const { minResource = 1, maxResource = "auto", reductionFactor = 3, bootstrapCount = 0 } = options;
  if (!(minResource >= 1) || !(reductionFactor >= 2) || (maxResource !== "auto" && !(maxResource >= minResource)))
    throw new FoveaError(
      "out-of-range",
      `hyperbandPruner: expected minResource from 1, maxResource from minResource (or "auto") and reductionFactor from 2, received ${minResource}, ${maxResource} and ${reductionFactor}`,
    );
  wholeNumber("hyperbandPruner: bootstrapCount", bootstrapCount, 0);
  if (bootstrapCount > 0 && maxResource === "auto")
    throw new FoveaError("missing-option", 'hyperbandPruner: bootstrapCount needs a maxResource that is not "auto"');

  /** Share of all trials for each bracket; `undefined` while the length of a trial is unknown. */
  const sharesOf = (trials: readonly TrialRecord[]): number[] | undefined => {
    const most = maxResource === "auto" ? firstLength(trials) : maxResource;
    if (most === undefined) return undefined;
    // A hair more, for logarithms of powers that come out just below a whole number.
    const count = Math.floor(log(most / minResource) / log(reductionFactor) + 1e-9) + 1;
    return Array.from({ length: count }, (_, bracket) => {
      const rungs = count - 1 - bracket;
      return Math.ceil((count * reductionFactor ** rungs) / (rungs + 1));
    });
  };
  const bracketOf = (studyName: string, trialNumber: number, trials: readonly TrialRecord[]): number => {
    const shares = sharesOf(trials) ?? [1];
    const total = shares.reduce((sum, share) => sum + share, 0);
    // The checksum of zip and PNG, which Optuna takes for a hash.
    let ticket = crc32(new TextEncoder().encode(`${studyName}_${trialNumber}`)) % total;
    return shares.findIndex((share) => {
      ticket -= share;
      return ticket < 0;
    });
  };

  return {
    name: "hyperband",
    bracketOf,
    shouldPrune(view) {
      if (sharesOf(view.trials) === undefined) return false;
      const bracketOfTrial = (number: number): number => bracketOf(view.studyName, number, view.trials);
      const bracket = bracketOfTrial(view.number);
      const halving = successiveHalvingPruner({
        minResource,
        reductionFactor,
        minEarlyStoppingRate: bracket,
        bootstrapCount,
      });
      const trials = view.trials.filter((trial) => bracketOfTrial(trial.number) === bracket);
      return halving.shouldPrune({ ...view, trials });
    },
  };
}

function firstLength(trials: readonly TrialRecord[]): number | undefined {
  for (const trial of trials) {
    const step = trial.state === "complete" ? lastStep(trial) : undefined;
    if (step !== undefined) return step + 1;
  }
  return undefined;
}

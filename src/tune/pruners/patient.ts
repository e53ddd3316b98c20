// A pruner that waits: only a trial that has not improved for some steps may be ended.
import { FoveaError } from "../../core/errors.js";
import { having, wholeNumber } from "../../core/options.js";
import type { Pruner } from "./pruner.js";

/**
 * Asks another pruner (none: ends the trial) only when the best of the last `patience + 1` reports is worse than the
 * best before them by more than `minDelta`.
 * @param wrapped The pruner that is asked; undefined ends the trial at once.
 * @throws FoveaError for a negative patience or minDelta
 * @example createStudy({ pruner: patientPruner(medianPruner(), 3) });
 */
export function patientPruner(wrapped: Pruner | undefined, patience: number, minDelta = 0): Pruner {
  if (wrapped !== undefined) having("patientPruner", "a pruner or undefined", wrapped, "shouldPrune");
  wholeNumber("patientPruner: patience", patience, 0);
  if (!(minDelta >= 0))
    throw new FoveaError("out-of-range", `patientPruner: expected a minDelta from 0, received ${minDelta}`);
  return {
    ...wrapped,
    name: wrapped === undefined ? "patient" : `patient ${wrapped.name}`,
    shouldPrune(view) {
      const reports = [...view.intermediate].sort(([a], [b]) => a - b).map(([, value]) => value);
      if (reports.length <= patience + 1) return false;
      const sign = view.direction === "maximize" ? -1 : 1;
      const best = (values: readonly number[]): number =>
        values.reduce((least, value) => (Number.isNaN(value) ? least : Math.min(least, sign * value)), Infinity);
      const before = best(reports.slice(0, -patience - 1));
      const after = best(reports.slice(-patience - 1));
      // Infinity: nothing but NaNs, which are neither better nor worse.
      if (after === Infinity || !(before + minDelta < after)) return false;
      return wrapped?.shouldPrune(view) ?? true;
    },
  };
}

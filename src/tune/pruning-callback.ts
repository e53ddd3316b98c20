// The joint between training and tuning: a training callback that reports each epoch to a trial and ends the training
// when the pruner says so. Knows training by its shape only, so that neither room imports the other.
import { FoveaError, shown } from "../core/errors.js";
import { ownValue } from "../core/lookup.js";
import { having } from "../core/options.js";
import type { Trial } from "./trial.js";

/** A callback for the end of an epoch. `nn`'s callbacks are of this form. */
export interface EpochCallback {
  /** Called after an epoch. `epoch` counts from 0, `logs` are its losses and metrics. */
  onEpochEnd(epoch: number, logs: Readonly<Record<string, number>>): Promise<void>;
}

/**
 * Reports a logged quantity after each epoch, and throws what `trial.prune()` gives when the trial is to end.
 * @param monitor what is reported: it must be better in the direction of the study
 * @throws FoveaError when the quantity is not logged
 * @example
 * const study = await createStudy();
 * await study.optimize(async (trial) => {
 *   await model.fit(train, { epochs: 2, callbacks: [pruningCallback(trial, "loss")] });
 *   return trial.intermediate.get(1);
 * }, { trials: 1 });
 */
export function pruningCallback(trial: Trial, monitor: string): EpochCallback {
  having("pruningCallback", "a trial", trial, "report");
  if (typeof monitor !== "string" || monitor === "")
    throw new FoveaError(
      "wrong-type",
      `pruningCallback: expected the name of a logged quantity, received ${shown(monitor)}`,
    );
  return {
    async onEpochEnd(epoch, logs) {
      const value = ownValue(logs, monitor);
      if (value === undefined)
        throw new FoveaError(
          "unknown-quantity",
          `pruningCallback: "${monitor}" is not logged; there are ${Object.keys(logs).join(", ")}`,
        );
      await trial.report(value, epoch);
      if (trial.shouldPrune()) throw trial.prune();
    },
  };
}

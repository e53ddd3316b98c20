// Where training and tuning meet: after each epoch a trial hears how the model stands, and may end it.
import { FoveaError } from "../../core/errors.js";
import type { Callback } from "../../nn/index.js";
import type { Trial } from "../../tune/index.js";

/**
 * Reports a logged quantity to a trial after each epoch, and ends training where the study's pruner says so: `fit` then
 * throws, and the trial counts as pruned.
 * @throws FoveaError, during training, when the quantity is not logged.
 * @example
 * await study.optimize(async (trial) => {
 *   const history = await model.fit(train, { validationData, callbacks: [pruningCallback(trial, "val_loss")] });
 *   return history.history.val_loss.at(-1);
 * }, { trials: 20 });
 */
export const pruningCallback = (trial: Trial, monitor: string): Callback => ({
  async onEpochEnd(epoch, logs) {
    const value = logs[monitor];
    if (value === undefined)
      throw new FoveaError(`pruningCallback: expected one of ${Object.keys(logs).join(", ")}, received "${monitor}"`);
    await trial.report(value, epoch);
    if (trial.shouldPrune()) throw trial.prune();
  },
});

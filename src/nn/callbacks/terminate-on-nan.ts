// Ends training when the loss is no number any more: nothing good comes after that.
import type { Callback } from "./callback.js";

/** Stops after the batch whose loss is NaN or infinite. */
export const terminateOnNaN = (): Callback => ({
  onBatchEnd: (_batch, { loss }, run) => {
    if (!Number.isFinite(loss)) run.stop();
  },
});

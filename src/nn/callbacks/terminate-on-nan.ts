// Ends training when the loss is no number any more: nothing good comes after that. `fit` does so by itself and goes back
// to good weights; the callback is there for programs that come from Keras.
import type { Callback } from "./callback.js";

/**
 * Stops after the batch whose loss is NaN or infinite.
 * @example await model.fit({ x: images, y: labels }, { callbacks: [terminateOnNaN()] });
 */
export const terminateOnNaN = (): Callback => ({
  onBatchEnd: (_batch, { loss }, run) => {
    if (!Number.isFinite(loss)) run.stop();
  },
});

// One plain line an epoch: what `verbose: 1` prints. Progress bars are the command line's business.
import type { Callback } from "./callback.js";

/**
 * Four decimals, or an exponent for small values, as Keras prints them.
 * @param value A loss, a metric or a rate.
 * @example showMetric(0.69487); // "0.6949"
 */
export function showMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) > 1e-3 || value === 0 ? value.toFixed(4) : value.toExponential(4);
}

/**
 * Prints `Epoch 3/100 - accuracy: 0.6949 - loss: 1.8805` after each epoch.
 * @param print Takes each line.
 * @example epochLogger((line) => console.error(line))
 */
export const epochLogger = (print: (line: string) => void = console.log): Callback => ({
  onEpochEnd: (epoch, logs, { epochs }) => {
    const parts = Object.entries(logs).map(([key, value]) => `${key}: ${showMetric(value)}`);
    print([`Epoch ${epoch + 1}/${epochs}`, ...parts].join(" - "));
  },
});

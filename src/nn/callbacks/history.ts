// The record of a training run, as Keras returns it from fit.
import { ownValue, put } from "../../core/lookup.js";
import type { Divergence } from "../model/divergence.js";
import type { Callback, CallbackState, Logs } from "./callback.js";

/**
 * The losses and metrics of a training, epoch by epoch; `fit` returns it.
 * @example
 * const { history } = await model.fit({ x: images, y: labels }, { epochs: 2 });
 * history.loss[1] < history.loss[0]; // true where the second epoch was the better one
 */
export class History implements Callback {
  /** The epochs recorded, counted from 0. */
  readonly epoch: number[] = [];
  /** Values of each logged quantity, one after each epoch, under Keras's keys: `loss`, `val_accuracy`... */
  readonly history: Record<string, number[]> = {};
  /** Set when a loss that is not finite ended training; that epoch is none of those recorded. */
  divergence?: Divergence;

  onEpochEnd(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [key, value] of Object.entries(logs)) {
      const values = ownValue(this.history, key) ?? [];
      values.push(value);
      put(this.history, key, values);
    }
  }

  getState(): CallbackState {
    return { values: { epoch: [...this.epoch], history: structuredClone(this.history) } };
  }
  setState({ values }: CallbackState): void {
    this.epoch.splice(0, this.epoch.length, ...(values.epoch as number[]));
    for (const [key, kept] of Object.entries(structuredClone(values.history) as Record<string, number[]>))
      put(this.history, key, kept);
  }
}

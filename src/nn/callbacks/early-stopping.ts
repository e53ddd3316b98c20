// Early stopping, to the letter of Keras 3: patience, baseline, warm-up, and the best weights given back at the end.

import { checkOptions, flag, numberWithin, wholeNumber } from "../../core/options.js";
import type { Tensor } from "../../core/tensor.js";
import type { Callback, CallbackState, Logs, TrainingRun } from "./callback.js";
import { Monitor, type MonitorOptions } from "./monitor.js";

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** The least change that counts as an improvement. Default 0. */
  readonly minDelta?: number;
  /** Epochs without improvement before training stops. Default 0. */
  readonly patience?: number;
  /** A value to beat; until then every epoch counts against patience. Default: none. */
  readonly baseline?: number | null;
  /** True where the weights of the best epoch come back at the end, however training ends. Default false. */
  readonly restoreBestWeights?: boolean;
  /** The first epoch, counted from 0, that is looked at. Default 0. */
  readonly startFromEpoch?: number;
}

/** Ends training when a quantity has stopped improving, as Keras's EarlyStopping, and knows the best epoch afterwards. */
export class EarlyStopping implements Callback {
  readonly #monitor: Monitor;
  readonly #patience: number;
  readonly #baseline: number | null;
  readonly #restore: boolean;
  readonly #startFrom: number;
  #wait = 0;
  #best: number | null = null;
  #bestEpoch = 0;
  #stoppedEpoch = 0;
  #bestWeights: readonly Tensor[] | undefined;
  #restoredEpoch: number | undefined;

  constructor(options: EarlyStoppingOptions = {}) {
    const allowed = ["monitor", "minDelta", "patience", "mode", "baseline", "restoreBestWeights", "startFromEpoch"];
    checkOptions("earlyStopping", options, allowed);
    this.#monitor = new Monitor(
      "earlyStopping",
      options,
      numberWithin("earlyStopping minDelta", options.minDelta ?? 0),
    );
    this.#patience = wholeNumber("earlyStopping patience", options.patience ?? 0, 0);
    const { baseline = null } = options;
    this.#baseline = baseline === null ? null : numberWithin("earlyStopping baseline", baseline);
    this.#restore = flag("earlyStopping restoreBestWeights", options.restoreBestWeights, false);
    this.#startFrom = wholeNumber("earlyStopping startFromEpoch", options.startFromEpoch ?? 0, 0);
  }

  /** The epoch with the best value so far, counted from 0. */
  get bestEpoch(): number {
    return this.#bestEpoch;
  }
  /** The epoch whose weights came back at the end; undefined before, and without `restoreBestWeights`. */
  get restoredEpoch(): number | undefined {
    return this.#restoredEpoch;
  }
  /** The best value so far; null before the first. */
  get best(): number | null {
    return this.#best;
  }
  /** The epoch after which training was stopped; 0 when it was not. */
  get stoppedEpoch(): number {
    return this.#stoppedEpoch;
  }
  /** Epochs since the last improvement. */
  get wait(): number {
    return this.#wait;
  }

  onTrainBegin(run: TrainingRun): void {
    this.#monitor.begin(run);
    this.#wait = 0;
    this.#best = null;
    this.#bestEpoch = 0;
    this.#stoppedEpoch = 0;
    this.#bestWeights = undefined;
    this.#restoredEpoch = undefined;
  }

  async onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): Promise<void> {
    const current = logs[this.#monitor.quantity]!;
    if (epoch < this.#startFrom) return;
    const improved = this.#monitor.improves(current, this.#best);
    if (this.#restore && (improved || this.#bestWeights === undefined)) {
      this.#bestWeights = await run.model.getWeights();
      this.#bestEpoch = epoch;
    }
    this.#wait++;
    if (improved) {
      this.#best = current;
      this.#bestEpoch = epoch;
      if (this.#baseline === null || this.#monitor.improves(current, this.#baseline)) this.#wait = 0;
    } else if (this.#wait >= this.#patience && epoch > 0) {
      this.#stoppedEpoch = epoch;
      run.stop();
    }
  }

  async onTrainEnd(_logs: Logs, run: TrainingRun): Promise<void> {
    if (!this.#restore || this.#bestWeights === undefined) return;
    await run.model.setWeights(this.#bestWeights);
    this.#restoredEpoch = this.#bestEpoch;
  }

  getState(): CallbackState {
    const values = {
      wait: this.#wait,
      best: this.#best,
      bestEpoch: this.#bestEpoch,
      stoppedEpoch: this.#stoppedEpoch,
    };
    return this.#bestWeights === undefined ? { values } : { values, tensors: this.#bestWeights };
  }

  setState({ values, tensors }: CallbackState): void {
    this.#wait = values.wait as number;
    this.#best = values.best as number | null;
    this.#bestEpoch = values.bestEpoch as number;
    this.#stoppedEpoch = values.stoppedEpoch as number;
    this.#bestWeights = tensors;
  }
}

/**
 * Stops training when a monitored quantity has not improved for `patience` epochs.
 * @example earlyStopping({ monitor: "val_accuracy", patience: 15, restoreBestWeights: true })
 */
export const earlyStopping = (options: EarlyStoppingOptions = {}): EarlyStopping => new EarlyStopping(options);

// Callbacks that change the learning rate between epochs: by a function of the epoch, or when a monitored quantity no
// longer improves. Rates that change with every step are schedules.ts's business.
import { FoveaError, shown } from "../../core/errors.js";
import { checkOptions, numberWithin, wholeNumber } from "../../core/options.js";
import type { Callback, CallbackState, Logs, TrainingRun } from "./callback.js";
import { Monitor, type MonitorOptions } from "./monitor.js";

/**
 * Sets the rate before each epoch, counted from 0.
 * @param schedule The next rate for an epoch, counted from 0, and the rate so far.
 * @throws FoveaError for anything but a function; in training when it returns no finite number.
 * @example learningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * 0.9))
 */
export function learningRateScheduler(schedule: (epoch: number, rate: number) => number): Callback {
  if (typeof schedule !== "function")
    throw new FoveaError(
      "wrong-type",
      `learningRateScheduler: expected a function of epoch and rate, received ${shown(schedule)}; rates that change with every step, such as cosineDecay, go to the optimizer`,
    );
  return {
    onEpochBegin: (epoch, run) => {
      run.learningRate = schedule(epoch, run.learningRate);
    },
  };
}

/** Options of `reduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** Factor of the rate, below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement before the rate is lowered. Default 10. */
  readonly patience?: number;
  /** The least change that counts as an improvement. Default 1e-4. */
  readonly minDelta?: number;
  /** Epochs after a reduction in which none are counted. Default 0. */
  readonly cooldown?: number;
  /** Lower bound of the rate. Default 0. */
  readonly minLr?: number;
}

/** Lowers the rate when a quantity has stopped improving, as Keras's ReduceLROnPlateau. */
export class ReduceLROnPlateau implements Callback {
  readonly #monitor: Monitor;
  readonly #factor: number;
  readonly #patience: number;
  readonly #cooldown: number;
  readonly #least: number;
  #wait = 0;
  #cooling = 0;
  #best: number | null = null;

  constructor(options: ReduceLROnPlateauOptions = {}) {
    const what = "reduceLROnPlateau";
    checkOptions(what, options, ["monitor", "mode", "factor", "patience", "minDelta", "cooldown", "minLr"]);
    this.#monitor = new Monitor(what, options, numberWithin(`${what} minDelta`, options.minDelta ?? 1e-4));
    this.#factor = numberWithin(`${what} factor`, options.factor ?? 0.1, 0);
    if (this.#factor >= 1)
      throw new FoveaError("out-of-range", `${what} factor: expected a number below 1, received ${this.#factor}`);
    this.#patience = wholeNumber(`${what} patience`, options.patience ?? 10, 0);
    this.#cooldown = wholeNumber(`${what} cooldown`, options.cooldown ?? 0, 0);
    this.#least = numberWithin(`${what} minLr`, options.minLr ?? 0, 0);
  }

  onTrainBegin(run: TrainingRun): void {
    this.#monitor.begin(run);
    this.#wait = 0;
    this.#cooling = 0;
    this.#best = null;
  }

  onEpochEnd(_epoch: number, logs: Logs, run: TrainingRun): void {
    const current = logs[this.#monitor.quantity]!;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#wait = 0;
    }
    if (this.#monitor.improves(current, this.#best)) {
      this.#best = current;
      this.#wait = 0;
    } else if (this.#cooling === 0 && ++this.#wait >= this.#patience && run.learningRate > this.#least) {
      run.learningRate = Math.max(run.learningRate * this.#factor, this.#least);
      this.#cooling = this.#cooldown;
      this.#wait = 0;
    }
  }

  getState(): CallbackState {
    return { values: { wait: this.#wait, cooling: this.#cooling, best: this.#best } };
  }
  setState({ values }: CallbackState): void {
    this.#wait = values.wait as number;
    this.#cooling = values.cooling as number;
    this.#best = values.best as number | null;
  }
}

/**
 * Multiplies the rate by `factor` when a quantity has not improved for `patience` epochs, exactly as Keras does.
 * @example reduceLROnPlateau({ monitor: "val_loss", factor: 0.2, patience: 5 })
 */
export const reduceLROnPlateau = (options: ReduceLROnPlateauOptions = {}): ReduceLROnPlateau =>
  new ReduceLROnPlateau(options);

// Saves the model while it trains: after every epoch, or only when a monitored quantity is the best so far. The
// function that writes a model is injected, so that nn knows no file format.
import { FoveaError, shown } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { checkOptions, flag, numberWithin } from "../../core/options.js";
import type { Callback, CallbackState, Logs, TrainedModel, TrainingRun } from "./callback.js";
import { Monitor, type MonitorOptions } from "./monitor.js";

/** Writes a model, whole or not at all. */
export type SaveModel = (model: TrainedModel, path: string) => Promise<void>;

/** Options of `modelCheckpoint`. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /** Writes the model to a path. `modelCheckpoint` from "fovea" fills it in. */
  readonly save: SaveModel;
  /** Save only when the monitored quantity is the best so far. Default false. */
  readonly saveBestOnly?: boolean;
  /** A value to beat before the first save. Default: none, and the first epoch is saved. */
  readonly initialValueThreshold?: number | null;
}

/** Fills Keras's placeholders: `{epoch:02d}` counts from 1, `{val_accuracy:.3f}` and the like take the logs. */
function fillPath(template: string, epoch: number, logs: Logs): string {
  return template.replace(/\{(\w+)(?::(?:(0?)(\d+)d|\.(\d+)f))?\}/g, (_, key: string, zero, width, digits) => {
    const value = key === "epoch" ? epoch + 1 : ownValue(logs, key);
    if (value === undefined)
      throw new FoveaError(
        "unknown-quantity",
        `modelCheckpoint: the path has {${key}}, but the logs have only epoch, ${Object.keys(logs).join(", ")}`,
      );
    if (digits !== undefined) return value.toFixed(Number(digits));
    return String(value).padStart(Number(width ?? 0), zero === "0" ? "0" : " ");
  });
}

class ModelCheckpoint implements Callback {
  readonly #monitor: Monitor;
  readonly #initial: number | null;
  readonly #bestOnly: boolean;
  #best: number | null;

  constructor(
    readonly path: string,
    readonly options: ModelCheckpointOptions,
  ) {
    const allowed = ["save", "monitor", "mode", "saveBestOnly", "initialValueThreshold"];
    checkOptions("modelCheckpoint", options, allowed);
    this.#monitor = new Monitor("modelCheckpoint", options);
    if (typeof options.save !== "function")
      throw new FoveaError(
        "wrong-type",
        `modelCheckpoint: expected save, a function that writes the model to a path, received ${shown(options.save)}`,
      );
    const { initialValueThreshold = null } = options;
    this.#initial =
      initialValueThreshold === null
        ? null
        : numberWithin("modelCheckpoint initialValueThreshold", initialValueThreshold);
    this.#bestOnly = flag("modelCheckpoint saveBestOnly", options.saveBestOnly, false);
    this.#best = this.#initial;
  }

  onTrainBegin(run: TrainingRun): void {
    if (this.#bestOnly) this.#monitor.begin(run);
    this.#best = this.#initial;
  }

  async onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): Promise<void> {
    if (this.#bestOnly) {
      const current = logs[this.#monitor.quantity]!;
      if (!this.#monitor.improves(current, this.#best)) return;
      this.#best = current;
    }
    await this.options.save(run.model, fillPath(this.path, epoch, logs));
  }

  getState(): CallbackState {
    return { values: { best: this.#best } };
  }
  setState({ values }: CallbackState): void {
    this.#best = values.best as number | null;
  }
}

/**
 * Saves the model at the end of epochs with the function `save`.
 * @example modelCheckpoint("best.bin", { save: (model, path) => write(model, path), saveBestOnly: true })
 */
export const modelCheckpoint = (path: string, options: ModelCheckpointOptions): Callback =>
  new ModelCheckpoint(path, options);

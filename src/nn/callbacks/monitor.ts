// Monitoring for early stopping and checkpoints: improvements of a quantity, by Keras's rules.
import { FoveaError, oneOf, shown } from "../../core/errors.js";
import type { TrainingRun } from "./callback.js";

/** `"auto"` takes the direction from the metric itself; `loss` is minimised. */
export type MonitorMode = "auto" | "min" | "max";

/** A key of the logs: any name, with the usual ones for editors to complete. */
export type Quantity = "loss" | "val_loss" | "accuracy" | "val_accuracy" | (string & Record<never, never>);

export interface MonitorOptions {
  /** A key of the logs. Default `val_loss`. */
  readonly monitor?: Quantity;
  readonly mode?: MonitorMode;
}

export class Monitor {
  readonly quantity: string;
  readonly #mode: MonitorMode;
  readonly #minDelta: number;
  #sign: 1 | -1 = 1;

  /** `who` is the callback's name, for messages. */
  constructor(
    readonly who: string,
    options: MonitorOptions,
    minDelta = 0,
  ) {
    this.quantity = options.monitor ?? "val_loss";
    if (typeof this.quantity !== "string")
      throw new FoveaError(
        "wrong-type",
        `${who} monitor: expected a key of the logs such as "val_loss", received ${shown(options.monitor)}`,
      );
    this.#mode = oneOf(`${who} mode`, options.mode ?? "auto", ["auto", "min", "max"]);
    this.#minDelta = Math.abs(minDelta);
  }

  /** Settles the direction. @throws FoveaError when nothing of that name is logged, or `"auto"` cannot tell. */
  begin(run: TrainingRun): void {
    if (!run.quantities.includes(this.quantity))
      throw new FoveaError(
        "unknown-quantity",
        `${this.who}: "${this.quantity}" will not be among the logs, which are ${run.quantities.join(", ")}; ` +
          "monitor one of those, or pass validationData for the val_ ones",
      );
    const direction = this.#mode === "auto" ? run.directionOf(this.quantity) : this.#mode === "max" ? "up" : "down";
    if (direction === undefined)
      throw new FoveaError(
        "missing-option",
        `${this.who}: cannot tell whether a larger or a smaller "${this.quantity}" is better; pass mode "max" or "min"`,
      );
    this.#sign = direction === "up" ? 1 : -1;
  }

  /** Checks whether `value` beats `reference` by more than minDelta; anything beats nothing. */
  improves(value: number, reference: number | null): boolean {
    if (reference === null) return true;
    return this.#sign === 1 ? value - this.#minDelta > reference : value + this.#minDelta < reference;
  }
}

// Adds up what batches give, in f64. Loss and metrics come out as means over samples, as Keras counts them.
import type { Tracked } from "./objective.js";

/** Results of a batch: number of samples, mean loss, and its addition to each total. */
export interface StepResult {
  readonly samples: number;
  readonly loss: number;
  readonly totals: readonly ArrayLike<number>[];
}

export class Totals {
  #samples = 0;
  #loss = 0;
  #totals: Float64Array[] = [];

  constructor(readonly tracked: readonly Tracked[]) {}

  add({ samples, loss, totals }: StepResult): void {
    this.#samples += samples;
    this.#loss += loss * samples;
    if (this.#totals.length === 0) this.#totals = totals.map(({ length }) => new Float64Array(length));
    totals.forEach((added, i) => {
      const total = this.#totals[i]!;
      for (let at = 0; at < total.length; at++) total[at]! += added[at]!;
    });
  }

  /** `loss` first, then what is tracked, in order. */
  means(): Record<string, number> {
    let next = 0;
    const entries = this.tracked.map(({ key, size, result }): [string, number] => {
      const totals = this.#totals.slice(next, next + size);
      next += size;
      return [key, result(totals, this.#samples)];
    });
    return Object.fromEntries([["loss", this.#loss / this.#samples], ...entries]);
  }
}

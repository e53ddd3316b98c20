// The history of a study as columns of numbers, one for each parameter, and in order of size, kept from trial to trial:
// at ten thousand trials, looking up and sorting everything again would cost more than the estimate itself. A cache:
// all in it follows from the trials, and when one is not the one it was, everything is read anew.
import { ownValue } from "../../../core/lookup.js";
import { type Choice, type Distribution, sameDistribution, toInternal } from "../../distribution.js";
import type { TrialRecord } from "../../trial-record.js";
import type { RunningTrial } from "../sampler.js";
import { intersectionSpace, type SearchSpace } from "../search-space.js";
import { type Column, placeIn } from "./column.js";
import { scaled } from "./kernels.js";

/** All finished trials that have one parameter. */
interface Remembered {
  /** On the parameter's own scale, by trial number; NaN where a trial does not have it. */
  readonly values: number[];
  /** The numbers of those trials by value. */
  readonly order: number[];
}

export class HistoryColumns {
  #rows: (TrialRecord | undefined)[] = [];
  #columns = new Map<string, Remembered>();
  #shared: { readonly space: SearchSpace; readonly count: number; readonly last: TrialRecord | undefined } = {
    space: new Map(),
    count: 0,
    last: undefined,
  };

  /** The parameters that all of the finished trials share; see `intersectionSpace`. */
  sharedSpace(trials: readonly TrialRecord[]): SearchSpace {
    const { space, count, last } = this.#shared;
    const goesOn = count > 0 && trials[count - 1] === last;
    const shared = goesOn ? intersect(space, trials.slice(count)) : intersectionSpace(trials);
    this.#shared = { space: shared, count: trials.length, last: trials.at(-1) };
    return shared;
  }

  /** Columns of those trials that have every parameter of the space. Finished ones have been given to `learn`. */
  observe(trials: readonly RunningTrial[], space: SearchSpace): Column[] {
    const columns = [...space].map(([name, distribution]) => this.#column(trials, name, distribution));
    const whole = new Int32Array(trials.length).fill(-1);
    let count = 0;
    for (let i = 0; i < trials.length; i++)
      if (columns.every((column) => !Number.isNaN(column[i]!))) whole[i] = count++;
    // From a trial's number to its place among the observed ones; those under way are put in afterwards.
    const places = new Int32Array(this.#rows.length).fill(-1);
    const extra: number[] = [];
    for (let i = 0; i < trials.length; i++) {
      if (whole[i]! < 0) continue;
      if (this.#rows[trials[i]!.number] === trials[i]) places[trials[i]!.number] = whole[i]!;
      else extra.push(whole[i]!);
    }
    return [...space.keys()].map((name, c) => {
      const values = count === trials.length ? columns[c]! : columns[c]!.filter((_, i) => whole[i]! >= 0);
      return { values, order: this.#order(name, places, extra, values) };
    });
  }

  #column(trials: readonly RunningTrial[], name: string, distribution: Distribution): Float64Array {
    const known = this.#columns.get(name)?.values ?? [];
    const column = new Float64Array(trials.length);
    for (let i = 0; i < trials.length; i++) {
      const trial = trials[i]!;
      const isKnown = this.#rows[trial.number] === trial;
      column[i] = isKnown
        ? (known[trial.number] ?? Number.NaN)
        : numberOf(ownValue(trial.params, name), name, distribution);
    }
    return column;
  }

  #order(name: string, places: Int32Array, extra: readonly number[], values: Float64Array): Int32Array {
    const order = new Int32Array(values.length);
    let count = 0;
    for (const number of this.#columns.get(name)?.order ?? [])
      if (places[number]! >= 0) order[count++] = places[number]!;
    for (const i of extra) {
      const position = placeIn(order, count++, i, (index) => values[index]!);
      order.copyWithin(position + 1, position, count - 1);
      order[position] = i;
    }
    return order;
  }

  /** Takes finished trials in, as far as they are new. */
  learn(trials: readonly TrialRecord[]): void {
    if (trials.some(({ number }, i) => this.#rows[number] !== undefined && this.#rows[number] !== trials[i])) {
      this.#rows = [];
      this.#columns = new Map();
    }
    for (const trial of trials) if (this.#rows[trial.number] === undefined) this.#read(trial);
  }

  #read(trial: TrialRecord): void {
    for (const [name, distribution] of Object.entries(trial.distributions)) {
      const column = this.#columns.get(name) ?? { values: [], order: [] };
      while (column.values.length < trial.number) column.values.push(Number.NaN);
      column.values[trial.number] = numberOf(ownValue(trial.params, name), name, distribution);
      const position = placeIn(column.order, column.order.length, trial.number, (number) => column.values[number]!);
      column.order.splice(position, 0, trial.number);
      this.#columns.set(name, column);
    }
    this.#rows[trial.number] = trial;
  }
}

const numberOf = (value: Choice | undefined, name: string, distribution: Distribution): number =>
  value === undefined ? Number.NaN : scaled(distribution, toInternal(name, distribution, value));

function intersect(space: SearchSpace, trials: readonly TrialRecord[]): SearchSpace {
  const shared = new Map(space);
  for (const { distributions } of trials)
    for (const [name, distribution] of shared) {
      const other = ownValue(distributions, name);
      if (other === undefined || !sameDistribution(other, distribution)) shared.delete(name);
    }
  return shared;
}

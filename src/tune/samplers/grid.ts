// Grid search: every combination of given values once, in an order that the seed shuffles.
import { FoveaError } from "../../core/errors.js";
import { Random, STREAM } from "../../core/random.js";
import { type Choice, contains, toInternal } from "../distribution.js";
import type { Sampler, SamplerView } from "./sampler.js";

/** The system attribute with a trial's place in the grid, and the one with the grid: Optuna's names. */
const PLACE = "grid_id";
const GRID = "search_space";

/**
 * Tries every combination of the values given for each parameter; the study ends when all have been tried.
 * @throws FoveaError for an empty grid; a trial that asks for what the grid does not have fails
 * @example gridSampler({ learningRate: [1e-4, 1e-3, 1e-2], activation: ["relu", "tanh"] })
 */
export function gridSampler(grid: Readonly<Record<string, readonly Choice[]>>): Sampler {
  const names = Object.keys(grid).sort();
  const size = names.reduce((product, name) => product * grid[name]!.length, 1);
  if (names.length === 0 || size === 0) throw new FoveaError("grid: expected values for each parameter, received none");
  const orders = new Map<number, Int32Array>();
  const orderOf = (seed: number): Int32Array => {
    const order = orders.get(seed) ?? new Random(seed, STREAM.tune).permutation(size);
    orders.set(seed, order);
    return order;
  };
  const valuesAt = (place: number): Record<string, Choice> => {
    const values: Record<string, Choice> = {};
    for (const name of names) {
      const choices = grid[name]!;
      values[name] = choices[place % choices.length]!;
      place = Math.floor(place / choices.length);
    }
    return values;
  };
  return {
    name: "grid",
    propose(view) {
      if (Object.keys(view.fixed).length > 0) return { params: {} };
      const place = placeOf(view);
      return { params: valuesAt(orderOf(view.seed)[place]!), attributes: { [PLACE]: place, [GRID]: grid } };
    },
    sample(view, name, distribution) {
      const choices = grid[name];
      if (Object.keys(view.fixed).length > 0)
        throw new FoveaError(`parameter "${name}": an enqueued trial of a grid needs a value for it`);
      if (choices === undefined)
        throw new FoveaError(`parameter "${name}": the grid has values for ${names.join(", ")} only; add some for it`);
      const wrong = choices.find((value) => !contains(distribution, toInternal(name, distribution, value)));
      throw new FoveaError(`parameter "${name}": the grid's value ${JSON.stringify(wrong)} is not in its range`);
    },
    isExhausted(trials) {
      const taken = trials.filter((trial) => trial.state !== "waiting").map((trial) => trial.systemAttributes[PLACE]);
      return new Set(taken.filter((place) => place !== undefined)).size >= size;
    },
  };

  /** Trial k takes place k; enqueued trials do not, and what they left out is made up for at the end. */
  function placeOf(view: SamplerView): number {
    if (view.number < size) return view.number;
    const enqueued = view.trials.filter((trial) => trial.systemAttributes[PLACE] === undefined);
    const left = enqueued.map((trial) => trial.number).filter((number) => number < size);
    return left[view.number - size - (enqueued.length - left.length)] ?? view.number % size;
  }
}

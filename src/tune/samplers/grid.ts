// Grid search: every combination of given values once, in an order that the seed shuffles. Where parameters depend on
// others, several combinations are one setting: what a complete trial asked for tells which, and they are not repeated.
import { FoveaError, shown } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import { Random, STREAM } from "../../core/random.js";
import { type Choice, contains, toInternal } from "../distribution.js";
import { sharedProposal } from "../history.js";
import type { TrialRecord } from "../trial-record.js";
import { type Grid, type GridPoints, productPoints, type Setting, settingPoints } from "./grid-points.js";
import type { RunningTrial, Sampler, SamplerView } from "./sampler.js";

/** Properties that a grid's running and finished trials have in common. */
type Placed = Pick<TrialRecord, "params" | "systemAttributes">;

/** The study's places, of one seed: the points in the order in which they are tried. */
class Places {
  readonly #order: Int32Array;
  readonly #placeOf: Int32Array;
  /** Places by finished trial, which never changes any more. */
  readonly #known = new WeakMap<TrialRecord, readonly number[]>();
  readonly #mark: string;

  constructor(
    readonly points: GridPoints,
    seed: number,
  ) {
    this.#order = new Random(seed, STREAM.tune).permutation(points.size);
    this.#placeOf = new Int32Array(points.size);
    this.#order.forEach((point, index) => {
      this.#placeOf[point] = index;
    });
    this.#mark = JSON.stringify(points.note);
  }

  at(index: number): Record<string, Choice> {
    return this.points.at(this.#order[index]!);
  }

  /** The place that a trial was begun with, if it was begun with one of this grid. */
  begunWith({ params, systemAttributes }: Placed): number | undefined {
    const { key, noteKey } = this.points;
    const index = systemAttributes[key];
    if (typeof index === "number" && JSON.stringify(systemAttributes[noteKey]) === this.#mark) return index;
    const points = this.points.covered({ ...sharedProposal(systemAttributes), ...params });
    return points.length === 1 ? this.#placeOf[points[0]!] : undefined;
  }

  /** The places that need no trial any more because of these. */
  taken(trials: readonly TrialRecord[]): Set<number> {
    const taken = new Set<number>();
    for (const trial of trials) for (const index of this.#takenBy(trial)) taken.add(index);
    return taken;
  }

  /** A complete trial has tried all points that agree with it in all that it asked for, any other one its own. */
  #takenBy(trial: TrialRecord): readonly number[] {
    const known = this.#known.get(trial);
    if (known !== undefined) return known;
    // One that asked for nothing tells nothing about the others.
    const tells = trial.state === "complete" && this.points.names.some((name) => Object.hasOwn(trial.params, name));
    const begun = tells || trial.state === "waiting" ? undefined : this.begunWith(trial);
    const taken = tells
      ? this.points.covered(trial.params).map((point) => this.#placeOf[point]!)
      : begun === undefined
        ? []
        : [begun];
    if (trial.finishedAt !== undefined) this.#known.set(trial, taken);
    return taken;
  }
}

/**
 * Tries every combination of the values given for each parameter, or every one of a list of settings; the study ends when
 * all have been tried. With conditional parameters, combinations that lead to the same trial are tried once; several
 * trials at once may begin the same one before a first has shown what it asks for, where a list of settings cannot.
 * @param grid the values of each parameter, or the settings themselves
 * @throws FoveaError for an empty grid or equal values; a trial that asks for what the grid does not have throws
 * @example gridSampler({ learningRate: [1e-4, 1e-3, 1e-2], activation: ["relu", "tanh"] })
 * @example gridSampler([{ layers: 1, units_1: 8 }, { layers: 2, units_1: 8, units_2: 8 }])
 */
export function gridSampler(grid: Grid | readonly Setting[]): Sampler {
  if (typeof grid !== "object" || grid === null)
    throw new FoveaError(
      "wrong-type",
      `gridSampler: expected values for each parameter, or a list of settings, received ${shown(grid)}`,
    );
  const points = Array.isArray(grid) ? settingPoints(grid as readonly Setting[]) : productPoints(grid as Grid);
  const bySeed = new Map<number, Places>();
  const placesOf = (seed: number): Places => {
    const places = bySeed.get(seed) ?? new Places(points, seed);
    bySeed.set(seed, places);
    return places;
  };
  return {
    name: "grid",
    looksAtRunning: true,
    propose(view) {
      if (Object.keys(view.fixed).length > 0) return { params: {} };
      const places = placesOf(view.seed);
      const index = placeFor(places, view);
      const attributes: Record<string, Json> = { [points.key]: index, [points.noteKey]: points.note };
      return { params: places.at(index), attributes };
    },
    sample(view, name, distribution) {
      const choices = points.valuesOf(name);
      if (Object.keys(view.fixed).length > 0)
        throw new FoveaError(
          "unknown-parameter",
          `parameter "${name}": an enqueued trial of a grid needs a value for it`,
        );
      if (choices.length === 0)
        throw new FoveaError(
          "unknown-parameter",
          `parameter "${name}": the grid has values for ${points.names.join(", ")} only; add some for it`,
        );
      const wrong = choices.find((value) => !contains(distribution, toInternal(name, distribution, value)));
      throw new FoveaError(
        "unknown-parameter",
        wrong === undefined
          ? `parameter "${name}": the grid has no value for it in this setting`
          : `parameter "${name}": the grid's value ${JSON.stringify(wrong)} is not in its range`,
      );
    },
    isExhausted(trials, seed) {
      const places = placesOf(seed);
      return points.size - places.taken(trials).size <= unplaced(places, trials.filter(isRunning), Infinity);
    },
  };
}

const isRunning = ({ state }: TrialRecord): boolean => state === "running";

/** The first place that is free as far as a trial may know; those under way count as begun, in the order of numbers. */
function placeFor(places: Places, view: SamplerView): number {
  const begun = places.begunWith({ params: {}, systemAttributes: view.noted });
  if (begun !== undefined) return begun;
  const taken = places.taken(view.trials);
  for (const trial of view.running) {
    const index = places.begunWith(placed(trial));
    if (index !== undefined) taken.add(index);
  }
  let skip = unplaced(places, view.running.map(placed), view.number);
  for (let index = 0; index < places.points.size; index++) if (!taken.has(index) && skip-- === 0) return index;
  return view.number % places.points.size;
}

const placed = ({ number, params, attributes = {} }: RunningTrial) => ({
  number,
  params,
  systemAttributes: attributes,
});

/** Number of running trials numbered below `before` whose place is not known yet; enqueued ones do not count. */
const unplaced = (places: Places, running: readonly (Placed & { readonly number: number })[], before: number): number =>
  running.filter(
    (trial) =>
      trial.number < before &&
      trial.systemAttributes.fixed_params === undefined &&
      places.begunWith(trial) === undefined,
  ).length;

// The Tree-structured Parzen Estimator with Optuna's defaults: draw candidates from the density of good trials, take
// the one whose density among good trials is highest relative to that among the rest.
import { FoveaError } from "../../../core/errors.js";
import { joined } from "../../../core/lookup.js";
import { checkOptions, flag, wholeNumber } from "../../../core/options.js";
import { type Choice, toExternal } from "../../distribution.js";
import { drawUniformly } from "../../draws.js";
import type { Sampler, SamplerView } from "../sampler.js";
import { groupedSpaces, type SearchSpace } from "../search-space.js";
import { HistoryColumns } from "./history-columns.js";
import { ParzenEstimator } from "./parzen.js";
import { type Split, splitTrials } from "./split.js";

/** Options of `tpeSampler`. */
export interface TpeOptions {
  /** Random trials before the first estimate. Default 10. */
  readonly startupTrials?: number;
  /** Draws of which the best is taken. Default 24. */
  readonly candidates?: number;
  /** True where parameters are estimated together. Default true; false for several objectives. */
  readonly multivariate?: boolean;
  /**
   * True where parameters that come together are estimated together, group by group: for conditional spaces. Default
   * false.
   */
  readonly group?: boolean;
  /** True where trials under way count as bad ones, which keeps parallel trials apart. Default true. */
  readonly constantLiar?: boolean;
}

const goodCount = (count: number, objectives: number): number =>
  objectives > 1 ? Math.ceil(0.1 * count) : Math.min(Math.ceil(0.1 * count), 25);

/**
 * TPE (Bergstra et al. 2011; Watanabe 2023), in Optuna 5's form: univariate or multivariate, grouped, with constant liar.
 * @throws FoveaError for options out of range, or that contradict each other
 * @example createStudy({ sampler: tpeSampler({ startupTrials: 20 }), seed: 1 });
 */
export function tpeSampler(options: TpeOptions = {}): Sampler {
  checkOptions("tpeSampler", options, ["startupTrials", "candidates", "multivariate", "group", "constantLiar"]);
  const { startupTrials = 10, candidates = 24 } = options;
  const group = flag("tpe: group", options.group, false);
  const constantLiar = flag("tpe: constantLiar", options.constantLiar, true);
  flag("tpe: multivariate", options.multivariate, true);
  wholeNumber("tpe: startupTrials", startupTrials, 0);
  wholeNumber("tpe: candidates", candidates, 1);
  if (group && options.multivariate === false)
    throw new FoveaError("conflicting-options", "tpe: group needs multivariate; leave multivariate out");
  const isJoint = (view: SamplerView): boolean => options.multivariate ?? (group || view.directions.length === 1);
  const history = new HistoryColumns();
  const splits = new WeakMap<SamplerView, Split>();

  /** The split of a trial's history, made once for all its parameters; `undefined` while it is too short. */
  const splitFor = (view: SamplerView, trials = usable(view)): Split | undefined => {
    if (trials.length < startupTrials) return undefined;
    let split = splits.get(view);
    if (split === undefined) {
      history.learn(trials);
      const count = goodCount(trials.length, view.directions.length);
      split = splitTrials(trials, constantLiar ? view.running : [], view.directions, count);
      splits.set(view, split);
    }
    return split;
  };

  const estimate = (view: SamplerView, split: Split, space: SearchSpace): Record<string, Choice> => {
    const below = history.observe(split.below, space);
    const flat = view.directions.length > 1 ? new Float64Array(below[0]!.values.length).fill(1) : undefined;
    const good = new ParzenEstimator(space, below, flat);
    const rest = new ParzenEstimator(space, history.observe(split.above, space));
    const points = good.sample(view.random([...space.keys()].join("\n")), candidates);
    const [likely, unlikely] = [good.logDensity(points), rest.logDensity(points)];
    let best = 0;
    for (let i = 1; i < candidates; i++) if (likely[i]! - unlikely[i]! > likely[best]! - unlikely[best]!) best = i;
    return Object.fromEntries(
      [...space].map(([name, distribution], i) => [name, toExternal(distribution, points[i]![best]!)]),
    );
  };

  return {
    name: "tpe",
    looksAtRunning: constantLiar,
    propose(view) {
      const trials = usable(view);
      const split = isJoint(view) ? splitFor(view, trials) : undefined;
      if (split === undefined) return { params: {} };
      const spaces = group ? groupedSpaces(trials) : [history.sharedSpace(trials)].filter((space) => space.size > 0);
      return { params: joined(spaces.map((space) => estimate(view, split, space))) };
    },
    sample(view, name, distribution) {
      const split = splitFor(view);
      if (split === undefined) return drawUniformly(distribution, view.random(name));
      return estimate(view, split, new Map([[name, distribution]]))[name]!;
    },
  };
}

const usable = (view: SamplerView) => view.trials.filter((trial) => trial.state !== "fail");

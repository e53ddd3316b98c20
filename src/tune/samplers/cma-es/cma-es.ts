// CMA-ES as a sampler: numerical parameters that every trial has are drawn from the strategy's distribution, the rest at
// random. The distribution is worked out from the generations in the study's history, so nothing has to be stored.
import { FoveaError } from "../../../core/errors.js";
import { checkOptions, wholeNumber } from "../../../core/options.js";
import { drawUniformly } from "../../draws.js";
import { lossesOf } from "../../pareto.js";
import type { Direction, TrialRecord } from "../../trial-record.js";
import { decode, dimensionsOf, encode } from "../encoding.js";
import { currentGeneration, generationsOf } from "../generations.js";
import type { Sampler, SamplerView } from "../sampler.js";
import { intersectionSpace, type SearchSpace } from "../search-space.js";
import { CmaEs } from "./strategy.js";

const GENERATION = "cma:generation";

/** Options of `cmaEsSampler`. */
export interface CmaEsOptions {
  /** Trials of a generation. Default 4 + 3 ln(dimensions). */
  readonly populationSize?: number;
  /** The first step, as a share of each parameter's range. Default 1/6. */
  readonly step?: number;
  /** Random trials before the first generation. Default 1. */
  readonly startupTrials?: number;
}

/**
 * CMA-ES for one objective (Hansen, 2016). Draws outside of a range are drawn again.
 * @throws FoveaError for options out of range.
 * @example createStudy({ sampler: cmaEsSampler({ populationSize: 8 }) });
 */
export function cmaEsSampler(options: CmaEsOptions = {}): Sampler {
  checkOptions("cmaEsSampler", options, ["populationSize", "step", "startupTrials"]);
  const { populationSize, step = 1 / 6, startupTrials = 1 } = options;
  if (populationSize !== undefined) wholeNumber("cma-es: populationSize", populationSize, 4);
  wholeNumber("cma-es: startupTrials", startupTrials, 0);
  if (!(step > 0 && step <= 1))
    throw new FoveaError("out-of-range", `cma-es: expected a step above 0 and up to 1, received ${step}`);
  const cache = new Map<string, CmaEs>();

  /** The distribution after all full generations. Each follows from the one before it and the trials between. */
  const strategyAfter = (generations: readonly (readonly TrialRecord[])[], space: SearchSpace, view: SamplerView) => {
    let strategy = CmaEs.begin(new Float64Array(dimensionsOf(space)).fill(0.5), step, populationSize);
    let key = `${view.studyName} ${view.seed} ${JSON.stringify([...space])}`;
    for (const generation of generations) {
      if (generation.length < strategy.size) break;
      const trials = generation.slice(0, strategy.size);
      key += ` ${trials.map((trial) => trial.id).join()}`;
      const known = cache.get(key);
      strategy = known ?? strategy.tell(byLoss(trials, view.directions).map((trial) => encode(space, trial.params)));
      if (known === undefined) cache.set(key, strategy);
    }
    return strategy;
  };

  return {
    name: "cma-es",
    propose(view) {
      if (view.directions.length > 1)
        throw new FoveaError(
          "unsuited-option",
          "cma-es: it knows one objective only; use nsga2Sampler or tpeSampler for several",
        );
      const complete = view.trials.filter((trial) => trial.state === "complete");
      if (complete.length < startupTrials) return { params: {} };
      const space = new Map([...intersectionSpace(complete)].filter(([, { type }]) => type !== "categorical"));
      if (space.size === 0) return { params: {} };
      const generations = generationsOf(view, GENERATION, space);
      const strategy = strategyAfter(generations, space, view);
      const point = drawInside(strategy, view);
      return {
        params: decode(space, point),
        attributes: { [GENERATION]: currentGeneration(generations, strategy.size) },
      };
    },
    sample: (view, name, distribution) => drawUniformly(distribution, view.random(name)),
  };
}

/** Number of times that a point outside of the unit cube is drawn again before it is brought back to its surface. */
const PATIENCE = 100;

function drawInside(strategy: CmaEs, view: SamplerView): Float64Array {
  const random = view.random("cma-es");
  let point = strategy.ask(random);
  for (let i = 0; i < PATIENCE && point.some((x) => x < 0 || x > 1); i++) point = strategy.ask(random);
  return point.map((x) => Math.min(Math.max(x, 0), 1));
}

const byLoss = (trials: readonly TrialRecord[], directions: readonly Direction[]): TrialRecord[] =>
  [...trials].sort((a, b) => lossesOf(a, directions)[0]! - lossesOf(b, directions)[0]! || a.number - b.number);

// NSGA-II (Deb et al. 2002): generations of trials, of which the least dominated and loneliest become parents.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import type { Random } from "../../core/random.js";
import type { Choice } from "../distribution.js";
import { drawUniformly, uniform53 } from "../draws.js";
import { dominates, lossesOf, nonDominationRanks } from "../pareto.js";
import type { Direction, TrialRecord } from "../trial-record.js";
import { currentGeneration, generationsOf } from "./generations.js";
import type { Sampler, SamplerView } from "./sampler.js";
import { intersectionSpace, type SearchSpace } from "./search-space.js";

/** The system attribute with a trial's generation, as Optuna names it. */
const GENERATION = "NSGAIISampler:generation";

/** Options of `nsga2Sampler`. */
export interface Nsga2Options {
  /** Trials of a generation. Default 50. */
  readonly populationSize?: number;
  /** Probability that a child has two parents. Default 0.9. */
  readonly crossoverProbability?: number;
  /** Probability that a parameter comes from the second parent. Default 0.5. */
  readonly swappingProbability?: number;
  /** Probability that a parameter is drawn again. Default: one parameter of a trial on average. */
  readonly mutationProbability?: number;
}

/**
 * NSGA-II with uniform crossover (Deb and others, 2002): for several objectives, and for one too.
 * @throws FoveaError for options out of range.
 * @example createStudy({ sampler: nsga2Sampler(), directions: ["maximize", "minimize"] });
 */
export function nsga2Sampler(options: Nsga2Options = {}): Sampler {
  const names = ["populationSize", "crossoverProbability", "swappingProbability", "mutationProbability"];
  checkOptions("nsga2Sampler", options, names);
  const { populationSize = 50, crossoverProbability = 0.9, swappingProbability = 0.5 } = options;
  wholeNumber("nsga2: populationSize", populationSize, 2);
  for (const [name, share] of Object.entries({
    crossoverProbability,
    swappingProbability,
    mutationProbability: options.mutationProbability ?? 0,
  }))
    if (!(share >= 0 && share <= 1))
      throw new FoveaError("out-of-range", `nsga2: expected ${name} from 0 to 1, received ${share}`);

  /** The parents of a generation: the best of the one before it and of that one's parents. */
  const parentsOf = (generations: readonly (readonly TrialRecord[])[], generation: number, view: SamplerView) => {
    let parents: readonly TrialRecord[] = [];
    for (let g = 0; g < generation; g++)
      parents = select([...(generations[g] ?? []), ...parents], populationSize, view.directions);
    return parents;
  };

  return {
    name: "nsga2",
    propose(view) {
      const generations = generationsOf(view, GENERATION);
      const generation = currentGeneration(generations, populationSize);
      const attributes = { [GENERATION]: generation };
      const parents = parentsOf(generations, generation, view);
      if (parents.length === 0) return { params: {}, attributes };
      const space = intersectionSpace(view.trials.filter((trial) => trial.state === "complete"));
      const random = view.random("child");
      const child = crossover(random, parents, space);
      const mutation = options.mutationProbability ?? 1 / Math.max(1, space.size);
      // Parameters that are left out are drawn anew.
      const kept = Object.entries(child).filter(() => uniform53(random) >= mutation);
      return { params: Object.fromEntries(kept), attributes };

      function crossover(draws: Random, from: readonly TrialRecord[], names: SearchSpace): Record<string, Choice> {
        const first = tournament(draws, from, view.directions);
        const second =
          uniform53(draws) < crossoverProbability
            ? (tournament(
                draws,
                from.filter((trial) => trial !== first),
                view.directions,
              ) ?? first)
            : first;
        return Object.fromEntries(
          [...names.keys()].map((name) => [
            name,
            (uniform53(draws) < swappingProbability ? second! : first!).params[name]!,
          ]),
        );
      }
    },
    sample: (view, name, distribution) => drawUniformly(distribution, view.random(name)),
  };
}

/** One of two at random: the one that dominates the other. */
function tournament(
  random: Random,
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
): TrialRecord | undefined {
  if (trials.length === 0) return undefined;
  const [a, b] = [random.pick(trials), random.pick(trials)];
  return dominates(lossesOf(b, directions), lossesOf(a, directions)) ? b : a;
}

/** The best `count`: front by front, and of the last front those with the most room around them. */
function select(trials: readonly TrialRecord[], count: number, directions: readonly Direction[]): TrialRecord[] {
  const losses = trials.map((trial) => lossesOf(trial, directions));
  const ranks = nonDominationRanks(losses, count);
  const chosen: TrialRecord[] = [];
  for (let rank = 0; chosen.length < Math.min(count, trials.length); rank++) {
    const front = trials.map((_, i) => i).filter((i) => ranks[i] === rank);
    const room = count - chosen.length;
    const lonely = front.length <= room ? front : mostSpread(front, losses).slice(0, room);
    chosen.push(...lonely.map((i) => trials[i]!));
  }
  return chosen;
}

/** Indices by their crowding distance: the sum over objectives of the gap between neighbours, the ends first. */
function mostSpread(front: readonly number[], losses: readonly (readonly number[])[]): number[] {
  const distance = new Map(front.map((i) => [i, 0]));
  for (let objective = 0; objective < losses[0]!.length; objective++) {
    const at = (i: number): number => losses[i]![objective]!;
    const sorted = [...front].sort((a, b) => at(a) - at(b) || a - b);
    const [first, last] = [sorted[0]!, sorted.at(-1)!];
    const range = at(last) - at(first);
    sorted.forEach((i, rank) => {
      const isEnd = rank === 0 || rank === sorted.length - 1;
      const gap = isEnd ? Infinity : range > 0 ? (at(sorted[rank + 1]!) - at(sorted[rank - 1]!)) / range : 0;
      distance.set(i, distance.get(i)! + gap);
    });
  }
  return [...front].sort((a, b) => (distance.get(a) === distance.get(b) ? a - b : distance.get(b)! - distance.get(a)!));
}

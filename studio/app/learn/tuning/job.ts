// Grid search and its rival over the same plane, by the library's studies and samplers.
import { createStudy, gridSampler, quasiRandomSampler, randomSampler, type Sampler, tpeSampler } from "fovea/tune";
import type { Job } from "../engine/job.ts";
import { gridValues, OBJECTIVE_FACTS } from "./objectives.ts";
import { budgetOf, type Rival, type SearchWish } from "./state.ts";

export interface TriedPoint {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

export interface Search {
  readonly points: readonly TriedPoint[];
  /** The best value after each trial. */
  readonly best: readonly number[];
}

export interface Searches {
  readonly wish: SearchWish;
  readonly grid: Search;
  readonly rival: Search;
}

const SAMPLERS: Readonly<Record<Rival, () => Sampler>> = {
  random: randomSampler,
  quasirandom: quasiRandomSampler,
  tpe: tpeSampler,
};

async function search(sampler: Sampler, wish: SearchWish): Promise<Search> {
  const { evaluate } = OBJECTIVE_FACTS[wish.objective];
  const study = await createStudy({ sampler, seed: wish.seed, direction: "maximize" });
  await study.optimize((trial) => evaluate(trial.suggestFloat("x", 0, 1), trial.suggestFloat("y", 0, 1)), {
    trials: budgetOf(wish),
  });
  const points = study.trials.map(({ params, values }) => ({
    x: Number(params.x),
    y: Number(params.y),
    value: values![0]!,
  }));
  let best = Number.NEGATIVE_INFINITY;
  return {
    points,
    best: points.map(({ value }) => {
      best = Math.max(best, value);
      return best;
    }),
  };
}

export const searches: Job<SearchWish, Searches> = async (wish) => {
  const values = gridValues(wish.side);
  return {
    wish,
    grid: await search(gridSampler({ x: values, y: values }), wish),
    rival: await search(SAMPLERS[wish.rival](), wish),
  };
};

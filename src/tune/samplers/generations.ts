// Samplers that work in generations: which trials belong to which, noted as a system attribute. A generation is full
// when so many of its trials are complete; trials started meanwhile still belong to it.
import type { TrialRecord } from "../trial-record.js";
import type { SamplerView } from "./sampler.js";
import type { SearchSpace } from "./search-space.js";

/** The complete trials of each generation that has some, by number. */
export function generationsOf(view: SamplerView, key: string, space?: SearchSpace): TrialRecord[][] {
  const generations: TrialRecord[][] = [];
  for (const trial of view.trials) {
    const generation = trial.systemAttributes[key];
    if (trial.state !== "complete" || typeof generation !== "number") continue;
    if (space !== undefined && ![...space.keys()].every((name) => Object.hasOwn(trial.params, name))) continue;
    generations[generation] ??= [];
    generations[generation].push(trial);
  }
  return Array.from(generations, (generation) => generation ?? []);
}

/** The generation that a new trial belongs to. */
export const currentGeneration = (generations: readonly (readonly unknown[])[], size: number): number => {
  const last = Math.max(0, generations.length - 1);
  return (generations[last]?.length ?? 0) < size ? last : last + 1;
};

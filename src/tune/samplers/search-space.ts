// Search spaces from the finished trials of a study: the parameters that all of them share, and groups of parameters
// that always come together. Parameters that no finished trial has tried are in none.
import { ownValue } from "../../core/lookup.js";
import { type Distribution, isSingle, sameDistribution } from "../distribution.js";
import type { TrialRecord } from "../trial-record.js";

/** Parameters by name, in the order of their names. */
export type SearchSpace = ReadonlyMap<string, Distribution>;

const byName = ([a]: [string, Distribution], [b]: [string, Distribution]): number => (a < b ? -1 : a > b ? 1 : 0);

/** Drops what has one value only, and sorts: the same space in the same order, however it came about. */
const tidy = (entries: Iterable<[string, Distribution]>): SearchSpace =>
  new Map([...entries].filter(([, distribution]) => !isSingle(distribution)).sort(byName));

/** The parameters that every one of the trials has, with the same distribution in all of them. */
export function intersectionSpace(trials: readonly TrialRecord[]): SearchSpace {
  const newest = trials.at(-1);
  if (newest === undefined) return new Map();
  const shared = new Map(Object.entries(newest.distributions));
  for (const { distributions } of trials)
    for (const [name, distribution] of shared) {
      const other = ownValue(distributions, name);
      if (other === undefined || !sameDistribution(other, distribution)) shared.delete(name);
    }
  return tidy(shared);
}

/**
 * A partition of all parameters into groups: a trial has either all parameters of a group or none. Conditional spaces
 * fall apart into their branches.
 */
export function groupedSpaces(trials: readonly TrialRecord[]): SearchSpace[] {
  let groups: Map<string, Distribution>[] = [];
  for (const { distributions } of trials) {
    const rest = new Map(Object.entries(distributions));
    const next: Map<string, Distribution>[] = [];
    for (const group of groups) {
      const inside = [...group].filter(([name]) => rest.has(name));
      const outside = [...group].filter(([name]) => !rest.has(name));
      for (const [name] of inside) rest.delete(name);
      next.push(new Map(inside), new Map(outside));
    }
    groups = [...next, rest].filter((group) => group.size > 0);
  }
  return groups.map(tidy).filter((group) => group.size > 0);
}

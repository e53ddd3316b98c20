// Several objectives at once: which results are better than which, and by how much. Results are losses here: lower is
// better in every coordinate (`lossesOf` turns maximized values round).
import type { Direction, TrialRecord } from "./trial-record.js";

/** A complete trial's values with those to be maximized negated. */
export const lossesOf = (trial: TrialRecord, directions: readonly Direction[]): number[] =>
  trial.values!.map((value, i) => (directions[i] === "maximize" ? -value : value));

/** Checks whether a is nowhere worse than b and somewhere better. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) return false;
    if (a[i]! < b[i]!) better = true;
  }
  return better;
}

/**
 * The rank of each result: 0 for those that no other dominates, 1 for those that only rank 0 dominates, and so on.
 * Stops once `enough` results have one; the rest get Infinity.
 */
export function nonDominationRanks(losses: readonly (readonly number[])[], enough = losses.length): number[] {
  const ranks = losses.map(() => Infinity);
  // In lexicographic order nothing later dominates anything earlier, so a front needs comparing with itself alone.
  let left = losses.map((_, i) => i).sort((i, j) => compareLexicographically(losses[i]!, losses[j]!) || i - j);
  for (let rank = 0, ranked = 0; left.length > 0 && ranked < enough; rank++) {
    const front: number[] = [];
    const next: number[] = [];
    for (const i of left)
      if (front.some((j) => dominates(losses[j]!, losses[i]!))) next.push(i);
      else front.push(i);
    for (const i of front) ranks[i] = rank;
    ranked += front.length;
    left = next;
  }
  return ranks;
}

function compareLexicographically(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
  return 0;
}

/** The complete trials that no other complete trial dominates, by number. */
export function paretoFront(trials: readonly TrialRecord[], directions: readonly Direction[]): TrialRecord[] {
  const complete = trials.filter((trial) => trial.state === "complete");
  const ranks = nonDominationRanks(
    complete.map((trial) => lossesOf(trial, directions)),
    1,
  );
  return complete.filter((_, i) => ranks[i] === 0);
}

/** The volume that results dominate below a reference point, by slicing along the last coordinate. */
export function hypervolume(losses: readonly (readonly number[])[], reference: readonly number[]): number {
  const last = reference.length - 1;
  const inside = losses.filter((loss) => loss.every((value, i) => value < reference[i]!));
  if (inside.length === 0) return 0;
  if (last === 0) return reference[0]! - Math.min(...inside.map((loss) => loss[0]!));
  const sorted = [...inside].sort((a, b) => a[last]! - b[last]!);
  let volume = 0;
  for (let i = 0; i < sorted.length; i++) {
    const top = sorted[i + 1]?.[last] ?? reference[last]!;
    const depth = top - sorted[i]![last]!;
    if (depth > 0)
      volume +=
        depth *
        hypervolume(
          sorted.slice(0, i + 1).map((loss) => loss.slice(0, last)),
          reference.slice(0, last),
        );
  }
  return volume;
}

/** The indices of `count` results that together dominate much: greedily the one that adds the most volume. */
export function bestByHypervolume(
  losses: readonly (readonly number[])[],
  count: number,
  reference: readonly number[],
): number[] {
  if (count >= losses.length) return losses.map((_, i) => i);
  if (!reference.every(Number.isFinite)) return losses.slice(0, count).map((_, i) => i);
  const chosen: number[] = [];
  const volume = (indices: readonly number[]) =>
    hypervolume(
      indices.map((i) => losses[i]!),
      reference,
    );
  // The gain of a result only shrinks as others are chosen, so an old gain is a bound: only the best are computed anew.
  const gains = losses.map((_, i) => volume([i]));
  const rest = new Set(losses.keys());
  for (let total = 0; chosen.length < count; ) {
    let best = -1;
    for (const i of [...rest].sort((a, b) => gains[b]! - gains[a]! || a - b)) {
      if (best >= 0 && gains[i]! <= gains[best]!) break;
      gains[i] = volume([...chosen, i]) - total;
      if (best < 0 || gains[i]! > gains[best]!) best = i;
    }
    chosen.push(best);
    rest.delete(best);
    total += gains[best]!;
  }
  return chosen.sort((a, b) => a - b);
}

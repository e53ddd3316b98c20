// TPE's first step: which trials count as good ("below") and which as the rest ("above").
import { bestByHypervolume, lossesOf, nonDominationRanks } from "../../pareto.js";
import { type Direction, lastStep, type TrialRecord } from "../../trial-record.js";
import type { RunningTrial } from "../sampler.js";

export interface Split {
  readonly below: readonly RunningTrial[];
  readonly above: readonly RunningTrial[];
}

const EPSILON = 1e-12;

/**
 * Splits complete and pruned trials: the best `count` complete ones are below; where there are fewer, the pruned ones
 * that came furthest fill up. Trials under way are above (the "constant liar": they are taken for bad).
 */
export function splitTrials(
  trials: readonly TrialRecord[],
  running: readonly RunningTrial[],
  directions: readonly Direction[],
  count: number,
): Split {
  const complete = trials.filter((trial) => trial.state === "complete");
  const pruned = trials.filter((trial) => trial.state === "pruned");
  const good = new Set<RunningTrial>(
    directions.length > 1
      ? bestOfSeveral(complete, directions, count)
      : lowest(complete, count, (trial) => [lossesOf(trial, directions)[0]!]),
  );
  for (const trial of lowest(pruned, count - good.size, (record) => prunedScore(record, directions[0]!)))
    good.add(trial);
  const rest = [...trials.filter((trial) => !good.has(trial)), ...running];
  return {
    below: trials.filter((trial) => good.has(trial)),
    above: rest.sort((a, b) => a.number - b.number),
  };
}

/** The `count` trials with the lowest keys (compared element by element), the earlier of equals. */
function lowest(
  trials: readonly TrialRecord[],
  count: number,
  keyOf: (trial: TrialRecord) => readonly number[],
): TrialRecord[] {
  const isLower = (a: readonly number[], b: readonly number[]): boolean => {
    const i = a.findIndex((value, j) => value !== b[j]);
    return i >= 0 && a[i]! < b[i]!;
  };
  // A short sorted list, for few are wanted of many.
  const kept: { trial: TrialRecord; key: readonly number[] }[] = [];
  if (count <= 0) return [];
  for (const trial of trials) {
    const key = keyOf(trial);
    if (kept.length === count && !isLower(key, kept[count - 1]!.key)) continue;
    let at = kept.length;
    while (at > 0 && isLower(key, kept[at - 1]!.key)) at--;
    kept.splice(at, 0, { trial, key });
    kept.length = Math.min(kept.length, count);
  }
  return kept.map((entry) => entry.trial);
}

/** The further a trial came the better, then the better its last report. */
function prunedScore(trial: TrialRecord, direction: Direction): readonly number[] {
  const step = lastStep(trial);
  if (step === undefined) return [1, 0];
  const value = trial.intermediate.get(step)!;
  if (Number.isNaN(value)) return [-step, Infinity];
  return [-step, direction === "maximize" ? -value : value];
}

/** Whole fronts as far as they go; of the next one those that dominate most. */
function bestOfSeveral(
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
  count: number,
): readonly TrialRecord[] {
  if (count >= trials.length) return trials;
  const losses = trials.map((trial) => lossesOf(trial, directions));
  const ranks = nonDominationRanks(losses, count);
  const sizes: number[] = [];
  for (const rank of ranks) if (rank < Infinity) sizes[rank] = (sizes[rank] ?? 0) + 1;
  let fronts = 0;
  let taken = 0;
  while (fronts < sizes.length && taken + sizes[fronts]! <= count) taken += sizes[fronts++]!;
  const last = trials.map((_, i) => i).filter((i) => ranks[i] === fronts);
  const rows = last.map((i) => losses[i]!);
  const chosen = taken === count ? [] : bestByHypervolume(rows, count - taken, referencePoint(rows));
  const tied = new Set(chosen.map((i) => last[i]!));
  return trials.filter((_, i) => ranks[i]! < fronts || tied.has(i));
}

function referencePoint(losses: readonly (readonly number[])[]): number[] {
  return losses[0]!.map((_, i) => {
    const worst = losses.reduce((max, loss) => Math.max(max, loss[i]!), -Infinity);
    return Math.max(1.1 * worst, 0.9 * worst) || EPSILON;
  });
}

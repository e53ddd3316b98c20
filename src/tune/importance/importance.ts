// Common parts of all measures of importance: the trials that count, and the form of the results.
import type { TrialRecord } from "../trial-record.js";

/** Importance by parameter, the most important first. */
export type Importances = Readonly<Record<string, number>>;

/** Complete trials with finite values. */
export const usableTrials = (trials: readonly TrialRecord[]): TrialRecord[] =>
  trials.filter((trial) => trial.state === "complete" && trial.values!.every(Number.isFinite));

export const sortedImportances = (entries: readonly (readonly [string, number])[]): Importances =>
  Object.fromEntries([...entries].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));

/**
 * Importances as shares of 1; all equal when none has any.
 * @param importances Importances by the parameters' names.
 */
export function normalized(importances: Importances): Importances {
  const entries = Object.entries(importances);
  const sum = entries.reduce((total, [, value]) => total + value, 0);
  return Object.fromEntries(entries.map(([name, value]) => [name, sum === 0 ? 1 / entries.length : value / sum]));
}

// Values of trials as charts want them: which trials are drawn, from where to where values are shown, and how good each
// is. Of a huge study the best are drawn and a sample of the rest; far outliers stand at the edge.
import type { StudyFacts, TrialFacts } from "../../study-facts.js";

/** More points than this make a page that nobody can open. */
export const MOST_TRIALS = 1500;

/** The value of one objective of a finished trial; undefined where it has none. */
export const trialValue = (trial: TrialFacts, objective = 0): number | undefined =>
  trial.values?.[objective] ?? undefined;

/** Complete trials with a value for an objective. */
export const completeTrials = (facts: StudyFacts, objective = 0): TrialFacts[] =>
  facts.trials.filter((trial) => trial.state === "complete" && trialValue(trial, objective) !== undefined);

/** Values as losses: lower is better. */
export const signOf = (facts: StudyFacts, objective = 0): 1 | -1 =>
  facts.directions[objective] === "maximize" ? -1 : 1;

/** At most `MOST_TRIALS` of some trials: the best tenth of them, and of the others every so-manieth. */
export function drawnTrials(facts: StudyFacts, trials: readonly TrialFacts[]): readonly TrialFacts[] {
  if (trials.length <= MOST_TRIALS) return trials;
  const sign = signOf(facts);
  const loss = (trial: TrialFacts): number => sign * (trialValue(trial) ?? Number.POSITIVE_INFINITY);
  const best = new Set([...trials].sort((a, b) => loss(a) - loss(b)).slice(0, MOST_TRIALS / 10));
  const every = Math.ceil((trials.length - best.size) / (MOST_TRIALS - best.size));
  return trials.filter((trial, i) => best.has(trial) || i % every === 0);
}

/** The range in which values are shown: all of them, unless some lie far beyond the worse of the others. */
export function shownRange(values: readonly number[], sign: 1 | -1): { readonly low: number; readonly high: number } {
  const losses = values.map((value) => sign * value).sort((a, b) => a - b);
  const best = losses[0] ?? 0;
  const at = (share: number): number => losses[Math.floor(share * (losses.length - 1))] ?? best;
  const fence = at(0.75) + 3 * (at(0.75) - best);
  const worst = losses.findLast((loss) => loss <= fence) ?? best;
  const room = (worst - best || Math.abs(best) || 1) * 0.05;
  const [from, to] = [best - room, worst + room];
  return { low: sign > 0 ? from : -to, high: sign > 0 ? to : -from };
}

export const clamp = (value: number, { low, high }: { readonly low: number; readonly high: number }): number =>
  Math.min(high, Math.max(low, value));

/** Rank of a value among others: 1 the best, 0 as bad as the worse quarter of them. */
export function goodness(values: readonly number[], sign: 1 | -1): (value: number) => number {
  const losses = values.map((value) => sign * value).sort((a, b) => a - b);
  const best = losses[0] ?? 0;
  const worst = losses[Math.floor(0.85 * (losses.length - 1))] ?? best;
  return (value) => (worst === best ? 1 : Math.min(1, Math.max(0, (worst - sign * value) / (worst - best))));
}

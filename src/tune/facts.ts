// A study as plain data: all that a table, a chart or a page about it needs, ready for JSON. No text, no drawing.

import type { Json } from "../core/json.js";
import { joined } from "../core/lookup.js";
import type { Choice, Distribution } from "./distribution.js";
import { enqueuedParams } from "./history.js";
import { lossesOf, paretoFront } from "./pareto.js";
import { FAIL_REASON } from "./storages/storage.js";
import type { Study } from "./study.js";
import type { Direction, TrialRecord, TrialState } from "./trial-record.js";

/** A trial as reports and files have it. NaN and infinities, which JSON does not have, become null. */
export interface TrialFacts {
  /** The number within the study, from 0. */
  readonly number: number;
  /** Waiting, running, complete, pruned or failed. */
  readonly state: TrialState;
  /** The value of each objective; null where there is none. */
  readonly values: readonly (number | null)[] | null;
  /** The parameters by their names. */
  readonly params: Readonly<Record<string, Choice>>;
  /** Notes of the user. */
  readonly userAttributes: Readonly<Record<string, Json>>;
  /** True where the user enqueued it, and not the sampler. */
  readonly enqueued: boolean;
  /** Steps and reports, by step. */
  readonly intermediate: readonly (readonly [step: number, value: number | null])[];
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  /** ISO 8601, UTC; null until it ends. */
  readonly finishedAt: string | null;
  /** The reason why it failed. */
  readonly reason: string | null;
}

/** A study as reports and files have it. */
export interface StudyFacts {
  /** The study's name. */
  readonly name: string;
  /** The better direction of each objective. */
  readonly directions: readonly Direction[];
  /** The seed of all randomness. */
  readonly seed: number;
  /** Number of trials in each state. */
  readonly counts: Readonly<Record<TrialState, number>>;
  /** Every parameter that a trial has had, with its latest distribution. */
  readonly space: Readonly<Record<string, Distribution>>;
  /** All trials by number. */
  readonly trials: readonly TrialFacts[];
  /** Numbers of the best trials: one, or the Pareto front; none while no trial is complete. */
  readonly best: readonly number[];
  /** For one objective, after each complete trial: its number, its value, and the best value so far. */
  readonly history: readonly (readonly [number: number, value: number | null, best: number | null])[];
  /** Notes of the user. */
  readonly userAttributes: Readonly<Record<string, Json>>;
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/**
 * All facts about a study as it was last read; call `study.refresh()` before when others work on it.
 * @param study An open study.
 * @example
 * const study = await createStudy({ seed: 1 });
 * await study.optimize((trial) => (trial.suggestFloat("x", -5, 5) - 2) ** 2, { trials: 5 });
 * const { best, trials } = studyFacts(study);
 */
export function studyFacts(study: Study): StudyFacts {
  const { name, directions, seed, trials, userAttributes } = study;
  const counts: Record<TrialState, number> = { running: 0, complete: 0, pruned: 0, fail: 0, waiting: 0 };
  for (const trial of trials) counts[trial.state]++;
  const space = joined(trials.map((trial) => trial.distributions));
  return {
    name,
    directions,
    seed,
    counts,
    space,
    trials: trials.map(trialFacts),
    best: bestNumbers(trials, directions),
    history: directions.length === 1 ? historyOf(trials, directions) : [],
    userAttributes,
  };
}

/**
 * One trial's facts.
 * @param trial A trial's record.
 * @example
 * const study = await createStudy();
 * await study.optimize((trial) => trial.suggestFloat("x", 0, 1), { trials: 1 });
 * trialFacts(study.trials[0]).state; // "complete"
 */
export function trialFacts(trial: TrialRecord): TrialFacts {
  const reason = trial.systemAttributes[FAIL_REASON];
  return {
    number: trial.number,
    state: trial.state,
    values: trial.values?.map(finite) ?? null,
    params: trial.params,
    userAttributes: trial.userAttributes,
    enqueued: enqueuedParams(trial) !== undefined,
    intermediate: [...trial.intermediate].sort(([a], [b]) => a - b).map(([step, value]) => [step, finite(value)]),
    startedAt: trial.startedAt?.toISOString() ?? null,
    finishedAt: trial.finishedAt?.toISOString() ?? null,
    reason: typeof reason === "string" ? reason : null,
  };
}

function bestNumbers(trials: readonly TrialRecord[], directions: readonly Direction[]): number[] {
  const numbers = paretoFront(trials, directions).map((trial) => trial.number);
  return directions.length === 1 ? numbers.slice(0, 1) : numbers;
}

function historyOf(trials: readonly TrialRecord[], directions: readonly Direction[]): StudyFacts["history"] {
  let least = Infinity;
  let best = Number.NaN;
  return trials
    .filter((trial) => trial.state === "complete")
    .map((trial) => {
      const value = trial.values![0]!;
      const loss = lossesOf(trial, directions)[0]!;
      if (loss < least) [least, best] = [loss, value];
      return [trial.number, finite(value), finite(best)];
    });
}

// A trial as it is remembered: plain data, the same whether it comes from memory, a file or a database.
// The object of a running objective is in trial.ts.
import type { Json } from "../core/json.js";
import type { Choice, Distribution } from "./distribution.js";

/** The better direction of a value. */
export type Direction = "minimize" | "maximize";

/** Waiting in the queue, being evaluated, or finished in one of three ways. */
export type TrialState = "running" | "complete" | "pruned" | "fail" | "waiting";

/** A trial as the storage remembers it. */
export interface TrialRecord {
  /** The storage's own identifier. */
  readonly id: number;
  /** 0, 1, 2... in the order in which the study's trials were created. */
  readonly number: number;
  /** Waiting, running, complete, pruned or failed. */
  readonly state: TrialState;
  /** One per objective once complete; a pruned trial has its last report. */
  readonly values: readonly number[] | undefined;
  /** The parameters by their names. */
  readonly params: Readonly<Record<string, Choice>>;
  /** The values that each parameter could take. */
  readonly distributions: Readonly<Record<string, Distribution>>;
  /** Notes of the user. */
  readonly userAttributes: Readonly<Record<string, Json>>;
  /** Notes of samplers, pruners and this library; Optuna's keys where it has some. */
  readonly systemAttributes: Readonly<Record<string, Json>>;
  /** Reports by step. */
  readonly intermediate: ReadonlyMap<number, number>;
  /** The time of the start; undefined while it waits. */
  readonly startedAt: Date | undefined;
  /** The time of the end; undefined until then. */
  readonly finishedAt: Date | undefined;
}

/** A study as it is remembered, without its trials. */
export interface StudyRecord {
  /** The storage's identifier. */
  readonly id: number;
  /** The study's name. */
  readonly name: string;
  /** The better direction of each objective. */
  readonly directions: readonly Direction[];
  /** Notes of the user. */
  readonly userAttributes: Readonly<Record<string, Json>>;
  /** Notes of samplers and this library. */
  readonly systemAttributes: Readonly<Record<string, Json>>;
}

export const isFinished = (state: TrialState): boolean => state !== "running" && state !== "waiting";

/** The highest step that was reported. */
export function lastStep(trial: Pick<TrialRecord, "intermediate">): number | undefined {
  let last: number | undefined;
  for (const step of trial.intermediate.keys()) if (last === undefined || step > last) last = step;
  return last;
}

/**
 * A record with its fields in one fixed order: engines read ten thousand objects of one shape several times as fast as
 * ten thousand that came about in different ways.
 */
export const trialRecord = (fields: TrialRecord): TrialRecord => ({
  id: fields.id,
  number: fields.number,
  state: fields.state,
  values: fields.values,
  params: fields.params,
  distributions: fields.distributions,
  userAttributes: fields.userAttributes,
  systemAttributes: fields.systemAttributes,
  intermediate: fields.intermediate,
  startedAt: fields.startedAt,
  finishedAt: fields.finishedAt,
});

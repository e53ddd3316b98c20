// Facts for the report of a hyper-parameter study: plain data, as the tune room's facts have it and JSON can say.
import type { FactRow } from "./facts.js";

export type ParameterValue = string | number | boolean | null;

/** Values that a parameter may have. */
export type ParameterFacts =
  | { readonly type: "float" | "int"; readonly low: number; readonly high: number; readonly log: boolean }
  | { readonly type: "categorical"; readonly choices: readonly ParameterValue[] };

export interface TrialFacts {
  readonly number: number;
  readonly state: "running" | "complete" | "pruned" | "fail" | "waiting";
  readonly values: readonly (number | null)[] | null;
  readonly params: Readonly<Record<string, ParameterValue>>;
  /** True where the user enqueued it, and not the sampler. */
  readonly enqueued: boolean;
  /** Steps and reports, by step. */
  readonly intermediate: readonly (readonly [step: number, value: number | null])[];
  /** ISO 8601. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Reason of its failure. */
  readonly reason: string | null;
}

/** Importances of the parameters by one method, the most important first. */
export interface ImportanceFacts {
  readonly method: string;
  readonly shares: Readonly<Record<string, number>>;
}

/** Contents of the page of a hyper-parameter study. */
export interface StudyFacts {
  /** "Fovea 0.1.0" */
  readonly createdBy: string;
  /** Name of the study. */
  readonly name: string;
  /** Direction of each objective. */
  readonly directions: readonly ("minimize" | "maximize")[];
  /** Names of the values, one per direction. */
  readonly objectives: readonly string[];
  /** Parameters by name, with their ranges. */
  readonly space: Readonly<Record<string, ParameterFacts>>;
  /** All trials, by number. */
  readonly trials: readonly TrialFacts[];
  /** Numbers of the best trials: one, or the Pareto front. */
  readonly best: readonly number[];
  /** Importances of the parameters, one entry per method; none where there are too few trials. */
  readonly importances: readonly ImportanceFacts[];
  /** Sampler, pruner, seed, data: whatever the page's head should say. */
  readonly rows: readonly FactRow[];
  /** Other studies of the same thing, to compare with. */
  readonly beside?: readonly { readonly name: string; readonly trials: readonly TrialFacts[] }[];
  /** The command that rebuilds the best trial. */
  readonly rebuild?: string;
}

// Facts that the Tune view is told of studies: plain data, as in facts.ts. Trials come as short rows, once each, for a study may
// have ten thousand.

export type TrialState = "running" | "complete" | "pruned" | "fail" | "waiting";
export type Direction = "minimize" | "maximize";
export type ParameterValue = string | number | boolean | null;

/** Values that a parameter may have; a range holds the ranges of all trials. */
export type ParameterFacts =
  | {
      readonly name: string;
      readonly type: "float" | "int";
      readonly low: number;
      readonly high: number;
      readonly log: boolean;
    }
  | { readonly name: string; readonly type: "categorical"; readonly choices: readonly ParameterValue[] };

/** A study in a list. */
export interface StudySummary {
  /** Name in addresses. */
  readonly id: string;
  readonly name: string;
  /** URL of its storage, without a password. */
  readonly storage: string;
  readonly directions: readonly Direction[];
  /** Names of the values, one per direction. */
  readonly objectives: readonly string[];
  readonly counts: Readonly<Record<TrialState, number>>;
  /** Best value of the first objective; absent while no trial is complete. */
  readonly best?: number;
  /** The best value so far after each complete trial, thinned. */
  readonly line: readonly number[];
  /** Time when its last trial began or ended, as ISO 8601. */
  readonly last?: string;
  /** Data that a spec names. */
  readonly data?: string;
}

export interface StudyList {
  readonly studies: readonly StudySummary[];
  /** Sentences about storages that could not be read. */
  readonly problems: readonly string[];
}

/** One trial: number, state, values, parameters in the order of the study's, start and end. */
export interface TrialRow {
  readonly number: number;
  readonly state: TrialState;
  /** One an objective; null for what is no number. */
  readonly values: readonly (number | null)[] | null;
  /** Numbers, and positions of choices; null where the trial did not have the parameter. */
  readonly params: readonly (number | null)[];
  /** Milliseconds since 1970. */
  readonly start: number | null;
  readonly end: number | null;
}

/** Values that a trial reported on its way. */
export interface TrialCurve {
  readonly number: number;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

/** A study, with the trials that are new or have changed since it was asked last. */
export interface StudyView extends StudySummary {
  readonly seed: number;
  /** Facts for its head: data, sampler, pruner, baseline. */
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  /** In an order that only grows. */
  readonly parameters: readonly ParameterFacts[];
  /** Numbers of the best trials: one, or the Pareto front. */
  readonly front: readonly number[];
  readonly total: number;
  readonly trials: readonly TrialRow[];
  /** Curves of the running trials, of the best, and of the latest. */
  readonly curves: readonly TrialCurve[];
  /** The `since` of the next question. */
  readonly version: number;
  /** True where its spec is known: it can go on here, and its trials can become runs. */
  readonly hasSpec: boolean;
  /** Trials that its spec wants. */
  readonly wanted?: number;
}

/** One trial with all that is known of it. */
export interface TrialDetails {
  readonly number: number;
  readonly state: TrialState;
  readonly params: readonly { readonly name: string; readonly value: ParameterValue }[];
  readonly notes: readonly { readonly label: string; readonly value: string }[];
  readonly curve: TrialCurve;
  /** SHA-256 of its weights. */
  readonly weights?: string;
  /** The reason why it failed. */
  readonly reason?: string;
  readonly isEnqueued: boolean;
}

/** The importance of one parameter by a method, with the lowest and the highest answer on trials drawn anew. */
export interface ImportanceShare {
  readonly name: string;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface ImportanceFacts {
  /** Complete trials that are needed at least. */
  readonly needs: number;
  /** Complete trials that there are, and how many of them each answer draws. */
  readonly complete: number;
  readonly drawn: number;
  /** Answers that each interval spans. */
  readonly answers: number;
  readonly methods: readonly { readonly method: string; readonly shares: readonly ImportanceShare[] }[];
}

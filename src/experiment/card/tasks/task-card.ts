// The parts of a card that depend on the task: tables of figures, calibration, slices and failures.
import type { CardRow, CardTable } from "../../../report/card-facts.js";
import type { EvaluationFacts } from "../../../report/facts.js";
import type { RunRecord } from "../record.js";

/** A kind of evaluation. */
export type EvaluationKind = EvaluationFacts["kind"];
export type EvaluationOf<K extends EvaluationKind> = Extract<EvaluationFacts, { readonly kind: K }>;

/** One record a kind of evaluation. */
export interface TaskCard<K extends EvaluationKind> {
  /** Figures beside those of metrics.json. */
  readonly figures: (evaluation: EvaluationOf<K>) => readonly CardTable[];
  /** Fit of answers to the truth as a whole, without the fields that newer runs have. */
  readonly calibration: (evaluation: EvaluationOf<K>) => readonly CardTable[];
  /** Figures of parts of the test data. */
  readonly slices: (evaluation: EvaluationOf<K>, record: RunRecord) => readonly CardTable[];
  readonly failures: (
    evaluation: EvaluationOf<K>,
    record: RunRecord,
  ) => { readonly rows: readonly CardRow[]; readonly tables: readonly CardTable[] };
}

/** The place of the evaluation. */
export const EVALUATION = "facts.json#/facts/evaluation";

/** The most rows of a table of failures. */
export const MOST_FAILURES = 10;
/** The most rows of a table of slices. */
export const MOST_SLICES = 15;

/** A column of numbers. */
export const number = (head: string) => ({ head, number: true });

// Answers about the rows of a table as `fovea predict --json` prints them, whatever the model gives: one number a row, or
// classes, labels and several numbers.
import { defined } from "../../core/defined.js";
import type { TaskKind } from "../../formats/run/task.js";
import type { AskedFile } from "./predict-sources.js";
import { answeredTask, answerTable, type RowAnswer, type TableAnswers } from "./table-answers.js";
import { scoreTable, type TableScores } from "./table-predictions.js";
import type { OpenedModel } from "./trained-model.js";

/** One row's number: a value, or with an exposure a rate and where the table has the exposure the expected value. */
export interface ScoredRow {
  /** Counted from 1. */
  readonly row: number;
  /** The number of the row; absent for a model with an exposure. */
  readonly value?: number;
  /** The number for an exposure of 1; absent for a model without an exposure. */
  readonly rate?: number;
  /** Rate times the row's own exposure; absent where the table does not have it. */
  readonly expected?: number;
}

/** Answers about the rows of a table, as JSON has them. */
export interface RowsAsked {
  /** The column that the model predicts, the first of several. */
  readonly target: string;
  /** Column of the exposure and the way in which training used it; null without one. */
  readonly exposure: TableScores["exposure"] | null;
  /** Kind of the answers; absent where they are one number per row. */
  readonly task?: TaskKind;
  /** One for each row, in order. */
  readonly predictions: readonly (ScoredRow | RowAnswer)[];
}

/**
 * Scores as JSON has them: rows counted from 1, with a value, or with a rate and the expected value.
 * @param scores numbers of `scoreTable`
 */
export function scoredRows({
  target,
  exposure,
  values,
  expected,
}: Omit<TableScores, "csv" | "notes">): RowsAsked & { readonly predictions: readonly ScoredRow[] } {
  const rowOf = (value: number, row: number): ScoredRow =>
    exposure === undefined
      ? { row: row + 1, value }
      : { row: row + 1, rate: value, ...(expected && { expected: expected[row]! }) };
  return { target, exposure: exposure ?? null, predictions: Array.from(values, rowOf) };
}

/**
 * Answers as JSON has them: rows counted from 1, with the answer of the task.
 * @param answers answers of `answerTable`
 */
export const answeredRows = ({ target, exposure, task, answers }: Omit<TableAnswers, "csv" | "notes">): RowsAsked => ({
  ...{ target, exposure: exposure ?? null, task: task.kind },
  predictions: answers,
});

/** Options of `askTable`. */
export interface AskTableOptions {
  /** Most classes in an answer. Default 5. */
  readonly top?: number | undefined;
  /** False for probabilities as the model gives them. Default true. */
  readonly calibration?: boolean | undefined;
}

/**
 * Asks a model of a table about the rows of another.
 * @param table the path of a CSV file, or its name with its bytes
 * @returns the answers; `notes`, sentences about them; `csv`, the table with columns for them
 * @throws FoveaError as `scoreTable` and `answerTable` do
 * @example const { rows } = await askTable(await openAny("claims.keras", { tables: true }), "claims.csv");
 */
export async function askTable(
  { file, original, facts, warnings }: OpenedModel,
  table: string | AskedFile,
  { top, calibration }: AskTableOptions = {},
): Promise<{ readonly rows: RowsAsked; readonly notes: readonly string[]; csv(): string }> {
  const loaded = { model: original, facts, warnings };
  if (answeredTask(loaded) === undefined) {
    const scores = await scoreTable(file, loaded, table);
    return { rows: scoredRows(scores), notes: scores.notes, csv: scores.csv };
  }
  const answers = await answerTable(file, loaded, table, defined({ top, calibration }));
  return { rows: answeredRows(answers), notes: answers.notes, csv: answers.csv };
}

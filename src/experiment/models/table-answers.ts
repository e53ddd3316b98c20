// Answers of a model that was trained on a table and gives more than one number a row: classes with their probabilities,
// labels, several targets.
import { defined } from "../../core/defined.js";
import type { ErrorCode } from "../../core/error-codes/index.js";
import { FoveaError } from "../../core/errors.js";
import { featureEncoder } from "../../data/index.js";
import type { LoadedModel } from "../../formats/index.js";
import type { TableFacts } from "../../formats/models/table-facts.js";
import { outputNamesOf, type TaskFacts, type TaskKind } from "../../formats/run/task.js";
import { inExposure, type Readings, type TaskAnswer, type Told, taskOf, tell } from "../tasks/index.js";
import { calibratedReadings } from "./calibrated.js";
import type { AskedFile } from "./predict-sources.js";
import { askedTable, csvWith } from "./table-predictions.js";

/** Answer about a row, counted from 1; `expected` has the numbers in its own exposure. */
export type RowAnswer = {
  /** Number of the row, counted from 1 without the head. */
  readonly row: number;
  /** The kind of the answer. */
  readonly task: TaskKind;
} & (
  | ({ readonly accepted: true; readonly expected?: readonly Told[] } & TaskAnswer)
  | { readonly accepted: false; readonly error: string; readonly code: ErrorCode }
);

/** Answers of a model about the rows of a table. */
export interface TableAnswers {
  /** The kind of the answers with the names of the outputs. */
  readonly task: TaskFacts;
  /** The column of the first target. */
  readonly target: string;
  /** Column of the exposure and the way in which training used it; undefined without one. */
  readonly exposure: TableFacts["exposure"];
  /** One for each row, in order. */
  readonly answers: readonly RowAnswer[];
  /** Columns of the table that were not used, as a sentence. */
  readonly notes: readonly string[];
  /** The table as it was, with columns for the answers, as CSV. @throws FoveaError for a column of that name */
  csv(): string;
}

const BATCH = 1024;
/** Height and width of a row of a table, which lies on no image. */
const NO_IMAGE = [1, 1] as const;

/**
 * The task of a model of a table whose answers are more than one number; undefined for one that `scoreTable` scores.
 * @param loaded the loaded model
 */
export function answeredTask({ facts }: Pick<LoadedModel, "facts">): TaskFacts | undefined {
  const task = facts?.table && facts.task;
  if (task === undefined) return undefined;
  return taskOf(task).targetKind === "numbers" && outputNamesOf(task).length === 1 ? undefined : task;
}

/**
 * Answers for the rows of a CSV file.
 * @param file name of the model in errors
 * @param loaded the loaded model, with the facts of its file
 * @param asked the path of the table, or its name with its bytes
 * @param options.top most classes in an answer. Default 5
 * @param options.calibration false for probabilities as the model gives them. Default true
 * @throws FoveaError as `scoreTable` does, and for a model whose file says no task
 * @example
 * const task = { kind: "classification", classNames: ["no", "yes"], column: "claim" };
 * const columns = [{ type: "number", name: "age", mean: 40, scale: 10 }];
 * const facts = { version: 1, task, table: { target: "claim", columns, missing: "error" } };
 * const network = sequential([input([1]), dense(2, { activation: "softmax" })]);
 * await writeFile("claims.keras", await saveKeras(network, { facts }));
 * await writeFile("drivers.csv", "age,claim\n23,yes\n61,no\n");
 * const { file, loaded } = await openModelFile("claims.keras");
 * answeredTask(loaded)?.kind; // "classification"
 * const answers = await answerTable(file, loaded, "drivers.csv", { top: 1 });
 * answeredRows(answers).predictions[1]; // row 2 with its most probable class
 * answers.csv(); // drivers.csv with columns for class and probabilities
 * const opened = await openAny("claims.keras", { tables: true });
 * const { part } = await tablePartFor(opened, "drivers.csv"); // rows with targets
 */
export async function answerTable(
  file: string,
  loaded: LoadedModel,
  asked: string | AskedFile,
  { top = 5, calibration = true }: { readonly top?: number; readonly calibration?: boolean } = {},
): Promise<TableAnswers> {
  const { model, facts } = loaded;
  const task = answeredTask(loaded);
  if (task === undefined) throw new FoveaError("unsuited-model", `${file} gives one number per row; use scoreTable`);
  const record = taskOf(task);
  const targets = record.columnsOf(task).target ?? [];
  const { known, name, rows, table, observed, notes } = await askedTable(file, facts, asked, targets);
  const encoder = featureEncoder(table, known.columns);
  if (model.inputShapes[0]?.at(-1) !== encoder.names.length || record.misfit(model.outputShape, task) !== undefined)
    throw new FoveaError(
      "mismatched-parts",
      `${file}: its layers are from ${model.inputShapes[0]?.at(-1)} features to [${model.outputShape.join(", ")}], and its facts are of ${encoder.names.length} features and ${record.described(task)}; train it again`,
    );
  const x = encoder.transform(Int32Array.from({ length: table.rows }, (_, row) => row));
  const uncalibrated = record.readings(model, await model.predict(x, { batchSize: BATCH }));
  const readings = calibration ? calibratedReadings(uncalibrated, facts) : uncalibrated;
  const answers = Array.from({ length: table.rows }, (_, row): RowAnswer => {
    const answer = record.answer(readings, row, task, { top, size: NO_IMAGE });
    const base = { row: row + 1, task: task.kind };
    if (answer === undefined)
      return {
        ...base,
        accepted: false,
        error: `${name}: row ${row + 1}: the model gives NaN for it`,
        code: "not-finite",
      };
    const exposure = observed?.[row];
    const expected =
      exposure === undefined ? undefined : numbersOf(readings, row).map((rate) => inExposure(rate, exposure));
    return { ...base, accepted: true, ...answer, ...defined({ expected: expected?.map(tell) }) };
  });
  const results = () => record.resultColumns(readings, task, known.target, observed);
  const { target, exposure } = known;
  return { task, target, exposure, answers, notes, csv: () => csvWith(name, rows, results(), known.delimiter) };
}

const numbersOf = ({ width, data }: Readings, row: number): number[] =>
  Array.from(data.subarray(row * width, (row + 1) * width));

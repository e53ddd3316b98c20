// `fovea predict MODEL rows.csv`: what a model that was trained on a table says of the rows of another.
import { UsageError } from "../../core/errors.js";
import {
  answeredRows,
  answeredTask,
  answerTable,
  type OpenedModel,
  type RowAnswer,
  type ScoredRow,
  scoredRows,
  scoreTable,
  type TableAnswers,
} from "../../experiment/models/index.js";
import { taskOf } from "../../experiment/tasks/index.js";
import type { LoadedModel } from "../../formats/index.js";
import { writeAtomic } from "../../platform/files.js";
import { extensionOf } from "../../platform/paths.js";
import { trialMetric, whole } from "../../report/format.js";
import { textTable } from "../../report/text/table.js";
import { EXIT } from "../exit.js";
import type { Output } from "../terminal/output.js";
import { type AnswerLog, beginLog } from "./predict-log.js";

/** So many rows are printed; a file takes all. */
const MOST_ROWS = 20;
/** So many samples without an answer are named on the terminal. */
export const MOST_FAULTS = 10;

/** Tells how many samples without an answer have not been named. */
export function tellUnnamed(bad: number, output: Output): void {
  if (bad > MOST_FAULTS) output.fault(`... ${whole(bad - MOST_FAULTS)} more have no answer; --json names them all`);
}

export const isTable = (path: string): boolean => extensionOf(path).toLowerCase() === ".csv";

interface Options {
  readonly out?: string;
  readonly log?: string;
  /** Most classes in an answer. */
  readonly top: number;
  /** False for probabilities as the model gives them. */
  readonly calibration: boolean;
}

/** Answers for the rows of the one table among the inputs, printed or written to a file, and closes the model. */
export async function predictTable(
  opened: OpenedModel,
  inputs: readonly string[],
  { out, top, calibration, log: logFile }: Options,
  output: Output,
): Promise<void> {
  const { file, original, facts, warnings } = opened;
  try {
    const [path, ...others] = inputs;
    if (others.length > 0) throw new UsageError(`expected one CSV file, received ${inputs.length} inputs`);
    if (out !== undefined && !isTable(out))
      throw new UsageError(`--out: expected a file that ends in .csv, received ${out}`);
    const loaded = { model: original, facts, warnings };
    const log = await beginLog(logFile, opened, [{ name: path!, source: path! }], output);
    if (answeredTask(loaded) === undefined) await tellScores(file, loaded, path!, log, out, output);
    else await tellAnswers(await answerTable(file, loaded, path!, { top, calibration }), path!, log, out, output);
  } finally {
    await original.close();
  }
}

/** Tells one number a row. */
async function tellScores(
  file: string,
  loaded: LoadedModel,
  path: string,
  log: AnswerLog,
  out: string | undefined,
  output: Output,
): Promise<void> {
  const scores = await scoreTable(file, loaded, path);
  const { target, exposure, values, expected } = scores;
  for (const note of scores.notes) output.say(note);
  await log.add(
    Array.from(values, (value, row) => ({ image: `${path}[${row}]`, task: "regression", accepted: true, value })),
  );
  if (out !== undefined) await writeAtomic(out, scores.csv());
  const results = scoredRows(scores);
  const total = expected === undefined ? [] : [`${target} expected of all rows: ${trialMetric(sum(expected))}`];
  output.answer(
    {
      ...(out === undefined ? results : { target, exposure: exposure ?? null, rows: values.length, out }),
      ...log.json(),
    },
    [
      ...(out === undefined
        ? [asText(target, results.predictions)]
        : [`The scores of ${whole(values.length)} rows are in ${out}`]),
      ...total,
    ].join("\n") + log.sentence(),
  );
}

/** Tells classes, labels or several numbers per row. */
async function tellAnswers(
  asked: TableAnswers,
  path: string,
  log: AnswerLog,
  out: string | undefined,
  output: Output,
): Promise<void> {
  const { answers, task, target, exposure } = asked;
  for (const note of asked.notes) output.say(note);
  await log.add(answers.map(({ row, ...answer }) => ({ image: `${path}[${row - 1}]`, ...answer })));
  const bad = answers.flatMap((answer) => (answer.accepted ? [] : [answer.error]));
  for (const sentence of bad.slice(0, MOST_FAULTS)) output.fault(sentence);
  tellUnnamed(bad.length, output);
  if (bad.length > 0) process.exitCode = EXIT.failed;
  if (out !== undefined) await writeAtomic(out, asked.csv());
  output.answer(
    {
      ...(out === undefined
        ? answeredRows(asked)
        : { target, exposure: exposure ?? null, task: task.kind, rows: answers.length, out }),
      ...log.json(),
    },
    (out === undefined ? answersAsText(asked) : `The answers for ${whole(answers.length)} rows are in ${out}`) +
      log.sentence(),
  );
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const moreLine = (rest: number): string =>
  rest > 0 ? `\n... ${whole(rest)} more; --out scores.csv writes them all.` : "";

function asText(target: string, predictions: readonly ScoredRow[]): string {
  const heads = { value: target, rate: "rate", expected: "expected" } as const;
  const keys = (["value", "rate", "expected"] as const).filter((key) => predictions[0]?.[key] !== undefined);
  const columns = ["row", ...keys.map((key) => heads[key])].map((head) => ({ head, align: "right" as const }));
  const shown = predictions.slice(0, MOST_ROWS);
  const rows = shown.map((row) => [whole(row.row), ...keys.map((key) => trialMetric(row[key]!))]);
  return `${textTable(columns, rows)}${moreLine(predictions.length - shown.length)}`;
}

function answersAsText({ answers, task }: TableAnswers): string {
  const record = taskOf(task);
  const shown = answers.filter((answer) => answer.accepted).slice(0, MOST_ROWS);
  const rows = shown.flatMap((answer: RowAnswer) =>
    record
      .answerRows(answer as unknown as Parameters<typeof record.answerRows>[0])
      .map((cells, n) => [n === 0 ? whole(answer.row) : "", ...cells]),
  );
  const columns = [{ head: "row", align: "right" as const }, ...record.answerColumns(task)];
  return `${textTable(columns, rows)}${moreLine(answers.length - shown.length)}`;
}

// Rows of scored images: for a table the columns of the task's record with judgement, hash and reason; for lines of JSON the
// very answers of `predict --json`. Files that cannot be read are rows too.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import type { Cell, TableColumn } from "../../formats/containers/parquet.js";
import {
  type AnswerBatch,
  type Answerer,
  furtherFields,
  type HashedSamples,
  isRefusal,
  judgementCells,
  judgementHeads,
  type OutputFacts,
  readingsIn,
} from "../models/index.js";
import { columnsOf, type Readings } from "../tasks/answers.js";
import { taskOf } from "../tasks/index.js";

/** A row: cells in the order of the columns, or an object. */
export type ScoreRow = readonly Cell[] | JsonObject;

/** Answers about a block of images, and the files that they are of. */
export interface AnsweredBlock {
  readonly samples: HashedSamples;
  readonly batch: AnswerBatch;
}

/** The word behind `predicted_` in the name of a column, where the model knows no name of a target. */
const TARGET = "class";
const FIRST: readonly TableColumn[] = [
  { name: "image", type: "text" },
  { name: "sha256", type: "text" },
];
const LAST: readonly TableColumn[] = [{ name: "error", type: "text" }];
const VERDICT: readonly TableColumn[] = [
  { name: "accepted", type: "flag" },
  { name: "reason", type: "text" },
];

/** Makes rows of answers. */
export interface RowMaker {
  /** Columns of a table; none for lines of JSON. */
  readonly columns: readonly TableColumn[];
  rows(block: AnsweredBlock): readonly ScoreRow[];
}

/** Rows with one object each. */
export const objectRows: RowMaker = {
  columns: [],
  rows: ({ samples, batch }) =>
    batch.answers.map(({ image, ...answer }, at): JsonObject => {
      const hash = samples.hashes[at]!;
      // An answer is plain data, as predict --json prints it.
      const told: Json = JSON.parse(JSON.stringify(answer));
      return { image, ...(hash === "" ? {} : { sha256: hash }), ...(isJsonObject(told) ? told : {}) };
    }),
};

interface ValueColumn extends TableColumn {
  readonly cells: readonly Cell[];
}

/**
 * Rows with a cell for each column.
 * @throws FoveaError for outputs that are maps
 */
export function tableRows({ outputs, judged }: Pick<Answerer, "outputs" | "judged">): RowMaker {
  const map = outputs.find(({ kind }) => kind === "maps");
  if (map !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `the output ${map.name} is maps of ${map.shape.join("x")}, which are no cells of a table; write .jsonl`,
    );
  const further = furtherFields(judged);
  const heads = judgementHeads({ outputs, judged: further });
  const values = valueColumns(outputs, []);
  const isNumber = (name: string): boolean => name !== "set" && name !== "decision";
  const columns = [
    ...FIRST,
    ...values.map(({ name, type }) => ({ name, type })),
    ...VERDICT,
    ...heads.map((name) => ({ name, type: isNumber(name) ? ("float64" as const) : ("text" as const) })),
    ...LAST,
  ];
  const rows = ({ samples, batch }: AnsweredBlock): (readonly Cell[])[] => {
    const answered = valueColumns(outputs, batch.arrays);
    let row = 0;
    return batch.answers.map((answer, at): readonly Cell[] => {
      const first = [answer.image, samples.hashes[at]! || null];
      // A sample for which the model gives NaN has been computed, and has a row of numbers.
      const number = typeof samples.items[at] === "string" ? row++ : undefined;
      if (isRefusal(answer))
        return [...first, ...values.map(() => null), false, null, ...heads.map(() => null), answer.error];
      const told = answered.map(({ cells }) => cells[number!]!);
      const judgement = judgementCells(answer, further).map((cell) => (cell === "" ? null : cell));
      return [...first, ...told, answer.accepted, answer.accepted ? null : answer.reason, ...judgement, null];
    });
  };
  return { columns, rows };
}

/** Columns of each output with their cells; without arrays their names alone. */
function valueColumns(outputs: readonly OutputFacts[], arrays: AnswerBatch["arrays"]): ValueColumn[] {
  return outputs.flatMap((output, i): ValueColumn[] => {
    const prefix = outputs.length === 1 ? "" : `${output.name}/`;
    const array = arrays[i];
    const readings: Readings =
      array === undefined ? { width: output.columns.length, data: new Float32Array(0) } : readingsIn(array, output);
    const { task } = output;
    const columns =
      task === undefined
        ? columnsOf(readings).map((cells, at) => [`output_${output.columns[at]!}`, cells] as const)
        : taskOf(task).resultColumns(readings, task, TARGET);
    return columns.map(([name, cells]): ValueColumn => {
      const numbers = cells instanceof Float64Array;
      return { name: prefix + name, type: numbers ? "float32" : "text", cells: Array.from<Cell>(cells) };
    });
  });
}

// Policies scored by a model that was trained on a table: the rows of another CSV file, encoded as the training rows were,
// and the model's value for each. Nothing is guessed: errors name the row and column of what the model cannot know.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { exp } from "../../core/math.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import {
  type CsvRow,
  csvField,
  csvRows,
  exposureOf,
  featureEncoder,
  type Table,
  tableOf,
  textOf,
} from "../../data/index.js";
import { listedNames } from "../../data/messages.js";
import type { LoadedModel } from "../../formats/index.js";
import { TABLE_INPUTS, type TableFacts } from "../../formats/models/table-facts.js";
import type { Model } from "../../nn/model/model.js";
import { readBytes } from "../../platform/files.js";
import { baseName } from "../../platform/paths.js";
import { inExposure, type ResultColumn } from "../tasks/index.js";
import type { AskedFile } from "./predict-sources.js";

/** Numbers that a model gives the rows of a table. */
export interface TableScores {
  /** The column that the model predicts. */
  readonly target: string;
  /** Column of the exposure and the way in which training used it; undefined without one. */
  readonly exposure: TableFacts["exposure"];
  /** One value a row: of the target, or with an exposure of the target for an exposure of 1. */
  readonly values: Float64Array;
  /** The target for each row's own exposure, where the table has it: rate times exposure. */
  readonly expected: Float64Array | undefined;
  /** Meaning of the values, and columns of the table that were not used, a sentence each. */
  readonly notes: readonly string[];
  /** The table as it was, with a column for each result, as CSV. @throws FoveaError for a column of that name */
  csv(): string;
}

const BATCH = 1024;

/**
 * Scores the rows of a CSV file: one number per row.
 * @param file name of the model in errors
 * @param loaded the loaded model, with the facts of its file
 * @param asked the path of the table, or its name with its bytes
 * @throws FoveaError for a model that was not trained on a table, missing columns, and cells that it cannot use
 * @example
 * const columns = [{ type: "number", name: "age", mean: 40, scale: 10 }];
 * const table = { target: "cost", columns, missing: "error" };
 * const loaded = { model: sequential([input([1]), dense(1)]), facts: { version: 1, table }, warnings: [] };
 * await writeFile("new.csv", "age\n23\n");
 * const scores = await scoreTable("costs", loaded, "new.csv");
 * scores.values; // a number for each row
 * scoredRows(scores).predictions; // [{ row: 1, value: ... }], as JSON has them
 */
export async function scoreTable(
  file: string,
  { model, facts }: LoadedModel,
  asked: string | AskedFile,
): Promise<TableScores> {
  const { known, name, rows, table, observed, notes } = await askedTable(file, facts, asked);
  const { target, exposure, delimiter } = known;
  const values = await predicted(file, model, table, known);
  const expected = observed && values.map((rate, row) => inExposure(rate, observed[row]!));
  return {
    target,
    exposure,
    values,
    expected,
    notes: [...meaning(known, observed !== undefined), ...notes],
    csv: () => csvWith(name, rows, resultsOf(known, values, expected), delimiter),
  };
}

/** A table that a model is asked about. */
export interface AskedTable {
  readonly known: TableFacts;
  /** Its name in messages. */
  readonly name: string;
  readonly rows: readonly CsvRow[];
  readonly table: Table;
  /** Exposure of each row, where the model was trained with one and the table has its column. */
  readonly observed: Float64Array | undefined;
  /** Columns that are not used, as a sentence. */
  readonly notes: readonly string[];
}

/**
 * Reads a table as the one that a model was trained on.
 * @param targets columns of the targets, which nobody asks for
 * @throws FoveaError for a model that was not trained on a table, missing columns, and cells that it cannot use
 */
export async function askedTable(
  file: string,
  facts: LoadedModel["facts"],
  asked: string | AskedFile,
  targets: readonly string[] = [],
): Promise<AskedTable> {
  const known = facts?.table;
  if (known === undefined)
    throw new FoveaError(
      "unsuited-model",
      `${file} says nothing of a table that it was trained on; expected a model that fovea train made of a table, or one of fovea tune run (--artifacts) or fovea tune rebuild --out`,
    );
  const { name, bytes } = await tableBytes(asked);
  const { target, exposure, columns, delimiter } = known;
  const rows = csvRows(textOf(bytes, name), { name, ...defined({ delimiter }) });
  const head = (rows[0]?.fields ?? []).map((field) => field.trim());
  const absent = columns.filter((column) => !head.includes(column.name)).map((column) => `"${column.name}"`);
  if (absent.length > 0)
    throw new FoveaError(
      "unknown-column",
      `${name}: the model needs the columns ${absent.join(", ")}; there are ${head.join(", ")}`,
    );
  const isObserved = exposure !== undefined && head.includes(exposure.column);
  const types = new Map(columns.map((column) => [column.name, column.type]));
  if (isObserved) types.set(exposure.column, "number");
  const table = tableOf(rows, { name, types: Object.fromEntries(types), columns: [...types.keys()] });
  refuseUnknown(table, known);
  const observed = isObserved ? exposureOf(table, exposure.column) : undefined;
  const unused = head.filter((column) => !types.has(column) && column !== target && !targets.includes(column));
  return {
    ...{ known, name, rows, table, observed },
    notes: unused.length > 0 ? [`Not used: ${unused.join(", ")}.`] : [],
  };
}

async function tableBytes(asked: string | AskedFile): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const { name, source } = typeof asked === "string" ? { name: asked, source: asked } : asked;
  return { name: baseName(name), bytes: await (typeof source === "string" ? readBytes(source) : source()) };
}

/** @throws FoveaError for a missing value or a category that no training row had, by row and column */
export function refuseUnknown(table: Table, { columns, missing: policy }: TableFacts): void {
  for (const learnt of columns) {
    const column = table.column(learnt.name);
    const isGap = column.type === "number" ? Number.isNaN : (code: number) => code < 0;
    const cells = column.type === "number" ? column.values : column.codes;
    const fills = policy === "fill" && (learnt.type === "number" || learnt.missing);
    const gap = fills ? -1 : cells.findIndex(isGap);
    if (gap >= 0)
      throw new FoveaError(
        "missing-values",
        `${table.cell(gap, learnt.name)}: expected a value, found none; the model was trained on complete rows of it`,
      );
    if (column.type !== "category" || learnt.type !== "category") continue;
    const strange = column.categories.findIndex((category) => !learnt.categories.includes(category));
    if (strange >= 0)
      throw new FoveaError(
        "unknown-class",
        `${table.cell(column.codes.indexOf(strange), learnt.name)}: the model does not know the category ${JSON.stringify(column.categories[strange])}; it was trained with ${listedNames(learnt.categories)}`,
      );
  }
}

/** Predicts the value of each row for an exposure of 1. */
async function predicted(file: string, model: Model, table: Table, known: TableFacts): Promise<Float64Array> {
  const encoder = featureEncoder(table, known.columns);
  const width = model.inputShapes[0]?.at(-1);
  const [shape] = model.outputShapes;
  if (width !== encoder.names.length || model.outputShapes.length !== 1 || shape?.join() !== "1")
    throw new FoveaError(
      "unsuited-model",
      `${file}: expected a model from ${encoder.names.length} features to one number; it is from ${width} to [${model.outputShapes.map((output) => output.join(", ")).join("], [")}]`,
    );
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  const x: Tensor<"float32"> = encoder.transform(rows);
  const ones = (): Tensor<"float32"> => tensor(new Float32Array(table.rows).fill(1), [table.rows, 1], "float32");
  const isOffset = known.exposure?.as === "offset";
  const outputs = await model.predict(isOffset ? { [TABLE_INPUTS.features]: x, [TABLE_INPUTS.offset]: ones() } : x, {
    batchSize: BATCH,
  });
  const values = Float64Array.from(outputs.data);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new FoveaError(
      "not-finite",
      `${table.name}: row ${wrong + 1}: the model answers ${values[wrong]}; is a value far outside the training data?`,
    );
  return isLogit(model) ? values.map((logit) => 1 / (1 + exp(-logit))) : values;
}

/** Checks whether outputs are log-odds, by the loss that they were trained with. */
const isLogit = (model: Model): boolean => {
  const loss = model.compiled ? model.trainer.objective[0]?.loss : undefined;
  return loss?.className === "BinaryCrossentropy" && loss.config.from_logits === true;
};

function meaning({ target, exposure }: TableFacts, isObserved: boolean): string[] {
  if (exposure === undefined) return [];
  const { column, as } = exposure;
  const rate = `rate: ${target} per 1 of ${column} (the model was trained with ${column} as ${as})`;
  return [
    isObserved
      ? `${rate}; expected: rate times ${column}, ${target} of each row.`
      : `${rate}; no column ${column}, so no expected ${target}.`,
  ];
}

function resultsOf(
  { target, exposure }: TableFacts,
  values: Float64Array,
  expected: Float64Array | undefined,
): readonly ResultColumn[] {
  if (exposure === undefined) return [[`predicted_${target}`, values]];
  return [["predicted_rate", values], ...(expected === undefined ? [] : [[`predicted_${target}`, expected] as const])];
}

/** Nine digits are all that a 32-bit float has. */
const DIGITS = 9;
const rounded = (value: number | string): number | string =>
  typeof value === "number" ? Number(value.toPrecision(DIGITS)) : value;

/** A table as CSV, with a column for each result. @throws FoveaError for a column of that name */
export function csvWith(
  table: string,
  [head, ...rows]: readonly CsvRow[],
  results: readonly ResultColumn[],
  delimiter = ",",
): string {
  const names = results.map(([name]) => name);
  const taken = head!.fields.find((field) => names.includes(field.trim()));
  if (taken !== undefined)
    throw new FoveaError("duplicate", `${table}: it has a column "${taken.trim()}" already; give that another name`);
  const line = (fields: readonly (string | number)[]): string =>
    `${fields.map((field) => csvField(field, delimiter)).join(delimiter)}\n`;
  return [
    line([...head!.fields, ...names]),
    ...rows.map(({ fields }, row) => line([...fields, ...results.map(([, values]) => rounded(values[row]!))])),
  ].join("");
}

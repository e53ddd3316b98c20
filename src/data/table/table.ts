// A table: named columns of numbers or categories out of a CSV file, and their missing values. features.ts
// makes a model's input of a table.

import { FoveaError, oneOf } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { checkOptions } from "../../core/options.js";
import { byCodePoint } from "../../core/text-order.js";
import { readBytes, stat } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { baseName } from "../../platform/paths.js";
import { areNumbers, complaint, numberIn } from "./cells.js";
import { type CsvOptions, type CsvRow, csvRows } from "./csv.js";

const TYPES = ["number", "category"] as const;
/** The type of a column. */
export type ColumnType = (typeof TYPES)[number];

/** A column of numbers. */
export interface NumberColumn {
  /** The type. */
  readonly type: "number";
  /** The name. */
  readonly name: string;
  /** One per row; NaN where it is missing. */
  readonly values: Float64Array;
  /** Number of cells without a value. */
  readonly missing: number;
}

/** A column of texts. */
export interface CategoryColumn {
  /** The type. */
  readonly type: "category";
  /** The name. */
  readonly name: string;
  /** In the order of their code points. */
  readonly categories: readonly string[];
  /** One per row, an index into `categories`; -1 where it is missing. */
  readonly codes: Int32Array;
  /** Number of cells without a value. */
  readonly missing: number;
}

/** A column of a table. */
export type Column = NumberColumn | CategoryColumn;

/** Options of reading tables. */
export interface TableOptions extends CsvOptions {
  /**
   * Types of columns by name. Default: numbers where most fields that are not missing look like numbers, or there are
   * more different numbers than different texts; else categories. A field of a number column that is no finite number
   * is an error that names it.
   */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** The columns to read. Default: all. The others are not looked at. */
  readonly columns?: readonly string[];
  /** Fields that stand for nothing, spaces around them aside. Default: the empty field, NA, N/A, NaN, null. */
  readonly missing?: readonly string[];
}

const MISSING: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

/** Columns of one length, by name; `parseTable` and `loadTable` make it. */
export class Table {
  constructor(
    readonly name: string,
    readonly rows: number,
    readonly columns: readonly Column[],
    /** The line of the file that each row begins in. */
    readonly lines: Int32Array = Int32Array.from({ length: rows }, (_, row) => row + 2),
  ) {}

  /**
   * Name of a cell in messages: its row, counted from 1 without the head as programs do, and its column.
   * @param row The row, from 0.
   * @param column Name of the column.
   */
  cell(row: number, column: string): string {
    return cellName(this.name, row, column);
  }

  /** Names of the columns, in order. */
  get columnNames(): readonly string[] {
    return this.columns.map(({ name }) => name);
  }

  /** @throws FoveaError listing the columns there are. */
  column(name: string): Column {
    const found = this.columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    throw new FoveaError(
      "unknown-column",
      `${this.name}: there is no column "${name}"; the columns are ${this.columnNames.join(", ")}`,
    );
  }

  /**
   * A column that must be numbers without gaps, such as a target or an exposure.
   * @param name Name of the column.
   * @throws FoveaError otherwise.
   */
  numbers(name: string): Float64Array {
    const column = this.column(name);
    if (column.type !== "number")
      throw new FoveaError(
        "unsuited-data",
        `${this.name}: expected numbers in column "${name}", it has categories; name another column, or correct its cells`,
      );
    if (column.missing > 0)
      throw new FoveaError(
        "missing-values",
        `${this.name}: column "${name}" lacks ${column.missing} values, the first in row ${firstGap(column) + 1}; fill them in or drop the rows`,
      );
    return column.values;
  }

  /** Number of values that each column lacks, of those that lack any. */
  get gaps(): readonly { readonly name: string; readonly missing: number }[] {
    return this.columns.filter(({ missing }) => missing > 0).map(({ name, missing }) => ({ name, missing }));
  }
}

/** The first row without a value, or -1. */
export const firstGap = (column: Column): number =>
  column.type === "number" ? column.values.findIndex(Number.isNaN) : column.codes.indexOf(-1);

/**
 * The table in a CSV text whose first row names the columns.
 * @param text The file's text.
 * @throws FoveaError for text that is no CSV (see `parseCsv`), columns without or with the same name, no rows, or a
 * field of a number column that is no finite number, named by row, line and column.
 * @example parseTable("age,body\n3,Sedan\n,Coupe").gaps // [{ name: "age", missing: 1 }]
 */
export function parseTable(text: string, options: TableOptions = {}): Table {
  checkOptions("parseTable", options, ["delimiter", "name", "types", "missing", "columns"]);
  const { types, missing, columns, ...csv } = options;
  return tableOf(csvRows(text, csv), options);
}

/**
 * The table in rows of fields, the first of which names the columns.
 * @param all Rows of fields, the head first.
 * @param options Types, columns and missing values; defaults as `TableOptions` says.
 * @throws FoveaError as `parseTable` does.
 * @example tableOf([{ fields: ["a"], line: 1 }, { fields: ["2"], line: 2 }]).numbers("a"); // 2
 */
export function tableOf(all: readonly CsvRow[], options: Omit<TableOptions, "delimiter"> = {}): Table {
  const { types = {}, missing = MISSING, columns: wanted, name = "CSV" } = options;
  const [head, ...rows] = all;
  if (head === undefined || rows.length === 0)
    throw new FoveaError(
      "too-little-data",
      `${name}: expected a row of column names and at least one row of values, found ${head ? "the names only" : "nothing"}; add the rows`,
    );
  const names = head.fields.map((field) => field.trim());
  const odd = names.find((header, i) => header === "" || names.indexOf(header) < i);
  if (odd !== undefined)
    throw new FoveaError(
      "duplicate",
      `${name}: every column needs a name of its own, ${odd === "" ? "one has none" : `"${odd}" is there twice`}; rename it`,
    );
  const unknown = [...Object.keys(types), ...(wanted ?? [])].find((header) => !names.includes(header));
  if (unknown !== undefined)
    throw new FoveaError(
      "unknown-column",
      `${name}: there is no column "${unknown}"; the columns are ${names.join(", ")}`,
    );
  const nothing = new Set(missing);
  const columns = (wanted ?? names).map((header): Column => {
    const index = names.indexOf(header);
    const fields = rows.map(({ fields: row }) => row[index]!.trim());
    const there = fields.filter((field) => !nothing.has(field));
    const stated = ownValue(types, header);
    const type =
      stated === undefined
        ? areNumbers(there) || there.length === 0
          ? "number"
          : "category"
        : oneOf(`${name}: type of column "${header}"`, stated, TYPES);
    return type === "category"
      ? categoryColumn(header, fields, nothing)
      : numberColumn(name, header, fields, rows, nothing, stated === undefined);
  });
  return new Table(
    name,
    rows.length,
    columns,
    Int32Array.from(rows, ({ line }) => line),
  );
}

const cellName = (table: string, row: number, column: string): string =>
  `${table}: row ${row + 1} of column "${column}"`;

function numberColumn(
  table: string,
  name: string,
  fields: readonly string[],
  rows: readonly CsvRow[],
  nothing: ReadonlySet<string>,
  isGuess: boolean,
): NumberColumn {
  const values = Float64Array.from(fields, numberIn);
  const wrong = values.findIndex((value, row) => Number.isNaN(value) && !nothing.has(fields[row]!));
  if (wrong >= 0)
    throw new FoveaError(
      "wrong-value",
      `${cellName(table, wrong, name)}: ${complaint(fields[wrong]!, rows[wrong]!.line, name, isGuess)}`,
    );
  return { type: "number", name, values, missing: values.filter(Number.isNaN).length };
}

function categoryColumn(name: string, fields: readonly string[], nothing: ReadonlySet<string>): CategoryColumn {
  const categories = [...new Set(fields)].filter((field) => !nothing.has(field)).sort(byCodePoint);
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const codes = Int32Array.from(fields, (field) => codeOf.get(field) ?? -1);
  return { type: "category", name, categories, codes, missing: codes.filter((code) => code < 0).length };
}

/**
 * A table from a file, and the SHA-256 of its bytes.
 * @param path A CSV file.
 * @param options Types, columns, delimiter and missing values; defaults as `TableOptions` says.
 * @throws FoveaError when there is no file, or as `parseTable`.
 * @example
 * await writeFile("cars.csv", "age,price\n2,9000\n7,3000\n");
 * const { table, sha256 } = await loadTable("cars.csv");
 * table.rows; // 2
 */
export async function loadTable(
  path: string,
  options: Omit<TableOptions, "name"> = {},
): Promise<{ readonly table: Table; readonly sha256: string }> {
  checkTableSize(path, (await stat(path))?.size ?? 0);
  const bytes = await readBytes(path);
  const name = baseName(path);
  return { table: parseTable(textOf(bytes, name), { ...options, name }), sha256: await sha256Hex(bytes) };
}

/** @throws FoveaError for a file of more bytes than a table may have: some millions of rows, as many as a text can hold. */
export function checkTableSize(name: string, bytes: number): void {
  const most = 2 ** 29 - 24;
  if (bytes > most)
    throw new FoveaError(
      "too-large",
      `${name}: a table of ${bytes} bytes is larger than the ${most} allowed; split it`,
    );
}

/**
 * The text of a table's file.
 * @param bytes The file's contents.
 * @param name The name in messages.
 * @throws FoveaError unless it is UTF-8, and not too large.
 * @example textOf(Uint8Array.of(97), "a.csv"); // "a"
 */
export function textOf(bytes: Uint8Array, name: string): string {
  checkTableSize(name, bytes.length);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FoveaError("malformed-file", `${name}: expected text in UTF-8; save the table in that encoding`, {
      cause: error,
    });
  }
}

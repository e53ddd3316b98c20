// A table: named columns of numbers or categories out of a CSV file, and what is missing in them. What a model is fed
// is features.ts.
import { FoveaError, oneOf } from "../../core/errors.js";
import { byCodePoint, readBytes } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { baseName } from "../../platform/paths.js";
import { type CsvOptions, parseCsv } from "./csv.js";

const TYPES = ["number", "category"] as const;
export type ColumnType = (typeof TYPES)[number];

export interface NumberColumn {
  readonly type: "number";
  readonly name: string;
  /** One per row; NaN where it is missing. */
  readonly values: Float64Array;
  readonly missing: number;
}

export interface CategoryColumn {
  readonly type: "category";
  readonly name: string;
  /** In the order of their code points. */
  readonly categories: readonly string[];
  /** One per row, an index into `categories`; -1 where it is missing. */
  readonly codes: Int32Array;
  readonly missing: number;
}

export type Column = NumberColumn | CategoryColumn;

export interface TableOptions extends CsvOptions {
  /** Types of columns by name. Default: numbers where every field that is not missing is one, else categories. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Fields that stand for nothing, spaces around them aside. Default: the empty field, NA, N/A, NaN, null. */
  readonly missing?: readonly string[];
}

const MISSING: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export class Table {
  constructor(
    readonly name: string,
    readonly rows: number,
    readonly columns: readonly Column[],
  ) {}

  get columnNames(): readonly string[] {
    return this.columns.map(({ name }) => name);
  }

  /** @throws FoveaError listing the columns there are. */
  column(name: string): Column {
    const found = this.columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    throw new FoveaError(`${this.name}: there is no column "${name}"; the columns are ${this.columnNames.join(", ")}`);
  }

  /** A column that must be numbers without gaps, such as a target or an exposure. @throws FoveaError otherwise. */
  numbers(name: string): Float64Array {
    const column = this.column(name);
    if (column.type !== "number")
      throw new FoveaError(`${this.name}: expected numbers in column "${name}", it has categories`);
    if (column.missing > 0)
      throw new FoveaError(
        `${this.name}: column "${name}" lacks ${column.missing} values; fill them in or drop the rows`,
      );
    return column.values;
  }

  /** How many values each column lacks, of those that lack any. */
  get gaps(): readonly { readonly name: string; readonly missing: number }[] {
    return this.columns.filter(({ missing }) => missing > 0).map(({ name, missing }) => ({ name, missing }));
  }
}

/**
 * The table in a CSV text whose first row names the columns.
 * @throws FoveaError for text that is no CSV (see `parseCsv`), columns without or with the same name, no rows, or a field
 * that is no number in a column that was said to have numbers.
 * @example parseTable("age,body\n3,Sedan\n,Coupe").gaps // [{ name: "age", missing: 1 }]
 */
export function parseTable(text: string, options: TableOptions = {}): Table {
  const { types = {}, missing = MISSING, ...csv } = options;
  const { name = "CSV" } = csv;
  const [head, ...rows] = parseCsv(text, csv);
  if (head === undefined || rows.length === 0)
    throw new FoveaError(
      `${name}: expected a row of column names and at least one row of values, found ${head ? 1 : 0} rows`,
    );
  const names = head.map((one) => one.trim());
  const odd = names.find((one, i) => one === "" || names.indexOf(one) < i);
  if (odd !== undefined)
    throw new FoveaError(
      `${name}: every column needs a name of its own, ${odd === "" ? "one has none" : `"${odd}" is there twice`}`,
    );
  const unknown = Object.keys(types).find((one) => !names.includes(one));
  if (unknown !== undefined)
    throw new FoveaError(`${name}: there is no column "${unknown}"; the columns are ${names.join(", ")}`);
  const nothing = new Set(missing);
  const columns = names.map((one, place): Column => {
    const fields = rows.map((row) => row[place]!.trim());
    const areNumbers = fields.every((field) => nothing.has(field) || NUMBER.test(field));
    const type = oneOf(`${name}: type of column "${one}"`, types[one] ?? (areNumbers ? "number" : "category"), TYPES);
    if (type === "category") return categoryColumn(one, fields, nothing);
    const wrong = areNumbers ? -1 : fields.findIndex((field) => !nothing.has(field) && !NUMBER.test(field));
    if (wrong >= 0)
      throw new FoveaError(
        `${name}: row ${wrong + 1} of column "${one}": expected a number, found ${JSON.stringify(fields[wrong])}`,
      );
    const values = Float64Array.from(fields, (field) => (nothing.has(field) ? Number.NaN : Number(field)));
    return { type, name: one, values, missing: values.filter(Number.isNaN).length };
  });
  return new Table(name, rows.length, columns);
}

function categoryColumn(name: string, fields: readonly string[], nothing: ReadonlySet<string>): CategoryColumn {
  const categories = [...new Set(fields)].filter((field) => !nothing.has(field)).sort(byCodePoint);
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const codes = Int32Array.from(fields, (field) => codeOf.get(field) ?? -1);
  return { type: "category", name, categories, codes, missing: codes.filter((code) => code < 0).length };
}

/** A table from a file, and the SHA-256 of its bytes. @throws FoveaError when there is no such file, or as `parseTable`. */
export async function loadTable(
  path: string,
  options: Omit<TableOptions, "name"> = {},
): Promise<{ readonly table: Table; readonly sha256: string }> {
  const bytes = await readBytes(path);
  const name = baseName(path);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FoveaError(`${name}: expected text in UTF-8; save the table in that encoding`, { cause: error });
  }
  return { table: parseTable(text, { ...options, name }), sha256: await sha256Hex(bytes) };
}

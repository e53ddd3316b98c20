// Turns columns into features: numbers standardized, categories one-hot. Learns means, deviations and categories from
// the training rows alone and then applies them to any rows.
import { FoveaError, oneOf, shown } from "../../core/errors.js";
import { checkOptions, flag } from "../../core/options.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { type CategoryColumn, type Column, firstGap, type NumberColumn, type Table } from "./table.js";

/** A column's mean and standard deviation, as scikit-learn's StandardScaler has them. */
export interface Scaler {
  /** The mean. */
  readonly mean: number;
  /** Of the population (divided by n); 1 where all values are the same. */
  readonly scale: number;
  /**
   * (value - mean) / scale
   * @param value A number of the column.
   */
  transform(value: number): number;
}

/**
 * Learns mean and deviation; NaNs are left out.
 * @param values The numbers of a column.
 * @throws FoveaError when nothing else is there.
 * @example standardScaler([1, 2, 3]).transform(2); // 0
 */
export function standardScaler(values: ArrayLike<number>): Scaler {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  if (known.length === 0)
    throw new FoveaError("empty-input", "standardScaler: expected at least one value, received none");
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  // The variance that rounding leaves of equal values is no spread.
  const constant = variance <= (known.length * Number.EPSILON * Math.abs(mean)) ** 2;
  const scale = constant ? 1 : Math.sqrt(variance);
  return { mean, scale, transform: (value) => (value - mean) / scale };
}

/** Treatment of a missing value: stop and name its place; or take the training rows' mean, or a category of its own. */
export type MissingPolicy = "error" | "fill";

/** Options of `fitFeatures`. */
export interface FeatureOptions {
  /** The columns to use, in this order. */
  readonly columns: readonly string[];
  /** Rule for cells without a value. Default "error". */
  readonly missing?: MissingPolicy;
  /** Standardizes numbers. Default true. */
  readonly standardize?: boolean;
}

/** Encoding of a column that `learn` made: plain data, which a model's file keeps. */
export type LearntColumn =
  | {
      /** Numbers: one feature. */
      readonly type: "number";
      /** Name of the column. */
      readonly name: string;
      /** The training rows' mean, which stands for a missing value. */
      readonly mean: number;
      /** Divisor of (value - mean); null where numbers are taken as they are. */
      readonly scale: number | null;
    }
  | {
      /** Texts: a feature for each category, 1 for that of the row. */
      readonly type: "category";
      /** Name of the column. */
      readonly name: string;
      /** Those of the training rows, in the order of their features. */
      readonly categories: readonly string[];
      /** True where missing values have a feature of their own, the last. */
      readonly missing: boolean;
    };

/** Columns made ready for a network. */
export interface FeatureEncoder {
  /** One per feature: `VehValue`, `VehBody=Sedan`... */
  readonly names: readonly string[];
  /** Encodings of its columns, to apply them again: see `featureEncoder`. */
  readonly learnt: readonly LearntColumn[];
  /** Rows of the same table as features, `[rows, names.length]`. */
  transform(rows: ArrayLike<number>): Tensor<"float32">;
}

interface Part {
  readonly names: readonly string[];
  /** Writes the features of a row at `out[at...]`. */
  write(row: number, out: Float32Array, at: number): void;
}

/**
 * Learns from the rows numbered `trainRows` how to turn columns into features: standardScaler for numbers, one-hot for
 * categories. A category that no training row has becomes zeros, as scikit-learn's `handle_unknown="ignore"` has it.
 * @param table The table.
 * @throws FoveaError for unknown columns, none at all, or missing values under `missing: "error"`.
 * @example
 * const table = parseTable("VehValue,VehBody;2,van;7,car;3,van".replaceAll(";", "\u000a"));
 * const encoder = fitFeatures(table, [0, 1], { columns: ["VehValue", "VehBody"] });
 * encoder.transform([2]).shape; // [1, 3]: a number and two categories
 */
export function fitFeatures(table: Table, trainRows: ArrayLike<number>, options: FeatureOptions): FeatureEncoder {
  checkOptions("fitFeatures", options, ["columns", "missing", "standardize"]);
  const missing = oneOf("missing", options.missing ?? "error", ["error", "fill"]);
  const standardize = flag("standardize", options.standardize, true);
  if (!Array.isArray(options.columns))
    throw new FoveaError(
      "wrong-type",
      `fitFeatures: expected columns as a list of names, received ${shown(options.columns)}`,
    );
  const columns = options.columns.map((name: string) => table.column(name));
  if (columns.length === 0)
    throw new FoveaError(
      "empty-input",
      `${table.name}: expected at least one feature column, received none; name some, or leave the option out`,
    );
  if (missing === "error") refuseGaps(table, columns);
  const rows = Array.from(trainRows);
  const outside = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < table.rows));
  if (outside !== undefined)
    throw new FoveaError(
      "out-of-range",
      `${table.name}: expected rows from 0 to ${table.rows - 1}, received ${outside}`,
    );
  return featureEncoder(
    table,
    columns.map((column) => learn(column, rows, standardize)),
  );
}

/**
 * The encoder of a table by the encodings learnt from another.
 * @param table The table.
 * @param learnt Encodings of another table's columns.
 * @throws FoveaError for a column that the table does not have, or has with another type
 * @example
 * const table = parseTable("age,body;2,van;7,car;3,van".replaceAll(";", "\u000a"));
 * const { learnt } = fitFeatures(table, [0, 1, 2], { columns: ["age", "body"] });
 * const others = parseTable("age,body;5,car".replaceAll(";", "\u000a"));
 * featureEncoder(others, learnt).names; // ["age", "body=car", "body=van"]
 */
export function featureEncoder(table: Table, learnt: readonly LearntColumn[]): FeatureEncoder {
  const parts = learnt.map((plan): Part => {
    const column = table.column(plan.name);
    if (column.type === "number" && plan.type === "number") return numberPart(column, plan);
    if (column.type === "category" && plan.type === "category") return categoryPart(column, plan);
    throw new FoveaError(
      "unsuited-data",
      `${table.name}: expected column "${plan.name}" to be of type ${plan.type}, it is ${column.type}; give a table like the one that was learnt from`,
    );
  });
  const names = parts.flatMap((part) => part.names);
  return {
    names,
    learnt,
    transform(wanted) {
      const data = new Float32Array(wanted.length * names.length);
      for (let i = 0; i < wanted.length; i++) {
        let at = i * names.length;
        for (const part of parts) {
          part.write(wanted[i]!, data, at);
          at += part.names.length;
        }
      }
      return tensor(data, [wanted.length, names.length], "float32");
    },
  };
}

/** @throws FoveaError that counts the missing values of each column, and names the first */
function refuseGaps(table: Table, columns: readonly Column[]): void {
  const gaps = columns.filter((column) => column.missing > 0);
  const [first] = gaps;
  if (first === undefined) return;
  throw new FoveaError(
    "missing-values",
    `${table.name}: values are missing (${gaps.map(({ name, missing }) => `${name}: ${missing}`).join(", ")}), the first in row ${firstGap(first) + 1} of column "${first.name}"; complete the table, leave the columns out, or choose missing: "fill"`,
  );
}

function learn(column: Column, rows: readonly number[], standardize: boolean): LearntColumn {
  const { name } = column;
  if (column.type === "number") {
    const { mean, scale } = standardScaler(rows.map((row) => column.values[row]!));
    return { type: "number", name, mean, scale: standardize ? scale : null };
  }
  const seen = new Set(rows.map((row) => column.codes[row]!));
  const categories = column.categories.filter((_, code) => seen.has(code));
  return { type: "category", name, categories, missing: seen.has(-1) };
}

function numberPart({ name, values }: NumberColumn, { mean, scale }: LearntColumn & { type: "number" }): Part {
  return {
    names: [name],
    write(row, out, at) {
      const value = Number.isNaN(values[row]!) ? mean : values[row]!;
      out[at] = scale === null ? value : (value - mean) / scale;
    },
  };
}

function categoryPart(
  { name, categories, codes }: CategoryColumn,
  { categories: known, missing }: LearntColumn & { type: "category" },
): Part {
  const placeOf = new Map(categories.map((category, code) => [code, known.indexOf(category)]));
  // The missing ones' own category comes last.
  if (missing) placeOf.set(-1, known.length);
  return {
    names: [...known, ...(missing ? ["missing"] : [])].map((category) => `${name}=${category}`),
    write(row, out, at) {
      const index = placeOf.get(codes[row]!) ?? -1;
      if (index >= 0) out[at + index] = 1;
    },
  };
}

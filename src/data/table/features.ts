// From columns to what a network takes: numbers standardized, categories one-hot. What is learnt here (means, deviations,
// categories) is learnt from the training rows alone and then applied to any rows.
import { FoveaError, oneOf, shown } from "../../core/errors.js";
import { checkOptions, flag } from "../../core/options.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import type { CategoryColumn, Column, NumberColumn, Table } from "./table.js";

/** A column's mean and standard deviation, as scikit-learn's StandardScaler has them. */
export interface Scaler {
  readonly mean: number;
  /** Of the population (divided by n); 1 where all values are the same. */
  readonly scale: number;
  /** (value - mean) / scale */
  transform(value: number): number;
}

/** Learns mean and deviation; NaNs are left out. @throws FoveaError when nothing else is there. */
export function standardScaler(values: ArrayLike<number>): Scaler {
  const known = Array.from(values).filter((value) => !Number.isNaN(value));
  if (known.length === 0) throw new FoveaError("standardScaler: expected at least one value, received none");
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
  // What rounding leaves of a column of equal values is no spread.
  const constant = variance <= (known.length * Number.EPSILON * Math.abs(mean)) ** 2;
  const scale = constant ? 1 : Math.sqrt(variance);
  return { mean, scale, transform: (value) => (value - mean) / scale };
}

/** What to do where a value is missing: stop and say where; or take the training rows' mean, or a category of its own. */
export type MissingPolicy = "error" | "fill";

export interface FeatureOptions {
  /** The columns to use, in this order. */
  readonly columns: readonly string[];
  /** Default "error". */
  readonly missing?: MissingPolicy;
  /** Whether numbers are standardized. Default true. */
  readonly standardize?: boolean;
}

/** Columns made ready for a network. */
export interface FeatureEncoder {
  /** One per feature: `VehValue`, `VehBody=Sedan`... */
  readonly names: readonly string[];
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
 * @throws FoveaError for unknown columns, none at all, or missing values under `missing: "error"`.
 * @example const encoder = fitFeatures(table, split.train, { columns: ["VehValue", "VehBody"] })
 */
export function fitFeatures(table: Table, trainRows: ArrayLike<number>, options: FeatureOptions): FeatureEncoder {
  checkOptions("fitFeatures", options, ["columns", "missing", "standardize"]);
  const missing = oneOf("missing", options.missing ?? "error", ["error", "fill"]);
  const standardize = flag("standardize", options.standardize, true);
  if (!Array.isArray(options.columns))
    throw new FoveaError(`fitFeatures: expected columns as a list of names, received ${shown(options.columns)}`);
  const columns = options.columns.map((name: string) => table.column(name));
  if (columns.length === 0) throw new FoveaError(`${table.name}: expected at least one feature column, received none`);
  const gaps = columns.filter((column) => column.missing > 0);
  if (missing === "error" && gaps.length > 0)
    throw new FoveaError(
      `${table.name}: values are missing (${gaps.map((column) => `${column.name}: ${column.missing}`).join(", ")}); complete the table, leave the columns out, or choose missing: "fill"`,
    );
  const rows = Array.from(trainRows);
  const outside = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < table.rows));
  if (outside !== undefined)
    throw new FoveaError(`${table.name}: expected rows from 0 to ${table.rows - 1}, received ${outside}`);
  const parts = columns.map(
    (column: Column): Part =>
      column.type === "number" ? numberPart(column, rows, standardize) : categoryPart(column, rows),
  );
  const names = parts.flatMap((part) => part.names);
  return {
    names,
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

function numberPart({ name, values }: NumberColumn, rows: readonly number[], standardize: boolean): Part {
  const scaler = standardScaler(rows.map((row) => values[row]!));
  return {
    names: [name],
    write(row, out, at) {
      const value = Number.isNaN(values[row]!) ? scaler.mean : values[row]!;
      out[at] = standardize ? scaler.transform(value) : value;
    },
  };
}

function categoryPart({ name, categories, codes }: CategoryColumn, rows: readonly number[]): Part {
  const seen = new Set(rows.map((row) => codes[row]!));
  // The missing ones' own category comes last.
  const known = [...categories.keys()].filter((code) => seen.has(code));
  if (seen.has(-1)) known.push(-1);
  const placeOf = new Map(known.map((code, place) => [code, place]));
  return {
    names: known.map((code) => `${name}=${code < 0 ? "missing" : categories[code]!}`),
    write(row, out, at) {
      const place = placeOf.get(codes[row]!);
      if (place !== undefined) out[at + place] = 1;
    },
  };
}

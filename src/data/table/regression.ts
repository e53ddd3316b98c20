// A table as training and validation data for a regression: features, target, and exposure as a weight or an offset.
import { FoveaError, oneOf, shown } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { trainTestSplit } from "../split/train-test.js";
import { type FeatureOptions, fitFeatures, type LearntColumn } from "./features.js";
import type { Table } from "./table.js";

/**
 * Time that each row was observed, and its use for counts such as claims. As `"weight"` the target becomes count /
 * exposure, a frequency, and counts as much as its exposure; as `"offset"` the model's output, a frequency, is
 * multiplied by the exposure (the log of it is added before an exponential) and compared with the count. Under a
 * Poisson loss both have the same gradients.
 */
export interface Exposure {
  /** Name of the column. */
  readonly column: string;
  /** `"weight"` or `"offset"`. */
  readonly as: "weight" | "offset";
}

/** Options of `regressionData`. */
export interface RegressionOptions {
  /** Name of the column to predict. */
  readonly target: string;
  /** Default: every column but target and exposure. */
  readonly features?: readonly string[];
  /** Column of exposures and its use. Default: none. */
  readonly exposure?: Exposure;
  /** Rule for cells without a value. Default "error". */
  readonly missing?: FeatureOptions["missing"];
  /** Standardizes numbers. Default true. */
  readonly standardize?: boolean;
  /** The share of rows that is held out, and scikit-learn's random_state of the split. */
  readonly split: { readonly validation: number; readonly seed: number };
}

/** Rows made ready: features `[n, width]`, targets `[n, 1]`, and the exposure as its use needs it. */
export interface RegressionPart {
  /** Features, `[n, width]`. */
  readonly x: Tensor<"float32">;
  /** Targets, `[n, 1]`. */
  readonly y: Tensor<"float32">;
  /** Exposures as weights, `[n]`; absent without. */
  readonly sampleWeight?: Tensor<"float32">;
  /** `[n, 1]`: the factor of the model's output. */
  readonly offset?: Tensor<"float32">;
}

/** A table made ready for a regression. */
export interface RegressionData {
  /** Names of the features, in order. */
  readonly featureNames: readonly string[];
  /** Encodings of the features, for other tables: see `featureEncoder`. */
  readonly learnt: readonly LearntColumn[];
  /** Rows to train on. */
  readonly train: RegressionPart;
  /** Rows to validate on. */
  readonly validation: RegressionPart;
  /** Rows of the table that train, in their order. */
  readonly trainRows: Int32Array;
}

/**
 * Splits a table and encodes both parts; scalers and encoders learn from the training rows alone.
 * @param table The table.
 * @throws FoveaError for columns that are not there or lack values, or an exposure that is not above 0.
 * @example
 * const table = parseTable("x,y;1,2;2,4;3,6;4,8;5,10".replaceAll(";", "\u000a"));
 * regressionData(table, { target: "y", split: { validation: 0.4, seed: 1 } }).featureNames; // ["x"]
 */
export function regressionData(table: Table, options: RegressionOptions): RegressionData {
  const names = ["target", "features", "exposure", "missing", "standardize", "split"];
  checkOptions("regressionData", options, names);
  const { target, exposure, split, missing = "error", standardize = true } = options;
  if (typeof split !== "object" || split === null)
    throw new FoveaError(
      "wrong-type",
      `regressionData: expected split as { validation, seed }, received ${shown(split)}`,
    );
  if (exposure !== undefined) oneOf("exposure as", exposure.as, ["weight", "offset"]);
  const taken = [target, ...(exposure === undefined ? [] : [exposure.column])];
  const columns = options.features ?? table.columnNames.filter((name) => !taken.includes(name));
  const used = columns.find((name) => taken.includes(name));
  if (used !== undefined)
    throw new FoveaError(
      "conflicting-options",
      `${table.name}: column "${used}" is the target or the exposure, it cannot be a feature as well; leave it out of the features`,
    );
  const counts = table.numbers(target);
  const observed = exposure && exposureOf(table, exposure.column);
  const { train, test } = trainTestSplit(table.rows, { testSize: split.validation, randomState: split.seed });
  const encoder = fitFeatures(table, train, { columns, missing, standardize });
  const column = (rows: Int32Array, value: (row: number) => number): Tensor<"float32"> =>
    tensor(Float32Array.from(rows, value), [rows.length, 1], "float32");
  if (observed !== undefined && exposure?.as === "weight") checkFrequencies(table, target, counts, observed);
  const part = (rows: Int32Array): RegressionPart => {
    const x = encoder.transform(rows);
    if (observed === undefined) return { x, y: column(rows, (row) => counts[row]!) };
    const exposures = column(rows, (row) => observed[row]!);
    if (exposure?.as === "offset") return { x, y: column(rows, (row) => counts[row]!), offset: exposures };
    const sampleWeight = tensor(exposures.data, [rows.length], "float32");
    return { x, y: column(rows, (row) => counts[row]! / observed[row]!), sampleWeight };
  };
  const parts = { train: part(train), validation: part(test), trainRows: train };
  return { featureNames: encoder.names, learnt: encoder.learnt, ...parts };
}

/**
 * The exposures of a table's rows.
 * @param table The table.
 * @param name Name of the column.
 * @throws FoveaError for an exposure that is not above 0, also as a 32-bit float
 * @example exposureOf(parseTable("e;0.5;1".replaceAll(";", "\u000a")), "e"); // 0.5, 1
 */
export function exposureOf(table: Table, name: string): Float64Array {
  const values = table.numbers(name);
  const wrong = values.findIndex((value) => !(Math.fround(value) > 0));
  if (wrong >= 0)
    throw new FoveaError(
      "wrong-value",
      `${table.name}: row ${wrong + 1}: expected an exposure above 0, found ${values[wrong]} in column "${name}"; correct the cell, or drop the row`,
    );
  return values;
}

function checkFrequencies(table: Table, target: string, counts: Float64Array, observed: Float64Array): void {
  const wrong = counts.findIndex((count, row) => !Number.isFinite(Math.fround(count / observed[row]!)));
  if (wrong >= 0)
    throw new FoveaError(
      "wrong-value",
      `${table.cell(wrong, target)}: ${counts[wrong]} in an exposure of ${observed[wrong]} is more than 32-bit floats hold; correct the cell`,
    );
}

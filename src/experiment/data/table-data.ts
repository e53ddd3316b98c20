// The data of an experiment on a table: its rows with their features, targets and exposures, and which of them train,
// validate and test. Scalers and encoders learn from the training rows alone, so they follow from table, split and recipe.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import {
  type FeatureEncoder,
  fitFeatures,
  openTable,
  type Table,
  type TableRows,
  targetsOf,
} from "../../data/index.js";
import type { TablePreprocessing } from "../../formats/run/recipe.js";
import { baseName } from "../../platform/paths.js";
import { kindOfTargets, TASKS } from "../tasks/index.js";
import { dataFindings } from "./findings.js";
import { leakFindings } from "./leaks.js";
import type { DataWish } from "./load-options.js";
import type { ExperimentData } from "./loaded-data.js";
import { type LoadedFolder, PART_NAMES, type Part, type PartName, partsOf, type SplitWish } from "./parts.js";
import { rowsOf } from "./rows-of-targets.js";
import type { SampleNames, TableSamples } from "./sample-set.js";

const NOUNS = ["row", "rows"] as const;

/** A table with its targets, before anything is learnt of its features. */
export interface OpenedTable {
  readonly rows: TableRows;
  readonly folder: LoadedFolder<SampleNames>;
  /** Columns of the targets and of the exposure that divided them. */
  readonly source: ExperimentData["source"];
  readonly notes: readonly string[];
}

/**
 * Opens a table with its targets; numbers are divided by exposures where these are wished for.
 * @param names classes to expect, a model's
 * @throws FoveaError for a table that cannot be read, and targets or exposures that are none, by line.
 */
export async function openTableTargets(
  path: string,
  { delimiter }: Pick<TablePreprocessing, "delimiter">,
  { task, target, exposure: divides = false, columns = {} }: DataWish,
  names?: readonly string[],
): Promise<OpenedTable> {
  const { path: _path, exposure: exposureName = "exposure", ...roles } = columns;
  const wanted = defined({ ...roles, exposure: divides ? exposureName : columns.exposure });
  const rows = await openTable(path, { roles: wanted, ...defined({ delimiter }) });
  const files = Array.from(rows.lines, (line) => `line ${line}`);
  const images = files.map((file) => ({ path: file }));
  const kind = task && TASKS[task].targetKind;
  if (kind === "masks")
    throw new FoveaError(
      "unsuited-option",
      `${path}: masks belong to images, and this is a table of rows; leave --task segmentation out`,
    );
  if (kind === "boxes")
    throw new FoveaError(
      "unsuited-option",
      `${path}: boxes belong to images, and this is a table of rows; leave --task detection out`,
    );
  const made = targetsOf({ ...rows, images }, defined({ kind, columns: target, names }));
  if (divides && made.kind !== "numbers")
    throw new FoveaError(
      "unsuited-option",
      `${path}: an exposure divides numbers, and the column ${made.columns[0]} is taken for ${made.kind}; say --task regression, or leave out --exposure`,
    );
  const { split, group, date, weight, exposure } = rows;
  const used = divides ? exposure : undefined;
  checkRates(path, made.targets, used, rows.lines);
  const product = used && weight ? used.map((value, row) => value * weight[row]!) : (used ?? weight);
  return {
    rows,
    folder: {
      name: baseName(path),
      path,
      samples: { nouns: NOUNS, hasFolders: false, files },
      targets: rowsOf(made.targets, Int32Array.from(files.keys()), used),
      ...defined({ weight: product, split, group, date }),
    },
    source: { columns: made.columns, ...(divides ? { exposure: rows.roles.exposure! } : {}) },
    notes: made.sentence === undefined ? [] : [made.sentence.replace(/\.$/, "")],
  };
}

/** @throws FoveaError for a number that is too large for 32-bit floats once it is divided by its exposure */
function checkRates(
  where: string,
  targets: LoadedFolder["targets"],
  exposure: Float64Array | undefined,
  lines: Int32Array,
): void {
  if (exposure === undefined || targets.kind !== "numbers") return;
  const { names, values } = targets;
  const wrong = values.findIndex(
    (value, i) => !Number.isFinite(Math.fround(value / exposure[Math.floor(i / names.length)]!)),
  );
  if (wrong < 0) return;
  const row = Math.floor(wrong / names.length);
  throw new FoveaError(
    "wrong-value",
    `${where}: line ${lines[row]}: ${values[wrong]} of ${names[wrong % names.length]} in an exposure of ${exposure[row]} is more than 32-bit floats hold; correct the line`,
  );
}

/** Rows as samples, by an encoder. */
export function tableSamples(
  { rows, folder }: Pick<OpenedTable, "rows" | "folder">,
  table: Table,
  encoder: FeatureEncoder,
  { missing, standardize }: Pick<TablePreprocessing, "missing" | "standardize">,
): TableSamples {
  const { names, learnt } = encoder;
  return {
    ...folder.samples,
    kind: "table",
    table,
    featureNames: names,
    learnt,
    preprocessing: {
      features: table.columnNames,
      types: Object.fromEntries(table.columns.map(({ name, type }) => [name, type])),
      missing,
      standardize,
      delimiter: rows.delimiter,
    },
    x: { dtype: "float32", shape: [names.length] },
    rows: (indices) => encoder.transform(indices),
    skipped: [],
    contentHash: rows.sha256,
  };
}

/**
 * The rows of a table as the data of an experiment.
 * @throws FoveaError as `openTableTargets` does, for features that are targets or have a role, and for missing values where
 * these are an error.
 */
export async function loadTableData(
  path: string,
  preprocessing: TablePreprocessing,
  split: SplitWish,
  wish: DataWish = {},
): Promise<ExperimentData<TableSamples>> {
  const opened = await openTableTargets(path, preprocessing, wish);
  const { rows, folder, source } = opened;
  const table = rows.table(...featuresOf(opened, preprocessing));
  const made = partsOf({ train: folder }, split);
  const { missing, standardize } = preprocessing;
  const encoder = fitFeatures(table, made.parts.train.rows, { columns: table.columnNames, missing, standardize });
  const samples = tableSamples(opened, table, encoder, preprocessing);
  const parts = Object.fromEntries(
    PART_NAMES.map((part) => [part, { ...made.parts[part], samples }]),
  ) as unknown as Readonly<Record<PartName, Part<TableSamples>>>;
  const data = { ...made, parts, folders: { train: { ...folder, samples } } };
  const gaps = table.gaps.map(({ name, missing: count }) => `${name} lacks ${count}`);
  return {
    ...data,
    notes: [
      ...opened.notes,
      `features are ${table.columnNames.join(", ")}: ${encoder.names.length} numbers per row`,
      ...(gaps.length === 0 ? [] : [`missing values: ${gaps.join(", ")}`]),
      ...made.notes,
    ],
    kind: kindOfTargets(folder.targets),
    source,
    findings: [...(await dataFindings(data)), ...leakFindings(path, table.columns, parts.train)],
  };
}

type Types = NonNullable<TablePreprocessing["types"]>;

/** The columns of the features with the types that were said. @throws FoveaError for a column that has another use */
function featuresOf(
  { rows, source }: OpenedTable,
  { features, types = {} }: TablePreprocessing,
): readonly [columns: readonly string[], types: Types] {
  const targets = source.columns ?? [];
  const columns = features ?? Object.keys(rows.columns).filter((name) => !targets.includes(name));
  const taken = new Map([
    ...targets.map((name) => [name, "the target"] as const),
    ...Object.entries(rows.roles).map(([role, name]) => [name!, `the ${role}`] as const),
  ]);
  const wrong = columns.find((name) => taken.has(name));
  if (wrong !== undefined)
    throw new FoveaError(
      "conflicting-options",
      `${rows.where}: the column ${wrong} is ${taken.get(wrong)} and cannot be a feature as well; leave it out of the features`,
    );
  if (columns.length === 0)
    throw new FoveaError(
      "too-little-data",
      `${rows.where}: expected a column beside the target to learn from, found none; add one`,
    );
  const strange = Object.keys(types).find((name) => !columns.includes(name));
  if (strange !== undefined)
    throw new FoveaError(
      "unknown-column",
      `${rows.where}: the type of ${strange} is said, and it is no feature; the features are ${columns.join(", ")}`,
    );
  return [columns, types];
}

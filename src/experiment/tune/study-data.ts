// The data of a study, loaded once for all its trials: a table's features, or a folder's images. What differs between the
// two is here; training sees samples, targets and shapes.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { channelsOf, type Finding, loadTable, type RegressionPart, regressionData } from "../../data/index.js";
import type { FoveaFacts } from "../../formats/models/fovea-facts.js";
import { TABLE_INPUTS } from "../../formats/models/table-facts.js";
import { outputNamesOf } from "../../formats/run/task.js";
import type { TrainingData } from "../../nn/index.js";
import type { MultiLabelled } from "../../nn/model/data.js";
import { stat } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { baselineOf } from "../data/baseline.js";
import {
  type ExperimentData,
  findData,
  type LoadDataOptions,
  loadData,
  type SplitSettings,
  sourceOf,
} from "../data/experiment-data.js";
import { countsOf } from "../data/parts.js";
import { imageWeights, recordedWeights, weighted } from "../data/weights.js";
import { taskFacts } from "../recipe/recipe.js";
import type { ImagesSpec, TableSpec, TuneSpec } from "./spec.js";

export interface StudyData {
  readonly kind: "table" | "images";
  /** Identifies the bytes that were loaded. */
  readonly sha256: string;
  /** Shape of one sample, without the batch axis. */
  readonly inputShape: readonly number[];
  /** Number of classes of images; 0 for tables. */
  readonly classes: number;
  /** True where models have a second input that multiplies their output. */
  readonly hasOffset: boolean;
  readonly train: TrainingData;
  readonly validation: TrainingData;
  /** Facts of the data for a model's file: class names and preprocessing of images, or columns of a table. */
  readonly facts: FoveaFacts;
  /** Settings of the split of images; tables have them in their spec. */
  readonly split?: SplitSettings;
  /** Training images of each class. */
  readonly classCounts?: readonly number[];
  /** The commonest class of the training images, and the accuracy of always saying it in the test images. */
  readonly baseline?: { readonly class: string; readonly test: number };
  /** Problems of the images. */
  readonly findings: readonly Finding[];
  /** Images that no trial sees. */
  readonly test: TrainingData | undefined;
  /** Notes on the loaded data, a line each. */
  readonly notes: readonly string[];
}

/** @throws FoveaError when the data are not there or not what the spec says. */
export function loadStudyData(data: TuneSpec["data"], options: LoadDataOptions = {}): Promise<StudyData> {
  return "table" in data ? tableData(data) : imageData(data, options);
}

async function tableData(spec: TableSpec): Promise<StudyData> {
  const { table: path, types, delimiter, target, features, exposure, missing, standardize, split } = spec;
  const columns = features && [...features, target, ...(exposure === undefined ? [] : [exposure.column])];
  const { table, sha256 } = await loadTable(path, defined({ types, delimiter, columns }));
  const made = regressionData(table, { target, missing, standardize, split, ...defined({ features, exposure }) });
  const gaps = table.gaps.map(({ name, missing: n }) => `${name} lacks ${n}`);
  return {
    kind: "table",
    sha256,
    inputShape: [made.featureNames.length],
    classes: 0,
    hasOffset: made.train.offset !== undefined,
    facts: { version: 1, table: { target, columns: made.learnt, missing, ...defined({ exposure, delimiter }) } },
    train: labelled(made.train),
    validation: labelled(made.validation),
    findings: [],
    test: undefined,
    notes: [
      `${table.name}: ${table.rows} rows, ${made.train.x.shape[0]} to train, ${made.validation.x.shape[0]} to validate`,
      `${made.featureNames.length} features: ${made.featureNames.join(", ")}`,
      ...(gaps.length > 0 ? [`Missing: ${gaps.join(", ")}`] : []),
    ],
  };
}

function labelled({ x, y, sampleWeight, offset }: RegressionPart): TrainingData {
  if (offset === undefined) return { x, y, ...defined({ sampleWeight }) };
  return { x: { [TABLE_INPUTS.features]: x, [TABLE_INPUTS.offset]: offset }, y } satisfies MultiLabelled;
}

async function imageData(spec: ImagesSpec, options: LoadDataOptions): Promise<StudyData> {
  const { images: path, imageSize, color, interpolation, orientation, depth, split, sampleWeight } = spec;
  if ((await stat(path)) === undefined) throw new FoveaError(`there is no folder of images at ${path}`);
  const preprocessing = {
    ...{ imageSize, color, interpolation },
    ...(orientation === "exif" ? { orientation } : {}),
    ...(depth === "scaled" ? { depth } : {}),
  };
  const data = await loadData(await findData(path), preprocessing, split, options);
  const { train, validation, test } = data.parts;
  const recorded = defined({
    sampleWeight: sampleWeight === undefined ? undefined : await recordedWeights(sampleWeight),
  });
  const task = taskFacts(data, {});
  const classNames = outputNamesOf(task);
  const baseline = baselineOf(data, task);
  const counts = countsOf(train.targets, train.rows);
  return {
    kind: "images",
    sha256: await hashOf(data, recorded.sampleWeight?.sha256),
    inputShape: [...imageSize, channelsOf(color)],
    classes: classNames.length,
    hasOffset: false,
    facts: { version: 1, classNames, preprocessing },
    train: weighted(sourceOf(train), await imageWeights({ training: recorded }, data)),
    validation: sourceOf(validation),
    split: data.split,
    ...(counts && { classCounts: Array.from(counts) }),
    findings: data.findings,
    ...(typeof baseline?.answer === "string" && { baseline: { class: baseline.answer, test: baseline.figures.test } }),
    test: sourceOf(test),
    notes: [
      `${path}: ${classNames.length} classes, ${train.rows.length} images to train, ${validation.rows.length} to validate, ${test.rows.length} for the end`,
      ...data.notes,
    ],
  };
}

/** Of the hashes of all folders that were loaded, and of the table of weights where there is one. */
function hashOf({ folders }: ExperimentData, weights: string | undefined): Promise<string> {
  const hashes = [folders.train, folders.validation, folders.test].map((folder) => folder?.samples.contentHash ?? "");
  return sha256Hex(new TextEncoder().encode([...hashes, ...(weights === undefined ? [] : [weights])].join("\n")));
}

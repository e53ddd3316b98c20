// The data of a study, loaded once for all its trials: a table's features, or images with the targets of their task. What
// differs between the two is here; training sees samples, targets and shapes.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { TensorType } from "../../core/tensor.js";
import { channelsOf, type Finding, loadTable, type RegressionPart, regressionData } from "../../data/index.js";
import type { FoveaFacts } from "../../formats/models/fovea-facts.js";
import { TABLE_INPUTS } from "../../formats/models/table-facts.js";
import type { RecordedJournal } from "../../formats/run/recipe.js";
import { classNamesOf, type TaskFacts } from "../../formats/run/task.js";
import type { TrainingData } from "../../nn/index.js";
import type { MultiLabelled } from "../../nn/model/data.js";
import { stat } from "../../platform/files.js";
import { sha256Hex } from "../../platform/hashing.js";
import { type BaselineFigures, baselineOf } from "../data/baseline.js";
import {
  closeData,
  type DataSources,
  type DataWish,
  type ExperimentData,
  findData,
  type LoadDataOptions,
  loadData,
  type SplitSettings,
  sourceOf,
} from "../data/experiment-data.js";
import { leakFindings } from "../data/leaks.js";
import { countsOf } from "../data/parts.js";
import { imageWeights, recordedWeights, weighted } from "../data/weights.js";
import { journalOfRecipe, type LabelJournal } from "../journal/entries.js";
import { findJournal } from "../journal/journal-file.js";
import { taskFacts } from "../recipe/recipe.js";
import { type TaskWish, taskOf } from "../tasks/index.js";
import { asList, type ImagesSpec, type TableSpec, type TuneSpec } from "./spec.js";

/** The data of a study, loaded once for all its trials. */
export interface StudyData {
  /** Kind of the samples. */
  readonly kind: "table" | "images";
  /** Identifies the bytes that were loaded. */
  readonly sha256: string;
  /** Shape of one sample, without the batch axis. */
  readonly inputShape: readonly number[];
  /** Type of one sample's targets. */
  readonly targetType: TensorType;
  /** Task of images, with the names of its outputs; tables say theirs by the layers and the loss of their spec. */
  readonly task?: TaskFacts;
  /** Choices about the task: its loss. */
  readonly wish: TaskWish;
  /** True where models have a second input that multiplies their output. */
  readonly hasOffset: boolean;
  /** Samples that trials learn from. */
  readonly train: TrainingData;
  /** Samples that trials are judged by. */
  readonly validation: TrainingData;
  /** Images that no trial sees. */
  readonly test: TrainingData | undefined;
  /** Images behind the parts. */
  readonly images?: ExperimentData;
  /** Facts of the data for a model's file: task and preprocessing of images, or columns of a table. */
  readonly facts: FoveaFacts;
  /** Settings of the split of images; tables have them in their spec. */
  readonly split?: SplitSettings;
  /** The task's answer without a look at any image, and how good it is. */
  readonly baseline?: BaselineFigures;
  /** Problems of the images. */
  readonly findings: readonly Finding[];
  /** Notes on the loaded data, a line each. */
  readonly notes: readonly string[];
  /** Releases files and threads that give the images. */
  close(): Promise<void>;
}

/** Options of loading a study's data. */
export interface StudyDataOptions extends Omit<LoadDataOptions, "journal" | "recorded"> {
  /** Images that were opened already, such as files of a page. Default: those at the path of the spec. */
  readonly sources?: DataSources;
  /** The label journal of `sources`. Default: none; without `sources` it is the one beside the images. */
  readonly journal?: LabelJournal | undefined;
  /** Entries of the label journal that a study was begun with, null for none. Default: all that lie beside the images. */
  readonly begunWith?: RecordedJournal | null;
}

/**
 * Loads the data of a study: a table, whose features are encoded by its training rows, or images with the label journal
 * beside them. `close` releases them.
 * @param data of a spec: `spec.data`
 * @throws FoveaError where there are no such data, or they do not suit the spec
 */
export function loadStudyData(data: TuneSpec["data"], options: StudyDataOptions = {}): Promise<StudyData> {
  return "table" in data ? tableData(data) : imageData(data, options);
}

async function tableData(spec: TableSpec): Promise<StudyData> {
  const { table: path, types, delimiter, target, features, exposure, missing, standardize, split } = spec;
  const columns = features && [...features, target, ...(exposure === undefined ? [] : [exposure.column])];
  const { table, sha256 } = await loadTable(path, defined({ types, delimiter, columns }));
  const made = regressionData(table, { target, missing, standardize, split, ...defined({ features, exposure }) });
  const observed = exposure && table.numbers(exposure.column);
  const values = Float32Array.from(table.numbers(target), (count, row) => count / (observed?.[row] ?? 1));
  const learnt = made.learnt.map(({ name }) => table.column(name));
  const gaps = table.gaps.map(({ name, missing: n }) => `${name} lacks ${n}`);
  const { dtype, shape } = made.train.y;
  return {
    kind: "table",
    sha256,
    inputShape: [made.featureNames.length],
    targetType: { dtype, shape: shape.slice(1) },
    wish: {},
    hasOffset: made.train.offset !== undefined,
    facts: { version: 1, table: { target, columns: made.learnt, missing, ...defined({ exposure, delimiter }) } },
    train: labelled(made.train),
    validation: labelled(made.validation),
    findings: leakFindings(path, learnt, {
      targets: { kind: "numbers", names: [target], values },
      rows: made.trainRows,
    }),
    test: undefined,
    notes: [
      `${table.name}: ${table.rows} rows, ${made.train.x.shape[0]} to train, ${made.validation.x.shape[0]} to validate`,
      `${made.featureNames.length} features: ${made.featureNames.join(", ")}`,
      ...(gaps.length > 0 ? [`Missing: ${gaps.join(", ")}`] : []),
    ],
    close: async () => {},
  };
}

function labelled({ x, y, sampleWeight, offset }: RegressionPart): TrainingData {
  if (offset === undefined) return { x, y, ...defined({ sampleWeight }) };
  return { x: { [TABLE_INPUTS.features]: x, [TABLE_INPUTS.offset]: offset }, y } satisfies MultiLabelled;
}

async function imageData(spec: ImagesSpec, options: StudyDataOptions): Promise<StudyData> {
  const { imageSize, color, interpolation, orientation, depth, split } = spec;
  const { begunWith, sources, ...others } = options;
  const preprocessing = {
    ...{ imageSize, color, interpolation },
    ...(orientation === "exif" ? { orientation } : {}),
    ...(depth === "scaled" ? { depth } : {}),
  };
  const wish = wishOf(spec);
  const { from, journal: found } =
    sources === undefined ? await foundAt(spec) : { from: sources, journal: others.journal };
  const journal = begunWith === undefined ? found : await journalOfRecipe(found, begunWith ?? undefined);
  const data = await loadData(from, preprocessing, split, { ...others, ...dataWishOf(spec), journal });
  try {
    const facts = { version: 1, preprocessing } as const;
    return { ...(await studyDataOf(data, spec, wish, facts)), inputShape: [...imageSize, channelsOf(color)] };
  } catch (error) {
    await closeData(data);
    throw error;
  }
}

/** Images and label journal at the path of a spec. @throws FoveaError when there is nothing */
async function foundAt({ images: path, task }: ImagesSpec) {
  if ((await stat(path)) === undefined) throw new FoveaError("no-images", `there are no images at ${path}`);
  const from = await findData(path, task);
  return { from, journal: await findJournal(from) };
}

async function studyDataOf(
  data: ExperimentData,
  { images: path, sampleWeight }: ImagesSpec,
  wish: TaskWish,
  facts: FoveaFacts,
): Promise<Omit<StudyData, "inputShape">> {
  const { train, validation, test } = data.parts;
  const recorded = defined({
    sampleWeight: sampleWeight === undefined ? undefined : await recordedWeights(sampleWeight),
  });
  const task = taskFacts(data, wish);
  const record = taskOf(task);
  const classNames = classNamesOf(task);
  const counts = countsOf(train.targets, train.rows);
  return {
    kind: "images",
    sha256: await hashOf(data, recorded.sampleWeight?.sha256),
    targetType: record.targetType(train.targets),
    task,
    wish,
    hasOffset: false,
    facts: {
      ...facts,
      task,
      ...defined({ classNames, classCounts: classNames && counts && Array.from(counts) }),
    },
    train: weighted(sourceOf(train), await imageWeights({ training: recorded }, data)),
    validation: sourceOf(validation),
    test: sourceOf(test),
    images: data,
    split: data.split,
    ...defined({ baseline: baselineOf(data, task) }),
    findings: data.findings,
    notes: [
      `${path}: ${record.described(task)}, ${train.rows.length} images to train, ${validation.rows.length} to validate, ${test.rows.length} for the end`,
      ...data.notes,
    ],
    close: () => closeData(data),
  };
}

/** Choices about the task. @throws FoveaError for a power without the loss that has one */
function wishOf({ loss, power }: ImagesSpec): TaskWish {
  if (power !== undefined && loss !== "tweedie")
    throw new FoveaError(
      "unsuited-option",
      'data: "power" belongs to the loss "tweedie"; leave it out, or name that loss',
    );
  return defined({ loss, power });
}

function dataWishOf({ task, target, exposure, columns }: ImagesSpec): DataWish {
  const roles = typeof exposure === "string" ? { ...columns, exposure } : columns;
  return defined({
    task,
    target: target === undefined ? undefined : asList(target),
    exposure: exposure === undefined ? undefined : true,
    columns: roles,
  });
}

/** Of the hashes of all folders that were loaded, of their columns, their label journal and the table of weights where there are such. */
function hashOf({ folders, journal }: ExperimentData, weights: string | undefined): Promise<string> {
  const all = [folders.train, folders.validation, folders.test];
  const hashes = all.map((folder) => folder?.samples.contentHash ?? "");
  const columns = all.flatMap((folder) => folder?.columns ?? []);
  const lines = [
    ...hashes,
    ...columns,
    ...(journal ? [journal.sha256] : []),
    ...(weights === undefined ? [] : [weights]),
  ];
  return sha256Hex(new TextEncoder().encode(lines.join("\n")));
}

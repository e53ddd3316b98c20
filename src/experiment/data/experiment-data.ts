// The data of an experiment: which folders or table are loaded and what is wrong with them. Train and Test are folders
// where there are such; parts.ts says what is held out where there are none.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Tensor, tensor } from "../../core/tensor.js";
import { areToldBeside, findSplits, isClassFolder, type OpenedSource } from "../../data/index.js";
import { isOfTable, type Preprocessing, type Recipe, type TablePreprocessing } from "../../formats/run/recipe.js";
import type { TaskKind } from "../../formats/run/task.js";
import type { LabelledSource } from "../../nn/index.js";
import { checkSameJournal, journalOfRecipe, recordedJournal, unusedNotes } from "../journal/entries.js";
import { type Judged, kindOfTargets, TASKS, taskOf } from "../tasks/index.js";
import { withAdded } from "./added-images.js";
import { correctData, namesBefore } from "./corrections.js";
import { dataFindings } from "./findings.js";
import { FolderOpener } from "./folder-opener.js";
import { correctedApart, partsByIdentity } from "./identities.js";
import type { LoadDataOptions } from "./load-options.js";
import type { ExperimentData } from "./loaded-data.js";
import { type LoadedFolder, namesOf, PART_NAMES, type Part, partsOf, pick, type SplitWish } from "./parts.js";
import type { ImageSamples, Samples } from "./sample-set.js";
import { loadTableData } from "./table-data.js";

export type { DataWish, LoadDataOptions } from "./load-options.js";
export type { ExperimentData } from "./loaded-data.js";
export {
  type LoadedFolder,
  PART_NAMES,
  type Part,
  type PartName,
  type SplitSettings,
  type SplitWish,
} from "./parts.js";

/** Paths of the images: one source of all, or one for each part. */
export type DataPaths = {
  /** Folder, manifest, archive or table of the training samples, and of all others that have no path of their own. */
  readonly train: string;
  /** Those that choose the best epoch. Default: held out of `train`. */
  readonly validation?: string;
  /** Those that no training sees. Default: held out of `train`. */
  readonly test?: string;
};

/** The same where sources were opened before: files that were dropped on a page have no path. */
export type DataSources = { readonly [K in keyof DataPaths]: DataPaths[K] | OpenedSource };

/**
 * Paths of a recipe's images when it was made: `loadData` takes them to load the same data again.
 * @param recipe of a run
 * @example
 * const recipe = { data: { train: { path: "pets", sha256: "0".repeat(64) } } };
 * pathsOf(recipe); // { train: "pets" }
 */
export function pathsOf({ data: { train, validation, test } }: Recipe): DataPaths {
  return { train: train.path, ...defined({ validation: validation?.path, test: test?.path }) };
}

/**
 * `path/Train` and `path/Test` when there are such folders of classes (a validation folder as well), else the path itself: a
 * folder, a manifest, an archive.
 * @param path of the folder, the manifest or the archive
 * @param task kind of the answers: one file of boxes may tell of the images in both folders, which are the parts all the same
 * @example await findData("CASIA-Dataset") // { train: "CASIA-Dataset/Train", test: "CASIA-Dataset/Test" }
 */
export async function findData(path: string, task?: TaskKind): Promise<DataPaths> {
  if (!(await isClassFolder(path))) return { train: path };
  const { train, validation, test } = await findSplits(path);
  const hasObjects = task !== undefined && TASKS[task].targetKind === "boxes";
  if (train === undefined || (hasObjects && (await areToldBeside(path)))) return { train: path };
  return { train, ...defined({ validation, test }) };
}

/**
 * Opens the images, or the table, of an experiment and says which samples train, validate and test.
 * @param paths of the parts, as `findData` finds them, or sources that were opened before
 * @param preprocessing of images, or of a table, whose only path is `paths.train`
 * @param split `stratify: "uneven"` decides by the images, see `partsOf`; left out, the split is plain
 * @throws FoveaError when there are no images, one class only, images that cannot be decoded, targets that do not suit the
 * task, or a class with a single image under a split; and for a memory limit that two batches do not fit in.
 * @example
 * const look = { imageSize: [12, 12], color: "grayscale", interpolation: "bilinear" };
 * const loaded = await loadData(await findData("pets"), look, { validation: 0.25, seed: 1, stratify: "uneven" });
 * refuseErrors(loaded.findings);
 * const { parts, folders } = imageData(loaded);
 * const x = await imagesOf(parts.test, Int32Array.of(0, 1)); // two images, [2, 12, 12, 1]
 * const { loss } = await model.evaluate(sourceOf(parts.test));
 * folderOfPart(folders, parts.test).path; // "pets", which the test images were held out of
 * areImages(loaded); // true
 * await closeData(loaded);
 */
export function loadData(
  paths: DataSources,
  preprocessing: Preprocessing,
  split: SplitWish,
  options?: LoadDataOptions,
): Promise<ExperimentData<ImageSamples>>;
/** Opens a table, or images, in the same manner. */
export function loadData(
  paths: DataSources,
  preprocessing: Preprocessing | TablePreprocessing,
  split: SplitWish,
  options?: LoadDataOptions,
): Promise<ExperimentData>;
export async function loadData(
  paths: DataSources,
  preprocessing: Preprocessing | TablePreprocessing,
  split: SplitWish,
  options: LoadDataOptions = {},
): Promise<ExperimentData> {
  if (!isOfTable(preprocessing)) return loadImageData(paths, preprocessing, split, options);
  if (options.journal !== undefined)
    throw new FoveaError(
      "unsuited-option",
      `${options.journal.where}: a label journal corrects images, and these are a table; leave the journal out, and correct the table`,
    );
  if (typeof paths.train === "string") return loadTableData(paths.train, preprocessing, split, options);
  throw new FoveaError(
    "wrong-type",
    `${paths.train.listing.where}: expected the path of a table, received opened images; pass the path`,
  );
}

async function loadImageData(
  paths: DataSources,
  preprocessing: Preprocessing,
  split: SplitWish,
  options: LoadDataOptions,
): Promise<ExperimentData<ImageSamples>> {
  const { recorded } = options;
  const journal = recorded ? await journalOfRecipe(options.journal, recorded.journal) : options.journal;
  const opener = new FolderOpener(preprocessing, options);
  const original = await opener.open("train", paths.train);
  const train = await withAdded(original, journal, opener.source.columns, (listing) => opener.openListed(listing));
  const isOpen = options.task !== undefined && TASKS[options.task].hasOwnClasses === true;
  const names = isOpen ? undefined : namesBefore(namesOf(train.targets), journal);
  const validation =
    paths.validation === undefined ? undefined : await opener.open("validation", paths.validation, names);
  const test = paths.test === undefined ? undefined : await opener.open("test", paths.test, names);
  const opened = { train, ...defined({ validation, test }) };
  const correct = isOpen ? correctedApart : correctData;
  const { folders, notes, findings } = await correct(opened, journal, opener.source.columns);
  const made = isOpen ? partsByIdentity(folders, split) : { folders, ...partsOf(folders, split) };
  const loaded = {
    ...made,
    notes: [...opener.notes, ...notes, ...unusedNotes(options.journal, journal), ...made.notes],
  };
  return {
    ...loaded,
    kind: kindOfTargets(made.folders.train.targets),
    source: opener.source,
    findings: await dataFindings(loaded, [...opener.findings, ...findings]),
    ...defined({ journal: await recordedJournal(journal) }),
  };
}

/**
 * Tells data that are images from those of a table.
 * @param data as `loadData` opens them
 */
export const areImages = (data: ExperimentData): data is ExperimentData<ImageSamples> =>
  data.folders.train.samples.kind === "images";

/**
 * The same data, of which the compiler then knows that they are images.
 * @param data as `loadData` opens them
 * @throws FoveaError for a table
 */
export function imageData(data: ExperimentData): ExperimentData<ImageSamples> {
  if (areImages(data)) return data;
  throw new FoveaError(
    "unsuited-data",
    `${data.folders.train.path}: expected images, received a table; give a folder of images`,
  );
}

/**
 * A part as a source of batches for `fit` and `evaluate`; samples are picked batch by batch, not copied beforehand.
 * @param part of some data; samples with weights give these along
 */
export function sourceOf(part: Part): LabelledSource {
  const { samples, rows, weight } = part;
  const task = taskOf({ kind: kindOfTargets(part.targets) });
  const target = task.targetType(part.targets);
  return {
    size: rows.length,
    x: samples.x,
    y: target,
    ...(weight && { weighted: true }),
    take: (indices) => {
      const wanted = pick(rows, indices);
      const x = samples.rows(wanted);
      const y = task.targetRows(part.targets, wanted);
      const rest = { y, ...(weight && { sampleWeight: weightsAt(weight, wanted) }) };
      return x instanceof Promise ? x.then((values) => ({ x: values, ...rest })) : { x, ...rest };
    },
  };
}

/** Weights of some samples of a folder. */
export const weightsAt = (weight: Float64Array, rows: Int32Array): Tensor<"float32"> =>
  tensor(
    Float32Array.from(rows, (row) => weight[row]!),
    [rows.length],
    "float32",
  );

/** Releases files and threads that give the samples of an experiment, those of all `folders`. */
export async function closeData({ folders }: Pick<ExperimentData, "folders">): Promise<void> {
  for (const folder of [folders.train, folders.validation, folders.test]) await folder?.samples.close?.();
}

/**
 * Images of a part at some positions, `[n, height, width, channels]`.
 * @param part with the images
 * @param positions places within the part, counted from 0
 */
export const imagesOf = async (
  { samples, rows }: Part<ImageSamples>,
  positions: Int32Array,
): Promise<Tensor<"uint8">> => samples.rows(pick(rows, positions));
/** Targets of a part's samples as its task judges by them. */
export const judgedOf = ({ targets, rows, weight, samples: { files } }: Part): Judged<TaskKind> => ({
  targets,
  rows,
  files,
  ...defined({ weight }),
});

/** A number of samples under the name that files have for it. */
export const counted = ({ kind }: Pick<Samples, "kind">, count: number) =>
  kind === "table" ? { rows: count } : { images: count };

/** The folders as a recipe records them. */
export function recordedFolders({ folders, journal }: ExperimentData): Recipe["data"] {
  const record = ({ path, samples, columns }: LoadedFolder) => ({
    path,
    sha256: samples.contentHash,
    ...counted(samples, samples.files.length),
    ...(samples.skipped.length > 0 && { skipped: samples.skipped }),
    ...defined({ columns }),
  });
  const { train, validation, test } = folders;
  return {
    train: record(train),
    ...defined({ validation: validation && record(validation), test: test && record(test), journal }),
  };
}

/** @throws FoveaError unless the samples are, to the byte, those that a recipe was made with. */
export function checkSameData({ folders, journal }: ExperimentData, recorded: Recipe["data"]): void {
  checkSameJournal(folders.train.path, journal, recorded.journal);
  for (const part of PART_NAMES) {
    const expected = recorded[part];
    const folder = folders[part];
    if (expected === undefined || folder === undefined) continue;
    if (expected.sha256 === folder.samples.contentHash) {
      // Class folders have a column of classes where they are files of a page, and none on a disk: paths say the same.
      const { columnsInPaths } = folder;
      if ((expected.columns ?? columnsInPaths) === (folder.columns ?? columnsInPaths)) continue;
      throw new FoveaError(
        "record-mismatch",
        `${folder.path}: the columns are not those of the run, though the images are; bring back the run's manifest, or train again`,
      );
    }
    const { contentHash, files, nouns } = folder.samples;
    const [, all] = nouns;
    throw new FoveaError(
      "record-mismatch",
      `the ${all} in ${folder.path} are not those of the run: expected ${expected.images ?? expected.rows} with hash ` +
        `${expected.sha256.slice(0, 12)}, received ${files.length} with hash ${contentHash.slice(0, 12)}; ` +
        `bring back the run's ${all}, or train again`,
    );
  }
}

// The data of an experiment: which folders are loaded and what is wrong with them. Train and Test are folders where
// there are such; parts.ts says what is held out where there are none.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Tensor, takeRows } from "../../core/tensor.js";
import { bytesHeld, type Finding, findSplits, type MemoryLimit, openImages } from "../../data/index.js";
import type { Preprocessing, Recipe } from "../../formats/run/recipe.js";
import type { BatchSource } from "../../nn/index.js";
import type { TooLarge } from "../../platform/cache.js";
import { baseName } from "../../platform/paths.js";
import { dataFindings } from "./findings.js";
import { lookOf } from "./look.js";
import {
  type Folders,
  type LoadedFolder,
  PART_NAMES,
  type Part,
  type PartName,
  type Parts,
  partsOf,
  pick,
  type SplitWish,
} from "./parts.js";

export {
  type LoadedFolder,
  PART_NAMES,
  type Part,
  type PartName,
  type SplitSettings,
  type SplitWish,
} from "./parts.js";

/** Paths of the images: one folder of classes, or one for each part. */
export type DataPaths = { readonly train: string; readonly validation?: string; readonly test?: string };

export interface ExperimentData extends Parts {
  readonly classNames: readonly string[];
  readonly folders: Folders;
  /** Problems of the images: classes that a part lacks, copies across parts, folders that are no classes. */
  readonly findings: readonly Finding[];
}

export interface LoadDataOptions {
  readonly skipBad?: boolean;
  /** Folders as a recipe recorded them: images that it skipped are left out, also where they could be decoded by now. */
  readonly recorded?: Recipe["data"];
  readonly threads?: number;
  /** Keeps decoded images for the next time. Default true. */
  readonly cache?: boolean;
  /** Memory that pixels may take, those of all folders together. Default: a quarter of what is free. */
  readonly memory?: MemoryLimit;
  /** Images that are used at a time, of which two batches have to fit. Default 64. */
  readonly batchSize?: number;
  readonly onProgress?: (folder: string, done: number, total: number) => void;
  /** Told of a folder whose decoded images are larger than the whole cache may be. */
  readonly onNotKept?: (folder: string, why: TooLarge) => void;
}

/** Paths of a recipe's images when it was made. */
export function pathsOf({ data: { train, validation, test } }: Recipe): DataPaths {
  return { train: train.path, ...defined({ validation: validation?.path, test: test?.path }) };
}

/** `path/Train` and `path/Test` when there are such (a validation folder as well), else the folder itself. */
export async function findData(path: string): Promise<DataPaths> {
  const { train, validation, test } = await findSplits(path);
  if (train === undefined) return { train: path };
  return { train, ...defined({ validation, test }) };
}

/**
 * Opens the images of an experiment and says which of them train, validate and test.
 * @param split `stratify: "uneven"` decides by the images, see `partsOf`; left out, the split is plain
 * @throws FoveaError when there are no images, one class only, images that cannot be decoded, or a class with a single
 * image under a split; and for a memory limit that two batches do not fit in.
 */
export async function loadData(
  paths: DataPaths,
  preprocessing: Preprocessing,
  split: SplitWish,
  options: LoadDataOptions = {},
): Promise<ExperimentData> {
  const { onProgress, onNotKept, recorded, memory, ...loading } = options;
  let held = 0;
  const load = async (part: PartName, path: string, classNames?: readonly string[]): Promise<LoadedFolder> => {
    const name = baseName(path);
    const leaveOut = recorded?.[part]?.skipped?.map((skipped) => skipped.path);
    const progress = (done: number, total: number): void => onProgress?.(name, done, total);
    const notKept = (why: TooLarge): void => onNotKept?.(name, why);
    const told = { onProgress: progress, onNotKept: notKept };
    const how = { ...lookOf(preprocessing), ...loading, ...defined({ classNames, leaveOut }), ...told };
    const images = await openImages(path, { ...how, ...defined({ memory }), memoryInUse: held });
    held += bytesHeld(images.images);
    return { name, path, images };
  };
  const train = await load("train", paths.train);
  const { classNames } = train.images;
  const validation =
    paths.validation === undefined ? undefined : await load("validation", paths.validation, classNames);
  const test = paths.test === undefined ? undefined : await load("test", paths.test, classNames);
  const folders = { train, ...defined({ validation, test }) };
  const loaded = { classNames, folders, ...partsOf(folders, split) };
  return { ...loaded, findings: await dataFindings(loaded) };
}

/** A part as what `fit` and `evaluate` take; images are picked batch by batch, not copied beforehand. */
export function sourceOf({ images, rows }: Part): BatchSource {
  const { images: store, y } = images;
  return {
    size: rows.length,
    x: { dtype: "uint8", shape: store.shape },
    y: { dtype: y.dtype, shape: [] },
    take: (indices) => {
      const wanted = pick(rows, indices);
      const x = store.rows(wanted);
      const classes = takeRows(y, wanted);
      return x instanceof Promise ? x.then((pixels) => ({ x: pixels, y: classes })) : { x, y: classes };
    },
  };
}

/** Releases files and threads that give the images of an experiment. */
export async function closeData({ folders }: Pick<ExperimentData, "folders">): Promise<void> {
  for (const folder of [folders.train, folders.validation, folders.test]) await folder?.images.images.close?.();
}

/** Images of a part at some positions, `[n, height, width, channels]`. */
export const imagesOf = async ({ images, rows }: Part, positions: Int32Array): Promise<Tensor<"uint8">> =>
  images.images.rows(pick(rows, positions));
/** The classes of a part's images, `[n]`. */
export const labelsOf = ({ images, rows }: Part): Int32Array => rows.map((row) => images.y.data[row]!);

/** The folders as a recipe records them. */
export function recordedFolders({ folders }: ExperimentData): Recipe["data"] {
  const record = ({ path, images }: LoadedFolder) => ({
    path,
    sha256: images.contentHash,
    images: images.files.length,
    ...(images.skipped.length > 0 && { skipped: images.skipped }),
  });
  const { train, validation, test } = folders;
  return {
    train: record(train),
    ...defined({ validation: validation && record(validation), test: test && record(test) }),
  };
}

/** @throws FoveaError unless the images are, to the byte, those that a recipe was made with. */
export function checkSameData({ folders }: ExperimentData, recorded: Recipe["data"]): void {
  for (const part of PART_NAMES) {
    const expected = recorded[part];
    const folder = folders[part];
    if (expected === undefined || folder === undefined || expected.sha256 === folder.images.contentHash) continue;
    const { contentHash, files } = folder.images;
    throw new FoveaError(
      `the images in ${folder.path} are not those of the run: expected ${expected.images} with hash ` +
        `${expected.sha256.slice(0, 12)}, received ${files.length} with hash ${contentHash.slice(0, 12)}; ` +
        "bring back the run's images, or train anew",
    );
  }
}

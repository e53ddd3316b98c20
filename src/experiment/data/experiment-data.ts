// The data of an experiment: which folders are loaded and what is wrong with them. Train and Test are folders where
// there are such; parts.ts says what is held out where there are none.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Tensor, takeRows } from "../../core/tensor.js";
import { type Finding, findSplits, loadImages } from "../../data/index.js";
import type { Preprocessing, Recipe } from "../../formats/run/recipe.js";
import type { LabelledSource } from "../../nn/index.js";
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
 * Loads the images of an experiment and says which of them train, validate and test.
 * @param split `stratify: "uneven"` decides by the images, see `partsOf`; left out, the split is plain
 * @throws FoveaError when there are no images, one class only, images that cannot be decoded, or a class with a single
 * image under a split.
 */
export async function loadData(
  paths: DataPaths,
  preprocessing: Preprocessing,
  split: SplitWish,
  options: LoadDataOptions = {},
): Promise<ExperimentData> {
  const { onProgress, onNotKept, recorded, ...loading } = options;
  const load = async (part: PartName, path: string, classNames?: readonly string[]): Promise<LoadedFolder> => {
    const name = baseName(path);
    const leaveOut = recorded?.[part]?.skipped?.map((skipped) => skipped.path);
    const progress = (done: number, total: number): void => onProgress?.(name, done, total);
    const notKept = (why: TooLarge): void => onNotKept?.(name, why);
    const told = { onProgress: progress, onNotKept: notKept };
    const how = { ...lookOf(preprocessing), ...loading, ...defined({ classNames, leaveOut }), ...told };
    return { name, path, images: await loadImages(path, how) };
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
export function sourceOf({ images, rows }: Part): LabelledSource {
  const { x, y } = images;
  return {
    size: rows.length,
    x: { dtype: x.dtype, shape: x.shape.slice(1) },
    y: { dtype: y.dtype, shape: [] },
    take: (indices) => {
      const wanted = pick(rows, indices);
      return { x: takeRows(x, wanted), y: takeRows(y, wanted) };
    },
  };
}

/** The images of a part as one tensor `[n, height, width, channels]`. */
export const imagesOf = ({ images, rows }: Part): Tensor<"uint8"> => takeRows(images.x, rows);
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

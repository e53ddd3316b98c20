// The samples of one source, by row: images, or rows of a table. Splits, training and evaluation know this much of them;
// only what shows or varies pictures asks further.
import type { Tensor, TensorType } from "../../core/tensor.js";
import type { ClassifiedImages, ImageDataset, LearntColumn, Table } from "../../data/index.js";
import type { TablePreprocessing } from "../../formats/run/recipe.js";

/** Facts that a split needs. */
export interface SampleNames {
  /** Words for a sample, and for several. */
  readonly nouns: readonly [noun: string, nouns: string];
  /** Name of each sample in messages and reports: the path of an image, the line of a row. */
  readonly files: readonly string[];
  /** True where a folder may hold the samples of a part. */
  readonly hasFolders: boolean;
  /** SHA-256 of each sample, by which copies are found; absent for rows, of which many may well be equal. */
  readonly hashes?: readonly string[];
}

/** The samples of one source by row, be they images or rows of a table, as training and evaluation take them. */
export interface SampleSet extends SampleNames {
  /** Type of one sample as the model takes it. */
  readonly x: TensorType;
  /**
   * Samples of some rows, `[indices.length, ...x.shape]`.
   * @param indices numbers of samples, counted from 0
   */
  rows(indices: Int32Array): Tensor | Promise<Tensor>;
  /** Samples left out because they cannot be read. */
  readonly skipped: ImageDataset["skipped"];
  /** Identifies the bytes that the samples are made from. */
  readonly contentHash: string;
  /** Releases files and threads; absent where there are none. */
  close?(): Promise<void>;
}

/** Images as samples: decoded, or decoded batch by batch where they do not fit in memory. */
export interface ImageSamples extends SampleSet, ImageDataset {
  /** Kind of the samples. */
  readonly kind: "images";
  readonly hashes: readonly string[];
  rows(indices: Int32Array): ReturnType<ImageDataset["images"]["rows"]>;
}

/** Rows of a table as samples: features of columns as numbers, categories one-hot. */
export interface TableSamples extends SampleSet {
  /** Kind of the samples. */
  readonly kind: "table";
  /** The table with all its columns, as it was read. */
  readonly table: Table;
  /** Names of the features, `VehBody=Sedan` and the like. */
  readonly featureNames: readonly string[];
  /** Encodings that the training rows gave. */
  readonly learnt: readonly LearntColumn[];
  /** Columns of the features with their types, and how they were encoded: all that is needed to do it again. */
  readonly preprocessing: TablePreprocessing;
}

/** Samples of either kind; `kind` tells them apart. */
export type Samples = ImageSamples | TableSamples;

/** Images as samples. */
export const imageSamples = (data: ImageDataset | ClassifiedImages): ImageSamples => ({
  ...data,
  kind: "images",
  nouns: ["image", "images"],
  hasFolders: true,
  x: { dtype: "uint8", shape: data.images.shape },
  rows: (indices) => data.images.rows(indices),
  ...(data.images.close && { close: () => data.images.close!() }),
});

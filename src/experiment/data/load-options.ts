// Options of loading an experiment's data: the task and its columns, memory, threads, and what is told on the way.
import type { MemoryLimit } from "../../data/index.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { TaskKind } from "../../formats/run/task.js";
import type { TooLarge } from "../../platform/cache.js";
import type { LabelJournal } from "../journal/entries.js";

/** Wish for data besides their place: the task and its columns. */
export interface DataWish {
  /** Default: told from the targets. */
  readonly task?: TaskKind | undefined;
  /** Columns of the targets in a manifest. Default: the only one, or the one that is called as targets are. */
  readonly target?: readonly string[] | undefined;
  /** Divides targets that are numbers by the manifest's exposures, and weighs them with these. Default false. */
  readonly exposure?: boolean | undefined;
  /** Columns of a manifest by their roles, where they are not called so. */
  readonly columns?: Recipe["columns"];
}

/** Options of `loadData`. */
export interface LoadDataOptions extends DataWish {
  /** Leaves images out that cannot be decoded, which `samples.skipped` then lists. Default false: they are an error. */
  readonly skipBad?: boolean;
  /** Folders as a recipe recorded them: images that it skipped are left out, also where they could be decoded by now. */
  readonly recorded?: Recipe["data"];
  /** Corrections of labels, and images that are left out; see `findJournal`. With `recorded`, its first entries as recorded. */
  readonly journal?: LabelJournal | undefined;
  /** Threads that decode images. Default: the number of the machine's processors. */
  readonly threads?: number;
  /** Keeps decoded images for the next time. Default true. */
  readonly cache?: boolean;
  /** Memory that pixels may take, those of all folders together. Default: a quarter of what is free. */
  readonly memory?: MemoryLimit;
  /** Images that are used at a time, of which two batches have to fit. Default 64. */
  readonly batchSize?: number;
  /**
   * Called as images are decoded. Default: nothing is called.
   * @param folder name of the folder
   * @param done images that are decoded
   * @param total images of the folder
   */
  readonly onProgress?: (folder: string, done: number, total: number) => void;
  /**
   * Called for a folder whose decoded images are larger than the whole cache may be, so that the next time decodes them
   * again. Default: nothing is called.
   * @param folder name of the folder
   * @param why size of the images and limit of the cache, in bytes
   */
  readonly onNotKept?: (folder: string, why: TooLarge) => void;
}

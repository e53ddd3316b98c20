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

export interface LoadDataOptions extends DataWish {
  readonly skipBad?: boolean;
  /** Folders as a recipe recorded them: images that it skipped are left out, also where they could be decoded by now. */
  readonly recorded?: Recipe["data"];
  /** Corrections of labels, and images that are left out; see `findJournal`. With `recorded`, its first entries as recorded. */
  readonly journal?: LabelJournal | undefined;
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

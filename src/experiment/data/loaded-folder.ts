// One source of samples once it is open: a folder, a manifest, an archive or a table.
import type { Listing, PartName, Targets } from "../../data/index.js";
import type { SampleNames, Samples } from "./sample-set.js";

/** Samples of a folder, a manifest, an archive or a table, with what is known of each. */
export interface LoadedFolder<S extends SampleNames = Samples> {
  readonly name: string;
  readonly path: string;
  readonly samples: S;
  readonly targets: Targets;
  readonly weight?: Float64Array | undefined;
  /** Divisor of the targets of each sample, which are numbers; absent where they are as the source has them. */
  readonly exposure?: Float64Array | undefined;
  /** The part that the source puts each sample into; undefined for one that it leaves open. */
  readonly split?: readonly (PartName | undefined)[] | undefined;
  readonly group?: readonly string[] | undefined;
  readonly date?: readonly string[] | undefined;
  /** The source's list of images, with all its columns; absent for folders whose paths say it all, and for tables. */
  readonly listing?: Listing | undefined;
  /** SHA-256 of the columns that were used; absent where the paths of images say it all. */
  readonly columns?: string | undefined;
  /** The same where paths say it all, for recipes that name columns which class folders of a page or an archive have. */
  readonly columnsInPaths?: string | undefined;
}

// The data of an experiment once they are open: samples by part, with their task, sources and problems.
import type { Finding } from "../../data/index.js";
import type { RecordedJournal } from "../../formats/run/recipe.js";
import type { TaskKind } from "../../formats/run/task.js";
import type { TargetColumns } from "../tasks/index.js";
import type { Folders, Parts } from "./parts.js";
import type { Samples } from "./sample-set.js";

/** The data of an experiment once they are open: samples and targets by part, their task, sources and problems. */
export interface ExperimentData<S extends Samples = Samples> extends Parts<S> {
  /** The task that the targets are for. */
  readonly kind: TaskKind;
  /** Columns that the targets come from. */
  readonly source: TargetColumns;
  /** Folders of the parts; a part without one is held out of `train`. */
  readonly folders: Folders<S>;
  /** Problems of the samples: classes that a part lacks, copies across parts, folders that are no classes. */
  readonly findings: readonly Finding[];
  /** Entries of the label journal that were applied; absent where there were none. */
  readonly journal?: RecordedJournal;
}

// Tasks that the columns of a manifest suit.
import { inferTargets, type OpenedSource, type TargetKind } from "fovea/data";
import type { TargetChoice, TaskName } from "../contract/facts.js";

const TASK_OF: Readonly<Record<TargetKind, TaskName>> = {
  classes: "classification",
  labels: "multiLabel",
  numbers: "regression",
  masks: "segmentation",
  boxes: "detection",
};

/** Each column of a manifest with the task that its values suit; none for folders of classes. */
export function targetsOf(source: OpenedSource | undefined): TargetChoice[] {
  if (source === undefined || source.kind === "classFolders") return [];
  return Object.keys(source.listing.columns).map((column) => ({
    column,
    task: TASK_OF[inferTargets(source.listing, { columns: [column] }).kind],
  }));
}

// Tasks that the columns of a manifest suit.
import { inferTargets, type OpenedSource } from "fovea/data";
import { kindOfTargets } from "fovea/experiment";
import type { TargetChoice } from "../contract/facts.js";

/** Each column of a manifest with the task that its values suit; none for folders of classes. */
export function targetsOf(source: OpenedSource | undefined): TargetChoice[] {
  if (source === undefined || source.kind === "classFolders") return [];
  return Object.keys(source.listing.columns).map((column) => ({
    column,
    task: kindOfTargets(inferTargets(source.listing, { columns: [column] })),
  }));
}

// The listing of a source of images for a task that is asked for: with their masks or boxes, which also tell which files are images.
import { defined } from "../../core/defined.js";
import { type OpenedSource, openBoxed, openMasked, openSource } from "../../data/index.js";
import { TASKS } from "../tasks/index.js";
import type { DataWish } from "./load-options.js";

/** Opens a source for its listing alone. @throws FoveaError for a path that is no source of images for the task */
export function openListing(
  path: string,
  { columns = {}, task, target }: Pick<DataWish, "columns" | "task" | "target">,
): Promise<OpenedSource> {
  const kind = task && TASKS[task].targetKind;
  if (kind === "boxes") return openBoxed(path, defined(columns));
  if (kind === "masks") return openMasked(path, defined(columns), target?.[0]);
  return openSource(path, defined(columns));
}

// The task of a source where nobody says it and its targets lie on the images: told from folders of masks and annotation files, and
// said in a sentence. What columns or class folders say is told when they are opened.
import { inferPlaces } from "../../data/index.js";
import type { TaskKind } from "../../formats/run/task.js";
import { kindOfTargets } from "../tasks/index.js";

/** A task that was inferred, with the reason. */
export interface InferredTask {
  /** Kind of the answers. */
  readonly task: TaskKind;
  /** The reason, and how to say otherwise; without a full stop. */
  readonly sentence: string;
}

/**
 * Tells the task of a source by its layout; undefined where its classes, or the columns of its manifest, tell it.
 * @param path of a folder, a manifest or an archive
 * @throws FoveaError where a source has both masks and objects, of which one has to be named
 * @example (await inferTask("magnetic-tile"))?.task // "segmentation"
 */
export async function inferTask(path: string): Promise<InferredTask | undefined> {
  const found = await inferPlaces(path);
  if (found === undefined) return undefined;
  const task = kindOfTargets(found);
  const otherwise = found.kind === "classes" ? "--task detection learns the objects" : "--task says otherwise";
  // A reader who took the two folders for classes is told that they are none.
  const noClasses = found.kind === "masks" ? " and the folders are no classes" : "";
  return { task, sentence: `${found.because}, so the task is ${task}${noClasses}; ${otherwise}` };
}

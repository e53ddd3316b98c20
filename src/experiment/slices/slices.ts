// Slices of a part, and fairness by one of its columns: attributes gathered, answers judged.
import { FoveaError } from "../../core/errors.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { SlicesFacts } from "../../report/slice-facts.js";
import type { LoadedFolder, Part } from "../data/experiment-data.js";
import type { ImageSamples } from "../data/sample-set.js";
import { type Outcome, taskOf } from "../tasks/index.js";
import { type AttributeOptions, attributesOf } from "./attributes.js";
import { fairnessOf } from "./fairness.js";
import { judgedSlices } from "./judged-slices.js";

/** Options of `slicesOfPart`. */
export interface SlicesOptions extends Omit<AttributeOptions, "targets"> {
  /** Column of the manifest with an attribute of people. Default: none. */
  readonly fairness?: string | undefined;
}

/**
 * Slices of the images of a part by their class, the columns of their manifest, size, brightness, contrast, sharpness, camera
 * and month, the worst first.
 * @param outcome the model's answers about the part
 * @param options.fairness a column by whose groups fairness is told
 * @param folder The folder that the part's images lie in, loaded.
 * @param part The images that were judged.
 * @param task The task of the model.
 * @throws FoveaError for a column that there is not
 * @example
 * const { preprocessing, split, task } = await recipeOf(await RunFolder.open("runs/pets"));
 * const { parts, folders, ...others } = await loadData(await findData("pets"), preprocessing, split);
 * const all = [...parts.train.rows.keys()];
 * const outcome = { kind: "classification", labels: all.map((i) => i % 3), predicted: all.map(() => 0), confidence: all.map(() => 0.9) };
 * (await slicesOfPart(folders.train, parts.train, outcome, task)).rows.filter(({ isWorse }) => isWorse);
 * await closeData({ parts, folders, ...others });
 */
export async function slicesOfPart(
  folder: LoadedFolder<ImageSamples>,
  part: Part<ImageSamples>,
  outcome: Outcome,
  task: TaskFacts,
  { fairness, ...options }: SlicesOptions = {},
): Promise<SlicesFacts> {
  const targets = taskOf(task).columnsOf(task).target ?? [];
  const { attributes, seen } = await attributesOf(folder, part, { ...options, targets });
  const groups = folder.group && Array.from(part.rows, (row) => folder.group![row]!);
  const slices = judgedSlices(taskOf(task).verdicts(outcome, task), attributes, seen, groups);
  if (fairness === undefined) return slices;
  const column = attributes.find(({ name }) => name === fairness);
  if (column === undefined)
    throw new FoveaError(
      "unknown-column",
      `${folder.path}: there is no column ${JSON.stringify(fairness)} besides those of the targets; the attributes are ${attributes.map(({ name }) => name).join(", ")}`,
    );
  const values = Array.from(column.values as ArrayLike<string | number>, (value) =>
    Number.isNaN(value) ? "" : String(value),
  );
  return { ...slices, fairness: fairnessOf(outcome, task, fairness, values) };
}

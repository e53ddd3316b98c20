// The reference of a run: the one that its training left, or worked out from its test images where an older run has none.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { isOfTable } from "../../formats/run/recipe.js";
import { exists } from "../../platform/files.js";
import { checkSameData, closeData, loadData, pathsOf } from "../data/experiment-data.js";
import { findJournal } from "../journal/index.js";
import type { OpenedModel } from "../models/index.js";
import { dataWishOf } from "../recipe/index.js";
import { RUN_FILES, type RunFolder, recipeOf } from "../run/index.js";
import { referenceOf } from "../run/reference.js";
import { type Reference, readReference, writeReference } from "../signals/index.js";
import { decideCalibrated } from "../training/index.js";

/**
 * The reference of a run; an older run gets one, where its images are still there.
 * @throws FoveaError for a run without reference whose images are gone or have changed
 */
export async function referenceFor(folder: RunFolder, opened: OpenedModel, threads?: number): Promise<Reference> {
  const weights = opened.facts?.weightsSha256;
  if (await folder.has("reference")) {
    const reference = readReference(await folder.text("reference"), folder.file("reference"));
    if (reference.weights_sha256 === weights) return reference;
  }
  const recipe = await recipeOf(folder);
  const paths = pathsOf(recipe);
  const gone = [];
  for (const path of Object.values(paths)) if (!(await exists(path))) gone.push(path);
  if (gone.length > 0 || weights === undefined)
    throw new FoveaError(
      "not-found",
      `${folder.path} has no ${RUN_FILES.reference}, which newer runs keep, and its images are not in ${gone.join(" and ") || "their folder"} any more; bring them back, or train again`,
    );
  const journal = isOfTable(recipe.preprocessing) ? undefined : await findJournal(paths);
  const data = await loadData(paths, recipe.preprocessing, recipe.split, {
    ...dataWishOf(recipe),
    ...defined({ journal, threads }),
    recorded: recipe.data,
    skipBad: true,
    batchSize: recipe.training.batchSize,
  });
  try {
    checkSameData(data, recipe.data);
    const task = opened.task ?? recipe.task;
    const { outcome } = await decideCalibrated(opened, task, data.parts.test, recipe.training.batchSize);
    const reference = await referenceOf(opened, data, { task, outcome }, weights);
    await folder.save("reference", writeReference(reference));
    return reference;
  } finally {
    await closeData(data);
  }
}

// The images of any part judged by a run's model, so that wrong labels are found where they are: in what trained it.
import { FoveaError } from "fovea";
import { closeData, decide, loadData, type PartName, RunFolder, recipeOf, type TrainedModel } from "fovea/experiment";
import type { JudgedImage } from "../contract/facts.js";
import type { Project } from "./project.js";

/** @throws FoveaError for a run of another task, and for images that are no longer those of the run */
export async function judgePart(
  path: string,
  project: Project,
  part: PartName,
  { model }: TrainedModel,
): Promise<JudgedImage[]> {
  const recipe = await recipeOf(await RunFolder.open(path));
  const { batchSize } = recipe.training;
  const data = await loadData(project.sources, recipe.preprocessing, recipe.split, {
    recorded: recipe.data,
    skipBad: true,
    batchSize,
    ...(recipe.data.journal === undefined ? {} : { journal: await project.labels.read() }),
  });
  try {
    const { samples, rows } = data.parts[part];
    const outcome = await decide(model, recipe.task, data.parts[part], batchSize);
    if (outcome.kind !== "classification")
      throw new FoveaError(`${path}: expected a classification, received a ${outcome.kind}`);
    const folder = Object.values(data.folders).find((known) => known.samples === samples);
    return Array.from(rows, (row, i) => {
      const file = samples.files[row]!;
      const index = project.numberOf(`${folder?.name}/${file}`);
      return {
        ...(index === undefined ? {} : { index }),
        ...{ file, label: outcome.labels[i]!, predicted: outcome.predicted[i]!, confidence: outcome.confidence[i]! },
      };
    });
  } finally {
    await closeData(data);
  }
}

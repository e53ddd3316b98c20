// The images of one part of a run's data, opened as the run had them, with what its model says of them: wrong labels are found
// where they are, in what trained it.
import { FoveaError } from "fovea";
import {
  closeData,
  dataWishOf,
  decideCalibrated,
  folderOfPart,
  type ImageSamples,
  imageData,
  loadData,
  type Part,
  type PartName,
  RunFolder,
  recipeOf,
  type TrainedModel,
} from "fovea/experiment";
import type { JudgedImage } from "../contract/facts.js";
import type { Project } from "./project.js";

export type Outcome = Awaited<ReturnType<typeof decideCalibrated>>["outcome"];

/** An image by its name, and its number in the project; none where the project no longer has it. */
export interface NamedImage {
  readonly index?: number;
  readonly file: string;
}

/** The images of one part, while they are open. */
export interface OpenPart {
  readonly part: Part<ImageSamples>;
  /** The images in the order of the part's rows. */
  readonly images: readonly NamedImage[];
  /** Answers of a model about them, with the confidence of its file's temperature, as the report of its run has it. */
  decide(model: TrainedModel): Promise<Outcome>;
}

/**
 * Does work with a part of a run's data.
 * @throws FoveaError for images that are no longer those of the run
 */
export async function withPart<T>(
  path: string,
  project: Project,
  name: PartName,
  work: (open: OpenPart) => Promise<T>,
): Promise<T> {
  const recipe = await recipeOf(await RunFolder.open(path));
  const { batchSize } = recipe.training;
  const data = imageData(
    await loadData(project.sources, recipe.preprocessing, recipe.split, {
      recorded: recipe.data,
      skipBad: true,
      batchSize,
      ...dataWishOf(recipe),
      ...(recipe.data.journal === undefined ? {} : { journal: await project.labels.read() }),
    }),
  );
  try {
    const part = data.parts[name];
    const { samples, rows } = part;
    const folder = folderOfPart(data.folders, part);
    const images = Array.from(rows, (row): NamedImage => {
      const file = samples.files[row]!;
      const index = project.numberOf(`${folder?.name}/${file}`);
      return { ...(index === undefined ? {} : { index }), file };
    });
    return await work({
      part,
      images,
      decide: async (model) => (await decideCalibrated(model, recipe.task, part, batchSize)).outcome,
    });
  } finally {
    await closeData(data);
  }
}

/** The images of a part of a classification, judged. @throws FoveaError for a run of another task */
export const judgePart = (
  path: string,
  project: Project,
  name: PartName,
  model: TrainedModel,
): Promise<JudgedImage[]> =>
  withPart(path, project, name, async (open) => {
    const outcome = await open.decide(model);
    if (!("confidence" in outcome))
      throw new FoveaError("unsuited-model", `${path}: expected a classification, received a ${outcome.kind}`);
    return open.images.map((image, at) => ({
      ...image,
      label: outcome.labels[at]!,
      predicted: outcome.predicted[at]!,
      confidence: outcome.confidence[at]!,
    }));
  });

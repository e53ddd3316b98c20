// Images with several labels: which labels a run's model said rightly, missed and said falsely, image by image.
import { FoveaError } from "fovea";
import { wilsonInterval } from "fovea/core";
import {
  factsOf,
  labelDecisions,
  multiLabelFacts,
  type PartName,
  RunFolder,
  type TrainedModel,
} from "fovea/experiment";
import type { Labelled, LabelledImage } from "../contract/understand-facts.js";
import type { Project } from "./project.js";
import { withPart } from "./run-parts.js";

/**
 * The images of a part, the most wrong first, and the figures of each label on them.
 * @throws FoveaError for a run of another task
 */
export async function labelledPart(
  path: string,
  project: Project,
  name: PartName,
  model: TrainedModel,
): Promise<Labelled> {
  const { evaluation } = await factsOf(await RunFolder.open(path));
  if (evaluation === undefined || !("labelNames" in evaluation))
    throw new FoveaError(
      "unsuited-model",
      `${path}: expected a run whose images have several labels, received another`,
    );
  const thresholds = evaluation.labels.map(({ threshold }) => threshold);
  return withPart(path, project, name, async (open) => {
    const outcome = await open.decide(model);
    if (!("actual" in outcome && "scores" in outcome))
      throw new FoveaError("unsuited-model", `${path}: expected labels, received answers of a ${outcome.kind}`);
    const { labels } = multiLabelFacts(name, evaluation.labelNames, outcome, thresholds, () => ({}));
    const images = labelDecisions(outcome, thresholds).map(
      (decision, at): LabelledImage => ({ ...open.images[at]!, ...decision }),
    );
    const exact = images.filter(({ missed, falsely }) => missed.length + falsely.length === 0).length;
    return {
      labelNames: evaluation.labelNames,
      labels: labels.map(({ precision, recall, f1, support, threshold, auc }, label) => ({
        ...{ label, precision, recall, f1, support, threshold },
        ...(auc === undefined ? {} : { auc }),
      })),
      exact: wilsonInterval(exact, images.length),
      images: images.sort((a, b) => b.wrongBy - a.wrongBy),
    };
  });
}

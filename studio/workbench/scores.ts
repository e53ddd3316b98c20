// A run's model asked about every image of a project, also those without a label: how sure it is of its answer, and how far
// that is from the label that the image has now.
import { FoveaError } from "fovea";
import { type Answer, isRefusal, predictBatches, type Refusal, type TrainedModel } from "fovea/experiment";
import type { BackgroundJob } from "./background-job.js";
import type { Project } from "./project.js";

/** Numbers to sort images by; NaN for one without an answer, and the loss of one without a label that the model knows. */
export interface Scores {
  /** Probability of the likeliest class, from 0 to 1. */
  readonly confidence: Float32Array;
  /** Cross-entropy of the answer and the label: the negative natural logarithm of the label's probability. */
  readonly loss: Float32Array;
}

/** The least probability that counts: a label that the model rules out has a large loss, not an infinite one. */
const LEAST = 1e-7;

/** Asks a model about all images. @throws FoveaError for a model that tells no classes, and where the job is stopped */
export async function scoresOf(project: Project, model: TrainedModel, job: BackgroundJob): Promise<Scores> {
  const { images } = project.facts;
  const confidence = new Float32Array(images).fill(Number.NaN);
  const loss = new Float32Array(images).fill(Number.NaN);
  const asked = Array.from({ length: images }, (_, index) => {
    const { path, source } = project.image(index).image;
    return { name: path, source };
  });
  let at = 0;
  for await (const { answers } of predictBatches(model, asked, { top: Number.POSITIVE_INFINITY })) {
    job.signal.throwIfAborted();
    for (const answer of answers) {
      const classes = classesIn(answer, project.name);
      const { label } = project.item(at);
      confidence[at] = classes[0]?.probability ?? Number.NaN;
      const told = label === undefined ? undefined : classes.find((known) => known.class === label);
      if (told !== undefined) loss[at] = -Math.log(Math.max(LEAST, told.probability));
      at++;
    }
    job.change({ done: at });
  }
  return { confidence, loss };
}

/** Classes of an answer, the likeliest first; none for an image that has no answer. */
function classesIn(answer: Answer | Refusal, name: string) {
  if (isRefusal(answer)) return [];
  if ("top" in answer) return answer.top;
  throw new FoveaError(
    "unsuited-model",
    `${name}: expected a classifier, received a model of another task; choose another run`,
  );
}

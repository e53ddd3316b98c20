// The reference of a run: signals of its test images, by which `fovea monitor` tells whether new images are others. Small
// enough to stay in the run's folder, as reference.json, so that nothing else is needed later.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { FoveaFacts } from "../../formats/models/fovea-facts.js";
import { outputNamesOf, type TaskFacts } from "../../formats/run/task.js";
import type { Model } from "../../nn/index.js";
import { areImages, type ExperimentData } from "../data/experiment-data.js";
import { filesOfRows } from "../data/part-files.js";
import { lookedAt, looksOfRows } from "../data/part-looks.js";
import { folderOfPart } from "../data/parts.js";
import type { AskedFile } from "../models/predict-sources.js";
import { type OpenedModel, openedModel, type TrainedModel } from "../models/trained-model.js";
import {
  embeddingSignals,
  MOST_LOOKED_AT,
  type PredictionSignals,
  PredictionTally,
  type Reference,
  type Signals,
  sampleOf,
  signalsOfLooks,
  type TruthSignals,
  writeReference,
} from "../signals/index.js";
import { errorsIn, imageErrors, imageOverlaps, type Outcome, scoreOf } from "../tasks/index.js";
import type { Evaluated } from "../training/train.js";

/**
 * Signals of the test images.
 * @param opened the run's model, as `predict` opens it
 * @param evaluated its task and its answers about the test images, with the confidence that `predict` gives
 */
export async function referenceOf(
  opened: OpenedModel,
  data: ExperimentData,
  { task, outcome }: Pick<Evaluated, "task" | "outcome">,
  weightsSha256: string,
): Promise<Reference> {
  const truths = truthsOf(outcome, thresholdsOf(task));
  const predictions = predictionsOf(outcome, task);
  const reference = (photos?: Signals["photos"], embeddings?: Signals["embeddings"]): Reference => ({
    version: 1,
    weights_sha256: weightsSha256,
    part: "test",
    signals: { images: data.parts.test.rows.length, predictions, truths, ...defined({ photos, embeddings }) },
  });
  if (!areImages(data) || opened.preprocessing === undefined) return reference();
  const { parts, folders } = data;
  const folder = folderOfPart(folders, parts.test);
  const files = folder === undefined ? [] : filesOfRows(folder, parts.test.rows);
  const asked = files.map(({ path, source }): AskedFile => ({ name: path, source }));
  if (asked.length === 0) return reference();
  // Some of the photos that slices look at, so that both are looked at once.
  const looks = await looksOfRows(folder!, sampleOf(lookedAt(parts.test.rows), MOST_LOOKED_AT));
  return reference(signalsOfLooks([...looks.values()]), await embeddingSignals(opened as TrainedModel, asked));
}

/** The text of reference.json for a model that was just trained. */
export const referenceText = async (
  file: string,
  model: Model,
  facts: FoveaFacts,
  data: ExperimentData,
  evaluated: Pick<Evaluated, "task" | "outcome">,
): Promise<string> =>
  writeReference(await referenceOf(openedModel(file, model, facts), data, evaluated, facts.weightsSha256!));

/** The error for a model that is asked about pairs, whose answers about single images say nothing. */
const withoutReference = (): FoveaError =>
  new FoveaError(
    "unsuited-model",
    "a verifier compares pairs, so its answers about single images show no drift; evaluate it on new pairs",
  );

/** Answers about all test images, counted. */
function predictionsOf(outcome: Outcome, task: TaskFacts): PredictionSignals {
  if (outcome.kind === "verification") throw withoutReference();
  const names = outputNamesOf(task);
  const tally = new PredictionTally(names);
  if (outcome.kind === "classification")
    for (let n = 0; n < outcome.predicted.length; n++)
      tally.add({ top: [{ class: names[outcome.predicted[n]!]!, probability: outcome.confidence[n]! }] });
  else if (outcome.kind === "multiLabel") {
    const { labels, scores } = outcome;
    const thresholds = thresholdsOf(task);
    for (let n = 0; n < scores.length / labels; n++)
      tally.add({
        labels: names.map((label, at) => ({ label, given: scores[n * labels + at]! > thresholds[at]! })),
      });
  } else if (outcome.kind === "detection") {
    const score = task.kind === "detection" ? scoreOf(task) : HALF;
    for (const { detections } of outcome.images) {
      const counts = new Float64Array(names.length);
      for (const found of detections) if (found.score! >= score) counts[found.category]! += 1;
      tally.add({ names, values: Array.from(counts) });
    }
  } else if (outcome.kind === "segmentation") {
    const { size, predicted } = outcome;
    for (let start = 0; start < predicted.length; start += size) {
      const counts = new Float64Array(names.length);
      for (let at = start; at < start + size; at++) counts[predicted[at]!]! += 1;
      tally.add({ names, values: Array.from(counts, (count) => (100 * count) / size) });
    }
  } else
    for (let n = 0; n < outcome.predicted.length / outcome.targets; n++)
      tally.add({ names, values: Array.from(names, (_, at) => outcome.predicted[n * outcome.targets + at]!) });
  return tally.signals()!;
}

/** Threshold of a label without one of its own. */
const HALF = 0.5;

const thresholdsOf = (task: TaskFacts): readonly number[] => {
  if (task.kind === "detection") return task.classNames.map(() => scoreOf(task));
  return (task.kind === "multiLabel" && task.thresholds) || outputNamesOf(task).map(() => HALF);
};

/** Right answers, or errors, about the test images. */
export function truthsOf(outcome: Outcome, thresholds: readonly number[]): TruthSignals {
  if (outcome.kind === "regression") {
    const { actual, predicted, targets } = outcome;
    const rows = sampleOf(
      Array.from({ length: actual.length / targets }, (_, row) => row),
      MOST_LOOKED_AT,
    );
    // Of several targets the first: their units differ.
    return { kind: "errors", errors: rows.map((row) => Math.abs(actual[row * targets]! - predicted[row * targets]!)) };
  }
  if (outcome.kind === "classification") {
    const { labels, predicted } = outcome;
    const right = Array.from(labels).filter((label, n) => label === predicted[n]).length;
    return { kind: "rights", right, total: labels.length };
  }
  if (outcome.kind === "verification") throw withoutReference();
  // Of each image the part of its mask that is not met.
  if (outcome.kind === "segmentation") {
    const errors = Array.from(imageOverlaps(outcome), (iou) => (Number.isNaN(iou) ? 0 : 1 - iou));
    const rows = sampleOf([...errors.keys()], MOST_LOOKED_AT);
    return { kind: "errors", errors: rows.map((row) => errors[row]!) };
  }
  if (outcome.kind === "detection") {
    const errors = imageErrors(outcome.images, thresholds[0] ?? HALF).map(errorsIn);
    const rows = sampleOf([...errors.keys()], MOST_LOOKED_AT);
    return { kind: "errors", errors: rows.map((row) => errors[row]!) };
  }
  const { labels, actual, scores } = outcome;
  const total = actual.length / labels;
  const isRight = (n: number): boolean =>
    thresholds.every((threshold, at) => scores[n * labels + at]! > threshold === (actual[n * labels + at] === 1));
  return { kind: "rights", right: Array.from({ length: total }, (_, n) => n).filter(isRight).length, total };
}

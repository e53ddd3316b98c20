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
import { type Outcome, taskOf, type Verdicts } from "../tasks/index.js";
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
  const predictions = predictionsOf(outcome, task);
  const truths = truthsOf(taskOf(task).verdicts(outcome, task));
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
  const answers = taskOf(task).counted(outcome, task);
  if (answers === undefined) throw withoutReference();
  const tally = new PredictionTally(outputNamesOf(task));
  for (const answer of answers) tally.add(answer);
  return tally.signals()!;
}

/** Right answers, or errors, about the test images. */
function truthsOf(verdicts: Verdicts): TruthSignals {
  if ("right" in verdicts)
    return { kind: "rights", right: verdicts.right.filter(Boolean).length, total: verdicts.right.length };
  const { errors } = verdicts;
  const rows = sampleOf([...errors.keys()], MOST_LOOKED_AT);
  return { kind: "errors", errors: rows.map((row) => errors[row]!) };
}

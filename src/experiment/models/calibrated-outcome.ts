// Answers about judged images with the confidence that `predict` tells: at the temperature of the model's file.
import { temperedBy } from "../../formats/models/trust-facts.js";
import { predictBlocks } from "../data/blocks.js";
import { type Part, sourceOf } from "../data/experiment-data.js";
import { type Outcome, taskOf } from "../tasks/index.js";
import { decided } from "../trust/answers.js";
import { calibratedReadings } from "./calibrated.js";
import type { OpenedModel } from "./trained-model.js";

/**
 * An outcome with calibrated confidence; as it is where the model's file states no temperature.
 * @param opened the open model, with the facts of its file
 * @param part images that the outcome is about
 * @param outcome the model's answers about the part
 * @param batchSize images that are computed together
 * @example
 * const opened = await openAny("runs/pets");
 * const { preprocessing, split } = await recipeOf(await RunFolder.open("runs/pets"));
 * const { parts } = await loadData({ train: "pets" }, preprocessing, split);
 * const outcome = await decide(opened.model, opened.task, parts.test, 8);
 * const calibrated = await calibratedOutcome(opened, parts.test, outcome, 8);
 */
export async function calibratedOutcome(
  { model, original, facts, task }: OpenedModel,
  part: Part,
  outcome: Outcome,
  batchSize: number,
): Promise<Outcome> {
  if (!("confidence" in outcome) || temperedBy(facts?.trust) === undefined || task === undefined) return outcome;
  const source = sourceOf(part);
  const outputs = await predictBlocks(model, source.size, batchSize, async (rows) => (await source.take(rows)).x);
  const { width, data } = calibratedReadings(taskOf(task).readings(original, outputs), facts);
  const { confidence } = decided({ classes: width, probabilities: Float64Array.from(data) });
  return { ...outcome, confidence };
}

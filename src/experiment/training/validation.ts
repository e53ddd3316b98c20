// The validation of a training: batches that add up to loss and metrics, or for tasks whose figures need all answers at once,
// those of the kept model about all of the part.
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { FitOptions, LabelledSource, Model } from "../../nn/index.js";
import { type Loss, lossFromKeras } from "../../nn/losses/index.js";
import { predictBlocks } from "../data/blocks.js";
import { judgedOf, type Part, sourceOf } from "../data/experiment-data.js";
import { taskOf } from "../tasks/index.js";
import type { TrainOptions } from "./observer.js";

/** Samples that are computed at a time, and the memory that a step may take; a recipe's parts are never made smaller. */
export const stepOf = (
  { batchSize, microBatchSize }: Pick<Recipe["training"], "batchSize" | "microBatchSize">,
  { memory }: Pick<TrainOptions, "memory">,
): Pick<FitOptions, "batchSize" | "microBatchSize" | "memory"> => ({
  batchSize,
  ...defined({ memory, microBatchSize: microBatchSize ?? (memory === undefined ? undefined : batchSize) }),
});

/** Settings that a validation follows from. */
export interface Validated {
  readonly task: TaskFacts;
  readonly loss: Loss;
  readonly batchSize: number;
}

/**
 * Options of `fit` by which a model is validated.
 * @param source samples of the part as the model takes them. Default: the part's own
 * @throws FoveaError for a part that the task has no figures of
 */
export function validationOf(
  model: Model,
  { task, loss, batchSize }: Validated,
  part: Part,
  source: LabelledSource = sourceOf(part),
): Pick<FitOptions, "validationData" | "validate"> {
  const record = taskOf(task);
  const { wholeFigures: keys } = record;
  if (keys === undefined) return { validationData: source };
  const kept = keptOf(model, { task });
  const known = record.monitors(task);
  const directions = Object.fromEntries(
    keys.map((key) => [key, known.find((quantity) => quantity.key === key)!.direction]),
  );
  const measure = async (): Promise<Record<string, number>> => {
    const outputs = await predictBlocks(kept, source.size, batchSize, async (at) => (await source.take(at)).x);
    // Training that has diverged has no figures, and ends by them.
    if (!outputs.data.every(Number.isFinite)) return Object.fromEntries(keys.map((key) => [key, Number.NaN]));
    const figures = record.scores(record.decide(kept, outputs, task, judgedOf(part)), task, { loss });
    const lacking = keys.find((key) => figures[key] === undefined);
    if (lacking === undefined) return Object.fromEntries(keys.map((key) => [key, figures[key]!]));
    throw new FoveaError(
      "too-little-data",
      `the validation has no ${lacking}: it needs at least two ${record.nouns[1]}, one of them with two images; hold more out with --split`,
    );
  };
  return { validate: { directions, measure } };
}

/** The same for the model of a recipe. */
export const validationOfRecipe = (
  model: Model,
  { task, training }: Recipe,
  part: Part,
  source?: LabelledSource,
): ReturnType<typeof validationOf> =>
  validationOf(model, { task, loss: lossFromKeras(training.loss), batchSize: atATime(training) }, part, source);

/** Samples that a model is asked about at a time. */
export const atATime = ({ batchSize, microBatchSize = batchSize }: Recipe["training"]): number => microBatchSize;

/** The model that is kept of one that was trained: the same, or without layers that only training needs. */
export const keptOf = (model: Model, { task }: Pick<Recipe, "task">): Model => taskOf(task).kept?.(model) ?? model;

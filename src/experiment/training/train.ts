// One experiment from its recipe: model, training, evaluation, and what is kept of it in a run's folder. Training,
// resuming, replaying and the demo all come through here; nothing is printed.

import { defined } from "../../core/defined.js";
import type { Tensor } from "../../core/tensor.js";
import { temperedBy } from "../../formats/models/trust-facts.js";
import type { Recipe } from "../../formats/run/recipe.js";
import type { TaskFacts } from "../../formats/run/task.js";
import { type BatchOptions, earlyStopping, type LabelledSource, type Model } from "../../nn/index.js";
import { lossFromKeras } from "../../nn/losses/index.js";
import { predictBlocks } from "../data/blocks.js";
import {
  areImages,
  type ExperimentData,
  judgedOf,
  PART_NAMES,
  type Part,
  type PartName,
  sourceOf,
} from "../data/experiment-data.js";
import { folderOfPart } from "../data/parts.js";
import { imageWeights, weighted } from "../data/weights.js";
import type { OpenedModel } from "../models/trained-model.js";
import { buildModel, validationChooses } from "../recipe/recipe.js";
import { TOP_K } from "../tasks/classification.js";
import { endsOf, type Outcome, taskOf } from "../tasks/index.js";
import { calibratedAnswers, calibrationFacts } from "../trust/report.js";
import { unsettledAverages } from "./moving-averages.js";
import { solve } from "./newton.js";
import type { Calibration, Evaluated, Observer, Results, Subject, Training, TrainOptions } from "./observer.js";
import { Stopwatch } from "./stopwatch.js";
import { type AskedPart, calibratedOutcome, classAnswers, fitTrust } from "./trust.js";
import { atATime, keptOf, stepOf, validationOfRecipe } from "./validation.js";

export type {
  Calibration,
  Evaluated,
  FittedTrust,
  Observer,
  Results,
  Subject,
  Training,
  TrainOptions,
} from "./observer.js";

/** Trains a recipe's model on the samples of its data. The model computes until `model.close()`. */
export async function trainModel(recipe: Recipe, data: ExperimentData, options: TrainOptions): Promise<Training> {
  const { observer = {}, threads, runtime, signal, checkpoint, resume, keep = [] } = options;
  const { epochs, batchSize, monitor, patience } = recipe.training;
  const step = stepOf(recipe.training, options);
  const model = buildModel(recipe, { sample: data.parts.train.samples.x.shape, ...defined({ threads, runtime }) });
  observer.onModel?.(model);
  const stopwatch = new Stopwatch();
  const source = weighted(sourceOf(data.parts.train), await imageWeights(recipe, data));
  const ended = async (fitted: Pick<Training, "history" | "bestEpoch" | "stoppedEarly" | "converged" | "warnings">) => {
    const kept = keptOf(model, recipe);
    const training = {
      model: kept,
      epochs: fitted.history.epoch.length,
      interrupted: signal?.aborted ?? false,
      seconds: stopwatch.seconds,
      weightsSha256: await kept.weightsSha256(),
      ...fitted,
    };
    observer.onTrained?.(training);
    return training;
  };
  if (recipe.training.solver === "newton") {
    const callbacks = [stopwatch, ...keep, observer];
    const sources = { train: source, validation: sourceOf(data.parts.validation) };
    const { history, converged } = await solve(model, recipe, sources, { callbacks, ...defined({ signal }) });
    const unfinished = converged || signal?.aborted ? [] : [notConverged(history.epoch.length)];
    return ended({ history, bestEpoch: history.epoch.length, stoppedEarly: false, converged, warnings: unfinished });
  }
  // Patience that no run can exhaust: the best weights come back all the same.
  const stopping = earlyStopping({ monitor, patience: patience ?? epochs, restoreBestWeights: true });
  const history = await model.fit(source, {
    epochs,
    ...step,
    ...validationOfRecipe(model, recipe, data.parts.validation),
    callbacks: [stopping, stopwatch, ...keep, observer],
    // The training's warnings tell of it, on the screen and in the report.
    onDiverged: () => {},
    ...defined({ signal, checkpoint, resume }),
  });
  const bestEpoch = history.epoch.length === 0 ? 0 : stopping.bestEpoch + 1;
  const unsettled = unsettledAverages(model, bestEpoch * Math.ceil(source.size / batchSize));
  const warnings = [history.divergence?.message, unsettled].filter((warning) => warning !== undefined);
  return ended({ history, bestEpoch, stoppedEarly: stopping.stoppedEpoch > 0, warnings });
}

const notConverged = (steps: number): string =>
  `Newton's method has not converged in ${steps === 1 ? "a single step" : `${steps} steps`}: more --epochs, or a larger --l2, let it end.`;

/**
 * Loss and metrics of all parts, and the answers about the test images, by the model or by `subject` in its place.
 * Values that a task takes from the validation images, such as thresholds, are in the task's facts afterwards.
 * @param model a trained model of the recipe, compiled
 * @param recipe of the training: its task, loss and batch size
 * @param data of the recipe, as `loadData` opens them
 * @param observer with `onEvaluate`, which is called after each batch. Default: nothing is called.
 * @param subject model and parts in place of `model` and `data`, such as a head and the features that it takes
 * @example
 * const preprocessing = { imageSize: [12, 12], color: "grayscale", interpolation: "bilinear" };
 * const split = { validation: 0.25, seed: 1, stratify: true };
 * const loaded = await loadData({ train: "pets" }, preprocessing, split);
 * const training = { epochs: 1, batchSize: 8, patience: null };
 * const plan = { model: { name: "logistic" }, preprocessing, split, seed: 1, mode: "reproducible", training };
 * const recipe = makeRecipe(plan, loaded);
 * const untrained = buildModel(recipe, { sample: [12, 12, 1] });
 * const { metrics, intervals } = await evaluate(untrained, recipe, loaded);
 * metrics.test.accuracy; // and intervals.accuracy, [low, high]
 * await closeData(loaded);
 */
export async function evaluate(
  model: Model,
  recipe: Recipe,
  data: ExperimentData,
  observer: Pick<Observer, "onEvaluate"> = {},
  subject: Subject = { model, sources: sourcesOf(data) },
): Promise<Evaluated> {
  const batchSize = atATime(recipe.training);
  const record = taskOf(recipe.task);
  const metrics = {} as Record<PartName, Results>;
  for (const part of PART_NAMES)
    metrics[part] =
      record.wholeFigures !== undefined
        ? {}
        : withTopK(
            subject.model,
            await subject.model.evaluate(subject.sources[part], {
              batchSize,
              onBatch: (done, total) => observer.onEvaluate?.(part, done, total),
            }),
          );
  const answers = (part: PartName): Promise<AskedPart> =>
    ask(subject.model, recipe.task, data.parts[part], batchSize, subject.sources[part]);
  const loss = lossFromKeras(recipe.training.loss);
  const [validation, test] = [await answers("validation"), await answers("test")];
  const trust = await fitTrust(
    subject,
    { validation, test },
    {
      ...{ task: recipe.task, batchSize, split: TEST, areImages: areImages(data) },
      choseEpoch: validationChooses(recipe),
    },
  );
  const outcome = calibratedOutcome(test, recipe.task, trust?.facts);
  if (!record.judgesAllParts)
    return withIntervals({ metrics, task: recipe.task, loss, outcome, ...defined({ trust }) }, data);
  const outcomes = { train: (await answers("train")).outcome, validation: validation.outcome, test: outcome };
  const task = record.settled(recipe.task, outcomes.validation);
  for (const part of PART_NAMES) metrics[part] = { ...metrics[part], ...record.scores(outcomes[part], task, { loss }) };
  return withIntervals({ metrics, task, loss, outcome, ...defined({ trust }) }, data);
}

/** Name of the test part in reports. */
const TEST = "Test";

const withIntervals = (evaluated: Omit<Evaluated, "intervals">, data: ExperimentData): Evaluated => {
  const { task, outcome, loss, metrics } = evaluated;
  const groups = groupsOf(data, "test");
  const intervals = taskOf(task).intervals(outcome, task, { loss }, metrics.test, groups);
  return { ...evaluated, intervals: endsOf(intervals) };
};

/** Group of each sample of a part; undefined where samples stand for themselves. */
function groupsOf({ folders, parts }: ExperimentData, part: PartName): readonly string[] | undefined {
  const group = folderOfPart(folders, parts[part])?.group;
  return group && Array.from(parts[part].rows, (row) => group[row]!);
}

const sourcesOf = ({ parts: { train, validation, test } }: ExperimentData): Subject["sources"] => ({
  train: sourceOf(train),
  validation: sourceOf(validation),
  test: sourceOf(test),
});

/** With a single output both classes are always among the best two, so machines find the key of other classifiers. */
const withTopK = (model: Model, results: Results): Results =>
  "accuracy" in results && model.outputShape[0] === 1 ? { ...results, [TOP_K]: 1 } : results;

/** A model's answers about the images of a part, beside their targets, and what they were made of. */
async function ask(
  model: Model,
  task: TaskFacts,
  part: Part,
  batchSize: number,
  source: LabelledSource = sourceOf(part),
): Promise<AskedPart> {
  const record = taskOf(task);
  const { condensed = (outputs) => outputs } = record;
  const asked = {
    predict: async (x: Tensor, options?: BatchOptions) => condensed(await model.predict(x, options)),
  };
  const outputs = await predictBlocks(asked, source.size, batchSize, async (indices) => (await source.take(indices)).x);
  return {
    outputs,
    readings: record.readings(model, outputs),
    outcome: record.decide(model, outputs, task, judgedOf(part)),
  };
}

/**
 * A model's answers about the samples of a part, beside their targets: as the model gives them, without the temperature of
 * its file.
 * @param model of the task
 * @param task of the model, with its class names and thresholds
 * @param part such as `data.parts.test`
 * @param batchSize samples that the model is asked about at a time
 * @example
 * const look = { imageSize: [12, 12], color: "grayscale", interpolation: "bilinear" };
 * const loaded = await loadData({ train: "pets" }, look, { validation: 0.25, seed: 1 });
 * const task = { kind: "classification", classNames };
 * const { labels, predicted } = await decide(model, task, loaded.parts.test, 8);
 * const { calibration } = await decideCalibrated({ model }, task, loaded.parts.test, 8);
 * calibration.before.ece; // the mean distance of confidence from accuracy
 * await closeData(loaded);
 */
export const decide = async (model: Model, task: TaskFacts, part: Part, batchSize: number): Promise<Outcome> =>
  (await ask(model, task, part, batchSize)).outcome;

/**
 * A model's answers about the samples of a part with the confidence that the temperature of its file gives, and how well
 * the confidence fits on these samples.
 * @param opened with `model` and the `facts` of its file, which may be absent
 * @param task of the model
 * @param part such as `data.parts.test`
 * @param batchSize samples that the model is asked about at a time
 * @returns no calibration for tasks other than classification, and for an empty part
 */
export async function decideCalibrated(
  { model, facts }: Pick<OpenedModel, "model" | "facts">,
  task: TaskFacts,
  part: Part,
  batchSize: number,
): Promise<{ readonly outcome: Outcome; readonly calibration: Calibration | undefined }> {
  const asked = await ask(model, task, part, batchSize);
  const trust = temperedBy(facts?.trust);
  const outcome = calibratedOutcome(asked, task, trust);
  const answers = classAnswers(asked, task);
  if (answers === undefined || answers.labels.length === 0) return { outcome, calibration: undefined };
  const before = calibrationFacts(answers);
  if (trust === undefined) return { outcome, calibration: { before } };
  const after = calibrationFacts(calibratedAnswers(answers, trust));
  return { outcome, calibration: { before, after, temperature: trust.temperature.value } };
}

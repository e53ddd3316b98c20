// One experiment from its recipe: model, training, evaluation, and what is kept of it in a run's folder. Training,
// resuming, replaying and the demo all come through here; nothing is printed.

import type { Recipe } from "../formats/run/recipe.js";
import { type Callback, earlyStopping, type History, type Model, type TrainingState } from "../nn/index.js";
import type { EvaluationFacts } from "../report/facts.js";
import { type ExperimentData, imagesOf, labelsOf, PART_NAMES, type Part, type PartName, sourceOf } from "./data.js";
import { defined } from "./defined.js";
import { decisionsOf, probabilitiesOf } from "./predictions.js";
import { buildModel } from "./recipe.js";
import { Stopwatch } from "./stopwatch.js";

/** Who watches an experiment: a callback of its training that is told of the rest as well. */
export interface Observer extends Callback {
  onModel?(model: Model): void;
  /** Told when training has ended, by itself or by the signal. */
  onTrained?(training: Training): void;
  /** Told how many images of a part are evaluated. */
  onEvaluate?(part: PartName, done: number, total: number): void;
  /** Told before model and report are written. */
  onSave?(): void;
}

export interface TrainOptions {
  readonly threads?: number;
  /** Aborting ends training after the current batch; the best weights so far stay. */
  readonly signal?: AbortSignal;
  readonly observer?: Observer;
  /** Called at the end of each epoch with all that `resume` needs. */
  readonly checkpoint?: (state: TrainingState) => Promise<void>;
  readonly resume?: TrainingState;
  /** Callbacks that keep something of the training; the same ones, in the same order, when it is resumed. */
  readonly keep?: readonly Callback[];
}

/** A trained model, its best weights in place. */
export interface Training {
  readonly model: Model;
  readonly history: History;
  /** Epochs trained. */
  readonly epochs: number;
  /** Counted from 1; 0 before the first epoch has ended. */
  readonly bestEpoch: number;
  /** Whether patience ended training, rather than the number of epochs. */
  readonly stoppedEarly: boolean;
  /** Whether the signal ended training. */
  readonly interrupted: boolean;
  readonly seconds: readonly number[];
  readonly weightsSha256: string;
}

export type Results = Readonly<Record<string, number>>;

export interface Evaluated {
  /** Loss and metrics of each part, by Keras's keys. */
  readonly metrics: Readonly<Record<PartName, Results>>;
  /** What the model says about each test image. */
  readonly evaluation: EvaluationFacts;
}

/** Trains a recipe's model on its data. The model computes until `model.close()`. */
export async function train(recipe: Recipe, data: ExperimentData, options: TrainOptions = {}): Promise<Training> {
  const { observer = {}, threads, signal, checkpoint, resume, keep = [] } = options;
  const { epochs, batchSize, monitor, patience } = recipe.training;
  const model = buildModel(recipe, defined({ threads }));
  observer.onModel?.(model);
  // Patience that no run can exhaust: the best weights come back all the same.
  const stopping = earlyStopping({ monitor, patience: patience ?? epochs, restoreBestWeights: true });
  const stopwatch = new Stopwatch();
  const history = await model.fit(sourceOf(data.parts.train), {
    epochs,
    batchSize,
    validationData: sourceOf(data.parts.validation),
    callbacks: [stopping, stopwatch, ...keep, observer],
    ...defined({ signal, checkpoint, resume }),
  });
  const training = {
    model,
    history,
    epochs: history.epoch.length,
    bestEpoch: history.epoch.length === 0 ? 0 : stopping.bestEpoch + 1,
    stoppedEarly: stopping.stoppedEpoch > 0,
    interrupted: signal?.aborted ?? false,
    seconds: stopwatch.seconds,
    weightsSha256: await model.weightsSha256(),
  };
  observer.onTrained?.(training);
  return training;
}

/** Loss and metrics of all parts, and the decisions on the test images. */
export async function evaluate(
  model: Model,
  data: ExperimentData,
  batchSize: number,
  observer: Pick<Observer, "onEvaluate"> = {},
): Promise<Evaluated> {
  const metrics = {} as Record<PartName, Results>;
  for (const part of PART_NAMES)
    metrics[part] = await model.evaluate(sourceOf(data.parts[part]), {
      batchSize,
      onBatch: (done, total) => observer.onEvaluate?.(part, done, total),
    });
  return { metrics, evaluation: { split: "Test", ...(await decide(model, data.parts.test, batchSize)) } };
}

/** What a model takes each image of a part for. */
export async function decide(model: Model, part: Part, batchSize: number): Promise<Omit<EvaluationFacts, "split">> {
  const outputs = await model.predict(imagesOf(part), { batchSize });
  return { labels: labelsOf(part), ...decisionsOf(probabilitiesOf(model, outputs)) };
}

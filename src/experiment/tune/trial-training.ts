// One trial of a spec: parameters suggested, model built, trained with early stopping, its value taken from the best
// epoch. All of it follows from spec, data, parameters and the trial's number.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import type { Numerics } from "../../core/graph/graph.js";
import { ownValue } from "../../core/lookup.js";
import { runtime } from "../../default-backend.js";
import { type Callback, DivergedError, earlyStopping, type Logs, type Model } from "../../nn/index.js";
import { pruningCallback, type Trial, type TrialRecord } from "../../tune/index.js";
import { parameterCounts } from "../models/facts.js";
import { keptOf, validationOf } from "../training/validation.js";
import { PARAMETERS, type StudyDefinition } from "./definition.js";
import { suggestAll } from "./space.js";
import type { StudyData } from "./study-data.js";
import { buildTrialModel } from "./trial-model.js";

/** User attributes of a trial. */
export const TRIAL_ATTRIBUTES = {
  epochs: "epochs",
  bestEpoch: "best_epoch",
  weights: "weights_sha256",
  numerics: "numerics",
} as const;

/** Version of the numerics that a trial was trained by: the first where it is from before there was a second. */
export const numericsOf = ({ userAttributes }: Pick<TrialRecord, "userAttributes">): Numerics =>
  userAttributes[TRIAL_ATTRIBUTES.numerics] === 2 ? 2 : 1;

/** A trial that has trained; its model has the weights of the best epoch. */
export interface TrainedTrial {
  /** The model, without layers that only training needs; it is closed when `onTrained` has returned. */
  readonly model: Model;
  /** One value an objective, of the best epoch. */
  readonly values: readonly number[];
  /** All metrics by epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Epochs trained. */
  readonly epochs: number;
  /** Epoch of the values and the weights, counted from 1. */
  readonly bestEpoch: number;
  /** SHA-256 of the weights, which a rebuilt trial has to have again. */
  readonly weightsSha256: string;
}

/** Circumstances of a trial's evaluation, on which its values do not depend. */
export interface TrialHow {
  /** Threads of the trial. Default: the number of the machine's processors. */
  readonly threads?: number;
  /** Version of the numerics of the training. Default 2, the newest. */
  readonly numerics?: Numerics;
  /** Further callbacks of the training. Default: none. */
  readonly callbacks?: readonly Callback[];
  /**
   * Called with the result of a trial while its model can still be asked. Default: nothing is called.
   * @param trial with its number and parameters
   * @param trained model, values and history
   */
  readonly onTrained?: (trial: Trial, trained: TrainedTrial) => void | Promise<void>;
}

/**
 * Evaluates a trial.
 * @returns its values, one per objective
 * @throws FoveaError for a model that cannot be built, or an objective that is not in the history
 */
export async function trainTrial(
  definition: StudyDefinition,
  trial: Trial,
  { threads, numerics = 2, callbacks = [], onTrained }: TrialHow = {},
): Promise<readonly number[]> {
  const { space, training, data, objectives, monitor, reported, classWeight } = definition;
  const { epochs, batchSize, patience, seed } = training;
  const params = suggestAll(space, trial);
  // Trials that run side by side have threads of their own each, so that they do not wait for one another.
  const engine = runtime(defined({ threads }));
  const model = buildTrialModel(definition, params, {
    seed: seed === "trial" ? trial.number : seed,
    runtime: engine,
    numerics,
  });
  try {
    // Patience that no run can exhaust: the best weights come back all the same.
    const stopping = earlyStopping({ monitor, patience: patience ?? epochs, restoreBestWeights: true });
    const pruning = reported === undefined ? [] : [pruningCallback(trial, reported)];
    const { history, epoch } = await model.fit(data.train, {
      epochs,
      batchSize,
      ...validating(model, data, batchSize),
      ...defined({ classWeight }),
      callbacks: [stopping, ...callbacks, ...pruning],
      // The trial's value is that of its best epoch all the same.
      onDiverged: () => {},
    });
    const logs = Object.fromEntries(Object.entries(history).map(([key, values]) => [key, values[stopping.bestEpoch]!]));
    const kept = data.task === undefined ? model : keptOf(model, { task: data.task });
    const trained: TrainedTrial = {
      model: kept,
      values: objectives.map(({ key }) => objectiveValue(key, logs, model)),
      history,
      epochs: epoch.length,
      bestEpoch: stopping.bestEpoch + 1,
      weightsSha256: await kept.weightsSha256(),
    };
    trial.setUserAttribute(TRIAL_ATTRIBUTES.epochs, trained.epochs);
    trial.setUserAttribute(TRIAL_ATTRIBUTES.bestEpoch, trained.bestEpoch);
    trial.setUserAttribute(TRIAL_ATTRIBUTES.weights, trained.weightsSha256);
    trial.setUserAttribute(TRIAL_ATTRIBUTES.numerics, numerics);
    await onTrained?.(trial, trained);
    return trained.values;
  } catch (error) {
    // A trial that diverged has no value, which fails it as an objective's NaN does.
    if (error instanceof DivergedError) return objectives.map(() => Number.NaN);
    throw error;
  } finally {
    await model.close();
    await engine.close();
  }
}

/** Validation of a trial, see `validationOf`. */
function validating(model: Model, { task, images, validation }: StudyData, batchSize: number) {
  if (task === undefined || images === undefined) return { validationData: validation };
  const { loss } = model.trainer.objective[0]!;
  return validationOf(model, { task, loss, batchSize }, images.parts.validation);
}

function objectiveValue(key: string, logs: Logs, model: Model): number {
  if (key === PARAMETERS) return parameterCounts(model).total;
  const value = ownValue(logs, key);
  if (value !== undefined) return value;
  throw new FoveaError(
    "unknown-quantity",
    `objective: expected one of ${[...Object.keys(logs), PARAMETERS].join(", ")}, received "${key}"`,
  );
}

// The interface of callbacks: training reports its progress to them, and they may stop it. Callbacks hold no reference
// to the model between calls; each call hands them the run.

import type { Json } from "../../core/json.js";
import { checkOptions } from "../../core/options.js";
import type { Tensor } from "../../core/tensor.js";

/** Means so far in an epoch, or an epoch's results: `loss`, `accuracy`, `val_loss`... */
export type Logs = Readonly<Record<string, number>>;

/** The part of a model in training that callbacks may use. */
export interface TrainedModel {
  /** The model's name. */
  readonly name: string;
  /** Copies of all weights, in the order of `setWeights`. */
  getWeights(): Promise<Tensor[]>;
  /** Replaces all weights by `weights`, in the order of `getWeights`. */
  setWeights(weights: readonly Tensor[]): Promise<void>;
}

/** One call of `fit`, as callbacks see it. */
export interface TrainingRun {
  /** The model in training. */
  readonly model: TrainedModel;
  /** The number of the last epoch, counted from 1. */
  readonly epochs: number;
  /** Samples in a batch; the last of an epoch may have fewer. */
  readonly batchSize: number;
  /** Batches in an epoch, and samples in it. */
  readonly steps: number;
  /** Samples in an epoch. */
  readonly samples: number;
  /** The optimizer's rate. Setting it counts from the next step; one that follows a schedule cannot be set. */
  learningRate: number;
  /** Ends training after this epoch; asked for during a batch, after that batch. */
  stop(): void;
  /** Names of the quantities in an epoch's logs. */
  readonly quantities: readonly string[];
  /**
   * The better direction of a logged quantity, where it is known. `val_` in front does not matter.
   * @param quantity A key of the logs, such as `val_loss`.
   */
  directionOf(quantity: string): "up" | "down" | undefined;
}

/** The state of a callback, from which a resumed run continues as if it had not been interrupted. */
export interface CallbackState {
  /** Numbers and texts to remember, as JSON. */
  readonly values: { readonly [key: string]: Json };
  /** Weights to remember; none where it is left out. */
  readonly tensors?: readonly Tensor[];
}

/** Every method is optional; what returns a promise is awaited. Epochs and batches count from 0. */
export interface Callback {
  /**
   * Also called when a run is resumed, before `setState`.
   * @param run The call of `fit`.
   */
  onTrainBegin?(run: TrainingRun): void | Promise<void>;
  /** Called before the first batch of an epoch. `epoch` counts from 0, `run` is the call of `fit`. */
  onEpochBegin?(epoch: number, run: TrainingRun): void | Promise<void>;
  /** Called before a batch. `batch` counts from 0 in each epoch, `run` is the call of `fit`. */
  onBatchBegin?(batch: number, run: TrainingRun): void | Promise<void>;
  /**
   * `logs` are means over the epoch so far.
   * @param batch Counts from 0 in each epoch.
   * @param run The call of `fit`.
   */
  onBatchEnd?(batch: number, logs: Logs, run: TrainingRun): void | Promise<void>;
  /**
   * Called after validation. `epoch` counts from 0, `logs` are the epoch's means and `val_` quantities, `run` is the
   * call of `fit`.
   */
  onEpochEnd?(epoch: number, logs: Logs, run: TrainingRun): void | Promise<void>;
  /**
   * Also called when training was stopped or aborted; `logs` are the last epoch's.
   * @param run The call of `fit`.
   */
  onTrainEnd?(logs: Logs, run: TrainingRun): void | Promise<void>;
  /** The epoch whose weights `onTrainEnd` has put back, counted from 0; undefined where it left them. */
  readonly restoredEpoch?: number | undefined;
  /** The facts to keep in a checkpoint. */
  getState?(): CallbackState;
  /** Goes on from the `state` that `getState` gave before the interruption. */
  setState?(state: CallbackState): void;
}

const METHODS: readonly (keyof Callback)[] = [
  "onTrainBegin",
  "onEpochBegin",
  "onBatchBegin",
  "onBatchEnd",
  "onEpochEnd",
  "onTrainEnd",
  "getState",
  "setState",
];

/**
 * A callback from plain functions.
 * @param functions Any of the methods of `Callback`.
 * @throws FoveaError for a function by a name that nothing calls.
 * @example lambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs) })
 */
export function lambdaCallback(functions: Callback): Callback {
  checkOptions("lambdaCallback", functions, METHODS);
  return functions;
}

// The interface of callbacks: training reports its progress to them, and they may stop it. Callbacks hold no reference
// to the model between calls; each call hands them the run.

import type { Json } from "../../core/json.js";
import { checkOptions } from "../../core/options.js";
import type { Tensor } from "../../core/tensor.js";

/** Means so far in an epoch, or an epoch's results: `loss`, `accuracy`, `val_loss`... */
export type Logs = Readonly<Record<string, number>>;

/** The part of a model in training that callbacks may use. */
export interface TrainedModel {
  readonly name: string;
  getWeights(): Promise<Tensor[]>;
  setWeights(weights: readonly Tensor[]): Promise<void>;
}

/** One call of `fit`, as callbacks see it. */
export interface TrainingRun {
  readonly model: TrainedModel;
  /** The number of the last epoch, counted from 1. */
  readonly epochs: number;
  readonly batchSize: number;
  /** Batches in an epoch, and samples in it. */
  readonly steps: number;
  readonly samples: number;
  /** The optimizer's rate. Setting it counts from the next step; one that follows a schedule cannot be set. */
  learningRate: number;
  /** Ends training after this epoch; asked for during a batch, after that batch. */
  stop(): void;
  /** Names of the quantities in an epoch's logs. */
  readonly quantities: readonly string[];
  /** The better direction of a logged quantity, where it is known. `val_` in front does not matter. */
  directionOf(quantity: string): "up" | "down" | undefined;
}

/** Facts that a callback must remember for a resumed run to go on as if it had not been interrupted. */
export interface CallbackState {
  readonly values: { readonly [key: string]: Json };
  readonly tensors?: readonly Tensor[];
}

/** Every method is optional; what returns a promise is awaited. Epochs and batches count from 0. */
export interface Callback {
  /** Also called when a run is resumed, before `setState`. */
  onTrainBegin?(run: TrainingRun): void | Promise<void>;
  onEpochBegin?(epoch: number, run: TrainingRun): void | Promise<void>;
  onBatchBegin?(batch: number, run: TrainingRun): void | Promise<void>;
  /** `logs` are means over the epoch so far. */
  onBatchEnd?(batch: number, logs: Logs, run: TrainingRun): void | Promise<void>;
  onEpochEnd?(epoch: number, logs: Logs, run: TrainingRun): void | Promise<void>;
  /** Also called when training was stopped or aborted; `logs` are the last epoch's. */
  onTrainEnd?(logs: Logs, run: TrainingRun): void | Promise<void>;
  /** The epoch whose weights `onTrainEnd` has put back, counted from 0; undefined where it left them. */
  readonly restoredEpoch?: number | undefined;
  getState?(): CallbackState;
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
 * @throws FoveaError for a function by a name that nothing calls.
 * @example lambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs) })
 */
export function lambdaCallback(functions: Callback): Callback {
  checkOptions("lambdaCallback", functions, METHODS);
  return functions;
}

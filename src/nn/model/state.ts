// All that a run must remember at the end of an epoch to go on later with the same bits. Callers write it to disk.
import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { CallbackState } from "../callbacks/callback.js";

/** The state from which a training continues as if it had not been interrupted. */
export interface TrainingState {
  /** The next epoch, counted from 0. */
  readonly epoch: number;
  /** Optimizer steps taken. */
  readonly iterations: number;
  /** The optimizer's rate. */
  readonly learningRate: number;
  /** The seed of the run. */
  readonly seed: number;
  /** True where a callback has ended training: resuming then only finishes. */
  readonly stopped: boolean;
  /** In the order of `model.weights`. */
  readonly weights: readonly Tensor[];
  /** The optimizer's slots, weight by weight. */
  readonly slots: readonly Tensor[];
  /** Logs of the epochs so far. */
  readonly history: CallbackState;
  /** One for each callback, in order; null for those that keep nothing. */
  readonly callbacks: readonly (CallbackState | null)[];
}

/** @throws FoveaError for a checkpoint of another number of slots than the optimizer has. */
export function checkSlots(found: number, needed: number): void {
  if (found !== needed)
    throw new FoveaError(
      "record-mismatch",
      `fit resume: the checkpoint has ${found} optimizer slots, this model and optimizer need ${needed}`,
    );
}

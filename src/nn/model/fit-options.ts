// Options of training, and the checks of those that contradict each other.
import { parseByteSize } from "../../core/byte-size.js";
import { FoveaError, shown } from "../../core/errors.js";
import { numberWithin, wholeNumber } from "../../core/options.js";
import type { Callback } from "../callbacks/callback.js";
import type { TrainingData } from "./data.js";
import type { Divergence } from "./divergence.js";
import type { TrainingState } from "./state.js";
import type { StepLimits } from "./step-plan.js";

/** Figures of a validation that need all of its answers at once, such as an equal error rate. */
export interface WholeValidation {
  /** The better direction of each figure, by its key without `val_`. */
  readonly directions: Readonly<Record<string, "up" | "down">>;
  /** Works the figures out with the model's present weights, one for each key. */
  readonly measure: () => Promise<Readonly<Record<string, number>>>;
}

/** Options of `fit`, in Keras's words. */
export interface FitOptions {
  /** Passes over the data, the number of the last epoch counted from 1. Default 1. */
  readonly epochs?: number;
  /** Samples in a step. Default 32. */
  readonly batchSize?: number;
  /**
   * Samples that are computed at a time where a batch is too large for the memory: the gradients of its parts are added up before the one
   * update of a step. Losses and weights are those of the whole batch within rounding; layers that normalise by the batch's statistics
   * take those of each part, and their moving averages the mean of the parts'. Validation takes as many at a time. Default: the batch.
   */
  readonly microBatchSize?: number;
  /**
   * Memory that a step may take for weights, optimizer and results in between: bytes, or a size such as `"1GB"`. Results are computed
   * again rather than kept, which changes no bit; where that is not enough and no `microBatchSize` says otherwise, the batch is
   * computed in parts, by a size that depends on network, batch and memory alone. Default: no limit.
   */
  readonly memory?: number | string;
  /** Data to validate on after each epoch. Default: none. */
  readonly validationData?: TrainingData;
  /**
   * Validates by other figures in place of the loss and the metrics. Not with `validationData` or `validationSplit`.
   * Default: none.
   */
  readonly validate?: WholeValidation;
  /**
   * The share at the end of the data, before any shuffling, that validates instead, from 0 to 1. Not with
   * `validationData`. Default: none.
   */
  readonly validationSplit?: number;
  /** Samples in a batch of validation. Default: `microBatchSize`, or the batch size. */
  readonly validationBatchSize?: number;
  /** True where the samples are put into a new order before each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Callbacks, called in this order. Default: none. */
  readonly callbacks?: readonly Callback[];
  /** Weight of each class's samples in the loss. Default 1, also for classes that are not named. */
  readonly classWeight?: Readonly<Record<number, number>>;
  /**
   * Runs one epoch of this number of batches (`true`: one), and as many of validation, to check that everything fits together.
   * It calls no callback and makes no checkpoint. Default false.
   */
  readonly fastDevRun?: boolean | number;
  /** Seed of the order of samples and of dropout. Default: the model's. */
  readonly seed?: number;
  /** The epoch to begin with, counted from 0. Default 0. */
  readonly initialEpoch?: number;
  /** 1 or 2 prints a line per epoch, 0 (the default) nothing. */
  readonly verbose?: 0 | 1 | 2;
  /**
   * Called when a loss that is not finite has ended training after good epochs. Default: `console.warn` prints the
   * sentence.
   * @param divergence The epoch, the step and the loss.
   */
  readonly onDiverged?: (divergence: Divergence) => void;
  /** Aborting ends training after the current batch; the weights stay usable. Default: none. */
  readonly signal?: AbortSignal;
  /**
   * Called at the end of every epoch with all that `resume` needs. Default: none.
   * @param state Weights, optimizer, history and callbacks.
   */
  readonly checkpoint?: (state: TrainingState) => void | Promise<void>;
  /** Goes on from a checkpoint of a run with the same data and options. Default: a new run. */
  readonly resume?: TrainingState;
}

/** Names of all options. */
export const FIT_OPTIONS: readonly (keyof FitOptions)[] = [
  "epochs",
  "batchSize",
  "microBatchSize",
  "memory",
  "validationData",
  "validate",
  "validationSplit",
  "validationBatchSize",
  "shuffle",
  "callbacks",
  "classWeight",
  "fastDevRun",
  "seed",
  "initialEpoch",
  "verbose",
  "onDiverged",
  "signal",
  "checkpoint",
  "resume",
];

/** @throws FoveaError for options that no code could make sense of, or that contradict each other. */
export function checkFitOptions(options: FitOptions): void {
  const { callbacks = [], verbose = 0, validationData, validationSplit, validate } = options;
  if (!Array.isArray(callbacks) || callbacks.some((callback) => typeof callback !== "object" || callback === null))
    throw new FoveaError("wrong-type", "fit callbacks: expected a list of callbacks, such as [earlyStopping()]");
  if (![0, 1, 2].includes(verbose))
    throw new FoveaError("unknown-choice", `fit verbose: expected 0, 1 or 2, received ${shown(verbose)}`);
  if (validationData !== undefined && validationSplit !== undefined)
    throw new FoveaError("conflicting-options", "fit: validationData and validationSplit exclude each other; pass one");
  if (validate !== undefined && (validationData !== undefined || validationSplit !== undefined))
    throw new FoveaError(
      "conflicting-options",
      "fit: validate replaces validationData and validationSplit; pass one of them",
    );
}

/** Limits of a step. @throws FoveaError for a size that is none */
export function limitsOf({ microBatchSize, memory }: FitOptions): StepLimits {
  return {
    microBatchSize: microBatchSize === undefined ? undefined : wholeNumber("fit microBatchSize", microBatchSize),
    memory:
      typeof memory === "string"
        ? parseByteSize("fit memory", memory)
        : memory && numberWithin("fit memory", memory, 0),
  };
}

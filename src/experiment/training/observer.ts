// Input and result of training, whichever way the model is trained; and its observers.
import type { TrustFacts } from "../../formats/models/trust-facts.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { Callback, History, LabelledSource, Model, Runtime, TrainingState } from "../../nn/index.js";
import type { Loss } from "../../nn/losses/index.js";
import type { TooLarge } from "../../platform/cache.js";
import type { ImportPackage } from "../../platform/packages.js";
import type { CalibrationFacts, TrustReport } from "../../report/trust-facts.js";
import type { PartName } from "../data/experiment-data.js";
import type { Outcome } from "../tasks/index.js";

/** Observer of an experiment: a callback of its training that is called for the rest as well. */
export interface Observer extends Callback {
  /**
   * Called when the model is built, before it trains.
   * @param model compiled, with fresh weights
   */
  onModel?(model: Model): void;
  /**
   * Called as features of images are computed, or found in the cache, for a head on a trained base.
   * @param folder name of the folder
   * @param variant number of the varied copies of the images, from 1; 0 for the images as they are
   * @param done images with features
   * @param total images of the folder
   */
  onFeatures?(folder: string, variant: number, done: number, total: number): void;
  /**
   * Called for a folder whose features are larger than the whole cache may be.
   * @param folder name of the folder
   * @param why size of the features and limit of the cache, in bytes
   */
  onNotKept?(folder: string, why: TooLarge): void;
  /**
   * Called when training has ended, by itself or by the signal.
   * @param training the trained model and its history
   */
  onTrained?(training: Training): void;
  /**
   * Called after each batch of an evaluation.
   * @param part train, validation or test
   * @param done samples that are evaluated
   * @param total samples of the part
   */
  onEvaluate?(part: PartName, done: number, total: number): void;
  /** Called before model and report are written. */
  onSave?(): void;
}

/** Options of a training that change no bit of its result. */
export interface TrainOptions {
  /** Threads of the model. Default: the number of the machine's processors. */
  readonly threads?: number;
  /** Place to compute; default: the one that models of equal threads and mode share. */
  readonly runtime?: Runtime;
  /**
   * Bytes that a step may take for weights, optimizer and results in between, which are computed again rather than kept where they
   * would be more. Default: no limit.
   */
  readonly memory?: number;
  /** Aborting ends training after the current batch; the best weights so far stay. Default: nothing aborts. */
  readonly signal?: AbortSignal;
  /** Observer of training, evaluation and saving. Default: none. */
  readonly observer?: Observer;
  /**
   * Called at the end of each epoch, and waited for. Default: nothing is called.
   * @param state all that `resume` needs
   */
  readonly checkpoint?: (state: TrainingState) => Promise<void>;
  /** State of an earlier training, which goes on from there to the same bits. Default: training starts again. */
  readonly resume?: TrainingState;
  /** Callbacks with a state; the same ones, in the same order, when training is resumed. Default: none. */
  readonly keep?: readonly Callback[];
  /** Finder of the package of another engine; for tests. Default: the package is imported. */
  readonly findPackage?: ImportPackage;
}

/** A trained model, its best weights in place. */
export interface Training {
  /** The model, without layers that only training needs. */
  readonly model: Model;
  /** Loss and metrics of each epoch. */
  readonly history: History;
  /** Epochs trained. */
  readonly epochs: number;
  /** Counted from 1; 0 before the first epoch has ended. */
  readonly bestEpoch: number;
  /** True when patience ended training, rather than the number of epochs. */
  readonly stoppedEarly: boolean;
  /** True when Newton's method ended by itself; absent where an optimizer learnt from batches. */
  readonly converged?: boolean;
  /** Penalty of a solved head that cross-validation chose; absent where epochs were trained. */
  readonly penalty?: number;
  /** True when the signal ended training. */
  readonly interrupted: boolean;
  /** Duration of each epoch in seconds. */
  readonly seconds: readonly number[];
  /** SHA-256 of the weights, by which a replay proves that it has reached the same bits. */
  readonly weightsSha256: string;
  /** Model and parts that are evaluated in place of the model on its images, with the same result. */
  readonly subject?: Subject;
  /** Sentences that a reader of the report should know. */
  readonly warnings?: readonly string[];
}

/** A model and the parts of the data as it takes them. */
export interface Subject {
  readonly model: Model;
  readonly sources: Readonly<Record<PartName, LabelledSource>>;
}

export type Results = Readonly<Record<string, number>>;

/** Figures of all parts, and the answers about the test samples. */
export interface Evaluated {
  /** Loss and metrics of each part, by Keras's keys. */
  readonly metrics: Readonly<Record<PartName, Results>>;
  /** Intervals of 95 %, `[low, high]`, of test figures by their keys. */
  readonly intervals: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** The task with what validation decided about it. */
  readonly task: TaskFacts;
  /** The loss that the recipe's model was trained by. */
  readonly loss: Loss;
  /** Answers about the test images beside their targets, with calibrated confidence. */
  readonly outcome: Outcome;
  /** Temperature and limits by validation; absent for tasks without. */
  readonly trust?: FittedTrust;
}

/** Facts about trust for the model's file, and for the report. */
export interface FittedTrust {
  /** Temperature and limits, as the model's file has them. */
  readonly facts: TrustFacts;
  /** Figures and curves of the report. */
  readonly report: TrustReport;
}

/** Fit of confidence to accuracy on some images, as the model gives it and at the temperature of its file. */
export interface Calibration {
  /** Fit of the confidence as the model gives it. */
  readonly before: CalibrationFacts;
  /** Fit at the temperature of the file; absent for a file without. */
  readonly after?: CalibrationFacts;
  /** Divisor of the logits, above 1 for a model that was too sure; absent for a file without. */
  readonly temperature?: number;
}

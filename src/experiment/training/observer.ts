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

/** Observer of an experiment: a callback of its training that is told of the rest as well. */
export interface Observer extends Callback {
  onModel?(model: Model): void;
  /** Told of the images of a folder whose features are computed, or were found; variants of them count from 1. */
  onFeatures?(folder: string, variant: number, done: number, total: number): void;
  /** Told of a folder whose features are larger than the whole cache may be. */
  onNotKept?(folder: string, why: TooLarge): void;
  /** Told when training has ended, by itself or by the signal. */
  onTrained?(training: Training): void;
  /** Told how many images of a part are evaluated. */
  onEvaluate?(part: PartName, done: number, total: number): void;
  /** Told before model and report are written. */
  onSave?(): void;
}

export interface TrainOptions {
  readonly threads?: number;
  /** Place to compute; default: the one that models of equal threads and mode share. */
  readonly runtime?: Runtime;
  /** Aborting ends training after the current batch; the best weights so far stay. */
  readonly signal?: AbortSignal;
  readonly observer?: Observer;
  /** Called at the end of each epoch with all that `resume` needs. */
  readonly checkpoint?: (state: TrainingState) => Promise<void>;
  readonly resume?: TrainingState;
  /** Callbacks that keep something of the training; the same ones, in the same order, when it is resumed. */
  readonly keep?: readonly Callback[];
  /** Finder of the package of another engine; for tests. */
  readonly findPackage?: ImportPackage;
}

/** A trained model, its best weights in place. */
export interface Training {
  readonly model: Model;
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
  readonly seconds: readonly number[];
  readonly weightsSha256: string;
  /** Model and parts that are judged in place of the model on its images, and come to the same. */
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
  readonly facts: TrustFacts;
  readonly report: TrustReport;
}

/** Fit of confidence to accuracy on some images, as the model gives it and at the temperature of its file. */
export interface Calibration {
  readonly before: CalibrationFacts;
  readonly after?: CalibrationFacts;
  readonly temperature?: number;
}

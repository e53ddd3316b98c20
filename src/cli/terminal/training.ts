// Tells of an experiment as it goes on: the model, a line an epoch with rate, loss, metrics and time left, why training
// ended, and how far the evaluation is. Train, replay and demo speak with this one voice.

import type { PartName } from "../../experiment/data/index.js";
import { PART_TITLES } from "../../experiment/run/index.js";
import { type Monitor, taskOf } from "../../experiment/tasks/index.js";
import type { Observer, Training } from "../../experiment/training/index.js";
import type { TaskFacts } from "../../formats/run/task.js";
import type { Logs, Model, TrainingRun } from "../../nn/index.js";
import type { TooLarge } from "../../platform/cache.js";
import { duration, metric, rough } from "../../report/format.js";
import { notKept } from "./not-kept.js";
import type { Output } from "./output.js";
import type { ProgressLine } from "./progress.js";

export class TrainingLines implements Observer {
  #line: ProgressLine | undefined;
  #trainingSeconds = 0;
  #begun = 0;
  #epochs = 0;
  #part: PartName | undefined;

  constructor(
    readonly output: Output,
    readonly task: TaskFacts,
    /** Word for samples. */
    readonly nouns = "images",
  ) {}

  onModel(model: Model): void {
    this.output.say(model.summary());
    this.output.say();
  }

  onFeatures(folder: string, variant: number, done: number, total: number): void {
    const what = variant === 0 ? folder : `${folder}, varied ${variant}`;
    this.#line ??= this.output.progress(`Features of ${what}`);
    this.#line.update(done, total, "images");
    if (done < total) return;
    this.#line.end(`Features of ${what}: ${total} images in ${duration(this.#line.seconds)}`);
    this.#line = undefined;
  }

  onNotKept(folder: string, why: TooLarge): void {
    this.output.warn(notKept(`the features of ${folder}`, why));
  }

  onTrainBegin(): void {
    this.#begun = performance.now();
    this.#epochs = 0;
  }

  onEpochBegin(epoch: number, run: TrainingRun): void {
    this.#line = this.output.progress(epochName(epoch, run));
  }

  onBatchEnd(batch: number, logs: Logs, run: TrainingRun): void {
    const done = Math.min((batch + 1) * run.batchSize, run.samples);
    this.#trainingSeconds = this.#line!.seconds;
    this.#line!.update(done, run.samples, this.nouns, this.#metrics(logs));
  }

  onEpochEnd(epoch: number, logs: Logs, run: TrainingRun): void {
    this.#epochs++;
    const left = (run.epochs - epoch - 1) * ((performance.now() - this.#begun) / 1000 / this.#epochs);
    const facts = [
      epochName(epoch, run),
      duration(this.#line!.seconds),
      `${rough(run.samples / Math.max(this.#trainingSeconds, 1e-3))} ${this.nouns}/s`,
      this.#metrics(logs),
      ...(left > 0 ? [`at most ${duration(left)} left`] : []),
    ];
    this.#line!.end(facts.join("  "));
    this.#line = undefined;
  }

  onTrainEnd(): void {
    // An epoch that was broken off leaves its line behind.
    this.#line?.end();
  }

  onTrained({ interrupted, stoppedEarly, converged, penalty, epochs, bestEpoch, warnings = [] }: Training): void {
    for (const warning of warnings) this.output.warn(warning);
    if (interrupted) return;
    if (stoppedEarly) this.output.say(`Epoch ${epochs}: early stopping`);
    if (penalty !== undefined)
      this.output.say(`The head is that of penalty ${penalty}, which cross-validation of the training images chose.`);
    else if (converged === undefined)
      this.output.say(`The weights are those of the best epoch, ${bestEpoch} of ${epochs}.`);
    if (converged) this.output.say(`Newton's method has converged: the weights have the least loss that there is.`);
    this.output.say();
  }

  onEvaluate(part: PartName, done: number, total: number): void {
    if (this.#part !== part) this.#line = this.output.progress(`Evaluating ${PART_TITLES[part]}`);
    this.#part = part;
    this.#line!.update(done, total, this.nouns);
    if (done === total) this.#line!.end();
  }

  onSave(): void {
    this.output.say("Saving the model, drawing the report.");
    this.output.say();
  }

  /** Loss before the others, training before validation. */
  #metrics(logs: Logs): string {
    const rank = (key: string): number => (key.startsWith("val_") ? 2 : 0) + (key.endsWith("loss") ? 0 : 1);
    const record = taskOf(this.task);
    const monitors = record.monitors(this.task);
    return Object.entries(record.informative(logs, this.task))
      .sort(([a], [b]) => rank(a) - rank(b))
      .map(([key, value]) => `${shortName(key, monitors)} ${metric(value)}`)
      .join("  ");
  }
}

/** A metric's key where room is short: `val_top-5` for `val_sparse_top_k_categorical_accuracy`. */
function shortName(key: string, monitors: readonly Monitor[]): string {
  const plain = key.replace(/^val_/, "");
  const known = monitors.find((monitor) => monitor.key === plain);
  return known === undefined ? key : key.replace(plain, known.short);
}

function epochName(epoch: number, { epochs }: TrainingRun): string {
  return `Epoch ${String(epoch + 1).padStart(String(epochs).length)}/${epochs}`;
}

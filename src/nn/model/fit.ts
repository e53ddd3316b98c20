// The training loop, to the letter of Keras: shuffle, batches with the last partial one, results averaged over
// samples, validation at the end of each epoch, callbacks. Seeded by (seed, epoch), so that a resumed run repeats it.
import { FoveaError } from "../../core/errors.js";
import { Random, STREAM } from "../../core/random.js";
import type { Callback, Logs, TrainedModel, TrainingRun } from "../callbacks/callback.js";
import { epochLogger } from "../callbacks/epoch-logger.js";
import { History } from "../callbacks/history.js";
import { checkOptions, wholeNumber } from "../options.js";
import { type BatchSource, batchesOf, checkSamples, forBatches, sourceOf, type TrainingData } from "./data.js";
import type { TrainingState } from "./state.js";
import { Totals, type Trainer } from "./trainer.js";

export interface FitOptions {
  /** Default 1. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  readonly validationData?: TrainingData;
  /** Default: the batch size. */
  readonly validationBatchSize?: number;
  /** Whether the samples are put into a new order before each epoch. Default true. */
  readonly shuffle?: boolean;
  readonly callbacks?: readonly Callback[];
  /** Of the order of samples and of dropout. Default: the model's. */
  readonly seed?: number;
  /** The epoch to begin with, counted from 0. Default 0. */
  readonly initialEpoch?: number;
  /** 1 prints a line an epoch, 0 (the default) nothing. */
  readonly verbose?: 0 | 1;
  /** Aborting ends training after the current batch; the weights stay usable. */
  readonly signal?: AbortSignal;
  /** Called at the end of every epoch with all that `resume` needs. */
  readonly checkpoint?: (state: TrainingState) => void | Promise<void>;
  /** Goes on from a checkpoint of a run with the same data and options. */
  readonly resume?: TrainingState;
}

const OPTIONS: readonly (keyof FitOptions)[] = [
  "epochs",
  "batchSize",
  "validationData",
  "validationBatchSize",
  "shuffle",
  "callbacks",
  "seed",
  "initialEpoch",
  "verbose",
  "signal",
  "checkpoint",
  "resume",
];

const PRINTER = epochLogger();

/** Sorted by key, as Keras logs them. */
const sorted = (values: Readonly<Record<string, number>>, prefix = ""): Logs =>
  Object.fromEntries(
    Object.keys(values)
      .sort()
      .map((key) => [prefix + key, values[key]!]),
  );

/** Milliseconds of work after which the event loop gets a turn: for signals, timers and the page. */
const TURN_MS = 50;

/** Gives the event loop a turn now and then. The clock decides when, and nothing else depends on it. */
export function breather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < TURN_MS) return;
    await new Promise((resume) => setTimeout(resume));
    last = performance.now();
  };
}

/** A source whose samples fit the model. */
export function fittingSource(who: string, data: TrainingData, trainer: Trainer): BatchSource {
  const source = sourceOf(who, data);
  checkSamples(who, [source.size, ...source.x.shape], trainer.model.inputShape);
  return source;
}

/** What `fit` needs of the model besides its trainer. */
export interface Fitted extends TrainedModel {
  readonly seed: number;
  readonly trainer: Trainer;
  readState(): Promise<Pick<TrainingState, "weights" | "slots">>;
  writeState(state: Pick<TrainingState, "weights" | "slots">): Promise<void>;
}

class Fit implements TrainingRun {
  readonly batchSize: number;
  readonly epochs: number;
  readonly samples: number;
  readonly steps: number;
  readonly quantities: readonly string[];
  readonly history = new History();
  readonly #callbacks: readonly Callback[];
  readonly #train: BatchSource;
  readonly #validation: BatchSource | undefined;
  readonly #seed: number;
  readonly #breathe = breather();
  #stopped = false;

  constructor(
    readonly model: Fitted,
    data: TrainingData,
    readonly options: FitOptions,
  ) {
    checkOptions("fit", options, OPTIONS);
    this.#train = fittingSource("fit", data, model.trainer);
    const { validationData } = options;
    this.#validation = validationData && fittingSource("fit validationData", validationData, model.trainer);
    this.batchSize = wholeNumber("fit batchSize", options.batchSize ?? 32);
    this.epochs = wholeNumber("fit epochs", options.epochs ?? 1, 0);
    this.samples = this.#train.size;
    this.steps = Math.ceil(this.samples / this.batchSize);
    this.#callbacks = options.callbacks ?? [];
    this.#seed = options.resume?.seed ?? options.seed ?? model.seed;
    const names = ["loss", ...model.trainer.metricsFor(this.#train).map(({ name }) => name)].sort();
    this.quantities = this.#validation === undefined ? names : [...names, ...names.map((name) => `val_${name}`)];
  }

  stop(): void {
    this.#stopped = true;
  }

  directionOf(quantity: string): "up" | "down" | undefined {
    const name = quantity.replace(/^val_/, "");
    if (name === "loss") return "down";
    return this.model.trainer.metricsFor(this.#train).find((metric) => metric.name === name)?.direction;
  }

  async run(): Promise<History> {
    const { resume } = this.options;
    for (const callback of this.#callbacks) await callback.onTrainBegin?.(this);
    if (resume !== undefined) await this.#restore(resume);
    let logs: Logs = {};
    const first = resume?.epoch ?? wholeNumber("fit initialEpoch", this.options.initialEpoch ?? 0, 0);
    for (let epoch = first; epoch < this.epochs && !this.#stopped && !this.#aborted; epoch++) {
      for (const callback of this.#callbacks) await callback.onEpochBegin?.(epoch, this);
      const totals = await this.#trainEpoch(epoch);
      if (this.#aborted) break;
      logs = await this.#withValidation(sorted(totals.means()));
      this.history.onEpochEnd(epoch, logs);
      for (const callback of this.#callbacks) await callback.onEpochEnd?.(epoch, logs, this);
      if (this.options.verbose === 1) await PRINTER.onEpochEnd?.(epoch, logs, this);
      await this.options.checkpoint?.(await this.#state(epoch + 1));
    }
    for (const callback of this.#callbacks) await callback.onTrainEnd?.(logs, this);
    return this.history;
  }

  get #aborted(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  async #trainEpoch(epoch: number): Promise<Totals> {
    const { trainer } = this.model;
    const shuffled = this.options.shuffle ?? true;
    const order = shuffled ? new Random(this.#seed, STREAM.shuffle, epoch).permutation(this.samples) : undefined;
    const totals = new Totals(trainer.metricsFor(this.#train));
    let batch = 0;
    await forBatches(this.#train, batchesOf(this.samples, this.batchSize, order), async (data) => {
      totals.add(await trainer.train(data, this.#seed));
      const logs = sorted(totals.means());
      for (const callback of this.#callbacks) await callback.onBatchEnd?.(batch, logs, this);
      batch++;
      await this.#breathe();
      return !this.#stopped && !this.#aborted;
    });
    return totals;
  }

  async #withValidation(logs: Logs): Promise<Logs> {
    if (this.#validation === undefined) return logs;
    const size = wholeNumber("fit validationBatchSize", this.options.validationBatchSize ?? this.batchSize);
    const totals = await this.model.trainer.evaluate(this.#validation, size, this.#breathe);
    return { ...logs, ...sorted(totals.means(), "val_") };
  }

  async #state(epoch: number): Promise<TrainingState> {
    const { trainer } = this.model;
    return {
      epoch,
      iterations: trainer.iterations,
      learningRate: trainer.optimizer.learningRate,
      seed: this.#seed,
      stopped: this.#stopped,
      ...(await this.model.readState()),
      history: this.history.getState(),
      callbacks: this.#callbacks.map((callback) => callback.getState?.() ?? null),
    };
  }

  async #restore(state: TrainingState): Promise<void> {
    if (state.callbacks.length !== this.#callbacks.length)
      throw new FoveaError(
        `fit resume: the checkpoint is of a run with ${state.callbacks.length} callbacks, ` +
          `received ${this.#callbacks.length}; pass the same ones in the same order`,
      );
    await this.model.writeState(state);
    this.model.trainer.iterations = state.iterations;
    this.model.trainer.optimizer.learningRate = state.learningRate;
    this.#stopped = state.stopped;
    this.history.setState(state.history);
    state.callbacks.forEach((saved, i) => {
      if (saved !== null) this.#callbacks[i]!.setState?.(saved);
    });
  }
}

/** Trains a compiled model; see `Model.fit`. */
export const fit = (model: Fitted, data: TrainingData, options: FitOptions): Promise<History> =>
  new Fit(model, data, options).run();

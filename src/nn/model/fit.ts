// The training loop, to the letter of Keras: shuffle, batches with the last partial one, results averaged over
// samples, validation at the end of each epoch, callbacks. Seeded by (seed, epoch), so that a resumed run repeats it.
import { FoveaError, shown } from "../../core/errors.js";
import { ownValue } from "../../core/lookup.js";
import { checkOptions, flag, wholeNumber } from "../../core/options.js";
import { Random, STREAM } from "../../core/random.js";
import type { TensorType } from "../../core/tensor.js";
import { breather } from "../../platform/breather.js";
import type { Callback, Logs, TrainedModel, TrainingRun } from "../callbacks/callback.js";
import { epochLogger } from "../callbacks/epoch-logger.js";
import { History } from "../callbacks/history.js";
import {
  batchesOf,
  batchType,
  firstOf,
  forBatches,
  type Ports,
  type Source,
  sourceOf,
  splitOff,
  type TrainingData,
  withClassWeight,
} from "./data.js";
import { DivergedError, type Divergence, divergenceAt, GoodWeights } from "./divergence.js";
import type { TrainingState } from "./state.js";
import { Totals } from "./totals.js";
import type { Trainer } from "./trainer.js";

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
  /** Samples in a batch of validation. Default: the batch size. */
  readonly validationBatchSize?: number;
  /** True where the samples are put into a new order before each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Callbacks, called in this order. Default: none. */
  readonly callbacks?: readonly Callback[];
  /** Weight of each class's samples in the loss. Default 1, also for classes that are not named. */
  readonly classWeight?: Readonly<Record<number, number>>;
  /**
   * Runs one epoch of so many batches (`true`: one), with as many of validation, to see that everything fits together.
   * No callback hears of it and no checkpoint is made. Default false.
   */
  readonly fastDevRun?: boolean | number;
  /** Seed of the order of samples and of dropout. Default: the model's. */
  readonly seed?: number;
  /** The epoch to begin with, counted from 0. Default 0. */
  readonly initialEpoch?: number;
  /** 1 or 2 prints a line per epoch, 0 (the default) nothing. */
  readonly verbose?: 0 | 1 | 2;
  /**
   * Told when a loss that is not finite has ended training after good epochs. Default: the sentence goes to
   * `console.warn`.
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

const OPTIONS: readonly (keyof FitOptions)[] = [
  "epochs",
  "batchSize",
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

const PRINTER = epochLogger();

/** Sorted by key, as Keras logs them. */
const sorted = (values: Readonly<Record<string, number>>, prefix = ""): Logs =>
  Object.fromEntries(
    Object.keys(values)
      .sort()
      .map((key) => [prefix + key, values[key]!]),
  );

/** Parts of the model that `fit` needs besides its trainer. */
export interface Fitted extends TrainedModel {
  readonly seed: number;
  readonly trainer: Trainer;
  readonly ports: Ports;
  readState(): Promise<Pick<TrainingState, "weights" | "slots">>;
  writeState(state: Pick<TrainingState, "weights" | "slots">): Promise<void>;
}

/** @throws FoveaError for options that no code could make sense of, or that contradict each other. */
function checkFitOptions(options: FitOptions): void {
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

class Fit implements TrainingRun {
  readonly batchSize: number;
  readonly epochs: number;
  readonly samples: number;
  readonly steps: number;
  readonly quantities: readonly string[];
  readonly history = new History();
  readonly #callbacks: readonly Callback[];
  readonly #train: Source;
  readonly #validation: Source | undefined;
  readonly #seed: number;
  readonly #breathe = breather();
  readonly #isTrial: boolean;
  readonly #shuffled: boolean;
  #stopped = false;
  #good: GoodWeights | undefined;
  /** The loss that is not finite, and where: the batch, or nothing for the validation. */
  #bad: Pick<Divergence, "epoch" | "batch" | "loss"> | undefined;

  constructor(
    readonly model: Fitted,
    data: TrainingData,
    readonly options: FitOptions,
  ) {
    checkOptions("fit", options, OPTIONS);
    this.batchSize = wholeNumber("fit batchSize", options.batchSize ?? 32);
    checkFitOptions(options);
    const { validationData, validationSplit = 0, classWeight, fastDevRun = false, callbacks = [] } = options;
    const trial =
      fastDevRun === false ? undefined : fastDevRun === true ? 1 : wholeNumber("fit fastDevRun", fastDevRun);
    const cut = (source: Source): Source => (trial === undefined ? source : firstOf(source, trial * this.batchSize));
    const whole = sourceOf("fit", data, model.ports);
    const [used, held] = validationSplit === 0 ? [whole] : splitOff(whole, validationSplit);
    const train = cut(used);
    this.#train = classWeight === undefined ? train : withClassWeight(train, classWeight);
    const validation =
      validationData === undefined ? held : sourceOf("fit validationData", validationData, model.ports);
    this.#validation = validation && cut(validation);
    this.epochs = trial === undefined ? wholeNumber("fit epochs", options.epochs ?? 1, 0) : 1;
    this.samples = this.#train.size;
    this.steps = Math.ceil(this.samples / this.batchSize);
    this.#isTrial = trial !== undefined;
    this.#callbacks = this.#isTrial ? [] : callbacks;
    this.#seed = options.resume?.seed ?? wholeNumber("fit seed", options.seed ?? model.seed, 0);
    this.#shuffled = flag("fit shuffle", options.shuffle, true);
    const names = ["loss", ...model.trainer.trackedFor(this.#train).map(({ key }) => key)].sort();
    const validated = this.#directions === undefined ? names : Object.keys(this.#directions).sort();
    this.quantities = [...names, ...(this.#isValidated ? validated.map((name) => `val_${name}`) : [])];
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Directions of figures that stand in place of loss and metrics on validation. */
  get #directions(): WholeValidation["directions"] | undefined {
    return this.options.validate?.directions;
  }
  get #isValidated(): boolean {
    return this.#validation !== undefined || this.#directions !== undefined;
  }

  get learningRate(): number {
    const { optimizer, iterations } = this.model.trainer;
    return optimizer.rateAt(iterations);
  }
  set learningRate(rate: number) {
    this.model.trainer.optimizer.learningRate = rate;
  }

  directionOf(quantity: string): "up" | "down" | undefined {
    const name = quantity.replace(/^val_/, "");
    if (name !== quantity && this.#directions !== undefined) return ownValue(this.#directions, name);
    if (name === "loss") return "down";
    return this.model.trainer.trackedFor(this.#train).find(({ key }) => key === name)?.direction;
  }

  async run(): Promise<History> {
    const { resume } = this.options;
    for (const { targets } of [this.#train, this.#validation ?? this.#train])
      if (targets !== undefined) this.model.trainer.checkTargets(targets);
    for (const callback of this.#callbacks) await callback.onTrainBegin?.(this);
    if (resume !== undefined) await this.#restore(resume);
    let logs: Logs = {};
    const first = resume?.epoch ?? wholeNumber("fit initialEpoch", this.options.initialEpoch ?? 0, 0);
    if (first < this.epochs) await this.#prepare();
    this.#good = new GoodWeights(first, await this.model.getWeights());
    for (let epoch = first; epoch < this.epochs && !this.#stopped && !this.#aborted; epoch++) {
      for (const callback of this.#callbacks) await callback.onEpochBegin?.(epoch, this);
      const totals = await this.#trainEpoch(epoch);
      if (this.#aborted || this.#bad !== undefined) break;
      const results = await this.#withValidation(sorted(totals.means()));
      const spoiled = this.#spoiledIn(results);
      if (spoiled !== undefined) {
        this.#bad = { epoch, batch: undefined, loss: spoiled };
        break;
      }
      logs = results;
      this.history.onEpochEnd(epoch, logs);
      for (const callback of this.#callbacks) await callback.onEpochEnd?.(epoch, logs, this);
      if ((this.options.verbose ?? 0) > 0) await PRINTER.onEpochEnd?.(epoch, logs, this);
      if (!this.#isTrial) await this.options.checkpoint?.(await this.#state(epoch + 1));
      if (epoch + 1 < this.epochs) this.#good.add(epoch + 1, await this.model.getWeights());
      if (this.#isValidated) this.#good.confirm();
    }
    if (this.#bad !== undefined) await this.#undo();
    for (const callback of this.#callbacks) await callback.onTrainEnd?.(logs, this);
    // The best epoch that a callback returns to may be the one that ended in spoiled weights.
    if (this.#bad !== undefined && !this.#good.isNewest) await this.#undo();
    else if (this.#bad !== undefined) this.#tellRestored();
    else if (!this.#isValidated && this.history.epoch.length > 0) await this.#checkWeights();
    this.#tell();
    return this.history;
  }

  /** Compiles the step for whole batches, so that a model which is too large is refused before its weights are drawn. */
  async #prepare(): Promise<void> {
    const { x, y, weighted } = this.#train;
    const batch = (types: readonly TensorType[]): TensorType[] =>
      types.map((type) => batchType(type, Math.min(this.batchSize, this.samples)));
    await this.model.trainer.prepare({ x: batch(x), y: batch(y), weighted });
  }

  /** Goes back to the last weights with a finite loss. The optimizer's memory is spoiled, so it begins afresh. */
  async #undo(inWeights = false): Promise<void> {
    const { trainer } = this.model;
    const { weights, epochs } = this.#good!.snapshot;
    this.history.divergence = divergenceAt({ ...this.#bad!, epochsKept: epochs, rate: this.learningRate, inWeights });
    await this.model.writeState({ weights, slots: trainer.freshSlots });
    trainer.iterations = 0;
  }

  /** Says which epoch's weights a callback has put back in place of those that training went back to. */
  #tellRestored(): void {
    const restored = this.#callbacks.map((callback) => callback.restoredEpoch).findLast((epoch) => epoch !== undefined);
    if (restored === undefined) return;
    const facts = { epochsKept: restored + 1, rate: this.learningRate, inWeights: false };
    this.history.divergence = divergenceAt({ ...this.#bad!, ...facts });
  }

  /** Goes back where the very last step, after which no loss was computed, spoiled the weights. */
  async #checkWeights(): Promise<void> {
    for (const { data } of await this.model.getWeights()) {
      const spoiled = data.find((value) => !Number.isFinite(value));
      if (spoiled === undefined) continue;
      this.#bad = { epoch: this.history.epoch.at(-1)!, batch: undefined, loss: spoiled };
      await this.#undo(true);
      return;
    }
  }

  /** @throws DivergedError when training diverged before an epoch had ended well: its caller has nothing to go on with. */
  #tell(): void {
    const { divergence, epoch } = this.history;
    if (divergence === undefined) return;
    if (epoch.length === 0) throw new DivergedError(divergence);
    const { onDiverged = ({ message }: Divergence): void => console.warn(message) } = this.options;
    onDiverged(divergence);
  }

  get #aborted(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  async #trainEpoch(epoch: number): Promise<Totals> {
    const { trainer } = this.model;
    const order = this.#shuffled ? new Random(this.#seed, STREAM.shuffle, epoch).permutation(this.samples) : undefined;
    const totals = new Totals(trainer.trackedFor(this.#train));
    let batch = 0;
    await forBatches(this.#train, batchesOf(this.samples, this.batchSize, order), async (data) => {
      for (const callback of this.#callbacks) await callback.onBatchBegin?.(batch, this);
      const result = await trainer.train(data, this.#seed);
      if (!Number.isFinite(result.loss)) {
        this.#bad = { epoch, batch, loss: result.loss };
        return false;
      }
      this.#good!.confirm();
      totals.add(result);
      const logs = sorted(totals.means());
      for (const callback of this.#callbacks) await callback.onBatchEnd?.(batch, logs, this);
      batch++;
      await this.#breathe();
      return !this.#stopped && !this.#aborted;
    });
    return totals;
  }

  /** A loss of the validation that is not finite, or a figure in its place. */
  #spoiledIn(results: Logs): number | undefined {
    const keys =
      this.#directions === undefined ? ["val_loss"] : Object.keys(this.#directions).map((key) => `val_${key}`);
    return keys.map((key) => results[key] ?? 0).find((value) => !Number.isFinite(value));
  }

  async #withValidation(logs: Logs): Promise<Logs> {
    const { validate } = this.options;
    if (validate !== undefined) return { ...logs, ...sorted(await validate.measure(), "val_") };
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
        "record-mismatch",
        `fit resume: the checkpoint is of a run with ${state.callbacks.length} callbacks, ` +
          `received ${this.#callbacks.length}; pass the same ones in the same order`,
      );
    await this.model.writeState(state);
    this.model.trainer.iterations = state.iterations;
    const { optimizer } = this.model.trainer;
    if (optimizer.schedule === undefined) optimizer.learningRate = state.learningRate;
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

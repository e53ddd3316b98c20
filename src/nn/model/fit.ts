// The training loop, to the letter of Keras: shuffle, batches with the last partial one, results averaged over
// samples, validation at the end of each epoch, callbacks. Seeded by (seed, epoch), so that a resumed run repeats it.
import { FoveaError } from "../../core/errors.js";
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
import { checkFitOptions, FIT_OPTIONS, type FitOptions, limitsOf, type WholeValidation } from "./fit-options.js";
import type { TrainingState } from "./state.js";
import type { StepLimits } from "./step-plan.js";
import { Totals } from "./totals.js";
import type { Trainer } from "./trainer.js";

export type { FitOptions, WholeValidation } from "./fit-options.js";

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
  #limits: StepLimits;
  #stopped = false;
  #good: GoodWeights | undefined;
  /** The loss that is not finite, and where: the batch, or nothing for the validation. */
  #bad: Pick<Divergence, "epoch" | "batch" | "loss"> | undefined;

  constructor(
    readonly model: Fitted,
    data: TrainingData,
    readonly options: FitOptions,
  ) {
    checkOptions("fit", options, FIT_OPTIONS);
    this.batchSize = wholeNumber("fit batchSize", options.batchSize ?? 32);
    checkFitOptions(options);
    this.#limits = limitsOf(options);
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
    const { trainer } = this.model;
    const types = { x: batch(x), y: batch(y), weighted };
    const { memory } = this.#limits;
    if (memory !== undefined) {
      const { microBatchSize } = await trainer.plan(types, { ...this.#limits, memory });
      this.#limits = { memory, microBatchSize };
    }
    await trainer.prepare(types, this.#limits);
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
      const result = await trainer.train(data, this.#seed, this.#limits);
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
    const size = wholeNumber(
      "fit validationBatchSize",
      this.options.validationBatchSize ?? this.#limits.microBatchSize ?? this.batchSize,
    );
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

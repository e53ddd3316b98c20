// The model: a layer made of layers that can be compiled, trained, evaluated, asked, summarised and saved. Its
// subclasses put layers together, network.ts has the graph of their calls, fit.ts the loop, trainer.ts single steps and
// graphs.ts graphs.
import type { ExecutableStats } from "../../backends/contract.js";
import type { MemoryFacts } from "../../compile/print.js";
import { FoveaError, oneOf, shown } from "../../core/errors.js";
import { type Graph, NUMERICS } from "../../core/graph/graph.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { type Shape, sameShape, sizeOf } from "../../core/shape.js";
import type { Tensor, TensorType } from "../../core/tensor.js";
import { breather } from "../../platform/breather.js";
import type { History } from "../callbacks/history.js";
import type { CallContext, Layer, LayerOptions, SymbolicTensor } from "../layers/layer.js";
import { MultiLayer } from "../layers/multi-layer.js";
import { Streams, type Weight } from "../layers/weight.js";
import { optimizerOf } from "../optimizers/index.js";
import { type ArchitectureRow, architectureRows } from "./architecture-table.js";
import {
  type ByName,
  batchesOf,
  checkCall,
  checkSamples,
  inOrder,
  type Labelled,
  type MultiLabelled,
  type Ports,
  sourceOf,
  type TrainingData,
  widened,
} from "./data.js";
import { type FitOptions, fit } from "./fit.js";
import { predictionGraph } from "./graphs.js";
import { memoryPlanOf } from "./memory-plan.js";
import type { BatchOptions, CompileOptions, PredictionOptions } from "./model-options.js";
import { ModelSession, type ProgramSource } from "./model-session.js";
import type { Network } from "./network.js";
import { objectiveOf } from "./objective.js";
import { predictBatches } from "./predictions.js";
import { emptyResult } from "./results.js";
import { type RuntimeChoice, runtimeOf } from "./runtime.js";
import { checkSlots, type TrainingState } from "./state.js";
import { type SummaryOptions, summarize } from "./summary.js";
import { Totals } from "./totals.js";
import { Trainer } from "./trainer.js";
import { weightsSha256 } from "./weights-hash.js";

export type { BatchOptions, CompileOptions, PredictionOptions } from "./model-options.js";

/** Options of every model: its name, its seed and where it computes. */
export interface ModelOptions extends LayerOptions, RuntimeChoice {
  /**
   * Writes the model to a file, for `model.save`. Default: `sequential` from "fovea" fills it in.
   * @param path The file's name; its extension chooses the format.
   */
  readonly save?: (model: Model, path: string) => Promise<void>;
  /** Seed of the initial weights, the order of samples and dropout. Default 0. */
  readonly seed?: number;
}

/**
 * The base of `sequential` and functional models: compile, fit, evaluate, predict, save, in Keras's words.
 * @param functionName The function that makes the model, for messages.
 * @example const { loss, accuracy } = await model.evaluate({ x: images, y: labels });
 */
export abstract class Model extends MultiLayer {
  /** The seed of initial weights, order of samples and dropout. */
  readonly seed: number;
  /** Place and way of computing, for models that are made from this one. */
  readonly place: Pick<ModelOptions, "runtime" | "save">;
  readonly #session: ModelSession;
  #trainer: Trainer | undefined;

  constructor(functionName: string, options: ModelOptions) {
    const { seed, runtime, runtimes, backend, threads, mode, save, ...layerOptions } = options;
    const chosen = runtimeOf(functionName, { runtime, runtimes, backend, threads, mode });
    super(functionName, layerOptions, ["runtime", "backend", "threads", "mode", "save", "seed"]);
    this.seed = wholeNumber(`${functionName} seed`, seed ?? 0, 0);
    this.place = { ...(chosen === undefined ? {} : { runtime: chosen }), ...(save === undefined ? {} : { save }) };
    this.#session = new ModelSession(functionName, chosen, async (session) => this.#trainer?.park(session));
  }

  /** The layers in Keras's order; input layers are among those of a functional model, not of a sequential one. */
  abstract override get layers(): readonly Layer[];
  /** The calls of the layers. @throws FoveaError before the model is built. */
  abstract get network(): Network;

  /** The symbolic inputs, in order. */
  get inputs(): readonly SymbolicTensor[] {
    return this.network.inputs;
  }
  /** The symbolic outputs, in order. */
  get outputs(): readonly SymbolicTensor[] {
    return this.network.outputs;
  }
  callAll(inputs: readonly Value[], context: CallContext): readonly Value[] {
    return this.network.run(inputs, context);
  }

  override get weights(): readonly Weight[] {
    return [...new Set(this.layers.flatMap((layer) => layer.weights))];
  }
  override get trainableWeights(): readonly Weight[] {
    return super.trainable ? [...new Set(this.layers.flatMap((layer) => layer.trainableWeights))] : [];
  }
  override get trainable(): boolean {
    return super.trainable;
  }
  /** Freezes or thaws all layers. */
  override set trainable(trainable: boolean) {
    super.trainable = trainable;
    for (const layer of this.layers) layer.trainable = trainable;
  }

  /** Builds the model for samples of a shape; needed only where no `input([...])` says it. */
  override build(inputShape: Shape, streams: Streams = new Streams(this.seed)): void {
    super.build(inputShape, streams);
  }
  /** A model that was built on its own and now becomes part of another draws its weights from streams of that one. */
  override buildAll(inputShapes: readonly Shape[], streams: Streams): void {
    const ownStreams = this.built ? streams.nested(this.name) : streams;
    super.buildAll(inputShapes, ownStreams);
    if (ownStreams !== streams) for (const weight of this.weights) weight.drawFrom(ownStreams);
  }
  protected override fitsWeights(shapes: readonly Shape[], built: readonly Shape[]): boolean {
    return shapes.length === built.length && shapes.every((shape, i) => sameShape(shape, built[i]!));
  }

  /**
   * A layer by name, by names along nested models (`"mobilenetv2/Conv_1"`), or by index.
   * @param which A name, names along nested models with `/` between them, or `{ index }`; a negative index counts from
   * the end.
   * @throws FoveaError listing the names.
   * @example model.getLayer("conv1"), model.getLayer({ index: -1 })
   */
  getLayer(which: string | { readonly index: number }): Layer {
    if (typeof which !== "string" && typeof which?.index !== "number")
      throw new FoveaError("wrong-type", `getLayer: expected a name or { index }, received ${shown(which)}`);
    const { layers } = this;
    const found = typeof which === "string" ? layers.find(({ name }) => name === which) : layers.at(which.index);
    if (found !== undefined) return found;
    const slash = typeof which === "string" ? which.indexOf("/") : -1;
    const nested = typeof which === "string" && layers.find(({ name }) => name === which.slice(0, Math.max(0, slash)));
    if (nested instanceof Model) return nested.getLayer((which as string).slice(slash + 1));
    throw new FoveaError(
      "unknown-layer",
      `getLayer: there is no layer ${typeof which === "string" ? `"${which}"` : `number ${which.index}`}; ` +
        `the layers are ${layers.map(({ name }) => name).join(", ")}`,
    );
  }

  /** Keras's boxed table of layers, shapes and parameters. */
  summary(options?: SummaryOptions): string {
    const { name, layers, weights, trainableWeights } = this;
    const network = this.className === "Functional" ? this.network : undefined;
    const trained = this.#trainer !== undefined && this.#trainer.iterations > 0;
    // Keras counts its iteration counter and its learning rate as well.
    const optimizerParams = trained
      ? 2 + this.#trainer!.slots.reduce((n, { type }) => n + sizeOf(type.shape), 0)
      : undefined;
    return summarize({ name, layers, network, weights, trainableWeights, optimizerParams }, options);
  }

  /** The layers that compute as papers print them: C1, S2, ..., with sizes, kernels, strides, padding, activations. */
  architecture(): ArchitectureRow[] {
    return architectureRows(this.inputShape, this.layers);
  }

  /**
   * Sets optimizer, loss and metrics of training. It also fixes which layers are trainable, and resets the optimizer.
   * @example model.compile({ optimizer: "adam", loss: "mse", metrics: ["accuracy"] })
   */
  compile(options: CompileOptions): void {
    checkOptions("compile", options, ["optimizer", "loss", "lossWeights", "metrics", "weightedMetrics", "numerics"]);
    for (const needed of ["optimizer", "loss"] as const)
      if (options[needed] === undefined || options[needed] === null)
        throw new FoveaError("missing-option", `compile: expected an optimizer and a loss, ${needed} is missing`);
    const objective = objectiveOf(options, this.outputNames);
    const numerics = oneOf("compile numerics", options.numerics ?? 2, NUMERICS);
    this.#trainer = new Trainer(this, this.#session, optimizerOf(options.optimizer), objective, numerics);
  }

  /** The names of the layers that the outputs come out of, as losses, metrics and targets may be named by. */
  get outputNames(): readonly string[] {
    if (!this.built) return [this.layers.at(-1)?.name ?? this.name];
    return this.outputs.map(({ call }) => call.layer.name);
  }
  /** The inputs and outputs. */
  get ports(): Ports {
    const inputs = this.inputs.map(({ call, shape }) => ({ name: call.layer.name, shape }));
    return { inputs, outputs: this.outputNames };
  }

  /** The trainer that `compile` set up. @throws FoveaError before it. */
  get trainer(): Trainer {
    if (this.#trainer === undefined)
      throw new FoveaError(
        "not-ready",
        "fit: the model is not compiled; call compile({ optimizer, loss, metrics }) first",
      );
    return this.#trainer;
  }
  /** True after `compile`. */
  get compiled(): boolean {
    return this.#trainer !== undefined;
  }

  /**
   * Trains the model and returns the history, whose keys are Keras's. The first loss that is not finite ends training: the
   * model gets the last good weights, `history.divergence` and a warning say so.
   * @param data Samples and targets.
   * @throws DivergedError when that happens in the first epoch.
   * @example const history = await model.fit({ x, y }, { epochs: 10, batchSize: 128, validationData })
   */
  async fit(data: TrainingData, options: FitOptions = {}): Promise<History> {
    checkCall("fit", data, options);
    this.#buildForData(data);
    return fit(this, data, options);
  }

  /**
   * Trains on one batch and returns its loss and metrics before the step.
   * @param data Samples and targets of the batch.
   * @param seed Seed of dropout and augmentation; default, the model's.
   */
  async trainOnBatch(data: Labelled | MultiLabelled, seed = this.seed): Promise<Record<string, number>> {
    checkCall("trainOnBatch", data, seed);
    this.#buildForData(data);
    const source = sourceOf("trainOnBatch", data, this.ports);
    const totals = new Totals(this.trainer.trackedFor(source));
    for (const indices of batchesOf(source.size, source.size))
      totals.add(await this.trainer.train(await source.take(indices), seed));
    return totals.means();
  }

  /**
   * Compiles the training step for batches of these types ahead of time and returns the costs.
   * @param x Dtype and shape of a batch of samples.
   * @param y Dtype and shape of a batch of targets.
   */
  async prepareTraining(x: TensorType, y: TensorType): Promise<ExecutableStats> {
    return this.trainer.prepare({ x: [x], y: [y], weighted: false });
  }

  /**
   * Compiles the prediction of batches of this type ahead of time and returns the costs.
   * @param x Dtype and shape of a batch of samples.
   */
  async preparePrediction(x: TensorType): Promise<ExecutableStats> {
    this.#buildFor(x, false);
    checkSamples("preparePrediction", x.shape, this.inputShape);
    return this.#session.prepare(this.#predictionProgram([x]));
  }

  /**
   * Memory that a training step on such batches needs, or without `y` a prediction of them, kernel by kernel.
   * @param x Dtype and shape of a batch of samples.
   * @param y Dtype and shape of a batch of targets; default none, a prediction.
   * @example model.memoryPlan({ dtype: "uint8", shape: [128, 12, 12, 1] })
   */
  memoryPlan(x: TensorType, y?: TensorType): MemoryFacts {
    this.#buildFor(x, false);
    checkSamples("memoryPlan", x.shape, this.inputShape);
    return memoryPlanOf(this.place.runtime?.backend, () =>
      y === undefined ? predictionGraph(this, [x]) : this.trainer.trainingGraph({ x: [x], y: [y], weighted: false }),
    );
  }

  /**
   * Runs the caller's graph over the model's weights, where the model computes. `build` is called once for each key.
   * @param key The name under which the compiled graph is kept.
   * @param inputs Values for the graph's inputs, in order.
   */
  async compute(key: string, build: () => Graph, inputs: readonly Tensor[]): Promise<Tensor[]> {
    return this.#session.run({ key: `compute:${key}`, build }, inputs, this.weights);
  }

  /**
   * Loss and metrics over all samples, `loss` first.
   * @param data Samples and targets.
   */
  async evaluate(data: TrainingData, options: BatchOptions = {}): Promise<Record<string, number>> {
    checkCall("evaluate", data, options);
    checkOptions("evaluate", options, ["batchSize", "onBatch"]);
    this.#buildForData(data);
    const source = sourceOf("evaluate", data, this.ports);
    const batchSize = wholeNumber("evaluate batchSize", options.batchSize ?? 32);
    const breathe = breather();
    let done = 0;
    const totals = await this.trainer.evaluate(source, batchSize, (samples) => {
      done += samples;
      options.onBatch?.(done, source.size);
      return breathe();
    });
    return totals.means();
  }

  /**
   * Predictions for a batch of samples, `[batch, ...outputShape]` float32.
   * @param x Samples, `[batch, ...]`.
   * @throws FoveaError when the batch axis is missing (`expandDims(image, 0)` adds it), or there are several outputs.
   */
  async predict(x: ByName<Tensor>, options: PredictionOptions = {}): Promise<Tensor<"float32">> {
    return this.single("outputs (predictAll gives all)", await this.predictAll(x, options));
  }

  /**
   * `predict` for a model with several outputs: one tensor each.
   * @param x Samples of each input, by its name or in the order of inputs.
   */
  async predictAll(x: ByName<Tensor>, options: PredictionOptions = {}): Promise<Tensor<"float32">[]> {
    checkOptions("predict", options, ["batchSize", "onBatch", "fill"]);
    if (typeof x === "object" && x !== null && "dtype" in x) this.#buildFor(x as Tensor, false);
    const { inputs } = this.ports;
    const tensors = inOrder(
      "predict",
      "x",
      x,
      inputs.map(({ name }) => name),
    ).map(widened);
    inputs.forEach(({ shape }, i) => {
      checkSamples("predict", tensors[i]!.shape, shape);
    });
    const batchSize = wholeNumber("predict batchSize", options.batchSize ?? 32);
    const total = tensors[0]!.shape[0]!;
    const room = () => this.outputShapes.map((sample) => emptyResult(this.label, [total, ...sample]));
    const run = (rows: readonly Tensor[]) => this.#session.run(this.#predictionProgram(rows), rows, this.weights);
    return predictBatches(tensors, { ...options, batchSize }, room, run);
  }

  /** Replaces all weights. @throws FoveaError, with nothing changed, unless number and shapes are right. */
  override async setWeights(weights: readonly Tensor[]): Promise<void> {
    await super.setWeights(weights);
    await this.#session.refresh(this.weights);
  }

  /**
   * Writes the model to a file, completely or not at all. The extension chooses the format, `.keras` or `.onnx`, or
   * `.weights.h5` or `.safetensors` for the weights alone. `saveModel(model, path, { facts })` adds class names.
   * @throws FoveaError for another extension, or a model that the format cannot hold.
   * @example await model.save("model.keras")
   */
  async save(path: string): Promise<void> {
    if (this.place.save === undefined)
      throw new FoveaError(
        "missing-option",
        'save: this model knows no file formats; make it with sequential() from "fovea", or use saveModel',
      );
    await this.place.save(this, path);
  }

  /** SHA-256 over all weights as little-endian float32, in the order of `weights`: equal exactly for equal bits. */
  async weightsSha256(): Promise<string> {
    return weightsSha256(await this.getWeights());
  }

  /** Copies of the weights and of the optimizer's slots. */
  async readState(): Promise<Pick<TrainingState, "weights" | "slots">> {
    const { trainer } = this;
    return { weights: await this.getWeights(), slots: await this.#session.readState(() => trainer.slots) };
  }

  /** Puts back weights and slots that `readState` gave. */
  async writeState({ weights, slots }: Pick<TrainingState, "weights" | "slots">): Promise<void> {
    const { trainer } = this;
    checkSlots(slots.length, trainer.slots.length);
    await this.setWeights(weights);
    await this.#session.writeState(() => trainer.slots.map((slot, i) => [slot, slots[i]!]));
  }

  /**
   * Frees the memory that the model computes with, after the batch that is being computed, and also when an error came
   * before; threads end with the last model that shares them, or with the `runtime` that was passed. The model stays
   * usable and opens them again when needed.
   */
  close(): Promise<void> {
    return this.#session.close();
  }

  #predictionProgram(types: readonly TensorType[]): ProgramSource {
    const key = types.map(({ dtype, shape }) => `${dtype}[${shape}]`).join();
    return { key: `predict:${key}`, build: () => predictionGraph(this, types) };
  }

  /** A model without an input layer takes the shape of the first data that it sees. */
  #buildFor({ shape }: TensorType, isSample: boolean): void {
    if (!this.built) this.build(isSample ? shape : shape.slice(1));
  }
  #buildForData(data: TrainingData): void {
    if (!this.built && typeof data === "object" && data !== null && "x" in data && "shape" in data.x)
      this.#buildFor(data.x as TensorType, !("data" in data.x));
  }
}

// The compiled side of a model: optimizer with its slots, objective, and single steps on its session. Epochs and
// callbacks are fit.ts's business.

import type { ExecutableStats, Session } from "../../backends/contract.js";
import { variableBytes } from "../../compile/plan.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph, Numerics } from "../../core/graph/graph.js";
import { Variable } from "../../core/graph/node.js";
import { keyOf } from "../../core/random.js";
import { sizeOf } from "../../core/shape.js";
import { sliceRows, type Tensor, type TensorType } from "../../core/tensor.js";
import type { Layer } from "../layers/layer.js";
import type { Weight } from "../layers/weight.js";
import type { Optimizer } from "../optimizers/index.js";
import { type Batch, batchesOf, batchType, forBatches, type Source } from "./data.js";
import {
  type BatchTypes,
  countStep,
  evaluationGraph,
  LOSS_OUTPUT,
  type PartSums,
  partStep,
  sumStep,
  type Trained,
  type Training,
  type TrainingStep,
  trainingStep,
} from "./graphs.js";
import type { ModelSession, ProgramSource } from "./model-session.js";
import { type Objective, type Tracked, trackedOf } from "./objective.js";
import type { StepLimits, StepPlan } from "./step-plan.js";
import { type StepResult, Totals } from "./totals.js";

const KEYS = { train: "train:", evaluate: "evaluate:" } as const;

const typesOf = ({ x, y, weight }: Batch): BatchTypes => ({ x, y, weighted: weight !== undefined });

function keyFor(kind: string, { x, y, weighted }: BatchTypes): string {
  const show = (types: readonly TensorType[]): string => types.map(({ dtype, shape }) => `${dtype}[${shape}]`).join();
  return `${kind}${show(x)};${show(y)};${weighted}`;
}

export class Trainer {
  /** Steps taken since `compile`. */
  iterations = 0;
  #trained: readonly Trained[];
  /** Frozen when the model was compiled: what is changed later counts at the next `compile`. */
  readonly #frozen: ReadonlySet<Layer>;
  /** Weights that each training program changes besides the trained ones. */
  readonly #updated = new Map<string, readonly Weight[]>();
  /** Sums over the parts of a batch. They live as long as the programs that use them. */
  readonly #sums: PartSums;

  constructor(
    readonly model: Layer,
    readonly session: ModelSession,
    readonly optimizer: Optimizer,
    /** Metrics are as the user gave them: "accuracy" is settled when the targets' shape is known. */
    readonly objective: Objective,
    readonly numerics: Numerics,
  ) {
    session.forget(KEYS.train, KEYS.evaluate);
    this.#frozen = new Set(allLayers(model).filter((layer) => !layer.trainable));
    this.#trained = model.trainableWeights.map((weight) => ({
      weight,
      slots: optimizer.slotNames.map((slot) => slotFor(weight, slot, optimizer.slotStart)),
    }));
    this.#sums = {
      slopes: this.#trained.map(({ weight }) => slotFor(weight, "slope", 0)),
      states: new Map(),
    };
  }

  /** The optimizer's variables, weight by weight. */
  get slots(): readonly Variable[] {
    return this.#trained.flatMap(({ slots }) => slots);
  }

  /** Values of the optimizer's variables before the first step. */
  get freshSlots(): readonly Tensor[] {
    return this.slots.map(({ type }) => {
      const data = new Float32Array(sizeOf(type.shape)).fill(this.optimizer.slotStart);
      return { dtype: "float32", shape: type.shape, data };
    });
  }

  /** Leaves the session: what it holds of the optimizer comes back to the host; the rest is as it begins. */
  async park(session: Session): Promise<void> {
    this.#trained = await Promise.all(
      this.#trained.map(async ({ weight, slots }) => ({
        weight,
        slots: await Promise.all(
          slots.map(async (slot) =>
            session.holds(slot) ? new Variable(slot.name, slot.type, await session.read(slot)) : slot,
          ),
        ),
      })),
    );
  }

  /** Goes on from what an earlier training left: `slots` in the order of this trainer's. Only before its first step. */
  restore(iterations: number, slots: readonly Tensor[]): void {
    let next = 0;
    this.iterations = iterations;
    this.#trained = this.#trained.map(({ weight, slots: variables }) => ({
      weight,
      slots: variables.map(({ name, type }) => new Variable(name, type, slots[next++]!)),
    }));
  }

  /** Numbers to log besides the loss, for data like this. */
  trackedFor({ y, weighted }: Pick<Source, "y" | "weighted">): Tracked[] {
    return trackedOf(
      this.objective,
      y.map((type) => batchType(type, 1).shape),
      this.model.outputShapes.map((shape) => [1, ...shape]),
      weighted,
    );
  }

  /** Compiles the training step on batches of these types ahead of time and returns the costs. */
  prepare(types: BatchTypes, limits: StepLimits = {}): Promise<ExecutableStats> {
    const batch = samplesOf(types);
    const { microBatchSize = batch } = limits;
    if (microBatchSize >= batch) return this.session.prepare(this.#wholeProgram(types, limits));
    return this.session.prepare(this.#partProgram(typesOfPart(types, microBatchSize), batch, limits));
  }

  /**
   * The way in which steps on batches of these types keep within `limits.memory`.
   * @throws FoveaError where that cannot be, or nothing says how much a step takes.
   */
  async plan(types: BatchTypes, limits: StepLimits & { readonly memory: number }): Promise<StepPlan> {
    const target = this.session.runtime?.backend.target;
    if (target === undefined)
      throw new FoveaError(
        "unsuited-option",
        `fit memory: nothing plans the memory of ${this.model.name}, whose backend does not compile; leave it out`,
      );
    const batch = samplesOf(types);
    const coupling = this.objective.find(({ loss }) => loss.couplesSamples === true);
    const graph = (samples: number): Graph =>
      (samples < batch
        ? partStep(this.model, this.#training, typesOfPart(types, samples), batch, this.#sums)
        : this.#wholeStep(types)
      ).graph;
    const { updated, mixing } = this.#wholeStep(types);
    const hasStatistics = updated.length > 0;
    // Only those who have a limit load the planner.
    const { planStep } = await import("./step-plan.js");
    return planStep({ target, batch, graph, hasStatistics, coupling: coupling?.loss.name ?? mixing, ...limits });
  }

  get #training(): Training {
    const { optimizer, objective, numerics } = this;
    return { objective, optimizer, numerics, trained: this.#trained, frozen: this.#frozen };
  }

  #program(key: string, build: () => TrainingStep, { memory }: StepLimits): ProgramSource {
    return {
      key: memory === undefined ? key : `${key} ${memory}`,
      build: () => {
        const { graph, updated } = build();
        this.#updated.set(key, updated);
        return graph;
      },
      arenaBytes: (graph, target) => (memory === undefined ? undefined : memory - variableBytes(graph, target)),
    };
  }

  #wholeProgram(types: BatchTypes, limits: StepLimits): ProgramSource {
    return this.#program(keyFor(KEYS.train, types), () => this.#wholeStep(types), limits);
  }

  #partProgram(types: BatchTypes, batch: number, limits: StepLimits): ProgramSource {
    const build = (): TrainingStep => partStep(this.model, this.#training, types, batch, this.#sums);
    return this.#program(`${keyFor(KEYS.train, types)} of ${batch}`, build, limits);
  }

  /** The graph of a training step. @throws FoveaError when there is nothing to train. */
  trainingGraph(types: BatchTypes): Graph {
    return this.#wholeStep(types).graph;
  }

  #wholeStep(types: BatchTypes): TrainingStep {
    this.#expectTrainable();
    return trainingStep(this.model, this.#training, types);
  }

  /** @throws FoveaError when there is nothing to train. */
  #expectTrainable(): void {
    if (this.#trained.length === 0)
      throw new FoveaError("not-ready", `${this.model.name}: there is no weight to train`);
  }

  /** One step: the results of the batch before the update. */
  async train(batch: Batch, seed: number, limits: StepLimits = {}): Promise<StepResult> {
    this.checkTargets(batch.y, batch.samples);
    const types = typesOf(batch);
    const numbers = this.optimizer.numbers(this.iterations).map(scalar);
    const state = this.#randomState(seed);
    if ((limits.microBatchSize ?? Infinity) < samplesOf(types)) return this.#inParts(batch, numbers, state, limits);
    const program = this.#wholeProgram(types, limits);
    const inputs = [...inputsOf(batch), ...numbers, state];
    const changed = (): Weight[] => this.#changedBy(keyFor(KEYS.train, types));
    const outputs = await this.session.run(program, inputs, this.model.weights, changed);
    this.iterations++;
    return resultOf(batch, outputs);
  }

  #randomState(seed: number): Tensor {
    const [low, high] = keyOf(seed);
    return { dtype: "int32", shape: [3], data: Int32Array.of(low, high, this.iterations) };
  }

  /** The weights that a program changes. */
  #changedBy(key: string): Weight[] {
    return [...this.#trained.map(({ weight }) => weight), ...this.#updated.get(key)!];
  }

  /** A step in parts, one after the other: slopes are added up in their order, then the weights change once. */
  async #inParts(batch: Batch, numbers: Tensor[], state: Tensor, limits: StepLimits): Promise<StepResult> {
    this.#expectTrainable();
    const coupling = this.objective.find(({ loss }) => loss.couplesSamples === true);
    if (coupling !== undefined)
      throw new FoveaError(
        "conflicting-options",
        `fit microBatchSize: the loss ${coupling.loss.name} needs the samples of a batch together, so they cannot be computed in parts; leave it out`,
      );
    const { weights } = this.model;
    const samples = samplesOf(typesOf(batch));
    const parts = partsOf(batch, limits.microBatchSize!);
    const counts = await this.#counted(parts, samples, state, limits);
    let sum: StepResult = { samples, loss: 0, totals: [] };
    for (const [i, part] of parts.entries()) {
      const inputs = [...inputsOf(part), ...placeOf(part, samples), ...counts, scalar(i === 0 ? 0 : 1), state];
      const program = this.#partProgram(typesOf(part), samples, limits);
      sum = plus(sum, await this.session.run(program, inputs, weights));
    }
    const key = `${KEYS.train}sums`;
    const program = this.#program(key, () => sumStep(this.#training, this.#sums), {});
    await this.session.run(program, numbers, weights, () => this.#changedBy(key));
    this.iterations++;
    return sum;
  }

  /** Numbers of the values in the whole batch that count, one for each loss that counts values. */
  async #counted(parts: readonly Part[], samples: number, state: Tensor, limits: StepLimits): Promise<Tensor[]> {
    if (this.objective.every(({ loss }) => loss.counting === undefined)) return [];
    let sums: number[] = [];
    for (const part of parts) {
      const types = typesOf(part);
      const key = `${keyFor(KEYS.train, types)} count of ${samples}`;
      const build = (): TrainingStep => ({ graph: countStep(this.model, this.#training, types, samples), updated: [] });
      const program = this.#program(key, build, limits);
      const inputs = [...inputsOf(part), ...placeOf(part, samples), state];
      const found = await this.session.run(program, inputs, this.model.weights);
      sums = found.map(({ data }, i) => (sums[i] ?? 0) + data[0]!);
    }
    return sums.map(scalar);
  }

  /** The results of a batch, nothing changed. */
  async test(batch: Batch): Promise<StepResult> {
    this.checkTargets(batch.y, batch.samples);
    const types = typesOf(batch);
    const key = keyFor(KEYS.evaluate, types);
    const build = (): Graph => evaluationGraph(this.model, this.objective, types);
    return resultOf(batch, await this.session.run({ key, build }, inputsOf(batch), this.model.weights));
  }

  /** Loss and metrics over all samples. */
  async evaluate(source: Source, batchSize: number, each: (samples: number) => Promise<void>): Promise<Totals> {
    const totals = new Totals(this.trackedFor(source));
    if (source.targets !== undefined) this.checkTargets(source.targets);
    await forBatches(source, batchesOf(source.size, batchSize), async (data, indices) => {
      totals.add(await this.test(data));
      await each(indices.length);
      return true;
    });
    return totals;
  }

  /** @throws FoveaError for targets that a loss has no meaning for; `samples` numbers them in its message. */
  checkTargets(y: readonly Tensor[], samples?: Int32Array): void {
    const shapes = this.model.outputShapes;
    this.objective.forEach(({ loss }, i) => {
      loss.check?.(y[i]!, shapes[i]!, samples);
    });
  }
}

/** A layer and all layers inside it. */
const allLayers = (layer: Layer): Layer[] => [layer, ...layer.layers.flatMap(allLayers)];

function slotFor({ path, shape }: Weight, name: string, start: number): Variable {
  const type = { dtype: "float32", shape } as const;
  const full = `${path}/${name}`;
  if (start === 0) return new Variable(full, type);
  return new Variable(full, type, () => ({ ...type, data: new Float32Array(sizeOf(shape)).fill(start) }));
}

const inputsOf = ({ x, y, weight }: Batch): Tensor[] => {
  if (weight === undefined) return [...x, ...y];
  const data = Float32Array.from(weight.data);
  return [...x, ...y, { dtype: "float32", shape: [data.length], data }];
};

/** A part of a batch, from its first sample on. */
interface Part extends Batch {
  readonly first: number;
}

const samplesOf = ({ x }: Pick<BatchTypes, "x">): number => x[0]!.shape[0]!;

const typesOfPart = ({ x, y, weighted }: BatchTypes, samples: number): BatchTypes => {
  const cut = ({ dtype, shape }: TensorType): TensorType => ({ dtype, shape: [samples, ...shape.slice(1)] });
  return { x: x.map(cut), y: y.map(cut), weighted };
};

function partsOf({ x, y, weight, samples }: Batch, size: number): Part[] {
  const count = samplesOf({ x });
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => {
    const [first, end] = [i * size, Math.min((i + 1) * size, count)];
    const cut = (tensor: Tensor): Tensor => sliceRows(tensor, first, end);
    return {
      first,
      x: x.map(cut),
      y: y.map(cut),
      weight: weight && cut(weight),
      samples: samples?.subarray(first, end),
    };
  });
}

const scalar = (value: number): Tensor => ({ dtype: "float32", shape: [], data: Float32Array.of(value) });

/** Inputs that tell a part's place in a batch of so many samples. */
function placeOf(part: Part, batch: number): Tensor[] {
  const samples = samplesOf(typesOf(part));
  const rows = Int32Array.from({ length: samples }, (_, i) => part.first + i);
  return [scalar(samples / batch), { dtype: "int32", shape: [1, samples], data: rows }];
}

/** A batch's results with those of one more of its parts. */
const plus = ({ samples, loss, totals }: StepResult, outputs: readonly Tensor[]): StepResult => ({
  samples,
  loss: loss + outputs[LOSS_OUTPUT]!.data[0]!,
  totals: outputs
    .slice(LOSS_OUTPUT + 1)
    .map(({ data }, i) => Float64Array.from(data, (value, at) => value + (totals[i]?.[at] ?? 0))),
});

const resultOf = ({ x }: Batch, outputs: readonly Tensor[]): StepResult => ({
  samples: x[0]!.shape[0]!,
  loss: outputs[LOSS_OUTPUT]!.data[0]!,
  totals: outputs.slice(LOSS_OUTPUT + 1).map(({ data }) => data),
});

// The compiled side of a model: optimizer with its slots, objective, and single steps on its session. Epochs and
// callbacks are fit.ts's business.
import type { ExecutableStats, Session } from "../../backends/contract.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph, Numerics } from "../../core/graph/graph.js";
import { Variable } from "../../core/graph/node.js";
import { keyOf } from "../../core/random.js";
import { sizeOf } from "../../core/shape.js";
import type { Tensor, TensorType } from "../../core/tensor.js";
import type { Layer } from "../layers/layer.js";
import type { Weight } from "../layers/weight.js";
import type { Optimizer } from "../optimizers/index.js";
import { type Batch, batchesOf, batchType, forBatches, type Source } from "./data.js";
import { type BatchTypes, evaluationGraph, LOSS_OUTPUT, type Trained, trainingStep } from "./graphs.js";
import type { ModelSession, ProgramSource } from "./model-session.js";
import { type Objective, type Tracked, trackedOf } from "./objective.js";
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
  prepare(types: BatchTypes): Promise<ExecutableStats> {
    return this.session.prepare(this.#trainingProgram(types));
  }

  #trainingProgram(types: BatchTypes): ProgramSource {
    const key = keyFor(KEYS.train, types);
    const build = (): Graph => {
      const { graph, updated } = this.#trainingStep(types);
      this.#updated.set(key, updated);
      return graph;
    };
    return { key, build };
  }

  /** The graph of a training step. @throws FoveaError when there is nothing to train. */
  trainingGraph(types: BatchTypes): Graph {
    return this.#trainingStep(types).graph;
  }

  #trainingStep(types: BatchTypes): ReturnType<typeof trainingStep> {
    if (this.#trained.length === 0)
      throw new FoveaError("not-ready", `${this.model.name}: there is no weight to train`);
    const { optimizer, objective, numerics } = this;
    const training = { objective, optimizer, numerics, trained: this.#trained, frozen: this.#frozen };
    return trainingStep(this.model, training, types);
  }

  /** One step: the results of the batch before the update. */
  async train(batch: Batch, seed: number): Promise<StepResult> {
    this.checkTargets(batch.y, batch.samples);
    const types = typesOf(batch);
    const [low, high] = keyOf(seed);
    const numbers = this.optimizer.numbers(this.iterations);
    const inputs: Tensor[] = [
      ...inputsOf(batch),
      ...numbers.map((number): Tensor => ({ dtype: "float32", shape: [], data: Float32Array.of(number) })),
      { dtype: "int32", shape: [3], data: Int32Array.of(low, high, this.iterations) },
    ];
    const changed = (): Weight[] => [
      ...this.#trained.map(({ weight }) => weight),
      ...this.#updated.get(keyFor(KEYS.train, types))!,
    ];
    const outputs = await this.session.run(this.#trainingProgram(types), inputs, this.model.weights, changed);
    this.iterations++;
    return resultOf(batch, outputs);
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

const resultOf = ({ x }: Batch, outputs: readonly Tensor[]): StepResult => ({
  samples: x[0]!.shape[0]!,
  loss: outputs[LOSS_OUTPUT]!.data[0]!,
  totals: outputs.slice(LOSS_OUTPUT + 1).map(({ data }) => data),
});

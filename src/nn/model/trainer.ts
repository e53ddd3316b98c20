// The compiled side of a model: optimizer with its slots, loss, metrics, and single steps on the engine. Epochs and
// callbacks are fit.ts's business.
import type { Executable, Session } from "../../backends/contract.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph } from "../../core/graph/graph.js";
import { Variable } from "../../core/graph/node.js";
import { keyOf } from "../../core/random.js";
import type { Tensor, TensorType } from "../../core/tensor.js";
import type { Layer } from "../layers/layer.js";
import type { Weight } from "../layers/weight.js";
import type { Loss } from "../losses/index.js";
import type { Metric, MetricLike } from "../metrics/index.js";
import type { Optimizer } from "../optimizers/index.js";
import { type BatchSource, batchesOf, batchType, forBatches, type Labelled } from "./data.js";
import type { Engine } from "./engine.js";
import { evaluationGraph, metricsFor, type Trained, trainingStep } from "./graphs.js";

/** What a batch gave: how many samples, the mean loss, and the sum of each metric over the samples. */
export interface StepResult {
  readonly samples: number;
  readonly loss: number;
  readonly sums: readonly number[];
}

/** Adds up batches; loss and metrics come out as means over samples, as Keras counts them. */
export class Totals {
  #samples = 0;
  #loss = 0;
  readonly #sums: number[];
  constructor(readonly metrics: readonly Metric[]) {
    this.#sums = metrics.map(() => 0);
  }
  add({ samples, loss, sums }: StepResult): void {
    this.#samples += samples;
    this.#loss += loss * samples;
    sums.forEach((sum, i) => {
      this.#sums[i]! += sum;
    });
  }
  /** `loss` first, then the metrics in their order. */
  means(): Record<string, number> {
    const entries = this.metrics.map((metric, i): [string, number] => [metric.name, this.#sums[i]! / this.#samples]);
    return Object.fromEntries([["loss", this.#loss / this.#samples], ...entries]);
  }
}

const KEYS = { train: "train:", evaluate: "evaluate:" } as const;
const keyFor = (kind: string, x: TensorType, y: TensorType): string =>
  `${kind}${x.dtype}[${x.shape}]${y.dtype}[${y.shape}]`;

export class Trainer {
  /** Steps taken since `compile`. */
  iterations = 0;
  #trained: readonly Trained[];
  /** Frozen when the model was compiled: what is changed later counts at the next `compile`. */
  readonly #frozen: ReadonlySet<Layer>;
  /** What each training program changes besides the trained weights. */
  readonly #updated = new Map<string, readonly Weight[]>();

  constructor(
    readonly model: Layer,
    readonly engine: Engine,
    readonly optimizer: Optimizer,
    readonly loss: Loss,
    /** As the user gave them: "accuracy" is settled when the targets' shape is known. */
    readonly metrics: readonly MetricLike[],
  ) {
    engine.forget(KEYS.train, KEYS.evaluate);
    this.#frozen = new Set(allLayers(model).filter((layer) => !layer.trainable));
    this.#trained = model.trainableWeights.map((weight) => ({
      weight,
      slots: optimizer.slotNames.map(
        (slot) => new Variable(`${weight.path}/${slot}`, { dtype: "float32", shape: weight.shape }),
      ),
    }));
  }

  /** The optimizer's variables, weight by weight. */
  get slots(): readonly Variable[] {
    return this.#trained.flatMap(({ slots }) => slots);
  }

  /** Leaves the session: what it holds of the optimizer comes back to the host. */
  async park(session: Session): Promise<void> {
    this.#trained = await Promise.all(
      this.#trained.map(async ({ weight, slots }) => ({
        weight,
        slots: await Promise.all(
          slots.map(async (slot) => new Variable(slot.name, slot.type, await session.read(slot))),
        ),
      })),
    );
  }

  /** Goes on from what an earlier training left: `slots` in the order of this trainer's. Only before its first step. */
  restore(iterations: number, slots: readonly Tensor[]): void {
    let next = 0;
    this.iterations = iterations;
    this.#trained = this.#trained.map(({ weight, slots: own }) => ({
      weight,
      slots: own.map(({ name, type }) => new Variable(name, type, slots[next++]!)),
    }));
  }

  metricsFor(source: BatchSource): Metric[] {
    return metricsFor(this, batchType(source.y, 1).shape, [1, ...this.model.outputShape]);
  }

  /** The program of a training step on batches of these types. */
  trainingProgram(x: TensorType, y: TensorType): Promise<Executable> {
    const key = keyFor(KEYS.train, x, y);
    return this.engine.program(key, () => {
      const { graph, updated } = this.#trainingStep(x, y);
      this.#updated.set(key, updated);
      return graph;
    });
  }

  /** The graph of a training step. @throws FoveaError when there is nothing to train. */
  trainingGraph(x: TensorType, y: TensorType): Graph {
    return this.#trainingStep(x, y).graph;
  }

  #trainingStep(x: TensorType, y: TensorType): ReturnType<typeof trainingStep> {
    if (this.#trained.length === 0) throw new FoveaError(`${this.model.name}: there is no weight to train`);
    const { optimizer } = this;
    const training = { objective: this, optimizer, trained: this.#trained, frozen: this.#frozen };
    return trainingStep(this.model, training, x, y);
  }

  /** One step: the results of the batch before the update. */
  async train({ x, y }: Labelled, seed: number): Promise<StepResult> {
    this.loss.check?.(y, this.model.outputShape);
    const program = await this.trainingProgram(x, y);
    const [low, high] = keyOf(seed);
    const inputs: Tensor[] = [
      x,
      y,
      { dtype: "float32", shape: [], data: Float32Array.of(this.optimizer.stepSize(this.iterations)) },
      { dtype: "int32", shape: [3], data: Int32Array.of(low, high, this.iterations) },
    ];
    const changed = [...this.#trained.map(({ weight }) => weight), ...this.#updated.get(keyFor(KEYS.train, x, y))!];
    const outputs = await this.engine.run(program, inputs, this.model.weights, changed);
    this.iterations++;
    return stepResult(x, outputs);
  }

  /** The results of a batch, nothing changed. */
  async test({ x, y }: Labelled): Promise<StepResult> {
    this.loss.check?.(y, this.model.outputShape);
    const program = await this.engine.program(keyFor(KEYS.evaluate, x, y), () =>
      evaluationGraph(this.model, this, x, y),
    );
    return stepResult(x, await this.engine.run(program, [x, y], this.model.weights));
  }

  /** Loss and metrics over all samples. */
  async evaluate(source: BatchSource, batchSize: number, each: (samples: number) => Promise<void>): Promise<Totals> {
    const totals = new Totals(this.metricsFor(source));
    await forBatches(source, batchesOf(source.size, batchSize), async (data, indices) => {
      totals.add(await this.test(data));
      await each(indices.length);
      return true;
    });
    return totals;
  }
}

/** A layer and all layers inside it. */
const allLayers = (layer: Layer): Layer[] => [layer, ...layer.layers.flatMap(allLayers)];

const stepResult = (x: Tensor, outputs: readonly Tensor[]): StepResult => ({
  samples: x.shape[0]!,
  loss: outputs[0]!.data[0]!,
  sums: outputs.slice(1).map(({ data }) => data[0]!),
});

// Times of a model's kernels, each stage by itself, beside the speed that the machine reaches at most.
import type { Ceiling } from "../../backends/contract.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { type Tensor, zeros } from "../../core/tensor.js";
import { predictionGraph } from "./graphs.js";
import type { Model } from "./model.js";

/** Time of a stage: kernels that run side by side. */
export interface StageTime {
  /** Number of the stage, from 0. */
  readonly stage: number;
  /** Kinds of its kernels, such as `winogradConv2d`. */
  readonly kinds: readonly string[];
  /** Operands of its kernels in words: sizes of products, images and channels. */
  readonly what: readonly string[];
  /** Median time of the stage by itself in milliseconds. */
  readonly ms: number;
  /** Products and additions a second. */
  readonly operationsPerSecond: number;
  /** Bytes a second of operands and results, each buffer counted once. */
  readonly bytesPerSecond: number;
  /** Ceiling that it comes nearer to. */
  readonly bound: "arithmetic" | "memory";
  /** Share of that ceiling, from 0; above 1 where operands stay in a cache, or the machine was slower while its ceiling was measured. */
  readonly share: number;
}

/** Times of all stages of a model. */
export interface KernelTimes {
  /** Speed that the machine reaches at most. */
  readonly ceiling: Ceiling;
  /** Stages in the order in which they run. */
  readonly stages: readonly StageTime[];
}

/** Options of `timeKernels`. */
export interface TimeKernelsOptions {
  /** Runs of each stage. Default 9. */
  readonly runs?: number;
  /** Threads to compute with. Default: all of the machine. */
  readonly threads?: number;
}

/**
 * Times the kernels of a training step, or without targets of a prediction, each stage by itself. Weights stay as they are.
 * @param model The model, compiled where there are targets.
 * @param batch Samples, and targets for a training step.
 * @throws FoveaError for a backend that cannot run stages by themselves.
 * @example
 * const { ceiling, stages } = await timeKernels(model, { x: images }, { runs: 1, threads: 1 });
 * ceiling.bytesPerSecond > 1e8; // true
 * stages.map(({ kinds, share }) => `${kinds}: ${share}`); // shares of the machine's ceiling
 */
export async function timeKernels(
  model: Model,
  { x, y }: { readonly x: Tensor; readonly y?: Tensor },
  { runs = 9, threads }: TimeKernelsOptions = {},
): Promise<KernelTimes> {
  if (!model.built) model.build(x.shape.slice(1));
  const graph =
    y === undefined ? predictionGraph(model, [x]) : model.trainer.trainingGraph({ x: [x], y: [y], weighted: false });
  // Rates of the optimizer are zero: no weight moves, and nothing becomes infinite.
  const inputs = graph.inputs.map(({ type }, i) => [x, y][i] ?? zeros(type.shape, type.dtype));
  const { backend, mode } = model.place.runtime ?? {};
  const session = await backend?.open(defined({ threads, mode }));
  try {
    const executable = await session?.compile(graph);
    if (executable?.stageTimes === undefined || session?.ceiling === undefined)
      throw new FoveaError("unsuited-option", "timeKernels: expected a model whose backend runs stages by themselves");
    const ceiling = await session.ceiling();
    const times = await executable.stageTimes(inputs, runs);
    return {
      ceiling,
      stages: times.map(({ ms, kernels }, stage): StageTime => {
        const perSecond = (amount: (kernel: (typeof kernels)[number]) => number): number =>
          kernels.reduce((sum, kernel) => sum + amount(kernel), 0) / (ms / 1000);
        const operationsPerSecond = perSecond(({ operations }) => operations);
        const bytesPerSecond = perSecond(({ traffic }) => traffic);
        const arithmetic = operationsPerSecond / ceiling.operationsPerSecond;
        const memory = bytesPerSecond / ceiling.bytesPerSecond;
        return {
          ...{ stage, ms, operationsPerSecond, bytesPerSecond },
          kinds: kernels.map(({ kind }) => kind),
          what: kernels.map((kernel) => kernel.what),
          bound: arithmetic >= memory ? "arithmetic" : "memory",
          share: Math.max(arithmetic, memory),
        };
      }),
    };
  } finally {
    await session?.close();
  }
}

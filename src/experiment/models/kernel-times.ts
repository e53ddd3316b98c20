// Times of a model's kernels, each stage by itself, beside what this machine reaches at most.
import type { Ceiling } from "../../backends/contract.js";
import { programFacts } from "../../compile/print.js";
import { compile } from "../../compile/program.js";
import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { zeros } from "../../core/tensor.js";
import type { Model } from "../../nn/index.js";
import { type BenchmarkOptions, madeUpBatch } from "./benchmark.js";

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
  /** The ceiling that it comes nearer to. */
  readonly bound: "arithmetic" | "memory";
  /** Share of that ceiling, from 0; above 1 where operands stay in a cache. */
  readonly share: number;
}

/** Times of all stages of a model. */
export interface KernelTimes {
  /** What this machine reaches at most. */
  readonly ceiling: Ceiling;
  /** Stages in the order in which they run. */
  readonly stages: readonly StageTime[];
}

/** Options of `kernelTimes`. */
export interface KernelTimesOptions extends BenchmarkOptions {
  /** Threads to compute with. Default: all of the machine. */
  readonly threads?: number;
}

/**
 * Times the kernels of a training step or a prediction, each stage by itself, on a batch of noise.
 * @param what "step" for a training step of a compiled model, "infer" for a prediction
 * @param model the model, whose weights stay as they are
 * @throws FoveaError for a backend that cannot run stages by themselves
 * @example
 * const { ceiling, stages } = await kernelTimes("infer", model, { batchSize: 4, classes: 3, steps: 1, threads: 1 });
 * const dearest = stages.reduce((a, b) => (b.ms > a.ms ? b : a)); // of the ceiling it reaches dearest.share
 */
export async function kernelTimes(
  what: "step" | "infer",
  model: Model,
  options: KernelTimesOptions,
): Promise<KernelTimes> {
  const { threads, steps = 9 } = options;
  const { x, y } = madeUpBatch(model, options);
  const graph = model.graphOf(x, what === "step" ? y : undefined);
  // Rates of the optimizer are zero: no weight moves, and nothing becomes infinite.
  const inputs = graph.inputs.map(({ type }, i) => [x, y][i] ?? zeros(type.shape, type.dtype));
  const { backend, mode } = model.place.runtime ?? {};
  const session = await backend?.open(defined({ threads, mode }));
  try {
    const executable = await session?.compile(graph);
    if (executable?.stageTimes === undefined || session?.ceiling === undefined || backend?.target === undefined)
      throw new FoveaError("unsuited-option", "kernelTimes: expected a model whose backend runs stages by themselves");
    const ceiling = await session.ceiling();
    const times = await executable.stageTimes(inputs, steps);
    const kernels = programFacts(compile(graph, backend.target));
    const stages = times.map((ms, stage): StageTime => {
      const together = kernels.filter((kernel) => kernel.stage === stage);
      const perSecond = (amount: (kernel: (typeof together)[number]) => number): number =>
        together.reduce((sum, kernel) => sum + amount(kernel), 0) / (ms / 1000);
      const operationsPerSecond = perSecond(({ operations }) => operations);
      const bytesPerSecond = perSecond(({ traffic }) => traffic);
      const arithmetic = operationsPerSecond / ceiling.operationsPerSecond;
      const memory = bytesPerSecond / ceiling.bytesPerSecond;
      return {
        ...{ stage, ms, operationsPerSecond, bytesPerSecond },
        kinds: together.map(({ kind }) => kind),
        what: together.map((kernel) => kernel.what),
        bound: arithmetic >= memory ? "arithmetic" : "memory",
        share: Math.max(arithmetic, memory),
      };
    });
    return { ceiling, stages };
  } finally {
    await session?.close();
  }
}

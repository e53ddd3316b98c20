// Programs as facts, for people: what is computed in which stage, how much memory each kernel's results take, how much
// is alive at once, and what the whole needs.
import type { Graph } from "../core/graph/graph.js";
import { Variable } from "../core/graph/node.js";
import { sizeOf } from "../core/shape.js";
import { operationsOf, steps, trafficOf } from "./costs.js";
import type { Buffer, Kernel } from "./kernels.js";
import { paddedBytes } from "./plan.js";
import { compile, type Program } from "./program.js";
import type { Target } from "./target.js";

/** One kernel of a program. */
export interface KernelFacts {
  /** Number of the stage that it runs in, from 0. Kernels of one stage need no result of each other and run side by side. */
  readonly stage: number;
  /** Kind of computation, such as `matmul` or `reduce`. */
  readonly kind: Kernel["kind"];
  /** Operands in words: sizes of products, images and channels, elements. */
  readonly what: string;
  /** Bytes of its results, those that are variables not counted. */
  readonly bytes: number;
  /** Bytes of the arena that are in use while its stage runs. */
  readonly live: number;
  /** Products and additions of 32-bit floats that it takes, each counted: those of Winograd's algorithm where it is used. */
  readonly operations: number;
  /** Bytes of its operands and results, each buffer once. */
  readonly traffic: number;
}

const temporaryBytes = (buffers: readonly Buffer[], target: Target): number =>
  buffers.reduce((sum, buffer) => sum + (buffer.role instanceof Variable ? 0 : paddedBytes(buffer, target)), 0);

function describe(kernel: Kernel): string {
  if ("geometry" in kernel) {
    const { batch, input, filter, inputChannels, outputChannels } = kernel.geometry;
    const pool = "pool" in kernel && kernel.pool !== undefined ? `, pooled ${kernel.pool.size.join("x")}` : "";
    return `${batch} x ${input.join("x")}, ${filter.join("x")} filters, ${inputChannels} > ${outputChannels} channels${pool}`;
  }
  if (kernel.kind === "matmul") {
    const { count, m, k, n } = kernel;
    return `${count === 1 ? "" : `${count} times `}${m} x ${k} by ${k} x ${n}`;
  }
  if (kernel.kind === "elementwise")
    return `${sizeOf(kernel.expression.shape)} elements, ${steps(kernel.expression)} steps`;
  if (kernel.kind === "reduce") return `[${kernel.expression.shape.join(", ")}] over axes ${kernel.axes.join(", ")}`;
  return `${kernel.writes[0]!.size} elements`;
}

/** Memory that a program needs; threads need some scratch besides. */
export interface MemoryFacts {
  /** Bytes of the arena that inputs, results and everything in between share. */
  readonly arenaBytes: number;
  /** Bytes of weights and optimizer slots. */
  readonly variableBytes: number;
  /** The kernels in the order in which they run. */
  readonly kernels: readonly KernelFacts[];
}

/** Compiles a graph as far as its memory plan; no machine code is made. */
export function memoryFacts(graph: Graph, target: Target): MemoryFacts {
  const program = compile(graph, target);
  const variableBytes = [...program.variables.values()].reduce((sum, buffer) => sum + paddedBytes(buffer, target), 0);
  return { arenaBytes: program.memory.bytes, variableBytes, kernels: programFacts(program) };
}

/** The kernels of a program in the order in which they run. */
export function programFacts({ target, stages, memory, inputs, outputs }: Program): KernelFacts[] {
  const life = new Map<Buffer, { first: number; last: number }>();
  const touch = (buffer: Buffer, stage: number): void => {
    const known = life.get(buffer) ?? { first: stage, last: stage };
    life.set(buffer, { first: Math.min(known.first, stage), last: Math.max(known.last, stage) });
  };
  for (const buffer of inputs) if (memory.offsets.has(buffer)) touch(buffer, 0);
  stages.forEach((stage, i) => {
    for (const kernel of stage)
      for (const buffer of [...kernel.reads, ...kernel.writes]) if (memory.offsets.has(buffer)) touch(buffer, i);
  });
  for (const buffer of outputs) touch(buffer, stages.length);
  const liveAt = (stage: number): number =>
    temporaryBytes(
      [...life].filter(([, { first, last }]) => first <= stage && stage <= last).map(([buffer]) => buffer),
      target,
    );
  return stages.flatMap((stage, i) => {
    const live = liveAt(i);
    return stage.map((kernel) => ({
      stage: i,
      kind: kernel.kind,
      what: describe(kernel),
      bytes: temporaryBytes(kernel.writes, target),
      live,
      operations: operationsOf(kernel),
      traffic: trafficOf(kernel),
    }));
  });
}

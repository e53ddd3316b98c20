// Gives every buffer that is not a variable its place in one arena. Buffers whose lifetimes overlap do not overlap in
// memory; all others may. Lifetimes are counted in stages.
import { type Graph, variablesOf } from "../core/graph/graph.js";
import { sizeOf } from "../core/shape.js";
import type { Buffer, Kernel } from "./kernels.js";
import type { Target } from "./target.js";

export interface MemoryPlan {
  /** Byte offset of each buffer from the start of the arena. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  readonly bytes: number;
}

/** Stages in which a buffer of the arena is needed, both counted in. */
export interface Lifetime {
  readonly buffer: Buffer;
  /** Padded. */
  readonly bytes: number;
  first: number;
  last: number;
}

/** Bytes that a buffer takes on a target, rounded up to its alignment. */
export const paddedBytes = (
  { size, dtype }: Pick<Buffer, "size" | "dtype">,
  { alignment, byteWidth }: Target,
): number => Math.ceil((size * byteWidth(dtype)) / alignment) * alignment;

/** Lifetimes of all buffers that are not variables: inputs from the first stage on, outputs beyond the last one. */
export function lifetimesOf(
  stages: readonly (readonly Kernel[])[],
  inputs: readonly Buffer[],
  outputs: readonly Buffer[],
  target: Target,
): ReadonlyMap<Buffer, Lifetime> {
  const lifetimes = new Map<Buffer, Lifetime>();
  const touch = (buffer: Buffer, stage: number): void => {
    if (buffer.role !== "temporary" && buffer.role !== "input") return;
    const known = lifetimes.get(buffer);
    if (known === undefined)
      lifetimes.set(buffer, { buffer, bytes: paddedBytes(buffer, target), first: stage, last: stage });
    else {
      known.first = Math.min(known.first, stage);
      known.last = Math.max(known.last, stage);
    }
  };
  for (const buffer of inputs) touch(buffer, 0);
  stages.forEach((stage, i) => {
    for (const kernel of stage) for (const buffer of [...kernel.reads, ...kernel.writes]) touch(buffer, i);
  });
  for (const buffer of outputs) touch(buffer, stages.length);
  return lifetimes;
}

/** Largest first, each at the lowest offset that is free during its whole life. */
export function plan(
  stages: readonly (readonly Kernel[])[],
  inputs: readonly Buffer[],
  outputs: readonly Buffer[],
  target: Target,
): MemoryPlan {
  const lifetimes = lifetimesOf(stages, inputs, outputs, target);
  const placed: (Lifetime & { offset: number })[] = [];
  const offsets = new Map<Buffer, number>();
  let bytes = 0;
  for (const lifetime of [...lifetimes.values()].sort((a, b) => b.bytes - a.bytes)) {
    const rivals = placed
      .filter((other) => other.first <= lifetime.last && lifetime.first <= other.last)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const rival of rivals) {
      if (rival.offset >= offset + lifetime.bytes) break;
      offset = Math.max(offset, rival.offset + rival.bytes);
    }
    placed.push({ ...lifetime, offset });
    offsets.set(lifetime.buffer, offset);
    bytes = Math.max(bytes, offset + lifetime.bytes);
  }
  return { offsets, bytes };
}

/** Bytes of the variables that a graph reads or changes. */
export const variableBytes = (graph: Graph, { byteWidth }: Target): number =>
  variablesOf(graph).reduce((sum, { type: { dtype, shape } }) => sum + sizeOf(shape) * byteWidth(dtype), 0);

// Orders kernels into stages. Kernels of one stage do not depend on each other, so threads may share them freely;
// between stages everybody waits. Variables are overwritten in place once nobody needs their old contents any more.
import type { Variable } from "../core/graph/node.js";
import { stridesOf } from "../core/shape.js";
import { readLeaf } from "./expression.js";
import { type Buffer, type Kernel, kernel as makeKernel } from "./kernels.js";
import type { LoweredGraph } from "./lowerer.js";

export interface Schedule {
  readonly stages: readonly (readonly Kernel[])[];
}

export function schedule(lowered: LoweredGraph): Schedule {
  const kernels = writeInPlace(lowered);
  const writers = new Map<Buffer, Kernel>();
  for (const kernel of kernels) for (const buffer of kernel.writes) writers.set(buffer, kernel);
  const readers = new Map<Buffer, Kernel[]>();
  for (const kernel of kernels)
    for (const buffer of kernel.reads) readers.set(buffer, [...(readers.get(buffer) ?? []), kernel]);

  // The earliest stage: the one after the last operand, and, for a write into a variable, after its last reader.
  const stageOf = new Map<Kernel, number>();
  const visit = (kernel: Kernel): number => {
    const known = stageOf.get(kernel);
    if (known !== undefined) return known;
    let stage = 0;
    const after = (other: Kernel | undefined): void => {
      if (other !== undefined && other !== kernel) stage = Math.max(stage, visit(other) + 1);
    };
    for (const buffer of kernel.reads) if (buffer.role === "temporary") after(writers.get(buffer));
    for (const buffer of kernel.writes)
      if (buffer.role !== "temporary") for (const reader of readers.get(buffer) ?? []) after(reader);
    stageOf.set(kernel, stage);
    return stage;
  };
  const stages: Kernel[][] = [];
  for (const kernel of kernels) {
    const stage = visit(kernel);
    while (stages.length <= stage) stages.push([]);
    stages[stage]!.push(kernel);
  }
  return { stages: stages.filter((stage) => stage.length > 0) };
}

/**
 * Lets the kernel that computes a variable's next contents write them straight into the variable, where that is safe:
 * an elementwise kernel whose results nobody else reads, and which reads that variable at the position it writes.
 * Everything else is computed aside and copied.
 */
function writeInPlace({ kernels, outputs, updates, variables }: LoweredGraph): Kernel[] {
  const readCount = new Map<Buffer, number>();
  for (const buffer of [
    ...kernels.flatMap((kernel) => kernel.reads),
    ...outputs,
    ...updates.map(([, buffer]) => buffer),
  ])
    readCount.set(buffer, (readCount.get(buffer) ?? 0) + 1);
  const redirect = new Map<Buffer, Buffer>();
  const copies: Kernel[] = [];
  const updated = new Map<Buffer, Variable>(updates.map(([variable, buffer]) => [buffer, variable]));
  const writer = (buffer: Buffer): Kernel | undefined => kernels.find((kernel) => kernel.writes.includes(buffer));
  for (const [variable, buffer] of updates) {
    const target = variables.get(variable)!;
    const from = writer(buffer);
    const alone =
      from?.kind === "elementwise" &&
      buffer.role === "temporary" &&
      readCount.get(buffer) === 1 &&
      from.outputs.every((output) => updated.has(output) && readCount.get(output) === 1) &&
      readsOnlyItsOwn(from, new Set(from.outputs.map((output) => variables.get(updated.get(output)!)!)));
    if (alone) redirect.set(buffer, target);
    else if (buffer !== target) {
      // The value of another variable before this run is put aside first: it may be overwritten meanwhile.
      const aside: Buffer = buffer.role === "temporary" ? buffer : { ...buffer, role: "temporary" };
      if (aside !== buffer) copies.push(copy(buffer, aside));
      copies.push(copy(aside, target));
    }
  }
  const redirected = kernels.map((kernel) =>
    kernel.kind === "elementwise" && kernel.outputs.some((output) => redirect.has(output))
      ? makeKernel("elementwise", {
          expression: kernel.expression,
          outputs: kernel.outputs.map((output) => redirect.get(output) ?? output),
          dtype: kernel.dtype,
        })
      : kernel,
  );
  return [...redirected, ...copies];
}

const copy = (buffer: Buffer, to: Buffer): Kernel =>
  makeKernel("elementwise", {
    expression: readLeaf([buffer.size], { buffer, strides: [1], offset: 0 }),
    outputs: [to],
    dtype: to.dtype,
  });

/** Tells whether the variables that a kernel reads are those it overwrites, each at the position it writes. */
function readsOnlyItsOwn(kernel: Kernel & { kind: "elementwise" }, overwritten: ReadonlySet<Buffer>): boolean {
  const { shape, leaves } = kernel.expression;
  const contiguous = stridesOf(shape);
  return leaves.every(
    (leaf) =>
      typeof leaf.buffer.role === "string" ||
      (overwritten.has(leaf.buffer) &&
        leaf.strides.every((stride, axis) => shape[axis] === 1 || stride === contiguous[axis])),
  );
}

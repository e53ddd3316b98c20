// A checker of programs between passes: what one pass gives is what the next relies on, and a kernel that reads what
// nobody wrote would give other numbers on every run. A mistake that it finds is the compiler's, never the user's.
import { Variable } from "../core/graph/node.js";
import { stridesOf } from "../core/shape.js";
import { CompilerMistake } from "./compiler-mistake.js";
import type { Buffer, Expression, Kernel, KernelName, SpecialKernelName } from "./kernels.js";
import type { LoweredGraph } from "./lowerer.js";
import { type MemoryPlan, paddedBytes } from "./plan.js";
import type { Target } from "./target.js";

/** Tests of targets for the kernels that not all of them have. */
const HAS: { readonly [K in SpecialKernelName]: (target: Target) => boolean } = {
  winogradFilter: ({ winograd }) => winograd !== undefined,
  winogradConv2d: ({ winograd }) => winograd !== undefined,
  winogradFilterGrad: ({ winograd }) => winograd !== undefined,
  winogradFilterSums: ({ winograd }) => winograd !== undefined,
  sparseFilterGrad: ({ sparsePooling }) => sparsePooling,
  sparseInputGrad: ({ sparsePooling }) => sparsePooling,
};

/** A buffer as sentences name it, with its article. */
function nameOf({ dtype, size, role }: Buffer): string {
  const named = role instanceof Variable ? `variable "${role.name}"` : role === "input" ? "an input" : `a ${role}`;
  return `${named} of ${size} ${dtype}`;
}

/** @throws CompilerMistake unless each expression of a kernel reads inside the buffers that it names. */
function checkLeaves(kernel: Kernel): void {
  const expressions = Object.values(kernel).filter(
    (field): field is Expression => typeof field === "object" && field !== null && "leaves" in field,
  );
  for (const { shape, leaves } of expressions)
    for (const { buffer, offset, strides } of leaves) {
      const reach = strides.map((stride, axis) => (shape[axis]! - 1) * stride);
      const first = reach.reduce((sum, steps) => sum + Math.min(steps, 0), offset);
      const last = reach.reduce((sum, steps) => sum + Math.max(steps, 0), offset);
      if (first < 0 || last >= buffer.size)
        throw new CompilerMistake(`kernel ${kernel.kind} reads elements ${first} to ${last} of ${nameOf(buffer)}`);
    }
}

/**
 * Checks what lowering gives: every buffer is written by one kernel and read only if one writes it, no kernel reads what
 * it writes, inputs and variables are written by none, and the target has all kernels.
 * @throws CompilerMistake naming the kernel and the buffer.
 */
export function checkLowered({ kernels, inputs, outputs, variables }: LoweredGraph, target: Target): void {
  const written = new Set<Buffer>();
  for (const kernel of kernels) {
    const has: Partial<Record<KernelName, (target: Target) => boolean>> = HAS;
    if (has[kernel.kind]?.(target) === false)
      throw new CompilerMistake(`kernel ${kernel.kind} is none of target "${target.name}"`);
    for (const buffer of kernel.writes) {
      if (buffer.role !== "temporary") throw new CompilerMistake(`kernel ${kernel.kind} writes ${nameOf(buffer)}`);
      if (written.has(buffer))
        throw new CompilerMistake(`kernel ${kernel.kind} writes ${nameOf(buffer)} that another writes as well`);
      if (kernel.reads.includes(buffer))
        throw new CompilerMistake(`kernel ${kernel.kind} both reads and writes ${nameOf(buffer)}`);
      written.add(buffer);
    }
    checkLeaves(kernel);
  }
  const known = new Set<Buffer>([...written, ...inputs, ...variables.values()]);
  for (const { kind, reads } of kernels)
    for (const buffer of reads)
      if (!known.has(buffer)) throw new CompilerMistake(`kernel ${kind} reads ${nameOf(buffer)} that no kernel writes`);
  outputs.forEach((buffer, i) => {
    if (!written.has(buffer) || outputs.indexOf(buffer) !== i)
      throw new CompilerMistake(`output ${i} is no buffer of its own that a kernel writes`);
  });
}

/**
 * Checks the order that the schedule gives: what a stage reads was written by an earlier one, no buffer is read and
 * written in one stage, except by an elementwise kernel at the position it writes, and variables are read before they
 * change.
 * @throws CompilerMistake naming the kernel, the buffer and the stage.
 */
export function checkStages(
  stages: readonly (readonly Kernel[])[],
  { outputs, updates, variables }: Pick<LoweredGraph, "outputs" | "updates" | "variables">,
): void {
  const writtenBefore = new Set<Buffer>();
  stages.forEach((stage, number) => {
    const writer = new Map<Buffer, Kernel>();
    for (const kernel of stage)
      for (const buffer of kernel.writes) {
        if (writer.has(buffer) || writtenBefore.has(buffer))
          throw new CompilerMistake(
            `stage ${number}: kernel ${kernel.kind} writes ${nameOf(buffer)} for the second time`,
          );
        writer.set(buffer, kernel);
      }
    for (const kernel of stage)
      for (const buffer of kernel.reads) {
        const fail = (what: string): CompilerMistake =>
          new CompilerMistake(`stage ${number}: kernel ${kernel.kind} reads ${nameOf(buffer)} ${what}`);
        const other = writer.get(buffer);
        if (other !== undefined && other !== kernel) throw fail(`that ${other.kind} writes in the same stage`);
        if (other === kernel && !inPlace(kernel, buffer)) throw fail("that it writes at other positions");
        if (buffer.role === "temporary" && !writtenBefore.has(buffer)) throw fail("that no earlier stage writes");
        if (buffer.role instanceof Variable && writtenBefore.has(buffer)) throw fail("that has changed already");
      }
    for (const buffer of writer.keys()) writtenBefore.add(buffer);
  });
  outputs.forEach((buffer, i) => {
    if (!writtenBefore.has(buffer)) throw new CompilerMistake(`output ${i} is written by no stage`);
  });
  for (const [variable, buffer] of updates) {
    const held = variables.get(variable)!;
    if (buffer !== held && !writtenBefore.has(held))
      throw new CompilerMistake(`${nameOf(held)} is updated by no stage`);
  }
}

/** Tells whether an elementwise kernel reads a variable only at the positions where it writes it. */
function inPlace(kernel: Kernel, buffer: Buffer): boolean {
  if (kernel.kind !== "elementwise" || !(buffer.role instanceof Variable)) return false;
  const { shape, leaves } = kernel.expression;
  const contiguous = stridesOf(shape);
  return leaves.every(
    (leaf) =>
      leaf.buffer !== buffer ||
      (leaf.offset === 0 && leaf.strides.every((stride, axis) => shape[axis] === 1 || stride === contiguous[axis])),
  );
}

/**
 * Checks the memory plan: every buffer lies in the arena at an aligned address, and those that live at the same time do
 * not overlap.
 * @throws CompilerMistake naming the buffers.
 */
export function checkPlan(
  stages: readonly (readonly Kernel[])[],
  memory: MemoryPlan,
  { inputs, outputs }: Pick<LoweredGraph, "inputs" | "outputs">,
  target: Target,
): void {
  const life = new Map<Buffer, { first: number; last: number }>();
  const touch = (buffer: Buffer, stage: number): void => {
    if (buffer.role instanceof Variable) return;
    const known = life.get(buffer) ?? { first: stage, last: stage };
    life.set(buffer, { first: Math.min(known.first, stage), last: Math.max(known.last, stage) });
  };
  for (const buffer of inputs) touch(buffer, 0);
  stages.forEach((stage, i) => {
    for (const { reads, writes } of stage) for (const buffer of [...reads, ...writes]) touch(buffer, i);
  });
  for (const buffer of outputs) touch(buffer, stages.length);
  const placed = [...life].map(([buffer, { first, last }]) => {
    const begin = memory.offsets.get(buffer);
    if (begin === undefined) throw new CompilerMistake(`${nameOf(buffer)} has no place in memory`);
    const end = begin + paddedBytes(buffer, target);
    if (begin % target.alignment !== 0 || end > memory.bytes)
      throw new CompilerMistake(`${nameOf(buffer)} lies at ${begin} in an arena of ${memory.bytes} bytes`);
    return { buffer, first, last, begin, end };
  });
  placed.sort((a, b) => a.begin - b.begin);
  placed.forEach((lower, i) => {
    for (const upper of placed.slice(i + 1)) {
      if (upper.begin >= lower.end) break;
      if (lower.first <= upper.last && upper.first <= lower.last)
        throw new CompilerMistake(
          `${nameOf(lower.buffer)} and ${nameOf(upper.buffer)} share memory while both are needed`,
        );
    }
  });
}

// A program put together anew for a set of results that the forward part keeps for the gradients. Results that are not kept
// are computed again right before the first gradient that reads them; kernels that only gradients need wait for them.
import { Variable } from "../core/graph/node.js";
import { type Buffer, type Kernel, kernel as makeKernel, rewired } from "./kernels.js";

type Stages = readonly (readonly Kernel[])[];

export interface Rebuilt {
  readonly stages: Stages;
  /** The kernels that run a second time. */
  readonly repeated: ReadonlySet<Kernel>;
}

/** A kernel in order, with the stage that it had before; undefined where it runs for the second time. */
interface Step {
  readonly kernel: Kernel;
  readonly stage: number | undefined;
}

const isVariable = ({ role }: Buffer): boolean => role instanceof Variable;
const writesVariables = ({ writes }: Kernel): boolean => writes.some(isVariable);

export class Rebuilder {
  /** Large results of the forward part that gradients read, and all small ones: what a program keeps at most. */
  readonly saved: ReadonlySet<Buffer>;
  readonly #order: readonly Step[];
  readonly #writer = new Map<Buffer, Kernel>();
  /** Kernels that the outputs need: the forward part. */
  readonly #forward = new Set<Kernel>();
  /** Gradients' kernels that could run before the forward part ends, and need not. */
  readonly #early = new Set<Kernel>();
  readonly #forwardReads = new Map<Buffer, number>();

  /** @param isSmall Tells results that are kept in any case. */
  constructor(
    stages: Stages,
    readonly outputs: readonly Buffer[],
    readonly isSmall: (buffer: Buffer) => boolean,
  ) {
    this.#order = stages.flatMap((kernels, stage) => kernels.map((kernel) => ({ kernel, stage })));
    for (const { kernel } of this.#order)
      for (const buffer of kernel.writes) if (!isVariable(buffer)) this.#writer.set(buffer, kernel);
    const waiting = [...outputs];
    while (waiting.length > 0) {
      const kernel = this.#writer.get(waiting.pop()!);
      if (kernel === undefined || this.#forward.has(kernel)) continue;
      this.#forward.add(kernel);
      waiting.push(...kernel.reads);
    }
    for (const kernel of this.#forward)
      for (const buffer of new Set(kernel.reads))
        this.#forwardReads.set(buffer, (this.#forwardReads.get(buffer) ?? 0) + 1);
    const gradients = this.#order.filter(({ kernel }) => !this.#forward.has(kernel));
    const read = new Set(gradients.flatMap(({ kernel }) => kernel.reads));
    const forward = this.#order.filter(({ kernel }) => this.#forward.has(kernel));
    const turn = forward.findLast(({ kernel }) => kernel.writes.some((buffer) => read.has(buffer)))?.stage ?? -1;
    for (const { kernel, stage } of gradients) if (stage! <= turn && !writesVariables(kernel)) this.#early.add(kernel);
    this.saved = new Set(
      forward.flatMap(({ kernel }) => kernel.writes).filter((buffer) => read.has(buffer) || isSmall(buffer)),
    );
  }

  get hasGradients(): boolean {
    return this.#forward.size < this.#order.length;
  }

  /** Tells whether a program may do without a result that it keeps. */
  mayDrop(buffer: Buffer): boolean {
    return this.saved.has(buffer) && !this.isSmall(buffer) && !this.outputs.includes(buffer);
  }

  /** The kernels that compute a result again from what is kept. */
  wayTo(buffer: Buffer, kept: ReadonlySet<Buffer>): Set<Kernel> {
    const kernels = new Set<Kernel>();
    const waiting = [buffer];
    while (waiting.length > 0) {
      const kernel = this.#writer.get(waiting.pop()!)!;
      if (kernels.has(kernel)) continue;
      kernels.add(kernel);
      waiting.push(...kernel.reads.filter((operand) => this.#writer.has(operand) && !kept.has(operand)));
    }
    return kernels;
  }

  /** The program that keeps these results of the forward part for the gradients. */
  build(kept: ReadonlySet<Buffer>): Rebuilt {
    const { steps, updates, repeated } = this.#inOrder(kept);
    return { stages: inStages(pruned(withUpdates(steps, updates), this.outputs), this.isSmall), repeated };
  }

  /** All kernels in an order in which they can run; those that write variables apart. */
  #inOrder(kept: ReadonlySet<Buffer>) {
    const steps: Step[] = [];
    const updates: Step[] = [];
    const repeated = new Set<Kernel>();
    const done = new Set<Kernel>();
    const again = new Map<Buffer, Buffer>();
    const readsLeft = new Map(this.#forwardReads);
    const repeat = (buffer: Buffer): Buffer => {
      const known = again.get(buffer);
      if (known !== undefined) return known;
      const kernel = this.#writer.get(buffer)!;
      const moved = new Map<Buffer, Buffer>();
      for (const operand of kernel.reads)
        if (this.#writer.has(operand) && !kept.has(operand)) moved.set(operand, repeat(operand));
      for (const result of kernel.writes) {
        moved.set(result, { ...result });
        again.set(result, moved.get(result)!);
      }
      repeated.add(kernel);
      steps.push({ kernel: rewired(kernel, moved), stage: undefined });
      return moved.get(buffer)!;
    };
    /** The buffer that has an operand of a gradient's kernel by now. */
    const present = (operand: Buffer): Buffer => {
      const writer = this.#writer.get(operand);
      if (writer === undefined) return operand;
      if (this.#forward.has(writer))
        return kept.has(operand) || (readsLeft.get(operand) ?? 0) > 0 ? operand : repeat(operand);
      if (!done.has(writer)) emit({ kernel: writer, stage: this.#stageOf(writer) }, steps);
      return operand;
    };
    const emit = ({ kernel, stage }: Step, to: Step[]): void => {
      done.add(kernel);
      const moved = new Map(kernel.reads.map((operand) => [operand, present(operand)] as const));
      const changed = [...moved].some(([from, now]) => from !== now);
      to.push({ kernel: changed ? rewired(kernel, moved) : kernel, stage });
    };
    for (const step of this.#order) {
      const { kernel } = step;
      if (this.#forward.has(kernel)) {
        done.add(kernel);
        steps.push(step);
        for (const operand of new Set(kernel.reads)) readsLeft.set(operand, readsLeft.get(operand)! - 1);
      } else if (writesVariables(kernel)) emit(step, updates);
      else if (!this.#early.has(kernel) && !done.has(kernel)) emit(step, steps);
    }
    return { steps, updates, repeated };
  }

  readonly #stages = new Map<Kernel, number | undefined>();
  #stageOf(kernel: Kernel): number | undefined {
    if (this.#stages.size === 0) for (const step of this.#order) this.#stages.set(step.kernel, step.stage);
    return this.#stages.get(kernel);
  }
}

/** The steps with each update behind its operands, and behind the last kernel that reads the variables it writes. */
function withUpdates(steps: readonly Step[], updates: readonly Step[]): Step[] {
  const written = new Map<Buffer, number>();
  const lastRead = new Map<Buffer, number>();
  const note = (positions: Map<Buffer, number>, buffers: readonly Buffer[], position: number): void => {
    for (const buffer of buffers) positions.set(buffer, Math.max(position, positions.get(buffer) ?? -1));
  };
  steps.forEach(({ kernel }, position) => {
    note(written, kernel.writes, position);
    note(lastRead, kernel.reads.filter(isVariable), position);
  });
  const behind = new Map<number, Step[]>();
  for (const step of updates) {
    const { reads, writes } = step.kernel;
    const position = Math.max(
      -1,
      ...reads.map((buffer) => written.get(buffer) ?? -1),
      ...writes.map((buffer) => lastRead.get(buffer) ?? -1),
    );
    behind.set(position, [...(behind.get(position) ?? []), step]);
    note(lastRead, reads.filter(isVariable), position);
  }
  return [...(behind.get(-1) ?? []), ...steps.flatMap((step, position) => [step, ...(behind.get(position) ?? [])])];
}

/** The steps without results that nobody reads. */
function pruned(steps: readonly Step[], outputs: readonly Buffer[]): Step[] {
  const read = new Set<Buffer>(outputs);
  const left: Step[] = [];
  for (const { kernel, stage } of [...steps].reverse()) {
    const isWanted = (buffer: Buffer): boolean => isVariable(buffer) || read.has(buffer);
    if (!kernel.writes.some(isWanted)) continue;
    const narrowed =
      kernel.kind === "elementwise" && !kernel.writes.every(isWanted) ? narrow(kernel, isWanted) : kernel;
    for (const buffer of narrowed.reads) read.add(buffer);
    left.push({ kernel: narrowed, stage });
  }
  return left.reverse();
}

/** An elementwise kernel that stores only some of its results. */
function narrow(kernel: Kernel & { kind: "elementwise" }, isWanted: (buffer: Buffer) => boolean): Kernel {
  const { expression, outputs, dtype } = kernel;
  const wanted = outputs.map(isWanted);
  return makeKernel("elementwise", {
    expression: { ...expression, results: expression.results.filter((_, i) => wanted[i]) },
    outputs: outputs.filter((_, i) => wanted[i]),
    dtype,
  });
}

/**
 * Neighbours that do not need each other share a stage, so that threads wait less. Kernels with large results only do so
 * where they shared one before: together they need more memory than one after the other.
 */
function inStages(steps: readonly Step[], isSmall: (buffer: Buffer) => boolean): Kernel[][] {
  const stages: Kernel[][] = [];
  let reads = new Set<Buffer>();
  let writes = new Set<Buffer>();
  let large: { readonly stage: number | undefined } | undefined;
  for (const { kernel, stage } of steps) {
    const isLarge = !kernel.writes.every((buffer) => isVariable(buffer) || isSmall(buffer));
    const crowds = isLarge && large !== undefined && (stage === undefined || large.stage !== stage);
    const waits =
      kernel.reads.some((buffer) => writes.has(buffer)) || kernel.writes.some((buffer) => reads.has(buffer));
    if (stages.length === 0 || crowds || waits) {
      stages.push([]);
      [reads, writes, large] = [new Set(), new Set(), undefined];
    }
    stages.at(-1)!.push(kernel);
    for (const buffer of kernel.reads) reads.add(buffer);
    for (const buffer of kernel.writes) writes.add(buffer);
    if (isLarge) large ??= { stage };
  }
  return stages;
}

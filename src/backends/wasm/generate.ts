// From program to machine code: one WebAssembly module per program, with a function per kernel and one `run` that takes
// a thread through all stages. The slices of a stage are divided into shares, one for each thread, with a ticket counter
// each. A thread draws the slices of its share first, so it finds in its cache what it computed from the same images one
// stage before; then it helps the others. It goes on when all slices are done: a thread that the system has suspended
// delays the others only while it holds a slice. The result of a slice does not depend on its thread.
import type { Buffer, Kernel, KernelName } from "../../compile/kernels.js";
import type { Program } from "../../compile/program.js";
import type { Mode } from "../contract.js";
import type { Code, Local } from "./assembler/code.js";
import { ModuleBuilder } from "./assembler/module.js";
import { OP } from "./assembler/opcodes.js";
import { difference, quotient, remainder, sum, times } from "./assembler/operands.js";
import { emitConv2d } from "./kernels/conv2d.js";
import { emitDepthwiseConv2d, emitDepthwiseFilterGrad } from "./kernels/depthwise.js";
import { emitElementwise } from "./kernels/elementwise.js";
import type { Emission, Emitted, Emitter } from "./kernels/emission.js";
import { emitFilterGrad } from "./kernels/filter-grad.js";
import { emitArgMax, emitIota, emitOneHot, emitRandomUniform } from "./kernels/indexing.js";
import { emitMatmul } from "./kernels/matmul.js";
import { emitConcatenate, emitGather, emitPad, emitScatterAdd } from "./kernels/moving.js";
import { emitAveragePool2d, emitAveragePool2dGrad, emitMaxPool2d, emitMaxPool2dGrad } from "./kernels/pool.js";
import { emitReduce } from "./kernels/reduce.js";
import { emitSoftmaxCrossentropy } from "./kernels/softmax-crossentropy.js";
import { emitArgSort, emitCumsum } from "./kernels/sorting.js";
import { emitSparseFilterGrad, emitSparseInputGrad } from "./kernels/sparse.js";
import { emitWinogradConv2d, emitWinogradFilter } from "./kernels/winograd.js";
import { emitWinogradFilterGrad, emitWinogradFilterSums } from "./kernels/winograd-filter-grad.js";

const EMITTERS: { [K in KernelName]: Emitter<K> } = {
  elementwise: emitElementwise,
  reduce: emitReduce,
  matmul: emitMatmul,
  conv2d: emitConv2d,
  winogradFilter: emitWinogradFilter,
  winogradConv2d: emitWinogradConv2d,
  filterGrad: emitFilterGrad,
  winogradFilterGrad: emitWinogradFilterGrad,
  winogradFilterSums: emitWinogradFilterSums,
  sparseFilterGrad: emitSparseFilterGrad,
  sparseInputGrad: emitSparseInputGrad,
  depthwiseConv2d: emitDepthwiseConv2d,
  depthwiseFilterGrad: emitDepthwiseFilterGrad,
  maxPool2d: emitMaxPool2d,
  maxPool2dGrad: emitMaxPool2dGrad,
  averagePool2d: emitAveragePool2d,
  averagePool2dGrad: emitAveragePool2dGrad,
  pad: emitPad,
  concatenate: emitConcatenate,
  iota: emitIota,
  gather: emitGather,
  scatterAdd: emitScatterAdd,
  argMax: emitArgMax,
  argSort: emitArgSort,
  cumsum: emitCumsum,
  oneHot: emitOneHot,
  softmaxCrossentropy: emitSoftmaxCrossentropy,
  randomUniform: emitRandomUniform,
};

/** Bytes at the start of memory that belong to the threads. */
export const CONTROL_BYTES = 256;
/** Address of the number of halvings of a wait's looks, which all threads share. */
const HALVINGS = 0;
/** Bytes of a counter, which has a cache line of its own; all are 0 when a run begins. */
const COUNTER_BYTES = 64;
/** Threads beyond these begin with a share of another. */
const MOST_SHARES = 8;
const sharesOf = (threads: number): number => Math.min(threads, MOST_SHARES);
/** Bytes of a stage's counters: that of the slices that are done, then those of the slices that each share has given out. */
export const stageBytes = (threads: number): number => COUNTER_BYTES * (1 + sharesOf(threads));
/** Looks of a waiting thread before it goes to sleep: some tens of microseconds. */
const SPINS = 20000;
const MOST_HALVINGS = 8;
/** Stages from one wait with all its looks to the next. */
const FULL_PATIENCE_EVERY = 16;
/** Most pages of 64 KiB that a memory may have. */
export const MOST_PAGES = 65536;

export interface GenerateOptions {
  readonly threads: number;
  readonly mode: Mode;
  /** False for memory that is not shared: then there is one thread, and no atomics. */
  readonly shared: boolean;
  readonly address: (buffer: Buffer) => number;
  /** Address of the counters of the stages, stageBytes for each. */
  readonly counters: number;
}

export interface Generated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Scratch that each thread needs. */
  readonly scratchBytes: number;
}

/** Writes the module; its export `run(thread, scratch)` must be called once by each of the threads. */
export function generate(
  { stages: kernels }: Pick<Program, "stages">,
  { threads, mode, shared, address, counters }: GenerateOptions,
): Generated {
  const module = new ModuleBuilder();
  const emission: Emission = { module, mode, address };
  let scratchBytes = 0;
  const stages = kernels.map((stage) =>
    stage.map((kernel) => {
      const emitted = emitKernel(kernel, emission);
      scratchBytes = Math.max(scratchBytes, emitted.scratchBytes);
      return emitted;
    }),
  );
  const run = module.function({ parameters: ["i32", "i32"], results: [] }, (code, thread, scratch) => {
    const wait = threads > 1 ? writeWait(module) : undefined;
    for (const [number, stage] of stages.entries())
      if (wait === undefined)
        for (const kernel of stage)
          code.loop(kernel.slices, 1, (slice) => void code.get(slice).get(scratch).call(kernel.function));
      else {
        const at = counters + number * stageBytes(threads);
        runSlices(code, stage, { at, threads, thread, scratch });
        // A run has ended when all threads have said so, so nobody need wait for the last stage.
        const patience = number % FULL_PATIENCE_EVERY === 0 ? SPINS : 0;
        if (number < stages.length - 1) code.i32(at).i32(slicesOf(stage)).i32(patience).call(wait);
      }
  });
  module.export("run", run);
  return { bytes: module.finish({ shared, initial: 1, maximum: MOST_PAGES }), scratchBytes };
}

const slicesOf = (stage: readonly Emitted[]): number => stage.reduce((sum, { slices }) => sum + slices, 0);

/** A thread at a stage. */
interface Turn {
  /** Address of the stage's counters. */
  readonly at: number;
  readonly threads: number;
  readonly thread: Local;
  readonly scratch: Local;
}

/** Computes slices of a stage until none is left: those of the thread's own share, then those of the shares after it. */
function runSlices(code: Code, stage: readonly Emitted[], { at, threads, thread, scratch }: Turn): void {
  const total = slicesOf(stage);
  const shares = sharesOf(threads);
  const [share, first, count, counter, slice, computed] = code.locals("i32", 6);
  code.set(share, remainder(thread, shares)).set(computed, 0);
  code.loop(shares, 1, () => {
    code.set(first, quotient(times(share, total), shares));
    code.set(count, difference(quotient(times(sum(share, 1), total), shares), first));
    code.set(counter, sum(times(share, COUNTER_BYTES), at + COUNTER_BYTES));
    code.block(({ again, leave }) => {
      code.get(counter).i32(1).memory("i32_atomic_rmw_add").tee(slice).get(count).op(OP.i32_ge_u);
      leave();
      code.advance(slice, first);
      dispatch(code, stage, slice, scratch);
      code.advance(computed, 1).i32(1);
      again();
    });
    code.set(share, remainder(sum(share, 1), shares));
  });
  code.get(computed).if(() => {
    code.i32(at).get(computed).memory("i32_atomic_rmw_add").get(computed).op(OP.i32_add).i32(total).op(OP.i32_eq);
    code.if(() => void code.i32(at).i32(-1).memory("atomic_notify").op(OP.drop));
  });
  code.release(share, first, count, counter, slice, computed);
}

const emitKernel = (kernel: Kernel, emission: Emission): Emitted =>
  (EMITTERS[kernel.kind] as (kernel: never, emission: Emission) => Emitted)(kernel as never, emission);

/** Calls the kernel that a ticket belongs to, with its slice number. */
function dispatch(code: Code, stage: readonly Emitted[], ticket: Local, scratch: Local, first = 0): void {
  const [kernel, ...rest] = stage;
  if (kernel === undefined) return;
  const end = first + kernel.slices;
  const call = (): void => void code.get(ticket).i32(first).op(OP.i32_sub).get(scratch).call(kernel.function);
  if (rest.length === 0) call();
  else
    code
      .get(ticket)
      .i32(end)
      .op(OP.i32_lt_u)
      .if(call, () => dispatch(code, rest, ticket, scratch, end));
}

/**
 * A function of (address, total, patience) that returns when `total` slices of a stage are done. It looks for a while,
 * since on idle cores the others are about to finish, then sleeps until the thread that finishes the stage wakes it.
 * A wait whose looks did not help, because other programs keep the cores busy, halves the looks of the next waits.
 * `patience` is the least number of looks; every FULL_PATIENCE_EVERY stages it is the full number, which notices that
 * the cores are idle again.
 */
function writeWait(module: ModuleBuilder): number {
  return module.function({ parameters: ["i32", "i32", "i32"], results: [] }, (code, address, total, patience) => {
    const [halvings, spins, done] = code.locals("i32", 3);
    const current = (): Code => code.get(address).memory("i32_atomic_load");
    code.i32(0).memory("i32_atomic_load", HALVINGS).set(halvings);
    code.i32(SPINS).get(halvings).op(OP.i32_shr_u).get(patience).op(OP.i32_or).set(spins);
    code.block(({ again, leave }) => {
      current().tee(done).get(total).op(OP.i32_eq);
      leave();
      code.get(spins).i32(1).op(OP.i32_sub).tee(spins);
      again();
    });
    code.get(done).get(total).op(OP.i32_eq);
    code.if(
      () => {
        code.get(halvings).if(() => void code.i32(0).i32(0).memory("i32_atomic_store", HALVINGS));
      },
      () => {
        code.get(halvings).i32(MOST_HALVINGS).op(OP.i32_lt_u);
        code.if(() => {
          code.i32(0).get(halvings).i32(1).op(OP.i32_add).memory("i32_atomic_store", HALVINGS);
        });
        code.block(({ again, leave }) => {
          current().tee(done).get(total).op(OP.i32_eq);
          leave();
          code.get(address).get(done).forever().memory("atomic_wait32").op(OP.drop).i32(1);
          again();
        });
      },
    );
  });
}

// From program to machine code: one WebAssembly module per program, with a function per kernel and one `run` that
// takes a thread through all stages. Threads draw slices from a shared ticket counter and meet at a barrier after each
// stage; who computes a slice makes no difference to its result.
import type { Buffer, Kernel, KernelName } from "../../compile/kernels.js";
import type { Program } from "../../compile/program.js";
import type { Mode } from "../contract.js";
import type { Code, Local } from "./assembler/code.js";
import { ModuleBuilder } from "./assembler/module.js";
import { OP } from "./assembler/opcodes.js";
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
  oneHot: emitOneHot,
  softmaxCrossentropy: emitSoftmaxCrossentropy,
  randomUniform: emitRandomUniform,
};

/** Bytes at the start of memory that belong to the threads' meeting points. */
export const CONTROL_BYTES = 256;
/** Each on a cache line of its own. */
const TICKET = 0;
const ARRIVED = 64;
const GENERATION = 128;
/** How often a waiting thread looks before it goes to sleep: some tens of microseconds. */
const SPINS = 20000;
const MOST_PAGES = 65536;

export interface GenerateOptions {
  readonly threads: number;
  readonly mode: Mode;
  /** False for memory that is not shared: then there is one thread, and no atomics. */
  readonly shared: boolean;
  readonly address: (buffer: Buffer) => number;
}

export interface Generated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Scratch that each thread needs. */
  readonly scratchBytes: number;
}

/** Writes the module; its export `run(thread, scratch)` must be called once by each of the threads. */
export function generate(program: Program, { threads, mode, shared, address }: GenerateOptions): Generated {
  const module = new ModuleBuilder();
  const emission: Emission = { module, mode, address };
  let scratchBytes = 0;
  const stages = program.stages.map((stage) =>
    stage.map((kernel) => {
      const emitted = emitKernel(kernel, emission);
      scratchBytes = Math.max(scratchBytes, emitted.scratchBytes);
      return emitted;
    }),
  );
  const run = module.function({ parameters: ["i32", "i32"], results: [] }, (code) => {
    const scratch = code.parameters[1]!;
    const barrier = threads > 1 ? writeBarrier(module, threads) : undefined;
    for (const stage of stages) {
      if (barrier === undefined) {
        for (const kernel of stage)
          code.loop(kernel.slices, 1, (slice) => void code.get(slice).get(scratch).call(kernel.function));
        continue;
      }
      const total = stage.reduce((sum, { slices }) => sum + slices, 0);
      const ticket = code.local("i32");
      code.block(({ again, leave }) => {
        code.i32(0).i32(1).memory("i32_atomic_rmw_add", TICKET).tee(ticket).i32(total).op(OP.i32_ge_u);
        leave();
        dispatch(code, stage, ticket, scratch);
        code.i32(1);
        again();
      });
      code.release(ticket).call(barrier);
    }
  });
  module.export("run", run);
  return { bytes: module.finish({ shared, initial: 1, maximum: MOST_PAGES }), scratchBytes };
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

/** A function in which every thread waits for all others. The last to arrive resets the ticket counter. */
function writeBarrier(module: ModuleBuilder, threads: number): number {
  return module.function({ parameters: [], results: [] }, (code) => {
    const [generation, spins] = code.locals("i32", 2) as [Local, Local];
    const current = (): void => void code.i32(0).memory("i32_atomic_load", GENERATION);
    current();
    code.set(generation);
    code
      .i32(0)
      .i32(1)
      .memory("i32_atomic_rmw_add", ARRIVED)
      .i32(threads - 1)
      .op(OP.i32_eq);
    code.if(
      () => {
        code.i32(0).i32(0).memory("i32_atomic_store", ARRIVED).i32(0).i32(0).memory("i32_atomic_store", TICKET);
        code.i32(0).i32(1).memory("i32_atomic_rmw_add", GENERATION).op(OP.drop);
        code.i32(0).i32(-1).memory("atomic_notify", GENERATION).op(OP.drop);
      },
      () => {
        code.i32(SPINS).set(spins);
        code.block(({ again, leave }) => {
          current();
          code.get(generation).op(OP.i32_ne);
          leave();
          code.get(spins).i32(1).op(OP.i32_sub).tee(spins);
          again();
        });
        code.block(({ again, leave }) => {
          current();
          code.get(generation).op(OP.i32_ne);
          leave();
          code.i32(0).get(generation).forever().memory("atomic_wait32", GENERATION).op(OP.drop).i32(1);
          again();
        });
      },
    );
  });
}

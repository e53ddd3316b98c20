// Ceilings of a machine, as its threads reach them: products a second of a loop that does nothing but multiply and add in registers,
// and bytes a second of a copy that is larger than any cache. Times of kernels are read beside them.
import type { Ceiling, Mode } from "../contract.js";
import type { Code, Local } from "./assembler/code.js";
import { ModuleBuilder } from "./assembler/module.js";
import { load } from "./assembler/operands.js";
import type { Executor } from "./executor.js";

/** Sums that are independent of each other: more hide the time of an addition, and sixteen registers hold no more beside two factors. */
const SUMS = 12;
/** Additions to each sum in a run. */
const ROUNDS = 400_000;
/** Bytes that a thread copies in a run, and those of a turn of its loop. */
const [COPIED, TURN] = [32 << 20, 64];
const RUNS = 5;
/** Lanes of a vector, each with a product and an addition. */
const OPERATIONS = 8;

/** Bytes of memory that a thread needs to be measured: what is copied, and its copy. */
export const CEILING_BYTES = 2 * COPIED;

function writeProducts(code: Code, mode: Mode, scratch: Local): void {
  const sums = code.locals("v128", SUMS);
  const [a, b] = code.locals("v128", 2);
  code.f32x4(1e-3).set(a).f32x4(1e-3).set(b);
  for (const sum of sums) code.f32x4(0).set(sum);
  code.loop(ROUNDS, 1, () => {
    for (const sum of sums) code.multiplyAdd(mode, sum, a, b).set(sum);
  });
  sums.forEach((sum, i) => {
    code.store(scratch, sum, i * 16);
  });
}

function writeCopy(code: Code, scratch: Local): void {
  const [from, to] = code.locals("i32", 2);
  const vector = code.local("v128");
  code.set(from, scratch).get(scratch).plus(COPIED).set(to);
  code.loop(COPIED / TURN, 1, () => {
    for (let at = 0; at < TURN; at += 16) code.set(vector, load(from, at)).store(to, vector, at);
    code.advance(from, TURN).advance(to, TURN);
  });
}

/** Median seconds of a program of one function, which every thread runs. */
async function secondsOf(
  executor: Executor,
  program: number,
  shared: boolean,
  pages: number,
  scratch: (thread: number) => number,
  write: (code: Code, scratch: Local) => void,
): Promise<number> {
  const module = new ModuleBuilder();
  module.export(
    "run",
    module.function({ parameters: ["i32", "i32"], results: [] }, (code, _thread, at) => write(code, at)),
  );
  executor.load(program, await WebAssembly.compile(module.finish({ shared, initial: 1, maximum: pages })));
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const began = performance.now();
    await executor.run(program, scratch);
    times.push((performance.now() - began) / 1000);
  }
  executor.unload(program);
  return times.sort((a, b) => a - b)[RUNS >> 1]!;
}

/**
 * Measures what the threads of an executor reach together.
 * @param mode separate products and additions, or one relaxed instruction for both
 * @param shared whether the memory is shared
 * @param pages most pages of the memory
 * @param programs two numbers of programs that are free
 * @param scratch address of CEILING_BYTES for each thread
 */
export async function measureCeiling(
  executor: Executor,
  mode: Mode,
  { shared, pages }: { readonly shared: boolean; readonly pages: number },
  programs: readonly [products: number, copy: number],
  scratch: (thread: number) => number,
): Promise<Ceiling> {
  const { threads } = executor;
  const products = await secondsOf(executor, programs[0], shared, pages, scratch, (code, at) =>
    writeProducts(code, mode, at),
  );
  const copy = await secondsOf(executor, programs[1], shared, pages, scratch, writeCopy);
  return {
    operationsPerSecond: (threads * ROUNDS * SUMS * OPERATIONS) / products,
    bytesPerSecond: (threads * CEILING_BYTES) / copy,
  };
}

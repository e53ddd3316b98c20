// Ceilings of a machine, as its threads reach them: products a second of a loop that does nothing but multiply and add in registers,
// and bytes a second of a copy that is larger than any cache. Times of kernels are read beside them.
import type { Ceiling, Mode } from "../contract.js";
import type { Code, Local } from "./assembler/code.js";
import { ModuleBuilder } from "./assembler/module.js";
import { load } from "./assembler/operands.js";
import type { Executor } from "./executor.js";

/** Factors of the products, and the sums that they go to: as many as hide the time of an addition in sixteen registers, each of its own. */
const [ROWS, COLUMNS] = [4, 2];
const SUMS = ROWS * COLUMNS;
/** Additions to each sum in a run. */
const ROUNDS = 1_000_000;
/** Bytes that a thread copies in a run, and those of a turn of its loop. */
const [COPIED, TURN] = [32 << 20, 64];
const RUNS = 5;
/** Lanes of a vector, each with a product and an addition. */
const OPERATIONS = 8;

/** Bytes of memory that a thread needs to be measured: what is copied, and its copy. */
export const CEILING_BYTES = 2 * COPIED;

function writeProducts(code: Code, mode: Mode, scratch: Local): void {
  const sums = code.locals("v128", SUMS);
  const [rows, columns] = [code.locals("v128", ROWS), code.locals("v128", COLUMNS)];
  for (const [i, factor] of [...rows, ...columns].entries()) code.f32x4((i + 1) / 1000).set(factor);
  for (const sum of sums) code.f32x4(0).set(sum);
  code.loop(ROUNDS, 1, () => {
    for (const [i, sum] of sums.entries())
      code.multiplyAdd(mode, sum, rows[i % ROWS]!, columns[Math.floor(i / ROWS)]!).set(sum);
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

/** Memory of a session: whether it is shared, and its most pages. */
interface Memory {
  readonly shared: boolean;
  readonly pages: number;
}

/** Seconds of the fastest run of a program of one function, which every thread runs. */
export async function secondsOf(
  executor: Executor,
  program: number,
  { shared, pages }: Memory,
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
  return Math.min(...times);
}

/**
 * Measures what the threads of an executor reach together.
 * @param mode separate products and additions, or one relaxed instruction for both
 * @param memory whether it is shared, and its most pages
 * @param programs two numbers of programs that are free
 * @param scratch address of CEILING_BYTES for each thread
 */
export async function measureCeiling(
  executor: Executor,
  mode: Mode,
  memory: Memory,
  programs: readonly [products: number, copy: number],
  scratch: (thread: number) => number,
): Promise<Ceiling> {
  const { threads } = executor;
  const products = await secondsOf(executor, programs[0], memory, scratch, (code, at) => writeProducts(code, mode, at));
  const copy = await secondsOf(executor, programs[1], memory, scratch, writeCopy);
  return {
    operationsPerSecond: (threads * ROUNDS * SUMS * OPERATIONS) / products,
    bytesPerSecond: (threads * CEILING_BYTES) / copy,
  };
}

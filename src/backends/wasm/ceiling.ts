// Ceilings of a machine, as its threads reach them: products a second of the register tile on operands in the first-level
// cache, and bytes a second of a copy that is larger than any cache. Times of kernels are read beside them.
import type { Ceiling, Mode } from "../contract.js";
import type { Code, Local } from "./assembler/code.js";
import { ModuleBuilder } from "./assembler/module.js";
import { load } from "./assembler/operands.js";
import type { Executor } from "./executor.js";
import { accumulate, clear, eachVector, evenRows, makeAccumulators, TILE_ROWS } from "./kernels/tile.js";

/** Products that a sum is made of, times that a tile is computed in a run, and vectors of a row of it. */
const [DEPTH, ROUNDS, VECTORS] = [64, 16_000, 2];
/** Bytes of a thread's operands, which stay in its first-level cache. */
export const TILE_BYTES = (TILE_ROWS + 4 * VECTORS) * DEPTH * 4 + 64;
/** Products and additions of a run. */
const OPERATIONS = ROUNDS * DEPTH * TILE_ROWS * 4 * VECTORS * 2;
/** Bytes that a thread copies in a run, and those of a turn of its loop. */
const [COPIED, TURN] = [32 << 20, 64];
const RUNS = 5;
/** Milliseconds that a program runs at least: V8 starts with quick code, and replaces it by optimized code meanwhile. */
const WARM_UP = 300;
/** Bytes of memory that a thread needs to be measured: what is copied, and its copy. */
export const CEILING_BYTES = 2 * COPIED;

/** The register tile that is behind every product, again and again on operands of zeros. */
export function writeTile(code: Code, mode: Mode, scratch: Local): void {
  const b = code.local("i32");
  code
    .get(scratch)
    .plus(TILE_ROWS * DEPTH * 4)
    .set(b);
  code.get(scratch).i32(0).i32(TILE_BYTES).memoryFill();
  const accumulators = makeAccumulators(code, TILE_ROWS, VECTORS);
  clear(code, accumulators);
  code.loop(ROUNDS, 1, () =>
    accumulate({ mode }, code, accumulators, {
      ...{ a: scratch, aOffset: 0, rowOffsets: evenRows(TILE_ROWS, DEPTH * 4), aStep: 4 },
      ...{ b, bOffset: 0, bStep: VECTORS * 16, count: DEPTH },
    }),
  );
  eachVector(accumulators, (sums, row, vector) => void code.store(scratch, sums, (row * VECTORS + vector) * 16));
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
  const first = performance.now();
  while (times.length < RUNS || performance.now() - first < WARM_UP) {
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
  const products = await secondsOf(executor, programs[0], memory, scratch, (code, at) => writeTile(code, mode, at));
  const copy = await secondsOf(executor, programs[1], memory, scratch, writeCopy);
  return {
    operationsPerSecond: (threads * OPERATIONS) / products,
    bytesPerSecond: (threads * CEILING_BYTES) / copy,
  };
}

// The contract of backends, which hold variables and run graphs. A backend knows no layer, no loss, no optimizer and no
// data set; it sees only op records.
//
// Promises that every backend keeps (test/contract/backend.ts holds them to it):
// - A run is atomic to its caller: outputs and updates are those of one whole run, computed from the variables as they
//   were before it. Runs of one session happen in the order in which they were asked for.
// - Outputs are copies: the caller may keep and change them.
// - The same graph, inputs and variables give the same bits on every run and, in mode "reproducible", for every number
//   of threads and on every machine. A backend that cannot promise it says so and refuses that mode.
// - A variable stays until it is released, a program until it is closed; what they took is used again.
// - After an error nothing has been updated, and the same call fails in the same way again. The memory of a graph is
//   known from its shapes: a graph that is too large is refused before any contents are made. close() always frees;
//   after it every call fails with a sentence.
import type { KernelFacts } from "../compile/print.js";
import type { Target } from "../compile/target.js";
import type { Graph } from "../core/graph/graph.js";
import type { Variable } from "../core/graph/node.js";
import type { Tensor } from "../core/tensor.js";

/** "reproducible": strict instructions, the same bits anywhere. "fast": relaxed SIMD where it is faster. */
export type Mode = "reproducible" | "fast";

export interface SessionOptions {
  /** Threads that compute; more than the machine has is allowed, up to 256. Default: what the machine has. */
  readonly threads?: number;
  /** Default: "reproducible" where the backend can promise it, else "fast". */
  readonly mode?: Mode;
}

/**
 * A machine that computes graphs, such as WebAssembly on the CPU. Programs get one from `defaultBackend`, or write one
 * of their own and hold it to `backendContract`.
 */
export interface Backend {
  /** Name for messages and reports, such as `wasm`. */
  readonly name: string;
  /**
   * True where mode "reproducible" can be promised: the same bits for every number of threads and on every machine. A backend
   * that cannot refuses that mode.
   */
  readonly reproducible: boolean;
  /** The machine that graphs are compiled for; absent where graphs are interpreted. */
  readonly target?: Target;
  /**
   * Opens a session with memory and threads. Without a mode it has the strictest mode that the backend can keep.
   * @throws FoveaError for options that the backend cannot keep.
   */
  open(options?: SessionOptions): Promise<Session>;
}

/** Options of a program. */
export interface ProgramOptions {
  /**
   * Bytes that a run may take for results in between, those of variables and of threads not counted: a backend that compiles
   * computes results again rather than keep them, to the same bits. Default: no limit.
   */
  readonly memory?: number | undefined;
}

/** One memory: variables live in it and several compiled graphs share it. */
export interface Session {
  readonly threads: number;
  readonly mode: Mode;
  /**
   * Compiles a graph. A variable seen for the first time starts with its `initial` contents, or zeros.
   * @throws FoveaError for a graph that is too large for the machine, or for the memory in `options`.
   */
  compile(graph: Graph, options?: ProgramOptions): Promise<Executable>;
  /** Tells whether the session knows a variable, from a graph that it compiled or from `write`. */
  holds(variable: Variable): boolean;
  /** A copy of a variable's contents, after all runs asked for so far. */
  read(variable: Variable): Promise<Tensor>;
  /** Replaces a variable's contents, after all runs asked for so far. */
  write(variable: Variable, contents: Tensor): Promise<void>;
  /**
   * Frees variables, after all runs asked for so far; their contents are lost, and what the session does not hold is left
   * out. One that is met again starts with its `initial` contents.
   * @throws FoveaError, with nothing freed, when an executable that is not closed uses one of them.
   */
  release(variables: readonly Variable[]): Promise<void>;
  /** Bytes that variables, executables and what they share take now. */
  usedBytes(): Promise<number>;
  /** Speed that the session's threads reach at most, measured now. Absent where nobody can tell. */
  readonly ceiling?: () => Promise<Ceiling>;
  /** False after `close`, and when a thread has died: what is held can be read until `close`, but nothing runs. */
  readonly usable: boolean;
  close(): Promise<void>;
}

/** Speed that a machine reaches at most. */
export interface Ceiling {
  /** Products and additions a second of 32-bit floats, each counted. */
  readonly operationsPerSecond: number;
  /** Bytes a second that a copy reads and writes, both counted. */
  readonly bytesPerSecond: number;
}

/** A stage of a program with its time. */
export interface TimedStage {
  /** Median time in milliseconds. */
  readonly ms: number;
  /** Its kernels, which run side by side. */
  readonly kernels: readonly KernelFacts[];
}

export interface Executable {
  /** Runs once. One tensor per graph input, in order, with the declared dtype and shape. */
  run(inputs: readonly Tensor[]): Promise<Tensor[]>;
  /** Frees the code and the memory of the executable, after all runs asked for so far. Variables stay. */
  close(): Promise<void>;
  readonly stats: ExecutableStats;
  /**
   * Time of each stage by itself, the median over some runs of it after one of the whole. Variables hold nothing of use afterwards.
   * Absent where stages cannot be run by themselves.
   */
  readonly stageTimes?: (inputs: readonly Tensor[], runs: number) => Promise<readonly TimedStage[]>;
}

export interface ExecutableStats {
  /** Milliseconds from graph to machine code. */
  readonly compileMs: number;
  /** Bytes of scratch memory that one run needs, variables not counted. */
  readonly arenaBytes: number;
  /** Launches per run. */
  readonly kernels: number;
}

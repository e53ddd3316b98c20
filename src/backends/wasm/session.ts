// The WebAssembly backend: compiles graphs to machine code and runs them over one memory.

import type { Buffer, Kernel } from "../../compile/kernels.js";
import { paddedBytes } from "../../compile/plan.js";
import { compile, type Program } from "../../compile/program.js";
import type { Recompute } from "../../compile/recompute.js";
import { showByteSize } from "../../core/byte-size.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph } from "../../core/graph/graph.js";
import { Variable } from "../../core/graph/node.js";
import { sizeOf } from "../../core/shape.js";
import { type Tensor, type TensorType, tensor } from "../../core/tensor.js";
import { relaxedSimd, sharedMemory } from "../../platform/wasm.js";
import { hardwareThreads } from "../../platform/workers.js";
import type {
  Backend,
  Ceiling,
  Executable,
  Mode,
  ProgramOptions,
  Session,
  SessionOptions,
  TimedStage,
} from "../contract.js";
import { SessionTurns } from "../session-turns.js";
import { expectInputs, expectType } from "../tensor-types.js";
import { CPU_TARGET } from "./cpu-target.js";
import { type Executor, InlineExecutor, WorkerExecutor } from "./executor.js";
import { CONTROL_BYTES, generate, MOST_PAGES, stageBytes } from "./generate.js";
import { SessionMemory } from "./memory.js";

export interface WasmOptions {
  /** Compute on the calling thread even where threads could share memory. */
  readonly inline?: boolean;
  /** Check programs between the compiler's passes; for tests and for finding a mistake. Default false. */
  readonly check?: boolean;
  /** Takes relaxed instructions in mode "fast" whether they are faster or not; for tests. Default false. */
  readonly relaxed?: boolean;
}

/** More threads would only wait for each other, and each costs some MB. */
const MOST_THREADS = 256;

/** Milliseconds for each timed run that a stage runs at least: V8 replaces its first code by optimized code meanwhile. */
const WARM_UP_PER_RUN = 4;

/** The mode whose instructions are faster here. Pages that never ask for mode "fast" do not load the measurement. */
const fasterHere = async (memory: SessionMemory, executor: Executor): Promise<Mode> =>
  (await import("./faster-mode.js")).fasterHere(memory, executor);

/** The pass that keeps a program within a limit of memory. Pages without a limit do not load it. */
const recomputation = async (): Promise<Recompute> => (await import("../../compile/recompute.js")).recompute;

/** The backend over this engine's WebAssembly. */
export const createWasmBackend = ({
  inline = !sharedMemory(),
  check = false,
  relaxed = false,
}: WasmOptions = {}): Backend => {
  /** Instructions of mode "fast", once they have been timed. */
  let faster: Mode | undefined;
  return {
    name: "wasm",
    reproducible: true,
    target: CPU_TARGET,
    async open({ threads, mode = "reproducible" }: SessionOptions = {}) {
      if (mode === "fast" && !(await relaxedSimd()))
        throw new FoveaError(
          "unsupported-engine",
          'mode "fast" needs relaxed SIMD, which this JavaScript engine lacks; use "reproducible"',
        );
      if (typeof WebAssembly === "undefined")
        throw new FoveaError(
          "unsupported-engine",
          "this JavaScript engine runs no WebAssembly; start it without flags that turn it off, such as --jitless",
        );
      if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS))
        throw new FoveaError(
          "out-of-range",
          `threads: expected a whole number from 1 to ${MOST_THREADS}, received ${threads}`,
        );
      const memory = new SessionMemory(!inline, CONTROL_BYTES);
      const executor = inline
        ? new InlineExecutor(memory.memory)
        : await WorkerExecutor.start(memory.memory, Math.min(threads ?? (await hardwareThreads()), MOST_THREADS));
      if (mode === "reproducible" || relaxed) return new WasmSession(memory, executor, mode, mode, check);
      try {
        faster ??= await fasterHere(memory, executor);
      } catch (error) {
        await executor.close();
        throw error;
      }
      return new WasmSession(memory, executor, mode, faster, check);
    },
  };
};

/** The address of a variable, and the number of open programs that know it. */
interface Held {
  readonly address: number;
  programs: number;
}

class WasmSession implements Session {
  readonly #variables = new Map<Variable, Held>();
  #programs = 0;
  #scratch: { address: number; bytes: number } = { address: 0, bytes: 0 };
  readonly #turns = new SessionTurns();

  constructor(
    readonly memory: SessionMemory,
    readonly executor: Executor,
    readonly mode: Mode,
    /** Instructions of its programs. */
    readonly instructions: Mode,
    readonly check: boolean,
  ) {}

  get threads(): number {
    return this.executor.threads;
  }

  get usable(): boolean {
    return !this.#turns.closed && this.executor.usable;
  }

  compile(graph: Graph, { memory: limit }: ProgramOptions = {}): Promise<Executable> {
    return this.#turns.take(async () => {
      const started = performance.now();
      const program = compile(graph, CPU_TARGET, {
        check: this.check,
        ...(limit === undefined ? {} : { within: { bytes: limit, recompute: await recomputation() } }),
      });
      if (limit !== undefined && program.memory.bytes > limit) throw tooTight(program.memory.bytes, limit);
      const unmet = [...program.variables.keys()].filter((variable) => !this.holds(variable));
      const scratch = this.#scratch;
      try {
        return await this.memory.transaction(
          [...unmet.map(bytesOf), this.memory.arenaGrowth(program.memory.bytes)],
          () => this.#load(graph, program, unmet, started),
        );
      } catch (error) {
        for (const variable of unmet) this.#variables.delete(variable);
        this.#scratch = scratch;
        throw error;
      }
    });
  }

  /** Gives a program its place in memory and its code to the threads; contents come last, when all of it has a place. */
  async #load(graph: Graph, program: Program, unmet: readonly Variable[], started: number): Promise<Executable> {
    for (const variable of unmet) this.#place(variable);
    const arena = this.memory.arena(program.memory.bytes);
    const address = (buffer: Buffer): number =>
      buffer.role instanceof Variable ? this.#addressOf(buffer.role) : arena + program.memory.offsets.get(buffer)!;
    const counterBytes = program.stages.length * stageBytes(this.threads);
    const counters = this.memory.allocate(counterBytes);
    const { bytes, scratchBytes } = generate(program, {
      threads: this.threads,
      mode: this.instructions,
      shared: this.memory.shared,
      address,
      counters,
    });
    const perThread = this.#reserveScratch(scratchBytes);
    const code = await WebAssembly.compile(bytes);
    for (const variable of unmet) this.#start(variable);
    const id = this.#programs++;
    this.executor.load(id, code);
    const held = [...program.variables.keys()].map((variable) => this.#variables.get(variable)!);
    for (const variable of held) variable.programs++;
    let open = true;
    const inputs = program.inputs.map((buffer) => (program.memory.offsets.has(buffer) ? address(buffer) : undefined));
    const outputs = program.outputs.map(address);
    return {
      stats: {
        compileMs: performance.now() - started,
        arenaBytes: program.memory.bytes + perThread * this.threads,
        kernels: program.stages.reduce((sum, stage) => sum + stage.length, 0),
      },
      run: (tensors) =>
        this.#turns.take(() => {
          if (!open) throw new FoveaError("already-ended", "this executable is closed; compile its graph again");
          this.memory.view("uint8", counters, counterBytes).fill(0);
          return this.#run(graph, id, tensors, inputs, outputs);
        }),
      stageTimes: (tensors, runs) =>
        this.#turns.take(async () => {
          this.memory.view("uint8", counters, counterBytes).fill(0);
          await this.#run(graph, id, tensors, inputs, outputs);
          const { programFacts } = await import("../../compile/print.js");
          const facts = programFacts(program);
          const times: TimedStage[] = [];
          for (const [number, stage] of program.stages.entries())
            times.push({
              ms: await this.#stageTime(stage, address, counters, runs),
              kernels: facts.filter((kernel) => kernel.stage === number),
            });
          return times;
        }),
      close: () =>
        this.#turns.free(() => {
          if (!open) return;
          open = false;
          this.executor.unload(id);
          this.memory.free(counters, counterBytes);
          this.memory.leaveArena(arena);
          for (const variable of held) variable.programs--;
        }),
    };
  }

  /** Scratch of a size that suits all programs, where threads write as they like; bytes for each. */
  #reserveScratch(bytes: number): number {
    const perThread = Math.ceil((bytes + 4096) / 4096) * 4096;
    const old = this.#scratch;
    if (perThread > old.bytes) {
      this.#scratch = { address: this.memory.allocate(perThread * this.threads), bytes: perThread };
      this.memory.free(old.address, old.bytes * this.threads);
    }
    return perThread;
  }

  holds(variable: Variable): boolean {
    return this.#variables.has(variable);
  }

  read(variable: Variable): Promise<Tensor> {
    return this.#turns.take(async () => this.#copyOut(variable.type, this.#addressOf(variable)));
  }

  write(variable: Variable, contents: Tensor): Promise<void> {
    return this.#turns.take(async () => {
      expectType(`variable "${variable.name}"`, variable.type, contents);
      this.#copyIn(this.#addressOf(variable), contents);
    });
  }

  release(variables: readonly Variable[]): Promise<void> {
    return this.#turns.free(() => {
      const used = variables.find((variable) => (this.#variables.get(variable)?.programs ?? 0) > 0);
      if (used !== undefined)
        throw new FoveaError("in-use", `release: variable "${used.name}" is used by an executable; close that first`);
      for (const variable of variables) {
        const held = this.#variables.get(variable);
        if (held !== undefined) this.memory.free(held.address, bytesOf(variable));
        this.#variables.delete(variable);
      }
    });
  }

  usedBytes(): Promise<number> {
    return this.#turns.take(() => this.memory.used);
  }

  close(): Promise<void> {
    return this.#turns.close(() => this.executor.close());
  }

  async #run(
    graph: Graph,
    id: number,
    tensors: readonly Tensor[],
    inputs: readonly (number | undefined)[],
    outputs: readonly number[],
  ): Promise<Tensor[]> {
    expectInputs(graph, tensors);
    tensors.forEach((tensor, i) => {
      const address = inputs[i];
      if (address !== undefined) this.#copyIn(address, tensor);
    });
    const { address, bytes } = this.#scratch;
    await this.executor.run(id, (thread) => address + thread * bytes);
    return graph.outputs.map(({ type }, i) => this.#copyOut(type, outputs[i]!));
  }

  /** Median milliseconds of one stage, whose operands a run of the whole program has left in memory. */
  async #stageTime(
    stage: readonly Kernel[],
    address: (buffer: Buffer) => number,
    counters: number,
    runs: number,
  ): Promise<number> {
    const { threads, instructions: mode } = this;
    const { bytes } = generate({ stages: [stage] }, { threads, mode, shared: this.memory.shared, address, counters });
    const id = this.#programs++;
    this.executor.load(id, await WebAssembly.compile(bytes));
    const { address: scratch, bytes: perThread } = this.#scratch;
    const times: number[] = [];
    const first = performance.now();
    while (times.length < runs || performance.now() - first < runs * WARM_UP_PER_RUN) {
      this.memory.view("uint8", counters, stageBytes(threads)).fill(0);
      const began = performance.now();
      await this.executor.run(id, (thread) => scratch + thread * perThread);
      times.push(performance.now() - began);
    }
    this.executor.unload(id);
    return times.slice(-runs).sort((a, b) => a - b)[runs >> 1]!;
  }

  ceiling(): Promise<Ceiling> {
    return this.#turns.take(async () => {
      const { CEILING_BYTES, measureCeiling } = await import("./ceiling.js");
      const bytes = CEILING_BYTES * this.threads;
      const address = this.memory.allocate(bytes);
      try {
        const memory = { shared: this.memory.shared, pages: MOST_PAGES };
        const programs = [this.#programs++, this.#programs++] as const;
        const scratch = (thread: number): number => address + thread * CEILING_BYTES;
        return await measureCeiling(this.executor, this.instructions, memory, programs, scratch);
      } finally {
        this.memory.free(address, bytes);
      }
    });
  }

  #addressOf(variable: Variable): number {
    const address = this.#variables.get(variable)?.address;
    if (address !== undefined) return address;
    const placed = this.#place(variable);
    this.#start(variable);
    return placed;
  }

  #place(variable: Variable): number {
    const address = this.memory.allocate(bytesOf(variable));
    this.#variables.set(variable, { address, programs: 0 });
    return address;
  }

  /** Gives a variable that the session meets its first contents; memory may hold those of a program that failed. */
  #start(variable: Variable): void {
    const { initial, type } = variable;
    const { address } = this.#variables.get(variable)!;
    if (initial === undefined) this.memory.view(type.dtype, address, sizeOf(type.shape)).fill(0);
    else this.#copyIn(address, initial);
  }

  #copyIn(address: number, { dtype, data }: Tensor): void {
    this.memory.view(dtype, address, data.length).set(data);
  }

  #copyOut({ dtype, shape }: TensorType, address: number): Tensor {
    return tensor(this.memory.view(dtype, address, sizeOf(shape)).slice(), shape, dtype);
  }
}

const tooTight = (least: number, limit: number): FoveaError =>
  new FoveaError(
    "out-of-memory-bound",
    `memory ${showByteSize(limit)}: this program needs at least ${showByteSize(least)} for its results in between; ` +
      "allow as much, or use a smaller batch or smaller images",
  );

const bytesOf = (variable: Variable): number =>
  paddedBytes({ dtype: variable.type.dtype, size: sizeOf(variable.type.shape) }, CPU_TARGET);

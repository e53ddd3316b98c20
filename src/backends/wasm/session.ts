// The WebAssembly backend: compiles graphs to machine code and runs them over one memory.

import type { Buffer } from "../../compile/kernels.js";
import { paddedBytes } from "../../compile/plan.js";
import { compile } from "../../compile/program.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph } from "../../core/graph/graph.js";
import { Variable } from "../../core/graph/node.js";
import { sameShape, showShape, sizeOf } from "../../core/shape.js";
import { type Tensor, type TensorType, tensor } from "../../core/tensor.js";
import { hardwareThreads, relaxedSimd, sharedMemory } from "../../platform/index.js";
import type { Backend, Executable, Mode, Session, SessionOptions } from "../contract.js";
import { type Executor, InlineExecutor, WorkerExecutor } from "./executor.js";
import { CONTROL_BYTES, generate } from "./generate.js";
import { SessionMemory } from "./memory.js";

export interface WasmOptions {
  /** Compute on the calling thread even where threads could share memory. */
  readonly inline?: boolean;
}

/** The backend over this engine's WebAssembly. */
export const createWasmBackend = ({ inline = !sharedMemory() }: WasmOptions = {}): Backend => ({
  name: "wasm",
  async open({ threads, mode = "reproducible" }: SessionOptions = {}) {
    if (mode === "fast" && !(await relaxedSimd()))
      throw new FoveaError('mode "fast" needs relaxed SIMD, which this JavaScript engine lacks; use "reproducible"');
    const memory = new SessionMemory(!inline, CONTROL_BYTES);
    const executor = inline
      ? new InlineExecutor(memory.memory)
      : await WorkerExecutor.start(memory.memory, threads ?? (await hardwareThreads()));
    return new WasmSession(memory, executor, mode);
  },
});

class WasmSession implements Session {
  readonly #variables = new Map<Variable, number>();
  #programs = 0;
  #scratch: { address: number; bytes: number } = { address: 0, bytes: 0 };
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    readonly memory: SessionMemory,
    readonly executor: Executor,
    readonly mode: Mode,
  ) {}

  get threads(): number {
    return this.executor.threads;
  }

  compile(graph: Graph): Promise<Executable> {
    return this.#inTurn(async () => {
      const started = performance.now();
      const program = compile(graph);
      for (const variable of program.variables.keys()) this.#addressOf(variable);
      const arena = this.memory.arena(program.memory.bytes);
      const address = (buffer: Buffer): number =>
        buffer.role instanceof Variable ? this.#addressOf(buffer.role) : arena + program.memory.offsets.get(buffer)!;
      const { bytes, scratchBytes } = generate(program, {
        threads: this.threads,
        mode: this.mode,
        shared: this.memory.shared,
        address,
      });
      const perThread = Math.ceil((scratchBytes + 4096) / 4096) * 4096;
      if (perThread > this.#scratch.bytes)
        this.#scratch = { address: this.memory.allocate(perThread * this.threads), bytes: perThread };
      const id = this.#programs++;
      this.executor.load(id, await WebAssembly.compile(bytes));
      const inputs = program.inputs.map((buffer) => (program.memory.offsets.has(buffer) ? address(buffer) : undefined));
      const outputs = program.outputs.map(address);
      return {
        stats: {
          compileMs: performance.now() - started,
          arenaBytes: program.memory.bytes + perThread * this.threads,
          kernels: program.stages.reduce((sum, stage) => sum + stage.length, 0),
        },
        run: (tensors) => this.#inTurn(() => this.#run(graph, id, tensors, inputs, outputs)),
      };
    });
  }

  read(variable: Variable): Promise<Tensor> {
    return this.#inTurn(async () => this.#copyOut(variable.type, this.#addressOf(variable)));
  }

  write(variable: Variable, contents: Tensor): Promise<void> {
    return this.#inTurn(async () => {
      expectType(`variable "${variable.name}"`, variable.type, contents);
      this.#copyIn(this.#addressOf(variable), contents);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#last.catch(() => undefined);
    this.#closed = true;
    await this.executor.close();
  }

  async #run(
    graph: Graph,
    id: number,
    tensors: readonly Tensor[],
    inputs: readonly (number | undefined)[],
    outputs: readonly number[],
  ): Promise<Tensor[]> {
    if (tensors.length !== graph.inputs.length)
      throw new FoveaError(`run: expected ${graph.inputs.length} inputs, received ${tensors.length}`);
    graph.inputs.forEach(({ type, node }, i) => {
      expectType(`run: input "${node.kind === "input" ? node.name : i}"`, type, tensors[i]!);
    });
    tensors.forEach((tensor, i) => {
      const address = inputs[i];
      if (address !== undefined) this.#copyIn(address, tensor);
    });
    const { address, bytes } = this.#scratch;
    await this.executor.run(id, (thread) => address + thread * bytes);
    return graph.outputs.map(({ type }, i) => this.#copyOut(type, outputs[i]!));
  }

  /** One call after the other, in the order of asking; a failed call does not stop the next. */
  #inTurn<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#last
      .catch(() => undefined)
      .then(() => {
        if (this.#closed) throw new FoveaError("this session is closed; open a new one");
        return call();
      });
    this.#last = turn;
    return turn;
  }

  #addressOf(variable: Variable): number {
    let address = this.#variables.get(variable);
    if (address === undefined) {
      const size = sizeOf(variable.type.shape);
      address = this.memory.allocate(paddedBytes({ dtype: variable.type.dtype, size, role: variable }));
      this.#variables.set(variable, address);
      if (variable.initial !== undefined) this.#copyIn(address, variable.initial);
    }
    return address;
  }

  #copyIn(address: number, { dtype, data }: Tensor): void {
    this.memory.view(dtype, address, data.length).set(data);
  }

  #copyOut({ dtype, shape }: TensorType, address: number): Tensor {
    return tensor(this.memory.view(dtype, address, sizeOf(shape)).slice(), shape, dtype);
  }
}

function expectType(what: string, { dtype, shape }: TensorType, received: TensorType): void {
  if (dtype !== received.dtype || !sameShape(shape, received.shape))
    throw new FoveaError(
      `${what} expects ${dtype} ${showShape(shape)}, received ${received.dtype} ${showShape(received.shape)}`,
    );
}

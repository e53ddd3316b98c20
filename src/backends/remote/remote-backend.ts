// The backend contract over a message port: a worker computes, the calling thread only asks and waits. For pages whose
// threads cannot share memory, which would stand still if they computed themselves. Same graphs, same backend, same bits.
import { FoveaError } from "../../core/errors.js";
import type { Graph } from "../../core/graph/graph.js";
import { variablesOf } from "../../core/graph/graph.js";
import type { Variable } from "../../core/graph/node.js";
import type { Tensor } from "../../core/tensor.js";
import type { WorkerModule } from "../../platform/workers.js";
import type { Backend, Executable, Mode, ProgramOptions, Session } from "../contract.js";
import { SessionTurns } from "../session-turns.js";
import { graphToRecord, plainType } from "./graph-record.js";
import { Host } from "./host.js";
import type { Calls, VariableRecord } from "./messages.js";
import { arrived, buffersOf, copyToMove } from "./moved.js";

/**
 * A backend whose sessions each live in a worker of their own, which closing ends with all its memory.
 * @param behind the backend that the worker computes with. It takes over, on the calling thread, where the worker cannot be
 *   loaded; `warn` hears of that once.
 * @param worker a module that calls `serveBackend`.
 * @example const backend = remoteBackend(createWasmBackend({ inline: true }), BACKEND_WORKER);
 */
export function remoteBackend(
  behind: Backend,
  worker: WorkerModule,
  warn: (sentence: string) => void = console.warn,
): Backend {
  let isMissing = false;
  return {
    ...behind,
    async open(options = {}) {
      const host = isMissing ? undefined : await Host.start(worker);
      if (host === undefined) {
        if (!isMissing)
          warn(
            `the worker that computes did not load (${worker.path}), so this page's own thread does it and the page stands ` +
              'still meanwhile; put "fovea/workers/backend" beside the page\'s script under that name',
          );
        isMissing = true;
        return behind.open(options);
      }
      try {
        return new RemoteSession(host, await host.ask("open", { options }));
      } catch (error) {
        await host.close();
        throw error;
      }
    },
  };
}

class RemoteSession implements Session {
  readonly threads: number;
  readonly mode: Mode;
  readonly #numbers = new Map<Variable, number>();
  /** Variables whose first contents the worker has, or need not have. */
  readonly #held = new Set<Variable>();
  #next = 0;
  readonly #turns = new SessionTurns();

  constructor(
    readonly host: Host,
    { threads, mode }: { readonly threads: number; readonly mode: Mode },
  ) {
    this.threads = threads;
    this.mode = mode;
  }

  compile(graph: Graph, options: ProgramOptions = {}): Promise<Executable> {
    return this.#turns.take(async () => {
      const unmet = variablesOf(graph).filter((variable) => !this.#held.has(variable));
      const { program, stats } = await this.#load(graph, unmet, options);
      for (const variable of unmet) this.#held.add(variable);
      let isOpen = true;
      return {
        stats,
        run: (inputs) =>
          this.#turns.take(() => {
            if (!isOpen) throw new FoveaError("already-ended", "this executable is closed; compile its graph again");
            return this.#run(program, inputs);
          }),
        close: () =>
          this.#turns.free(async () => {
            if (isOpen) await this.host.ask("unload", { program });
            isOpen = false;
          }),
      };
    });
  }

  /** Gives the worker a graph and the contents of variables that are new to it, or leaves nothing of either there. */
  async #load(graph: Graph, unmet: readonly Variable[], options: ProgramOptions): Promise<Calls["compile"]["answer"]> {
    let compiled: Calls["compile"]["answer"] | undefined;
    try {
      compiled = await this.host.ask("compile", {
        graph: graphToRecord(graph, (variable) => this.#recordOf(variable).number),
        variables: variablesOf(graph).map((variable) => this.#recordOf(variable)),
        options,
      });
      // Contents are made when it is known that there is room for them.
      for (const variable of unmet) await this.#start(variable);
      return compiled;
    } catch (error) {
      const numbers = unmet.flatMap((variable) => this.#numbers.get(variable) ?? []);
      if (compiled !== undefined) {
        await this.host.ask("unload", { program: compiled.program });
        await this.host.ask("release", { variables: numbers });
      }
      for (const variable of unmet) this.#numbers.delete(variable);
      throw error;
    }
  }

  holds(variable: Variable): boolean {
    return this.#held.has(variable);
  }

  read(variable: Variable): Promise<Tensor> {
    return this.#turns.take(async () => {
      if (!this.#held.has(variable)) await this.#start(variable);
      this.#held.add(variable);
      return arrived(await this.host.ask("read", { variable: this.#recordOf(variable) }));
    });
  }

  write(variable: Variable, contents: Tensor): Promise<void> {
    return this.#turns.take(async () => {
      await this.#write(variable, contents);
      this.#held.add(variable);
    });
  }

  release(variables: readonly Variable[]): Promise<void> {
    return this.#turns.free(async () => {
      const known = [...new Set(variables)].filter((variable) => this.#numbers.has(variable));
      await this.host.ask("release", { variables: known.map((variable) => this.#numbers.get(variable)!) });
      for (const variable of known) {
        this.#numbers.delete(variable);
        this.#held.delete(variable);
      }
    });
  }

  usedBytes(): Promise<number> {
    return this.#turns.take(() => this.host.ask("usedBytes", {}));
  }

  get usable(): boolean {
    return !this.#turns.closed && this.host.usable;
  }

  close(): Promise<void> {
    return this.#turns.close(() => this.host.close());
  }

  async #run(program: number, tensors: readonly Tensor[]): Promise<Tensor[]> {
    const inputs = tensors.map(copyToMove);
    return (await this.host.ask("run", { program, inputs }, buffersOf(inputs))).map(arrived);
  }

  /** Gives a variable its first contents; the worker begins all with zeros. */
  async #start(variable: Variable): Promise<void> {
    const { initial } = variable;
    if (initial !== undefined) await this.#write(variable, initial);
  }

  async #write(variable: Variable, tensor: Tensor): Promise<void> {
    const contents = copyToMove(tensor);
    await this.host.ask("write", { variable: this.#recordOf(variable), contents }, buffersOf([contents]));
  }

  #recordOf(variable: Variable): VariableRecord {
    const number = this.#numbers.get(variable) ?? this.#next++;
    this.#numbers.set(variable, number);
    return { number, name: variable.name, type: plainType(variable.type) };
  }
}

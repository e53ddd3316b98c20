// The worker's side of a remote session: makes graphs from records, keeps variables and programs by number, and passes
// every call on to a backend of its own.
import { FoveaError } from "../../core/errors.js";
import { Variable } from "../../core/graph/node.js";
import type { WorkerScope } from "../../platform/workers.js";
import type { Backend, Executable, Session } from "../contract.js";
import { graphFromRecord } from "./graph-record.js";
import type { CallName, Calls, FromHost, MovedTensor, ToHost, VariableRecord } from "./messages.js";
import { arrived, buffersOf, giveAway } from "./moved.js";

/** Answers calls until the worker is ended by its owner. */
export function serveBackend(backend: Backend, scope: WorkerScope<ToHost>): void {
  const served = new ServedSession(backend);
  const say = (message: FromHost, moved: readonly MovedTensor[] = []): void => scope.post(message, buffersOf(moved));
  scope.onMessage(async (message) => {
    try {
      const { answer, moved } = await served.answer(message);
      say({ answer }, moved);
    } catch (error) {
      say(
        error instanceof FoveaError
          ? { refusal: error.message, code: error.code }
          : { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      );
    }
  });
  say({ ready: true });
}

interface Answered {
  readonly answer: Calls[CallName]["answer"];
  readonly moved?: readonly MovedTensor[];
}

class ServedSession {
  readonly #variables = new Map<number, Variable>();
  readonly #programs = new Map<number, Executable>();
  #last = 0;
  #session: Session | undefined;

  constructor(readonly backend: Backend) {}

  async answer(asked: ToHost): Promise<Answered> {
    if (asked.call === "open") {
      this.#session = await this.backend.open(asked.options);
      return { answer: { threads: this.#session.threads, mode: this.#session.mode } };
    }
    const session = this.#session!;
    switch (asked.call) {
      case "compile": {
        const unmet = asked.variables.filter(({ number }) => !this.#variables.has(number));
        for (const variable of asked.variables) this.#variable(variable);
        try {
          const graph = graphFromRecord(asked.graph, (number) => this.#variables.get(number)!);
          const executable = await session.compile(graph, asked.options);
          this.#programs.set(++this.#last, executable);
          return { answer: { program: this.#last, stats: executable.stats } };
        } catch (error) {
          for (const { number } of unmet) this.#variables.delete(number);
          throw error;
        }
      }
      case "run": {
        const outputs = (await this.#programs.get(asked.program)!.run(asked.inputs.map(arrived))).map(giveAway);
        return { answer: outputs, moved: outputs };
      }
      case "unload":
        await this.#programs.get(asked.program)!.close();
        this.#programs.delete(asked.program);
        return { answer: undefined };
      case "release":
        await session.release(asked.variables.map((number) => this.#variables.get(number)!));
        for (const number of asked.variables) this.#variables.delete(number);
        return { answer: undefined };
      case "usedBytes":
        return { answer: await session.usedBytes() };
      case "read": {
        const contents = giveAway(await session.read(this.#variable(asked.variable)));
        return { answer: contents, moved: [contents] };
      }
      case "write":
        await session.write(this.#variable(asked.variable), arrived(asked.contents));
        return { answer: undefined };
    }
  }

  #variable({ number, name, type }: VariableRecord): Variable {
    const known = this.#variables.get(number) ?? new Variable(name, type);
    this.#variables.set(number, known);
    return known;
  }
}

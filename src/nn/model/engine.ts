// A model's place on a backend: one session, opened when first needed, the programs compiled for it, and which versions
// of the weights it holds. What the programs compute is graphs.ts's business.
import type { Backend, Executable, Session, SessionOptions } from "../../backends/contract.js";
import { FoveaError } from "../../core/errors.js";
import type { Graph } from "../../core/graph/graph.js";
import type { Tensor } from "../../core/tensor.js";
import type { Weight } from "../layers/weight.js";

export class Engine {
  #session: Promise<Session> | undefined;
  readonly #programs = new Map<string, Promise<Executable>>();
  readonly #held = new Map<Weight, number>();

  constructor(
    /** The model's name, for messages. */
    readonly who: string,
    readonly backend: Backend | undefined,
    readonly options: SessionOptions,
  ) {}

  /** The session if one is open. */
  get current(): Promise<Session> | undefined {
    return this.#session;
  }

  /** The session, opened now if need be. @throws FoveaError when the model was given no backend. */
  session(): Promise<Session> {
    if (this.backend === undefined)
      throw new FoveaError(
        `${this.who}: this model has no backend to compute with; make it with sequential() from "fovea", or pass { backend }`,
      );
    this.#session ??= this.backend.open(this.options);
    return this.#session;
  }

  /** The program under `key`, compiled from `build()` the first time. */
  program(key: string, build: () => Graph): Promise<Executable> {
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = this.session().then((session) => session.compile(build()));
      this.#programs.set(key, program);
      // A program that does not compile must not be remembered as one.
      program.catch(() => this.#programs.delete(key));
    }
    return program;
  }

  /** Drops the programs whose keys begin with one of `prefixes`. */
  forget(...prefixes: readonly string[]): void {
    for (const key of this.#programs.keys())
      if (prefixes.some((prefix) => key.startsWith(prefix))) this.#programs.delete(key);
  }

  /** Gives the session the newest values of weights that changed elsewhere: on the host, or by another model. */
  async upload(weights: readonly Weight[]): Promise<void> {
    const session = await this.session();
    for (const weight of weights) {
      if (this.#held.get(weight) === weight.version) continue;
      const { version } = weight;
      await session.write(weight.variable, await weight.latest());
      this.#held.set(weight, version);
    }
  }

  /** Runs a program that reads `weights` and changes those in `changed`. */
  async run(
    program: Executable,
    inputs: readonly Tensor[],
    weights: readonly Weight[],
    changed: readonly Weight[] = [],
  ): Promise<Tensor[]> {
    await this.upload(weights);
    const outputs = await program.run(inputs);
    const session = await this.session();
    for (const weight of changed) {
      weight.changedOn(session);
      this.#held.set(weight, weight.version);
    }
    return outputs;
  }

  /** Closes the session; the newest values of these weights come to the host. */
  async close(weights: readonly Weight[]): Promise<void> {
    const session = await this.#session;
    if (session === undefined) return;
    for (const weight of weights) await weight.leave(session);
    this.#session = undefined;
    this.#programs.clear();
    this.#held.clear();
    await session.close();
  }
}

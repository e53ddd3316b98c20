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
  /** Runs under way, which closing waits for. */
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

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
    if (this.#session === undefined) {
      const opening = this.backend.open(this.options);
      this.#session = opening;
      // A session that could not be opened is tried again by the next call.
      opening.catch(() => {
        if (this.#session === opening) this.#session = undefined;
      });
    }
    return this.#session;
  }

  /** The program under `key`, compiled from `build()` the first time. */
  program(key: string, build: () => Graph): Promise<Executable> {
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = this.session().then((session) => session.compile(build()));
      this.#programs.set(key, program);
      // A program that does not compile must not be remembered as one.
      program.catch(() => {
        if (this.#programs.get(key) === program) this.#programs.delete(key);
      });
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

  /** Runs a program that reads `weights` and changes those that `changed` names once it is compiled. */
  async run(
    program: () => Promise<Executable>,
    inputs: readonly Tensor[],
    weights: readonly Weight[],
    changed: () => readonly Weight[] = () => [],
  ): Promise<Tensor[]> {
    while (this.#closing !== undefined) await this.#closing.catch(() => undefined);
    const run = this.#run(program, inputs, weights, changed);
    this.#running.add(run);
    try {
      return await run;
    } finally {
      this.#running.delete(run);
    }
  }

  async #run(
    program: () => Promise<Executable>,
    inputs: readonly Tensor[],
    weights: readonly Weight[],
    changed: () => readonly Weight[],
  ): Promise<Tensor[]> {
    const executable = await program();
    await this.upload(weights);
    const outputs = await executable.run(inputs);
    const session = await this.session();
    for (const weight of changed()) {
      weight.changedOn(session);
      this.#held.set(weight, weight.version);
    }
    return outputs;
  }

  /**
   * Closes the session, whatever has failed in it. Runs under way end first; the newest values of these weights come to
   * the host, and before them what `park` brings there.
   */
  close(weights: readonly Weight[], park: (session: Session) => Promise<void> | undefined): Promise<void> {
    this.#closing ??= this.#close(weights, park).finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  async #close(weights: readonly Weight[], park: (session: Session) => Promise<void> | undefined): Promise<void> {
    await Promise.allSettled(this.#running);
    const session = await this.#session?.catch(() => undefined);
    if (session === undefined) return;
    try {
      await park(session);
      for (const weight of weights) await weight.leave(session);
    } finally {
      this.#session = undefined;
      this.#programs.clear();
      this.#held.clear();
      await session.close();
    }
  }
}

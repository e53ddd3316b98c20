// A model's part of a runtime's session: its programs, and those of its weights and variables that are there. graphs.ts
// makes the programs' graphs, the runtime orders the calls.
import type { ExecutableStats, Session } from "../../backends/contract.js";
import { FoveaError } from "../../core/errors.js";
import type { Variable } from "../../core/graph/node.js";
import type { Tensor } from "../../core/tensor.js";
import type { Weight } from "../layers/weight.js";
import { type ProgramSource, type Runtime, Tenant } from "./runtime.js";

export type { ProgramSource } from "./runtime.js";

export class ModelSession {
  readonly #tenant = new Tenant();

  constructor(
    /** The model's name, for messages. */
    readonly who: string,
    readonly runtime: Runtime | undefined,
    /** Brings to the host what the session holds besides weights. */
    readonly park: (session: Session) => Promise<void> = async () => undefined,
  ) {
    this.#tenant.owner = new WeakRef(this);
  }

  /** Compiles a program ahead of time and returns the costs. */
  prepare(source: ProgramSource): Promise<ExecutableStats> {
    return this.#turn(async (session, runtime) => (await runtime.program(session, this.#tenant, source)).stats);
  }

  /** Runs a program that reads `weights` and changes those that `changed` names once it is compiled. */
  run(
    source: ProgramSource,
    inputs: readonly Tensor[],
    weights: readonly Weight[],
    changed: () => readonly Weight[] = () => [],
  ): Promise<Tensor[]> {
    return this.#turn(async (session, runtime) => {
      const executable = await runtime.program(session, this.#tenant, source);
      await runtime.upload(session, this.#tenant, weights);
      const outputs = await executable.run(inputs);
      runtime.changed(session, changed());
      return outputs;
    });
  }

  /** Gives the session the newest values of weights that it was given before. */
  async refresh(weights: readonly Weight[]): Promise<void> {
    const there = weights.filter((weight) => this.#tenant.weights.has(weight));
    if (there.length > 0) await this.#turn((session, runtime) => runtime.upload(session, this.#tenant, there));
  }

  /** Contents of variables other than weights, which stay until `forget` or `close`. `variables` is called in turn. */
  readState(variables: () => readonly Variable[]): Promise<Tensor[]> {
    return this.#turn((session) =>
      Promise.all(
        variables().map((variable) => {
          this.#tenant.state.add(variable);
          return session.read(variable);
        }),
      ),
    );
  }

  /** Replaces contents of variables other than weights. */
  writeState(contents: () => readonly (readonly [Variable, Tensor])[]): Promise<void> {
    return this.#turn(async (session) => {
      for (const [variable, tensor] of contents()) {
        this.#tenant.state.add(variable);
        await session.write(variable, tensor);
      }
    });
  }

  /** Drops the programs whose keys begin with one of `prefixes`, and all state. Their memory is free at the next call. */
  forget(...prefixes: readonly string[]): void {
    const keys = [...this.#tenant.programs.keys()];
    this.#tenant.drop(keys.filter((key) => prefixes.some((prefix) => key.startsWith(prefix))));
    this.#tenant.dropState();
  }

  /**
   * Frees what the model has on the session, whatever has failed there, after all calls asked for so far. Newest values
   * come to the host before.
   */
  async close(): Promise<void> {
    await this.runtime?.vacate(this.#tenant, this.park);
  }

  /** @throws FoveaError when the model was given nothing to compute with. */
  async #turn<T>(work: (session: Session, runtime: Runtime) => Promise<T>): Promise<T> {
    const { runtime } = this;
    if (runtime === undefined)
      throw new FoveaError(
        "missing-option",
        `${this.who}: this model has no backend to compute with; make it with sequential() from "fovea", or pass { runtime }`,
      );
    return runtime.turn(this.#tenant, (session) => work(session, runtime));
  }
}

// A runtime: the place where models compute. It opens one session of its backend when a model first needs it, and all its
// models share that: one pool of threads, one copy of shared weights, calls one after the other. Each model's part is
// model-session.ts.
import type { Backend, Executable, Mode, ProgramOptions, Session } from "../../backends/contract.js";
import type { Target } from "../../compile/target.js";
import { FoveaError, oneOf, shown } from "../../core/errors.js";
import { type Graph, variablesOf } from "../../core/graph/graph.js";
import type { Variable } from "../../core/graph/node.js";
import { checkOptions, wholeNumber } from "../../core/options.js";
import { Turns } from "../../core/turns.js";
import type { Weight } from "../layers/weight.js";

/** Options of `runtime`. */
export interface RuntimeOptions {
  /** The backend that computes. `runtime()` from "fovea" fills it in. */
  readonly backend: Backend;
  /** Threads that compute; default: what the machine has. The results do not depend on it in mode "reproducible". */
  readonly threads?: number | undefined;
  /** Default: `"reproducible"` where the backend can promise it, else `"fast"`. */
  readonly mode?: Mode | undefined;
}

/** Options that say where a model computes. */
export interface RuntimeChoice extends Omit<RuntimeOptions, "backend"> {
  /** The backend, without a runtime. Default: that of `runtimes`. */
  readonly backend?: Backend | undefined;
  /** The place where the model computes, as `runtime()` makes it. Default: one that models of equal threads and mode share. */
  readonly runtime?: Runtime | undefined;
  /** The runtimes that models share, and the backend that computes there. Default: `sequential` from "fovea" fills it in. */
  readonly runtimes?: Runtimes | undefined;
}

/** A program by its key, built when there is none of that key. */
export interface ProgramSource {
  readonly key: string;
  readonly build: () => Graph;
  /** Bytes that results in between may take. Default: no limit. */
  readonly arenaBytes?: (graph: Graph, target: Target) => number | undefined;
}

/** A program of a tenant, and the variables that it reads or writes. */
interface Program {
  readonly executable: Executable;
  readonly variables: ReadonlySet<Variable>;
}

/** The programs and variables of one model on the session. It does not know the model, which may be collected meanwhile. */
export class Tenant {
  readonly programs = new Map<string, Program>();
  /** Weights that were given to the session. */
  readonly weights = new Set<Weight>();
  /** Other variables, such as the optimizer's. */
  readonly state = new Set<Variable>();
  /** Programs and state that wait to be freed. */
  readonly dropped = { programs: new Set<Program>(), state: new Set<Variable>() };
  /** Brings to the host what the model wants to keep besides weights. */
  owner: WeakRef<{ park(session: Session): Promise<void> }> | undefined;

  /** Takes leave of some programs; `free` closes them. */
  drop(keys: Iterable<string>): void {
    for (const key of [...keys]) {
      const program = this.programs.get(key);
      if (program !== undefined) this.dropped.programs.add(program);
      this.programs.delete(key);
    }
  }

  /** Takes leave of the state; `free` releases it. */
  dropState(): void {
    for (const variable of this.state) this.dropped.state.add(variable);
    this.state.clear();
  }

  uses(variable: Variable): boolean {
    if (this.state.has(variable)) return true;
    for (const weight of this.weights) if (weight.variable === variable) return true;
    return [...this.programs.values(), ...this.dropped.programs].some(({ variables }) => variables.has(variable));
  }
}

/**
 * A session that several models share: one pool of threads and one memory. `runtime` from "fovea" makes it.
 * @param closesWhenIdle True closes the session when the last model that uses it closes; default false.
 * @example
 * const shared = runtime({ threads: 1 });
 * const first = sequential([input([2]), dense(1)], { runtime: shared });
 * const second = sequential([input([2]), dense(1)], { runtime: shared });
 * await first.predict(zeros([1, 2], "float32"));
 * await second.predict(zeros([1, 2], "float32"));
 * await shared.usedBytes(); // of both
 * await shared.close();
 */
export class Runtime {
  /** The backend that computes. */
  readonly backend: Backend;
  /** Threads that were asked for; undefined for all that the machine has. */
  readonly threads: number | undefined;
  /** `"reproducible"` or `"fast"`. */
  readonly mode: Mode;
  readonly #closesWhenIdle: boolean;
  #session: Session | undefined;
  readonly #turns = new Turns();
  readonly #tenants = new Set<Tenant>();
  /** Versions of the weights that the session holds. */
  readonly #versions = new Map<Weight, number>();
  /** Frees what models leave behind that were never closed. */
  readonly #collected = new FinalizationRegistry<Tenant>((tenant) => {
    this.vacate(tenant).catch(() => undefined);
  });

  /**
   * @param closesWhenIdle closes the session when the last model that uses it closes; default false.
   * @throws FoveaError for options that make no sense.
   */
  constructor(options: RuntimeOptions, closesWhenIdle = false) {
    checkOptions("runtime", options, ["backend", "threads", "mode"]);
    const { backend, threads, mode } = options;
    expectBackend("runtime backend", backend);
    if (threads !== undefined) wholeNumber("runtime threads", threads);
    if (mode !== undefined) oneOf("runtime mode", mode, ["reproducible", "fast"]);
    this.backend = backend;
    this.threads = threads;
    this.mode = mode ?? (backend.reproducible ? "reproducible" : "fast");
    this.#closesWhenIdle = closesWhenIdle;
  }

  /** Bytes that models have in use: weights, optimizer state, programs and what they share; 0 while nothing is open. */
  usedBytes(): Promise<number> {
    return this.#turns.take(async () => (await this.#session?.usedBytes()) ?? 0);
  }

  /**
   * Frees threads and memory after all calls asked for so far; weights and optimizer state come to the host before. Models
   * stay usable, and open them again when needed.
   */
  close(): Promise<void> {
    return this.#turns.take(() => this.#leave());
  }

  /**
   * Does `work` on the session when all calls asked for earlier are done, whatever became of them.
   * @param tenant The model that asks.
   */
  turn<T>(tenant: Tenant, work: (session: Session) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      // After the death of a thread the session computes no more, but its memory can still be read.
      if (this.#session?.usable === false) await this.#leave();
      this.#session ??= await this.backend.open({
        mode: this.mode,
        ...(this.threads === undefined ? {} : { threads: this.threads }),
      });
      this.#enter(tenant);
      await this.#free(this.#session, tenant);
      return work(this.#session);
    });
  }

  /**
   * A program of a tenant, compiled the first time. Within a turn.
   * @param session The session of the turn.
   * @param tenant The model that the program belongs to.
   */
  async program(session: Session, tenant: Tenant, { key, build, arenaBytes }: ProgramSource): Promise<Executable> {
    let program = tenant.programs.get(key);
    if (program === undefined) {
      const graph = build();
      const { target } = this.backend;
      const memory = target && arenaBytes?.(graph, target);
      const executable = await this.#compile(session, graph, { memory });
      program = { executable, variables: new Set(variablesOf(graph)) };
      tenant.programs.set(key, program);
    }
    return program.executable;
  }

  /** Compiles a graph; programs of other models and batches that leave it no room go, and are compiled again when needed. */
  async #compile(session: Session, graph: Graph, options: ProgramOptions): Promise<Executable> {
    try {
      return await session.compile(graph, options);
    } catch (error) {
      const open = [...this.#tenants].flatMap(({ programs, state }) => {
        const all = [...programs.values()];
        programs.clear();
        // The optimizer's memory was known to its programs only.
        for (const { variables } of all) for (const variable of variables) state.add(variable);
        return all;
      });
      if (open.length === 0) throw error;
      for (const { executable } of open) await executable.close();
      return session.compile(graph, options);
    }
  }

  /**
   * Gives the session the newest values of weights that changed elsewhere. Within a turn.
   * @param session The session of the turn.
   * @param tenant The model that uses the weights.
   * @param weights Weights whose values the session needs.
   */
  async upload(session: Session, tenant: Tenant, weights: readonly Weight[]): Promise<void> {
    for (const weight of weights) {
      tenant.weights.add(weight);
      const { version } = weight;
      if (this.#versions.get(weight) === version) continue;
      await session.write(weight.variable, await weight.latest());
      this.#versions.set(weight, version);
    }
  }

  /**
   * Notes that a run has changed weights on the session. Within a turn.
   * @param session The session of the turn.
   * @param weights Weights that the run has written.
   */
  changed(session: Session, weights: readonly Weight[]): void {
    for (const weight of weights) {
      weight.changedOn(session);
      this.#versions.set(weight, weight.version);
    }
  }

  /**
   * Frees what a tenant has, after all calls asked for so far: newest values of weights that no other model uses here, and
   * what `park` brings, come to the host before.
   * @param tenant The model that leaves.
   */
  vacate(tenant: Tenant, park: (session: Session) => Promise<void> = async () => undefined): Promise<void> {
    return this.#turns.take(async () => {
      const session = this.#session;
      if (session === undefined || !this.#tenants.has(tenant)) return;
      try {
        await park(session);
      } finally {
        tenant.drop(tenant.programs.keys());
        tenant.dropState();
        this.#tenants.delete(tenant);
        this.#collected.unregister(tenant);
        if (this.#closesWhenIdle && this.#tenants.size === 0) await this.#close(session, [tenant]);
        else {
          const alone = [...tenant.weights].filter(
            (weight) => ![...this.#tenants].some((other) => other.weights.has(weight)),
          );
          tenant.weights.clear();
          for (const weight of alone) {
            await weight.leave(session);
            this.#versions.delete(weight);
            tenant.dropped.state.add(weight.variable);
          }
          await this.#free(session, tenant);
        }
      }
    });
  }

  #enter(tenant: Tenant): void {
    if (this.#tenants.has(tenant)) return;
    this.#tenants.add(tenant);
    const owner = tenant.owner?.deref();
    if (owner !== undefined) this.#collected.register(owner, tenant, tenant);
  }

  /** Closes the programs that a tenant has dropped, and releases variables that nobody uses any more. */
  async #free(session: Session, tenant: Tenant): Promise<void> {
    const { programs, state } = tenant.dropped;
    if (programs.size + state.size === 0) return;
    const variables = new Set([...state, ...[...programs].flatMap((program) => [...program.variables])]);
    for (const { executable } of programs) await executable.close();
    programs.clear();
    state.clear();
    const tenants = new Set([...this.#tenants, tenant]);
    await session.release([...variables].filter((variable) => ![...tenants].some((user) => user.uses(variable))));
  }

  /** Leaves the session with all tenants' weights and state. */
  async #leave(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const tenants = [...this.#tenants];
    this.#tenants.clear();
    const parked = await Promise.allSettled(tenants.map((tenant) => tenant.owner?.deref()?.park(session)));
    await this.#close(session, tenants);
    const failed = parked.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /** Closes the session, whatever fails before. */
  async #close(session: Session, tenants: readonly Tenant[]): Promise<void> {
    const weights = new Set(tenants.flatMap((tenant) => [...tenant.weights]));
    try {
      const left = await Promise.allSettled([...weights].map((weight) => weight.leave(session)));
      const failed = left.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    } finally {
      for (const tenant of tenants) {
        this.#collected.unregister(tenant);
        tenant.drop(tenant.programs.keys());
        tenant.dropped.programs.clear();
        tenant.dropped.state.clear();
        tenant.state.clear();
        tenant.weights.clear();
      }
      this.#versions.clear();
      this.#session = undefined;
      await session.close();
    }
  }
}

/** @throws FoveaError unless `backend` is one. */
function expectBackend(what: string, backend: unknown): asserts backend is Backend {
  if (typeof (backend as Partial<Backend> | null)?.open !== "function")
    throw new FoveaError(
      "wrong-type",
      `${what}: expected a backend, such as defaultBackend, received ${shown(backend)}`,
    );
}

/** Runtimes that models share which were given none: one for each backend, number of threads and mode. */
export class Runtimes {
  readonly #known = new WeakMap<Backend, Map<string, Runtime>>();

  /** @param backend the backend of models that name no other. */
  constructor(readonly backend: Backend) {}

  of(options: Omit<RuntimeChoice, "runtime" | "runtimes"> = {}): Runtime {
    const { backend = this.backend, threads } = options;
    const { mode = backend.reproducible ? "reproducible" : "fast" } = options;
    const known = this.#known.get(backend) ?? new Map<string, Runtime>();
    this.#known.set(backend, known);
    const key = `${threads ?? "all"} ${mode}`;
    const runtime = known.get(key) ?? new Runtime({ backend, threads, mode }, true);
    known.set(key, runtime);
    return runtime;
  }
}

/**
 * The runtime that was passed, or one that models share; undefined where nothing says what computes.
 * @throws FoveaError when backend, threads or mode contradict the runtime, or make no sense.
 */
export function runtimeOf(who: string, options: RuntimeChoice): Runtime | undefined {
  const { runtime, runtimes, backend, threads, mode } = options;
  if (backend !== undefined) expectBackend(`${who} backend`, backend);
  if (threads !== undefined) wholeNumber(`${who} threads`, threads);
  if (runtime === undefined) {
    if (runtimes !== undefined) return runtimes.of({ backend, threads, mode });
    return backend === undefined ? undefined : new Runtime({ backend, threads, mode }, true);
  }
  if (!(runtime instanceof Runtime))
    throw new FoveaError(
      "wrong-type",
      `${who} runtime: expected a Runtime, made by runtime() from "fovea", received ${shown(runtime)}`,
    );
  if (backend !== undefined && backend !== runtime.backend)
    throw new FoveaError(
      "conflicting-options",
      `${who}: backend "${backend.name}" is not that of the runtime, ${backend.name === runtime.backend.name ? "another " : ""}"${runtime.backend.name}"; pass backend to runtime() alone`,
    );
  for (const [name, wanted, has] of [
    ["threads", threads, runtime.threads],
    ["mode", mode, runtime.mode],
  ] as const)
    if (wanted !== undefined && wanted !== has)
      throw new FoveaError(
        "conflicting-options",
        `${who}: ${name} ${shown(wanted)} is not that of the runtime, ${has === undefined ? "all that the machine has" : shown(has)}; pass ${name} to runtime() alone`,
      );
  return runtime;
}

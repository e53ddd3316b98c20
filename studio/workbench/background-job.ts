// Work in the background that is counted and can be stopped: its facts, told at most some times a second.
import { FoveaError } from "fovea";
import type { JobFacts } from "../contract/facts.js";

/** Milliseconds between two pieces of news. */
const NEWS_EVERY = 100;

/** Facts of a job that is to begin. */
export type NewJob = Pick<JobFacts, "project" | "kind" | "name" | "total"> &
  Partial<Pick<JobFacts, "study" | "epochs" | "epoch" | "history">>;

export class BackgroundJob {
  #facts: JobFacts;
  #told = 0;
  readonly #stopping = new AbortController();
  readonly #leaving = new AbortController();

  constructor(
    facts: NewJob & Pick<JobFacts, "id">,
    readonly tell: (facts: JobFacts) => void,
  ) {
    this.#facts = { epochs: 0, epoch: 0, history: {}, ...facts, state: "waiting", done: 0 };
  }

  get facts(): JobFacts {
    return this.#facts;
  }

  /** Aborted when the work is to stop. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborted when the program ends, for work that would take its time to stop. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Stops the work; what still waits for its turn has ended then. */
  stop(): void {
    this.#stopping.abort(new FoveaError("interrupted", "stopped"));
    if (this.#facts.state === "waiting") this.change({ state: "stopped" }, true);
  }

  leave(): void {
    this.#leaving.abort();
    this.stop();
  }

  /** Changes the facts. @param isImportant tells them at once, however soon after the last news */
  change(changes: Partial<JobFacts>, isImportant = false): void {
    this.#facts = { ...this.#facts, ...changes };
    const now = performance.now();
    if (!isImportant && now - this.#told < NEWS_EVERY) return;
    this.#told = now;
    this.tell(this.#facts);
  }

  /** Does the work, and ends in a state, whatever happens. @throws what the work throws */
  async work<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.signal.throwIfAborted();
      this.change({ state: "loading" }, true);
      const result = await work();
      this.change({ state: "done", done: this.#facts.total }, true);
      return result;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.change(this.signal.aborted ? { state: "stopped" } : { state: "failed", error: message }, true);
      throw error;
    }
  }
}

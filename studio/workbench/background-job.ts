// Work in the background that is counted and can be stopped: its facts, told at most some times a second.
import { FoveaError } from "fovea";
import type { JobFacts } from "../contract/facts.js";

/** Milliseconds between two pieces of news. */
const NEWS_EVERY = 200;

export class BackgroundJob {
  #facts: JobFacts;
  #told = 0;
  readonly #stopping = new AbortController();

  constructor(
    facts: Pick<JobFacts, "id" | "project" | "kind" | "name" | "total">,
    readonly tell: (facts: JobFacts) => void,
  ) {
    this.#facts = { ...facts, state: "loading", done: 0, epoch: 0, epochs: 0, history: {} };
  }

  get facts(): JobFacts {
    return this.#facts;
  }

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  stop(): void {
    this.#stopping.abort(new FoveaError("stopped"));
  }

  progress(done: number, total = this.#facts.total): void {
    this.#facts = { ...this.#facts, done, total };
    const now = performance.now();
    if (now - this.#told < NEWS_EVERY) return;
    this.#told = now;
    this.tell(this.#facts);
  }

  /** Does the work, and ends in a state, whatever happens. @throws what the work throws */
  async work<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.signal.throwIfAborted();
      this.tell(this.#facts);
      const result = await work();
      this.#end({ state: "done", done: this.#facts.total });
      return result;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#end(this.signal.aborted ? { state: "stopped" } : { state: "failed", error: message });
      throw error;
    }
  }

  #end(changes: Partial<JobFacts>): void {
    this.#facts = { ...this.#facts, ...changes };
    this.tell(this.#facts);
  }
}

// A study that runs in the background: its trials one after the other, or some at once; told as it happens.
import { FoveaError } from "fovea";
import { openProgram, runStudy, type StudyProgram } from "fovea/experiment";
import type { Storage } from "fovea/tune";
import type { JobFacts } from "../contract/facts.js";

/** A study that is asked for, ready when its turn comes. */
export interface PreparedStudy {
  readonly program: StudyProgram;
  readonly storage: Storage;
}

export interface TuneOptions {
  readonly id: string;
  readonly project: string;
  /** Name of the study in addresses, and as people read it. */
  readonly study: string;
  readonly name: string;
  /** Trials that it is to have. */
  readonly trials: number;
  readonly threads?: number | undefined;
  readonly prepare: (onProgress: (folder: string, done: number, total: number) => void) => Promise<PreparedStudy>;
  readonly tell: (facts: JobFacts) => void;
}

export class TuneJob {
  #facts: JobFacts;
  readonly #stopping = new AbortController();
  readonly #leaving = new AbortController();

  constructor(readonly options: TuneOptions) {
    const { id, project, study, name, trials } = options;
    this.#facts = {
      ...{ id, project, study, kind: "tune", name, state: "loading", done: 0, total: trials, epoch: 0, epochs: 0 },
      history: {},
    };
  }

  get facts(): JobFacts {
    return this.#facts;
  }

  /** Lets the trials that are under way end, and starts no other. */
  stop(): void {
    this.#stopping.abort(new FoveaError("stopped"));
    if (this.#facts.state === "training") this.#change({ state: "evaluating" });
  }

  /** Ends now, with the program: the trials under way are repeated when the study goes on. */
  leave(): void {
    this.#leaving.abort();
    this.stop();
  }

  /** Loads the data and runs the trials. Ends in a state, whatever happens. */
  async work(): Promise<void> {
    const { signal } = this.#stopping;
    const { trials, prepare } = this.options;
    try {
      signal.throwIfAborted();
      const { program, storage } = await prepare((_, done, total) => this.#change({ done, total }));
      try {
        const study = await openProgram(program, storage);
        try {
          signal.throwIfAborted();
          const before = study.trials.filter(({ finishedAt }) => finishedAt !== undefined).length;
          const began = performance.now();
          this.#change({ state: "training", done: before, total: trials });
          const { threads } = this.options;
          await runStudy(study, program, {
            signal,
            abandon: this.#leaving.signal,
            ...(threads === undefined ? {} : { threads }),
            // A trial that has begun, or reported, is news for who watches.
            onStart: () => this.#change({}),
            onEnd: () => {
              const done = study.trials.filter(({ finishedAt }) => finishedAt !== undefined).length;
              const each = (performance.now() - began) / Math.max(1, done - before) / 1000;
              this.#change({ done, secondsLeft: each * Math.max(0, trials - done) });
            },
          });
          this.#change({ state: signal.aborted ? "stopped" : "done" });
        } finally {
          await study.close();
        }
      } finally {
        await program.data?.close();
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#change(signal.aborted ? { state: "stopped" } : { state: "failed", error: message });
    }
  }

  #change(changes: Partial<Pick<JobFacts, "state" | "done" | "total" | "secondsLeft" | "error">>): void {
    this.#facts = { ...this.#facts, ...changes };
    this.options.tell(this.#facts);
  }
}

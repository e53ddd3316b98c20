// A study that runs in the background: its trials one after the other, or some at once; told as it happens.
import { openProgram, runStudy, type StudyProgram } from "fovea/experiment";
import type { Storage } from "fovea/tune";
import type { BackgroundJob } from "./background-job.js";

/** A study that is asked for, ready when its turn comes. */
export interface PreparedStudy {
  readonly program: StudyProgram;
  readonly storage: Storage;
}

export interface TuneOptions {
  /** Trials that it is to have. */
  readonly trials: number;
  readonly threads?: number | undefined;
  readonly prepare: (onProgress: (folder: string, done: number, total: number) => void) => Promise<PreparedStudy>;
}

/**
 * Loads the data and runs the trials. A stop lets the trials that are under way end, and starts no other; they are broken
 * off where the program ends, and repeated when the study goes on.
 * @throws the reason of the job's signal where it was stopped, FoveaError for what cannot be tuned
 */
export async function tuneStudy(job: BackgroundJob, { trials, threads, prepare }: TuneOptions): Promise<void> {
  const { signal, leaving } = job;
  signal.addEventListener("abort", () => {
    if (job.facts.state === "training") job.change({ state: "evaluating" }, true);
  });
  const { program, storage } = await prepare((_, done, total) => job.change({ done, total }));
  try {
    const study = await openProgram(program, storage);
    try {
      signal.throwIfAborted();
      const finished = (): number => study.trials.filter(({ finishedAt }) => finishedAt !== undefined).length;
      const before = finished();
      const began = performance.now();
      job.change({ state: "training", done: before, total: trials }, true);
      await runStudy(study, program, {
        signal,
        abandon: leaving,
        ...(threads === undefined ? {} : { threads }),
        // A trial that has begun, or reported, is news for who watches.
        onStart: () => job.change({}, true),
        onEnd: () => {
          const done = finished();
          const each = (performance.now() - began) / Math.max(1, done - before) / 1000;
          job.change({ done, secondsLeft: each * Math.max(0, trials - done) }, true);
        },
      });
      signal.throwIfAborted();
    } finally {
      await study.close();
    }
  } finally {
    await program.data?.close();
  }
}

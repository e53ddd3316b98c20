// The loop that evaluates an objective: one trial after the other, several at once in a repeatable order, or several
// as they come. A trial that fails is noted and the loop goes on; a storage that fails ends it.
import { FoveaError } from "../core/errors.js";
import { wholeNumber } from "../core/options.js";
import type { Window } from "./history.js";
import type { Sampler } from "./samplers/sampler.js";
import { StorageError } from "./storages/storage.js";
import { PrunedTrial, type Trial } from "./trial.js";
import type { TrialRecord } from "./trial-record.js";

/** What is optimized: from a trial's suggestions to a value, or one per direction. */
export type Objective = (trial: Trial) => number | readonly number[] | Promise<number | readonly number[]>;

/** How a trial went: its value or values, or that it was pruned, or why it failed. */
export type Told =
  | number
  | readonly number[]
  | { readonly state: "pruned" }
  | { readonly state: "fail"; readonly reason: string };

/** What the loop needs of a study; `Study` has it. */
export interface Schedulable {
  readonly name: string;
  readonly sampler: Sampler;
  readonly trials: readonly TrialRecord[];
  readonly isStopped: boolean;
  survey(): Promise<{ readonly next: number; readonly foreign: readonly TrialRecord[] }>;
  start(window: Window, limit: number): Promise<Trial | undefined>;
  tell(trial: Trial, told: Told): Promise<TrialRecord | undefined>;
  leave(trial: Trial): void;
}

/** Called after each trial, in the order of trials unless the schedule is asynchronous. */
export type Callback<S> = (study: S, trial: TrialRecord) => void | Promise<void>;

export interface Schedule<S> {
  /** How many trials to evaluate, those taken up from a killed process included. */
  readonly trials?: number;
  /** Until the study has so many trials, by whomever, and nobody is at work on one or due to take one up. */
  readonly totalTrials?: number;
  /** Seconds after which no further trial is started. */
  readonly timeout?: number;
  /** How many trials to evaluate at once; default 1. Trial k then sees the finished trials up to number k - parallel. */
  readonly parallel?: number;
  /**
   * Every trial sees all that has finished when it starts, and starts as soon as there is room: quicker, and the way
   * to share a study between processes, but no longer repeatable. Default false.
   */
  readonly asynchronous?: boolean;
  readonly callbacks?: readonly Callback<S>[];
}

/** Seconds between looks at a shared study whose last trials are in other hands. */
const POLL = 0.25;

function checked<S>(options: Schedule<S>): Required<Omit<Schedule<S>, "callbacks">> {
  const { trials = Infinity, totalTrials = Infinity, timeout = Infinity, parallel = 1 } = options;
  if (!(timeout >= 0)) throw new FoveaError(`optimize: expected a timeout in seconds, received ${timeout}`);
  for (const [name, value] of Object.entries({ trials, totalTrials }))
    if (value !== Infinity) wholeNumber(`optimize: ${name}`, value, 0);
  wholeNumber("optimize: parallel", parallel, 1);
  return { trials, totalTrials, timeout, parallel, asynchronous: options.asynchronous ?? false };
}

interface UnderWay {
  readonly number: number;
  /** Never rejects: a storage's error is what it is fulfilled with. */
  readonly done: Promise<{ record?: TrialRecord | undefined; error?: unknown }>;
}

/** For `Study.optimize`. */
export async function optimize<S extends Schedulable>(
  study: S,
  objective: Objective,
  options: Schedule<S>,
): Promise<void> {
  const { trials, totalTrials, timeout, parallel, asynchronous } = checked(options);
  const began = performance.now();
  const underWay: UnderWay[] = [];
  const window = asynchronous ? undefined : parallel;
  let started = 0;

  const settle = async (): Promise<void> => {
    const first = asynchronous
      ? await Promise.race(underWay.map((one) => one.done.then(() => one)))
      : underWay.reduce((a, b) => (a.number < b.number ? a : b));
    const { record, error } = await first.done;
    underWay.splice(underWay.indexOf(first), 1);
    if (error !== undefined) throw error;
    if (record !== undefined) for (const callback of options.callbacks ?? []) await callback(study, record);
  };
  const mayStart = (): boolean => started < trials && !study.isStopped && performance.now() - began < timeout * 1000;

  try {
    for (;;) {
      if (!mayStart()) {
        if (underWay.length === 0) break;
        await settle();
        continue;
      }
      if (underWay.length >= parallel) {
        await settle();
        continue;
      }
      const { next, foreign } = await study.survey();
      if (!asynchronous) checkAlone(study, foreign);
      if (!asynchronous && underWay.some((one) => one.number <= next - parallel)) {
        await settle();
        continue;
      }
      // A sampler with nothing left to try begins no trial; those that were abandoned or enqueued are still due.
      const limit = study.sampler.isExhausted?.(study.trials) ? 0 : totalTrials;
      const isOpen = foreign.length > 0 || next < study.trials.length;
      const trial = await study.start(window, limit);
      if (trial === undefined) {
        if (underWay.length > 0) await settle();
        else if (!isOpen) break;
        else await new Promise((resume) => setTimeout(resume, POLL * 1000));
        continue;
      }
      started++;
      underWay.push({ number: trial.number, done: evaluate(study, objective, trial) });
    }
  } finally {
    await Promise.all(underWay.map((one) => one.done));
  }
}

/** A repeatable schedule knows exactly who is ahead of whom, which it cannot when others work on the study too. */
function checkAlone(study: Schedulable, foreign: readonly TrialRecord[]): void {
  if (foreign.length > 0)
    throw new FoveaError(
      `study "${study.name}": another process is evaluating trial ${foreign[0]!.number}; wait for it, or pass asynchronous: true (fovea tune run --asynchronous) to share the study`,
    );
}

async function evaluate(study: Schedulable, objective: Objective, trial: Trial): UnderWay["done"] {
  try {
    return { record: await study.tell(trial, await attempt(objective, trial)) };
  } catch (error) {
    study.leave(trial);
    return { error };
  }
}

/** What an objective has to say about a trial, and what its last words say once they are written. @throws StorageError */
async function attempt(objective: Objective, trial: Trial): Promise<Told> {
  const told = await outcome(() => objective(trial));
  const written = await outcome(() => trial.flush());
  return written ?? told!;
}

/** What `work` returns, or how a trial ends that throws what it throws. @throws StorageError */
async function outcome<T>(work: () => T | Promise<T>): Promise<T | Told> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageError) throw error;
    return error instanceof PrunedTrial ? { state: "pruned" } : { state: "fail", reason: reasonOf(error) };
  }
}

/** Why something failed, in a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof FoveaError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
}

// The loop that evaluates an objective: one trial after the other, several at once in a repeatable order, or several
// as they come. An objective that throws fails its trial and ends the loop, unless `catch` names the error; a storage
// that fails ends it always.
import { FoveaError, shown } from "../core/errors.js";
import { checkOptions, flag, wholeNumber } from "../core/options.js";
import type { Window } from "./history.js";
import { noNumber, type Told } from "./outcome.js";
import type { Sampler } from "./samplers/sampler.js";
import { StorageError } from "./storages/storage.js";
import { PrunedTrial, type Trial } from "./trial.js";
import { isFinished, type TrialRecord } from "./trial-record.js";

/** Function to optimize: from a trial's suggestions to a value, or one per direction. */
export type Objective = (trial: Trial) => number | readonly number[] | Promise<number | readonly number[]>;

/** A class of errors, as `instanceof` takes it. */
export type ErrorClass = abstract new (...args: never) => unknown;

/** Members of a study that the loop needs; `Study` has them. */
export interface Schedulable {
  readonly name: string;
  readonly seed: number;
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
  /** Number of trials to evaluate, those taken up from a killed process included. */
  readonly trials?: number;
  /** Until the study has so many trials, by whomever, and nobody is at work on one or due to take one up. */
  readonly totalTrials?: number;
  /** Seconds after which no further trial is started. */
  readonly timeout?: number;
  /** Number of trials to evaluate at once; default 1. Trial k then sees finished trials up to number k - parallel. */
  readonly parallel?: number;
  /**
   * Every trial sees all that has finished when it starts, and starts as soon as there is room: quicker, and the way
   * to share a study between processes, but no longer repeatable. Default false.
   */
  readonly asynchronous?: boolean;
  /**
   * Errors that fail a trial only: a class, several, or a function that tells whether an error is one. Any other error
   * of the objective fails its trial too, then ends `optimize`, which throws it when the trials under way are over. A
   * value that the objective returns is no error: a trial of NaN fails and the study goes on. Default: none, as in
   * Optuna.
   */
  readonly catch?: ErrorClass | readonly ErrorClass[] | ((error: unknown) => boolean);
  readonly callbacks?: readonly Callback<S>[];
}

const OPTIONS = ["trials", "totalTrials", "timeout", "parallel", "asynchronous", "catch", "callbacks"];

/** Seconds between looks at a shared study whose last trials are in other hands. */
const POLL = 0.25;

type Checked<S> = Required<Omit<Schedule<S>, "catch">> & { readonly isCaught: (error: unknown) => boolean };

function checked<S extends Schedulable>(study: S, objective: Objective, options: Schedule<S>): Checked<S> {
  if (typeof objective !== "function")
    throw new FoveaError("wrong-type", `optimize: expected the objective as a function, received ${shown(objective)}`);
  if (options === undefined)
    throw new FoveaError(
      "missing-option",
      "optimize: expected options such as { trials: 100 } behind the objective, received none",
    );
  checkOptions("optimize", options, OPTIONS);
  const { trials = Infinity, totalTrials = Infinity, timeout = Infinity, parallel = 1, callbacks = [] } = options;
  if (!Array.isArray(callbacks) || callbacks.some((callback) => typeof callback !== "function"))
    throw new FoveaError(
      "wrong-type",
      `optimize: expected callbacks as a list of functions, received ${shown(options.callbacks)}`,
    );
  const endless = trials === Infinity && totalTrials === Infinity && timeout === Infinity;
  if (endless && callbacks.length === 0 && study.sampler.isExhausted === undefined)
    throw new FoveaError(
      "missing-option",
      "optimize: expected trials, totalTrials or timeout, received none; the study would never end",
    );
  if (!(timeout >= 0))
    throw new FoveaError("out-of-range", `optimize: expected a timeout in seconds, received ${timeout}`);
  for (const [name, value] of Object.entries({ trials, totalTrials }))
    if (value !== Infinity) wholeNumber(`optimize: ${name}`, value, 0);
  wholeNumber("optimize: parallel", parallel, 1);
  const asynchronous = flag("optimize: asynchronous", options.asynchronous, false);
  return { trials, totalTrials, timeout, parallel, asynchronous, callbacks, isCaught: catching(options.catch) };
}

function catching(stated: Schedule<never>["catch"] = []): (error: unknown) => boolean {
  if (Array.isArray(stated) && stated.every((kind) => typeof kind === "function"))
    return (error) => stated.some((kind) => error instanceof kind);
  if (typeof stated === "function" && (stated === Error || stated.prototype instanceof Error))
    return (error) => error instanceof stated;
  if (typeof stated === "function") return stated as (error: unknown) => boolean;
  throw new FoveaError(
    "wrong-type",
    `optimize: expected catch as a list of error classes or a function that says whether an error is one, received ${shown(stated)}`,
  );
}

interface UnderWay {
  readonly number: number;
  /** Never rejects: an error that ends the loop is what it is fulfilled with. */
  readonly done: Promise<Ended>;
}

type Ended = { readonly record: TrialRecord | undefined } | { readonly error: unknown };

/** For `Study.optimize`. */
export async function optimize<S extends Schedulable>(
  study: S,
  objective: Objective,
  options: Schedule<S>,
): Promise<void> {
  const { trials, totalTrials, timeout, parallel, asynchronous, callbacks, isCaught } = checked(
    study,
    objective,
    options,
  );
  const began = performance.now();
  const underWay: UnderWay[] = [];
  const window = asynchronous ? undefined : parallel;
  let started = 0;

  const settle = async (): Promise<void> => {
    const first = asynchronous
      ? await Promise.race(underWay.map((running) => running.done.then(() => running)))
      : underWay.reduce((a, b) => (a.number < b.number ? a : b));
    const ended = await first.done;
    underWay.splice(underWay.indexOf(first), 1);
    if ("error" in ended) throw ended.error;
    if (ended.record !== undefined) for (const callback of callbacks) await callback(study, ended.record);
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
      if (!asynchronous && underWay.some((running) => running.number <= next - parallel)) {
        await settle();
        continue;
      }
      // A sampler with nothing left to try begins no trial; those that were abandoned or enqueued are still due.
      const seen = asynchronous ? study.trials : study.trials.map((trial) => unlessHidden(trial, next - parallel));
      const limit = study.sampler.isExhausted?.(seen, study.seed) ? 0 : totalTrials;
      const isOpen = foreign.length > 0 || next < study.trials.length;
      const trial = await study.start(window, limit);
      if (trial === undefined) {
        if (underWay.length > 0) await settle();
        else if (!isOpen) break;
        else await new Promise((resume) => setTimeout(resume, POLL * 1000));
        continue;
      }
      started++;
      underWay.push({ number: trial.number, done: evaluate(study, objective, trial, isCaught) });
    }
  } finally {
    await Promise.all(underWay.map((running) => running.done));
  }
}

/** A trial that the next one may not see counts as running, for whether it has ended depends on speed. */
const unlessHidden = (trial: TrialRecord, last: number): TrialRecord =>
  trial.number > last && isFinished(trial.state) ? { ...trial, state: "running", finishedAt: undefined } : trial;

/** A repeatable schedule knows exactly who is ahead of whom, which it cannot when others work on the study too. */
function checkAlone(study: Schedulable, foreign: readonly TrialRecord[]): void {
  if (foreign.length > 0)
    throw new FoveaError(
      "in-use",
      `study "${study.name}": another process is evaluating trial ${foreign[0]!.number}; wait for it, or pass asynchronous: true (fovea tune run --asynchronous) to share the study`,
    );
}

async function evaluate(
  study: Schedulable,
  objective: Objective,
  trial: Trial,
  isCaught: (error: unknown) => boolean,
): Promise<Ended> {
  try {
    const { told, thrown } = await attempt(objective, trial);
    const record = await study.tell(trial, told);
    return thrown === undefined || isCaught(thrown.error) ? { record } : thrown;
  } catch (error) {
    study.leave(trial);
    return { error };
  }
}

/** End of a trial by its objective or a background write, and the error thrown, unless that only prunes the trial. */
interface Attempt {
  readonly told: Told;
  readonly thrown?: { readonly error: unknown };
}

/** Runs an objective on a trial and awaits the trial's writes, whose error counts first. @throws StorageError */
async function attempt(objective: Objective, trial: Trial): Promise<Attempt> {
  const made = await outcome(() => objective(trial));
  const written = await outcome(async () => {
    await trial.flush();
    return 0;
  });
  return "thrown" in written ? written : made;
}

/** Result of `work`, or the end of a trial that throws the same error. @throws StorageError */
async function outcome(work: () => ReturnType<Objective>): Promise<Attempt> {
  try {
    const told: unknown = await work();
    // Only promised to be numbers; `tell` takes nothing for a mistake of its caller's.
    return told === undefined ? { told: failedFor(noNumber(told)) } : { told: told as Told };
  } catch (error) {
    if (error instanceof StorageError) throw error;
    if (error instanceof PrunedTrial) return { told: { state: "pruned" } };
    return { told: failedFor(reasonOf(error)), thrown: { error } };
  }
}

const failedFor = (reason: string): Told => ({ state: "fail", reason });

/** Reason of a failure, in a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof FoveaError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
}

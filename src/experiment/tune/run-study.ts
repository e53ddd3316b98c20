// Runs a program's trials: shares the machine among those under way, tells who watches, stops when asked to.

import { defined } from "../../core/defined.js";
import { FoveaError } from "../../core/errors.js";
import { hardwareThreads } from "../../platform/workers.js";
import { StorageError, type Study, type Trial, type TrialRecord } from "../../tune/index.js";
import type { ArtifactStore } from "./artifact-store.js";
import type { StudyProgram } from "./program.js";
import { keepTrial } from "./trial-artifacts.js";
import type { TrialHow } from "./trial-training.js";

/** Options of `runStudy`. */
export interface RunStudyOptions {
  /** Threads of all trials together. Default: the number of the machine's processors. */
  readonly threads?: number;
  /** Place for the models of complete trials, unless the program is a module's, which keeps them itself. Default: nowhere. */
  readonly artifacts?: ArtifactStore;
  /** Aborting lets the trials that are under way end, and starts no other. Default: nothing aborts. */
  readonly signal?: AbortSignal;
  /**
   * Aborting ends the trials that are under way after this batch and leaves them: they are repeated when the study goes on.
   * Default: nothing aborts.
   */
  readonly abandon?: AbortSignal;
  /**
   * Called before a trial is evaluated. Default: nothing is called.
   * @param trial which has its number, and no parameters yet
   */
  readonly onStart?: (trial: Trial) => void;
  /**
   * Called when a trial's objective has returned or thrown. Default: nothing is called.
   * @param trial with its parameters
   */
  readonly onLeave?: (trial: Trial) => void;
  /**
   * Called when the study has a trial's end, and waited for. Default: nothing is called.
   * @param record the trial with its state and its values
   */
  readonly onEnd?: (record: TrialRecord) => void | Promise<void>;
}

/** Leaves a trial as it was last written, as a storage does that is gone. */
class AbandonedError extends StorageError {}

/**
 * Evaluates trials until the study has as many as its program wants.
 * @param study as `openProgram` opens it
 * @param program of the same study
 * @throws FoveaError with the number of the trial whose error the program does not catch
 * @example
 * const spec = readSpec({
 *   study: "claims",
 *   data: { table: "claims.csv", target: "claims" },
 *   space: { units: { int: [2, 8] } },
 *   model: { layers: [{ Dense: { units: "$units" } }, { Dense: { units: 1, activation: "exponential" } }] },
 *   training: { loss: "poisson", epochs: 2 },
 *   trials: 4,
 * });
 * const program = await specProgram(spec, await loadStudyData(spec.data));
 * const study = await openProgram(program, new MemoryStorage());
 * await runStudy(study, program, { threads: 1 });
 * const { same } = await rebuildTrial(program, study.bestTrial, { threads: 1 }); // true: each digit of its value
 * parameterNames(study.trials); // ["units"]
 * await writeFile("trials.csv", trialsCsv(study));
 * const facts = studyReportFacts(study, "memory://"); // for renderStudyPage
 */
export async function runStudy(study: Study, program: StudyProgram, options: RunStudyOptions = {}): Promise<void> {
  const { trials: totalTrials, timeout, parallel, asynchronous } = program;
  const { signal, abandon, artifacts, onStart, onLeave, onEnd } = options;
  const all = options.threads ?? (await hardwareThreads());
  const { objectives, data } = program;
  const keep: TrialHow["onTrained"] =
    artifacts && data && ((trial, trained) => keepTrial(artifacts, study, objectives, data, trial, trained));
  const onBatchEnd = (): void => {
    if (abandon?.aborted) throw new AbandonedError(`study "${study.name}": its trials under way were left`);
  };
  const objective = program.objective({
    threads: Math.max(1, Math.floor(all / parallel)),
    ...(abandon && { callbacks: [{ onBatchEnd }] }),
    ...defined({ onTrained: keep }),
  });
  const stop = (): void => study.stop();
  const failures: { readonly number: number; readonly error: unknown }[] = [];
  const signals = [signal, abandon].filter((input) => input !== undefined);
  for (const aborter of signals) aborter.addEventListener("abort", stop, { once: true });
  try {
    await study.optimize(
      async (trial) => {
        onStart?.(trial);
        try {
          return await objective(trial);
        } catch (error) {
          failures.push({ number: trial.number, error });
          throw error;
        } finally {
          onLeave?.(trial);
        }
      },
      {
        totalTrials,
        parallel,
        asynchronous,
        catch: program.catch,
        ...defined({ timeout }),
        callbacks: [(_, record) => onEnd?.(record)],
      },
    );
  } catch (error) {
    if (error instanceof AbandonedError) return;
    const failure = failures.find((other) => other.error === error);
    if (failure === undefined) throw error;
    throw new FoveaError(
      error instanceof FoveaError ? error.code : "program-failed",
      `study "${study.name}": trial ${failure.number} ended the run: ${told(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    for (const aborter of signals) aborter.removeEventListener("abort", stop);
  }
}

const told = (error: unknown): string =>
  error instanceof FoveaError
    ? error.message
    : error instanceof Error
      ? `${error.name}: ${error.message}`
      : String(error);

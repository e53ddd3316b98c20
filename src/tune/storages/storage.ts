// The one interface of everything that remembers studies, and what it promises to those who share one.
// test/contract/storage.ts holds every storage to it.
import { FoveaError } from "../../core/errors.js";
import type { Json } from "../../core/json.js";
import type { Files } from "../../platform/files/files.js";
import type { Distribution } from "../distribution.js";
import type { Direction, StudyRecord, TrialRecord, TrialState } from "../trial-record.js";

/** Kinds of attributes: the user's, or those of samplers, pruners and this library. */
export type AttributeKind = "user" | "system";

/** One thing to write down about a running trial. Parameters are in internal representation. */
export type TrialChange =
  | {
      readonly kind: "parameter";
      readonly name: string;
      readonly internal: number;
      readonly distribution: Distribution;
    }
  | { readonly kind: "report"; readonly step: number; readonly value: number }
  | { readonly kind: AttributeKind; readonly key: string; readonly value: Json };

/** A trial as it is created: complete, so no reader ever sees a part of it. */
export type NewTrial = Omit<TrialRecord, "id" | "number">;

/** End of a trial, with the reason if it failed. */
export interface Outcome {
  readonly state: Extract<TrialState, "complete" | "pruned" | "fail">;
  readonly values: readonly number[] | undefined;
  readonly reason?: string;
}

/** The system attribute that says why a trial failed. */
export const FAIL_REASON = "fail_reason";

/**
 * The storage cannot be reached or used any more; whatever was under way stays as it was last written.
 * @param message A sentence: the reason, and the remedy.
 * @example const error = new StorageError("the connection was lost; start again");
 */
export class StorageError extends FoveaError {
  override name = "StorageError";

  constructor(message: string, options?: ErrorOptions) {
    super("storage-failed", message, options);
  }
}

/** Options for opening a storage. */
export interface StorageOptions {
  /** Seconds for which a database that does not answer is tried again. Default 60. */
  readonly patience?: number;
  /** Seconds after which a journal's lock counts as left by a process that died. Default 30, as in Optuna. */
  readonly lockGrace?: number;
  /** Expects the storage to be there already, and makes no file and no tables. Default false. */
  readonly existing?: boolean;
  /**
   * Leaves every byte of the storage as it is: then the storage must exist, a right to read it is enough, and each call
   * that would write throws. Default false.
   */
  readonly readOnly?: boolean;
  /** The files that a journal is among. Default: Node's disk, in a page the browser's private file system. */
  readonly files?: Files;
}

/** Error for writing to a storage that was opened for reading only. */
export const readOnlyError = (label: string): FoveaError =>
  new FoveaError("not-allowed", `${label}: it was opened for reading only; open it without readOnly to write`);

/** The system attribute that says who evaluates a running trial: `host/process/session`. */
export const OWNER = "fovea:owner";

/**
 * Remembers studies. Any number of processes may share one storage, each through an object of its own.
 *
 * 1. **Numbers.** Trials of a study are numbered 0, 1, 2... without gaps, however many create them at once.
 * 2. **Owners.** A running trial belongs to the one whose `claim` (or `createTrial`) succeeded last. Of several claims
 *    that start from the same record exactly one succeeds. `finish` succeeds for the owner alone and once, so no trial
 *    is ever evaluated to completion twice; a process that lost a trial learns it there.
 * 3. **Whole batches.** A call writes all of what it was given or nothing, and when its promise is fulfilled the data
 *    has left this process: another process that asks afterwards sees it, and it survives the death of this one.
 * 4. **Finished is final.** A finished trial never changes; changes to one are errors. Records are immutable: a
 *    change makes a new object, an unchanged finished trial stays the same object from call to call.
 * 5. **Order.** Calls of one object take effect in the order in which they were made.
 *
 * Failures that a user can mend are FoveaErrors; a storage that is gone (a lost connection, after trying again for a
 * while; a full disk) is a StorageError.
 */
export interface Storage {
  /**
   * Creates a study without trials.
   * @param name The study's name, which no other study of the storage has.
   * @param directions The better direction of each objective.
   * @throws FoveaError when there is one of that name.
   */
  createStudy(name: string, directions: readonly Direction[]): Promise<StudyRecord>;
  /** All studies, the oldest first. */
  studies(): Promise<readonly StudyRecord[]>;
  /** Removes the study `studyId` with its trials. */
  deleteStudy(studyId: number): Promise<void>;
  /**
   * Writes an attribute of the study `studyId`: `kind` is the user's or the system's, `key` its name, `value` any JSON.
   */
  setStudyAttribute(studyId: number, kind: AttributeKind, key: string, value: Json): Promise<void>;
  /**
   * Adds a trial; with `limit` only while the study has fewer trials than that, else `undefined`.
   * @param studyId The study.
   * @param trial State, values and parameters of the trial.
   */
  createTrial(studyId: number, trial: NewTrial, limit?: number): Promise<TrialRecord | undefined>;
  /**
   * All trials by number, as of now.
   * @param studyId The study.
   */
  trials(studyId: number): Promise<readonly TrialRecord[]>;
  /**
   * Claims a waiting or abandoned trial, unless it changed hands or state since `trial` was read.
   * @param owner The worker's name.
   */
  claim(trial: TrialRecord, owner: string): Promise<boolean>;
  /**
   * Writes things down about a running trial. A parameter, step or key that is there already is replaced.
   * @param trialId The running trial.
   * @param changes Parameters, reports and attributes, in order.
   */
  record(trialId: number, changes: readonly TrialChange[]): Promise<void>;
  /**
   * Ends a running trial; false when `owner` (where given) does not own it any more, or it has ended.
   * @param trialId The running trial.
   * @param outcome Its state and values.
   */
  finish(trialId: number, owner: string | undefined, outcome: Outcome): Promise<boolean>;
  /**
   * Notes that these running trials are alive.
   * @param trialIds Running trials of this process.
   */
  beat(trialIds: readonly number[]): Promise<void>;
  /**
   * Seconds since the last sign of life of each running trial that ever gave one, by trial id.
   * @param studyId The study.
   */
  silence(studyId: number): Promise<ReadonlyMap<number, number>>;
  /** Releases files and connections. */
  close(): Promise<void>;
}

// The interface of pruners: functions from the reports of a trial and of the others to "stop it". They have no state,
// for the same reason as samplers.

import type { Json } from "../../core/json.js";
import { checkOptions } from "../../core/options.js";
import type { Direction, TrialRecord } from "../trial-record.js";

/** Facts that a pruner may know when it is asked about a running trial. */
export interface PrunerView {
  readonly studyName: string;
  readonly direction: Direction;
  /** The number of the trial in question, what it has reported, and what was noted about it. */
  readonly number: number;
  readonly intermediate: ReadonlyMap<number, number>;
  readonly attributes: Readonly<Record<string, Json>>;
  /** Other trials: in deterministic schedules a fixed prefix of finished ones, else all, running ones included. */
  readonly trials: readonly TrialRecord[];
  /** Notes a system attribute of the trial in question. */
  note(key: string, value: Json): void;
}

export interface Pruner {
  readonly name: string;
  shouldPrune(view: PrunerView): boolean;
  /**
   * Splits a study into brackets that know nothing of each other: the bracket of a trial, given the trials that are
   * visible. Samplers then see their own bracket only.
   */
  bracketOf?(studyName: string, trialNumber: number, trials: readonly TrialRecord[]): number;
}

/** Never stops a trial. */
export function nopPruner(options: Record<never, never> = {}): Pruner {
  checkOptions("nopPruner", options, []);
  return { name: "nop", shouldPrune: () => false };
}

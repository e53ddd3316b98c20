// The interface of pruners: functions from the reports of a trial and of the others to "stop it". They have no state,
// for the same reason as samplers.

import type { Json } from "../../core/json.js";
import { checkOptions } from "../../core/options.js";
import type { Direction, TrialRecord } from "../trial-record.js";

/** Facts that a pruner may know when it is asked about a running trial. */
export interface PrunerView {
  /** The study's name. */
  readonly studyName: string;
  /** The better direction of reports. */
  readonly direction: Direction;
  /** The number of the trial in question. */
  readonly number: number;
  /** Its reports by step. */
  readonly intermediate: ReadonlyMap<number, number>;
  /** Its system attributes. */
  readonly attributes: Readonly<Record<string, Json>>;
  /** Other trials: in deterministic schedules a fixed prefix of finished ones, else all, running ones included. */
  readonly trials: readonly TrialRecord[];
  /**
   * Notes a system attribute of the trial in question.
   * @param key The attribute's name.
   * @param value Any JSON.
   */
  note(key: string, value: Json): void;
}

/** A rule that ends hopeless trials early. */
export interface Pruner {
  /** The name in reports. */
  readonly name: string;
  /** Checks whether the trial of a `view` should end now. It is asked after each report. */
  shouldPrune(view: PrunerView): boolean;
  /**
   * Splits a study into brackets that know nothing of each other: the bracket of a trial, given the trials that are
   * visible. Samplers then see their own bracket only.
   * @param studyName The study's name.
   * @param trialNumber The trial's number.
   * @param trials The trials that are visible.
   */
  bracketOf?(studyName: string, trialNumber: number, trials: readonly TrialRecord[]): number;
}

/**
 * Never stops a trial.
 * @param options No options; an empty object.
 * @example createStudy({ pruner: nopPruner() });
 */
export function nopPruner(options: Record<never, never> = {}): Pruner {
  checkOptions("nopPruner", options, []);
  return { name: "nop", shouldPrune: () => false };
}

// Sampler: a function from the facts that a trial may know to proposals. Samplers keep no state that matters (at most
// a cache), so a study goes on with them after a crash, on another machine or in another process as if nothing happened.

import type { Json } from "../../core/json.js";
import type { Random } from "../../core/random.js";
import type { Choice, Distribution } from "../distribution.js";
import type { Direction, TrialRecord } from "../trial-record.js";

/** A trial that is being evaluated, as far as its parameters are known. */
export interface RunningTrial {
  /** The number within the study, from 0. */
  readonly number: number;
  /** The parameters that are known so far. */
  readonly params: Readonly<Record<string, Choice>>;
  /** System attributes, as far as they are written. */
  readonly attributes?: Readonly<Record<string, Json>>;
}

/** Facts that a sampler may know when it proposes values for a trial. */
export interface SamplerView {
  /** The study's name. */
  readonly studyName: string;
  /** The better direction of each objective. */
  readonly directions: readonly Direction[];
  /** The study's seed. */
  readonly seed: number;
  /** The number of the trial that wants values. */
  readonly number: number;
  /** The values that the trial was enqueued with: they need no proposals. */
  readonly fixed: Readonly<Record<string, Choice>>;
  /** Its system attributes: of a trial that is taken up again what was noted when it was first begun. */
  readonly noted: Readonly<Record<string, Json>>;
  /** Finished trials in the order of their numbers. In deterministic schedules a fixed prefix of the study. */
  readonly trials: readonly TrialRecord[];
  /** Trials that are being evaluated. */
  readonly running: readonly RunningTrial[];
  /**
   * The draws of this trial for a purpose.
   * @param purpose The name of the use: draws of different purposes are independent.
   */
  random(purpose: string): Random;
}

/** Values for several parameters at once, and what to note about the trial (system attributes). */
export interface Proposal {
  /** Values by the parameters' names. */
  readonly params: Readonly<Record<string, Choice>>;
  /** System attributes to note with the trial; none where it is left out. */
  readonly attributes?: Readonly<Record<string, Json>>;
}

/** A source of parameter values for trials. */
export interface Sampler {
  /** The name in reports. */
  readonly name: string;
  /** True where the sampler looks at parameters of running trials; the study then notes them with their proposal. */
  readonly looksAtRunning?: boolean;
  /**
   * Called once when a trial starts, before its code asks for anything.
   * @param view The study as this trial may see it.
   */
  propose(view: SamplerView): Proposal;
  /**
   * Called for each parameter that has no proposed value.
   * @param view The study as this trial may see it.
   * @param name The parameter's name.
   * @param distribution The values that the parameter may take.
   */
  sample(view: SamplerView, name: string, distribution: Distribution): Choice;
  /**
   * Checks whether nothing is left to try, given the trials of the study and its seed. Then no new trial begins. In
   * deterministic schedules trials that the next one may not see count as running.
   * @param trials Trials of the study.
   * @param seed The study's seed.
   */
  isExhausted?(trials: readonly TrialRecord[], seed: number): boolean;
}

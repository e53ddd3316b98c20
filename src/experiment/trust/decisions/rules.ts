// Rules of a user about which answers may be used as they are, and the verdict on an answer.
import type { Costs } from "../referral/costs.js";
import type { SetMethod } from "../sets/class-sets.js";
import type { IntervalMethod } from "../sets/number-intervals.js";

/** Rules of a user about answers that may be used as they are; a rule that is left out refers no image. */
export interface DecisionRules {
  /** Share of images whose set, or interval, holds the truth, above 0 and below 1; without it there are none. */
  readonly coverage?: number;
  /** Method of sets; default "lac". */
  readonly sets?: SetMethod;
  /** True for the coverage in each class. Default false. */
  readonly perClass?: boolean;
  /** Method of ranges of numbers; default the one that the model's file names. */
  readonly ranges?: IntervalMethod;
  /** The largest share of wrong ones among accepted answers; what is less sure is referred. */
  readonly referAbove?: number;
  /** Confidence of that bound, above 0 and below 1. Default 0.95. */
  readonly sureness?: number;
  /** Costs by which classes are decided. */
  readonly costs?: Costs;
  /** False to answer about images too that are like none of the training images. Default true. */
  readonly novelty?: boolean;
}

/** Names of all rules. */
export const RULES = ["coverage", "sets", "perClass", "ranges", "referAbove", "sureness", "costs", "novelty"] as const;

/** A verdict on an answer about one image. */
export interface ClassVerdict {
  /** False where a person should look. */
  readonly accepted: boolean;
  /** Sentence that says why a person should look. */
  readonly reason?: string;
  /** Numbers of the classes that cannot be ruled out, the most probable first. */
  readonly set?: readonly number[];
  /** Number of the class that is decided for, where costs decide. */
  readonly decision?: number;
  /** Expected cost of that decision, or of the look where that costs less. */
  readonly expectedCost?: number;
  /** The probability that an answer must reach. */
  readonly threshold?: number;
}

// Facts of slices: how good a model is among images that have something in common. Plain data.

/** Images with something in common. */
export interface SliceRowFacts {
  /** The property that they share: `camera`, and its value. */
  readonly attribute: string;
  /** The value. */
  readonly value: string;
  /** Number of images. */
  readonly images: number;
  /** The figure among them, with its interval of 95 % where there is one. */
  readonly figure: number;
  /** Lower end of the interval of 95 %. */
  readonly low?: number;
  /** Upper end of the interval of 95 %. */
  readonly high?: number;
  /** Probability of a figure as bad by chance, against all other images, of this slice alone. */
  readonly p: number;
  /** The same with all slices counted. */
  readonly adjusted: number;
  /** True where `adjusted` says that the slice is worse than the rest. */
  readonly isWorse: boolean;
}

/** A group of people, or what else an attribute names. */
export interface FairnessGroupFacts {
  /** The name that pages show. */
  readonly name: string;
  /** Number of images. */
  readonly images: number;
  /** Share of its images that each answer is given to, in the order of `answers`, with intervals (Wilson). */
  readonly given: readonly RateFacts[];
  /** Share of its images with that answer that are told so: the true positive rate. */
  readonly found: readonly RateFacts[];
  /** Mean confidence, share of right answers, and expected calibration error in ten bins; absent where answers have no confidence. */
  readonly calibration?: { readonly confidence: number; readonly right: RateFacts; readonly error: number };
}

/** A share with its interval of 95 %. */
export interface RateFacts {
  /** The share, from 0 to 1. */
  readonly share: number;
  /** Lower end of the interval of 95 %. */
  readonly low: number;
  /** Upper end of the interval of 95 %. */
  readonly high: number;
  /** Number of images that it is of. */
  readonly count: number;
}

/** Answers and errors of groups by one attribute. */
export interface FairnessFacts {
  /** Name of the attribute. */
  readonly attribute: string;
  /** Classes or labels. */
  readonly answers: readonly string[];
  /** The groups with their rates. */
  readonly groups: readonly FairnessGroupFacts[];
  /** The largest difference between two groups in how often an answer is given, and how often it is found. */
  readonly parityGap: number;
  /** The largest difference between two groups in how often an answer is found. */
  readonly opportunityGap: number;
}

/** Parts of the test images on which the model differs from its mean. */
export interface SlicesFacts {
  /** The figure of all slices: `accuracy`. */
  readonly figure: string;
  /** True for shares of right answers, of which larger is better; else errors. */
  readonly isShare: boolean;
  /** The figure of all images, and their number. */
  readonly whole: number;
  /** Number of images. */
  readonly images: number;
  /** Images whose photos were looked at, for brightness and the like. */
  readonly seen: number;
  /** The worst first. */
  readonly rows: readonly SliceRowFacts[];
  /** Groups by an attribute; absent where none was named. */
  readonly fairness?: FairnessFacts;
}

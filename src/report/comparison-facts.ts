// Facts of runs beside each other: what was set differently, and what came of it. Plain data.

/** A setting that two runs have differently, each value in words. */
export interface SettingDifferenceFacts {
  /** The setting in words. */
  readonly setting: string;
  /** The first of the two. */
  readonly first: string;
  /** The second of the two. */
  readonly second: string;
}

/** A test figure of two runs: the second's less the first's, with the ends of its interval of 95 % where there is one. */
export interface FigureDifferenceFacts {
  /** The heading that pages show. */
  readonly title: string;
  /** The first of the two. */
  readonly first: number;
  /** The second of the two. */
  readonly second: number;
  /** The second's less the first's. */
  readonly difference: number;
  /** Lower end of the interval of 95 %. */
  readonly low?: number;
  /** Upper end of the interval of 95 %. */
  readonly high?: number;
  /** `up` where larger is better. */
  readonly direction: "up" | "down";
}

/** Images that only one of two runs is right about, and McNemar's exact p. */
export interface PairedRightsFacts {
  /** Images that only the first is right about. */
  readonly firstOnly: number;
  /** Images that only the second is right about. */
  readonly secondOnly: number;
  /** Probability of so large a difference between equal models, from 0 to 1. */
  readonly pValue: number;
  /** The same with all comparisons counted (Holm); absent for a single one. */
  readonly adjusted?: number;
}

/** A run held against another. */
export interface RunPairFacts {
  /** The first of the two. */
  readonly first: string;
  /** The second of the two. */
  readonly second: string;
  /** Settings that differ. */
  readonly settings: readonly SettingDifferenceFacts[];
  /** Test figures that both have; those with an interval are of the shared images, the others of all test images of each. */
  readonly figures: readonly FigureDifferenceFacts[];
  /** Number of test images that both were judged by, and of all test images of each. */
  readonly shared: number;
  /** Test images of each. */
  readonly tested: readonly [first: number, second: number];
  /** Number of groups that the intervals drew; absent where images stand for themselves. */
  readonly groups?: number;
  /** McNemar's test on the shared images; absent where answers are not paired. */
  readonly mcnemar?: PairedRightsFacts;
  /** The better of both, in a sentence without a full stop. */
  readonly verdict: string;
}

/** A figure of a run, with its interval of 95 % where there is one. */
export interface RunFigureFacts {
  /** The key of the figure. */
  readonly key: string;
  /** The heading that pages show. */
  readonly title: string;
  /** The value. */
  readonly value: number;
  /** Ends of its interval of 95 %; absent where it has none. */
  readonly interval?: readonly [low: number, high: number];
}

/** Runs beside each other; each behind the first is held against it. */
export interface ComparisonFacts {
  /** Name and version of the program that made it. */
  readonly createdBy: string;
  /** The runs with their figures. */
  readonly runs: readonly {
    readonly name: string;
    readonly task: string;
    readonly tested: number;
    readonly figures: readonly RunFigureFacts[];
  }[];
  /** Pairs, each with its comparison or its counts. */
  readonly pairs: readonly RunPairFacts[];
}

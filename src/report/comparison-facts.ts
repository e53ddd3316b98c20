// Facts of runs beside each other: what was set differently, and what came of it. Plain data.

/** A setting that two runs have differently, each value in words. */
export interface SettingDifferenceFacts {
  readonly setting: string;
  readonly first: string;
  readonly second: string;
}

/** A test figure of two runs: the second's less the first's, with the ends of its interval of 95 % where there is one. */
export interface FigureDifferenceFacts {
  readonly title: string;
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly low?: number;
  readonly high?: number;
  /** `up` where larger is better. */
  readonly direction: "up" | "down";
}

/** Images that only one of two runs is right about, and McNemar's exact p. */
export interface PairedRightsFacts {
  readonly firstOnly: number;
  readonly secondOnly: number;
  readonly pValue: number;
  /** The same with all comparisons counted (Holm); absent for a single one. */
  readonly adjusted?: number;
}

/** A run held against another. */
export interface RunPairFacts {
  readonly first: string;
  readonly second: string;
  readonly settings: readonly SettingDifferenceFacts[];
  /** Test figures that both have; those with an interval are of the shared images, the others of all test images of each. */
  readonly figures: readonly FigureDifferenceFacts[];
  /** Number of test images that both were judged by, and of all test images of each. */
  readonly shared: number;
  readonly tested: readonly [first: number, second: number];
  /** Number of groups that the intervals drew; absent where images stand for themselves. */
  readonly groups?: number;
  readonly mcnemar?: PairedRightsFacts;
  /** The better of both, in a sentence without a full stop. */
  readonly verdict: string;
}

/** A figure of a run, with its interval of 95 % where there is one. */
export interface RunFigureFacts {
  readonly key: string;
  readonly title: string;
  readonly value: number;
  readonly interval?: readonly [low: number, high: number];
}

/** Runs beside each other; each behind the first is held against it. */
export interface ComparisonFacts {
  readonly createdBy: string;
  readonly runs: readonly {
    readonly name: string;
    readonly task: string;
    readonly tested: number;
    readonly figures: readonly RunFigureFacts[];
  }[];
  readonly pairs: readonly RunPairFacts[];
}

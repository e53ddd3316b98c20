// Facts of a monitoring: how new images differ from those that a run was tested on. Plain data.

/** One test of drift. */
export interface DriftTestFacts {
  /** Name for machines: `brightness`. */
  readonly name: string;
  /** The heading that pages show. */
  readonly title: string;
  /** Name of the test, such as `Kolmogorov-Smirnov`. */
  readonly method: string;
  /** Size of the difference. */
  readonly effect: number;
  /** Measure of the size. */
  readonly measure: string;
  /** Probability of a difference as large by chance, of this test alone. */
  readonly p: number;
  /** The same with all tests counted. */
  readonly adjusted: number;
  /** True where `adjusted` is below the level of the monitoring. */
  readonly isAlarm: boolean;
  /** The finding in words, without a full stop. */
  readonly told: string;
  /** The reference in words or figures. */
  readonly before: string;
  /** The new images in words or figures. */
  readonly now: string;
}

/** Numbers of the reference and of new images, which a page draws over one another. */
export interface DriftNumbersFacts {
  /** The name that pages show. */
  readonly name: string;
  /** The heading that pages show. */
  readonly title: string;
  /** Values of the reference, at most some thousand. */
  readonly before: readonly number[];
  /** Values of the new images, at most some thousand. */
  readonly now: readonly number[];
}

/** A class or label with the images that have it as answer. */
export interface DriftShareFacts {
  /** The name that pages show. */
  readonly name: string;
  /** Share of the reference, from 0 to 1. */
  readonly before: number;
  /** Share of the new images, from 0 to 1. */
  readonly now: number;
}

/** A comparison of new images with those of a run. */
export interface MonitorFacts {
  /** Name of the run. */
  readonly run: string;
  /** Folder, manifest, archive or decision log that was monitored. */
  readonly source: string;
  /** Name and version of the program that made it. */
  readonly createdBy: string;
  /** Part of the run's data that is the reference, and its number of images. */
  readonly part: string;
  /** Number of images of the reference. */
  readonly reference: number;
  /** New images with an answer, and without. */
  readonly images: number;
  /** New images without an answer. */
  readonly failed: number;
  /** Probability of any alarm where nothing has changed. */
  readonly level: number;
  /** The tests for drift. */
  readonly tests: readonly DriftTestFacts[];
  /** Population stability index of the predictions; absent where these are numbers. */
  readonly stability?: number;
  /** Answers with their shares before and now. */
  readonly shares: readonly DriftShareFacts[];
  /** Measures whose distributions a page draws. */
  readonly numbers: readonly DriftNumbersFacts[];
  /** Right answers of new images that have labels, with their 95 % interval. */
  readonly accuracy?: { readonly share: number; readonly low: number; readonly high: number; readonly images: number };
  /** Sentences without a full stop on what was not compared. */
  readonly notes: readonly string[];
}

/**
 * The bands of the stability index, which are a habit of scorecards and no test.
 * @param index Population stability index, at least 0.
 * @example stabilityBand(0.18); // "from 0.1 to 0.25, called a moderate shift"
 */
export const stabilityBand = (index: number): string =>
  index < 0.1
    ? "below 0.1, called stable"
    : index <= 0.25
      ? "from 0.1 to 0.25, called a moderate shift"
      : "above 0.25, called a shift";

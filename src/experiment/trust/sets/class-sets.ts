// Conformal sets: instead of one class, the classes that cannot be ruled out, of which the true one is a member as often as was
// asked for, whatever the model. Valid where new images are exchangeable with those that it was fitted on.
import { FoveaError, oneOf } from "../../../core/errors.js";
import { checkOptions, numberWithin } from "../../../core/options.js";
import { type ClassAnswers, checkAnswers, rowOf } from "../answers.js";

/** Methods of scoring how strange a class is for an image. */
export const SET_METHODS = ["lac", "aps", "raps"] as const;
/**
 * - `lac`: 1 - p of the class, stored as -p; the smallest sets on average (Sadinle, Lei and Wasserman, JASA 114, 2019).
 * - `aps`: the probability of all classes down to it, which adapts to hard images (Romano, Sesia and Candes, NeurIPS 2020).
 * - `raps`: the same with a penalty on long sets (Angelopoulos, Bates, Malik and Jordan, ICLR 2021).
 */
export type SetMethod = (typeof SET_METHODS)[number];

/** Options of sets: their coverage, and the score that they follow from. */
export interface ClassSetOptions {
  /** Share of images whose set holds the true class, above 0 and below 1. Default 0.9. */
  readonly coverage?: number;
  /** Default "lac". */
  readonly method?: SetMethod;
  /** True for the coverage in each class, not only over all of them (Vovk's Mondrian sets). Default false. */
  readonly perClass?: boolean;
  /** Penalty of `raps` for each class beyond `free`. Default 0.01. */
  readonly penalty?: number;
  /** Classes of `raps` that have no penalty. Default 5. */
  readonly free?: number;
}

/** Limits and settings that sets are made by; kept with a model. */
export interface ClassSets extends Required<ClassSetOptions> {
  /** The largest score of a class that is in the set; one for all classes, or one for each. Infinity lets every class in. */
  readonly limits: readonly number[];
}

/** The measures of a class of an image that scores are made of: its probability, the sum down to it, its place from 1. */
interface Standing {
  readonly probability: number;
  readonly above: number;
  readonly rank: number;
}
type Scoring = Pick<ClassSets, "method" | "penalty" | "free">;

/** Score of a class for an image: the higher, the stranger. */
function scoreOf({ probability, above, rank }: Standing, { method, penalty, free }: Scoring): number {
  // Less the 1 of 1 - p, which would hide all small probabilities behind its rounding.
  if (method === "lac") return -probability;
  return above + (method === "raps" ? penalty * Math.max(0, rank - free) : 0);
}

/** Standings of the classes of an image. */
function standingsOf(row: Float64Array): Standing[] {
  const standings: Standing[] = new Array(row.length);
  let above = 0;
  for (const [index, k] of Array.from(row.keys())
    .sort((a, b) => row[b]! - row[a]! || a - b)
    .entries()) {
    above += row[k]!;
    standings[k] = { probability: row[k]!, above, rank: index + 1 };
  }
  return standings;
}

/** Standings of the true classes of images, column by column: all that limits follow from. */
export interface TrueClasses {
  /** Number of the true class. */
  readonly truth: readonly number[];
  /** Probability of the true class, from 0 to 1. */
  readonly probability: readonly number[];
  /** Probability of the true class and of all more probable ones together. */
  readonly above: readonly number[];
  /** Position of the true class among all, 1 for the most probable. */
  readonly rank: readonly number[];
}

/**
 * Standing of the true class of each image among all classes.
 * @param answers calibrated rows of probabilities `[images, classes]` and the true class of each image
 * @throws FoveaError unless there is a row of probabilities for each label
 */
export function trueClasses(answers: ClassAnswers): TrueClasses {
  checkAnswers("trueClasses", answers);
  const truth = Array.from(answers.labels);
  const standings = truth.map((label, n) => standingsOf(rowOf(answers, n))[label]!);
  return {
    truth,
    probability: standings.map(({ probability }) => probability),
    above: standings.map(({ above }) => above),
    rank: standings.map(({ rank }) => rank),
  };
}

/**
 * The score at rank ceil((n + 1) coverage) of n scores (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random
 * World, 2005); infinity where n is too small for the coverage.
 * @param scores scores of the true classes, or of true numbers; a higher one is stranger
 * @param coverage share of new scores that stay at or below the limit, above 0 and below 1
 * @example
 * conformalLimit([0.1, 0.4, 0.2, 0.3], 0.5); // 0.3
 * conformalLimit([0.1, 0.4, 0.2, 0.3], 0.9); // Infinity: four scores promise 0.8 at most
 */
export function conformalLimit(scores: readonly number[], coverage: number): number {
  // Decimals of a coverage are not exact: 0.9 of 10 must not become rank 10.
  const rank = Math.ceil((scores.length + 1) * coverage - 1e-9);
  return rank > scores.length ? Number.POSITIVE_INFINITY : scores.toSorted((a, b) => a - b)[rank - 1]!;
}

/**
 * Fits sets to a coverage, on images that the model did not learn from.
 * @param answers of those images; a coverage of 0.95 needs 19 of them, with `perClass` of every class
 * @throws FoveaError for options that are none
 * @example
 * const probabilities = Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.8, 0.2, 0.3, 0.7);
 * const answers = { classes: 2, probabilities, labels: [0, 0, 1, 1] };
 * const sets = fitClassSets(answers, { coverage: 0.7 });
 * classSet(Float64Array.of(0.5, 0.5), sets); // the classes that cannot be ruled out
 * setsOf(trueClasses(answers), 2, { coverage: 0.7 }).limits[0] === sets.limits[0]; // true
 */
export const fitClassSets = (answers: ClassAnswers, options: ClassSetOptions = {}): ClassSets =>
  setsOf(trueClasses(answers), answers.classes, options);

/**
 * Fits sets to a coverage from the standings of the true classes, as a model's file has them.
 * @param standings standings of the true classes of images that the model did not learn from
 * @param classes number of classes
 * @throws FoveaError for options that are none
 */
export function setsOf(
  { truth, probability, above, rank }: TrueClasses,
  classes: number,
  options: ClassSetOptions = {},
): ClassSets {
  checkOptions("fitClassSets", options, ["coverage", "method", "perClass", "penalty", "free"]);
  const { coverage = 0.9, perClass = false, penalty = 0.01, free = 5 } = options;
  if (!(coverage > 0 && coverage < 1))
    throw new FoveaError("out-of-range", `fitClassSets: expected a coverage above 0 and below 1, received ${coverage}`);
  const method = oneOf("fitClassSets method", options.method ?? "lac", SET_METHODS);
  numberWithin("fitClassSets penalty", penalty, 0);
  numberWithin("fitClassSets free", free, 0);
  const kind = { coverage, method, perClass, penalty, free };
  const groups = Array.from({ length: perClass ? classes : 1 }, (): number[] => []);
  for (const [n, label] of truth.entries()) {
    const standing = { probability: probability[n]!, above: above[n]!, rank: rank[n]! };
    groups[perClass ? label : 0]?.push(scoreOf(standing, kind));
  }
  return { ...kind, limits: groups.map((scores) => conformalLimit(scores, coverage)) };
}

/**
 * The set of an image: classes, the most probable first. It may be empty: then no class fits.
 * @param row probabilities of the classes
 * @param sets limits from `fitClassSets` or `storedSets`
 * @example
 * const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.3, 0.6, 0.1, 0.4, 0.2, 0.4);
 * const sets = fitClassSets({ classes: 3, probabilities, labels: [0, 1, 2] }, { coverage: 0.7 });
 * classSet(Float64Array.of(0.1, 0.5, 0.4), sets); // [1, 2]: classes of at least 0.4, the limit at this coverage
 */
export const classSet = (row: Float64Array, sets: ClassSets): number[] => classSets(row, [sets])[0]!;

/** Sets of an image by several limits. */
export function classSets(row: Float64Array, all: readonly ClassSets[]): number[][] {
  const standings = standingsOf(row);
  const order = new Int32Array(row.length);
  for (let k = 0; k < order.length; k++) order[standings[k]!.rank - 1] = k;
  return all.map((sets) => {
    const members: number[] = [];
    for (let index = 0; index < order.length; index++) {
      const k = order[index]!;
      const limit = sets.limits[sets.perClass ? k : 0] ?? Number.POSITIVE_INFINITY;
      if (scoreOf(standings[k]!, sets) <= limit) members.push(k);
    }
    return members;
  });
}

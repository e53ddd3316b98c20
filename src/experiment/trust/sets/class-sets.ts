// Conformal sets: instead of one class, the classes that cannot be ruled out, of which the true one is a member as often as was
// asked for, whatever the model. Valid where new images are exchangeable with those that it was fitted on.
import { FoveaError, oneOf } from "../../../core/errors.js";
import { checkOptions, numberWithin } from "../../../core/options.js";
import { type ClassAnswers, checkAnswers, rowOf } from "../answers.js";

/** Methods of scoring how strange a class is for an image. */
export const SET_METHODS = ["lac", "aps", "raps"] as const;
/**
 * - `lac`: 1 - p of the class; the smallest sets on average (Sadinle, Lei and Wasserman, JASA 114, 2019).
 * - `aps`: the probability of all classes down to it, which adapts to hard images (Romano, Sesia and Candes, NeurIPS 2020).
 * - `raps`: the same with a penalty on long sets (Angelopoulos, Bates, Malik and Jordan, ICLR 2021).
 */
export type SetMethod = (typeof SET_METHODS)[number];

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

/** Scores of the classes of an image: how strange each is. */
function scoresOf(
  row: Float64Array,
  { method, penalty, free }: Pick<ClassSets, "method" | "penalty" | "free">,
): Float64Array {
  if (method === "lac") return row.map((p) => 1 - p);
  const order = Array.from(row.keys()).sort((a, b) => row[b]! - row[a]! || a - b);
  const scores = new Float64Array(row.length);
  let sum = 0;
  for (const [place, k] of order.entries()) {
    sum += row[k]!;
    scores[k] = sum + (method === "raps" ? penalty * Math.max(0, place + 1 - free) : 0);
  }
  return scores;
}

/**
 * The score at rank ceil((n + 1) coverage) of n scores (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World,
 * 2005); infinity where n is too small for the coverage.
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
 * @example fitClassSets(validation, { coverage: 0.95 })
 */
export function fitClassSets(answers: ClassAnswers, options: ClassSetOptions = {}): ClassSets {
  checkOptions("fitClassSets", options, ["coverage", "method", "perClass", "penalty", "free"]);
  checkAnswers("fitClassSets", answers);
  const { coverage = 0.9, perClass = false, penalty = 0.01, free = 5 } = options;
  if (!(coverage > 0 && coverage < 1))
    throw new FoveaError(`fitClassSets: expected a coverage above 0 and below 1, received ${coverage}`);
  const method = oneOf("fitClassSets method", options.method ?? "lac", SET_METHODS);
  numberWithin("fitClassSets penalty", penalty, 0);
  numberWithin("fitClassSets free", free, 0);
  const kind = { coverage, method, perClass, penalty, free };
  const groups = Array.from({ length: perClass ? answers.classes : 1 }, (): number[] => []);
  for (let n = 0; n < answers.labels.length; n++) {
    const label = answers.labels[n]!;
    groups[perClass ? label : 0]!.push(scoresOf(rowOf(answers, n), kind)[label]!);
  }
  return { ...kind, limits: groups.map((scores) => conformalLimit(scores, coverage)) };
}

/**
 * The set of an image: classes, the most probable first. It may be empty: then no class fits.
 * @param row probabilities of the classes
 * @example classSet(row, sets); // [3, 17]
 */
export function classSet(row: Float64Array, sets: ClassSets): number[] {
  const scores = scoresOf(row, sets);
  return Array.from(row.keys())
    .filter((k) => scores[k]! <= (sets.limits[sets.perClass ? k : 0] ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => row[b]! - row[a]! || a - b);
}

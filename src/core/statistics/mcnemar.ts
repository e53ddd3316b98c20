// McNemar's test: of two models that were asked about the same images, is one better? Only images count that exactly one of
// them answers rightly.
import { FoveaError } from "../errors.js";
import { binomialCdf } from "./beta.js";

/** Numbers of images that exactly one of two models answers rightly. */
export interface PairedAnswers {
  /** Images that the first alone answers rightly. */
  readonly firstOnly: number;
  /** Images that the second alone answers rightly. */
  readonly secondOnly: number;
}

/** McNemar's exact test of two models on the same images. */
export interface McNemar extends PairedAnswers {
  /** Probability of so uneven a difference, or a more uneven one, between models that are equally good. */
  readonly pValue: number;
}

/**
 * McNemar's exact test, two-sided: twice the smaller tail of a binomial with p = 1/2, at most 1 (McNemar, Note on the sampling
 * error of the difference between correlated proportions or percentages, Psychometrika 12, 1947).
 * @throws FoveaError unless both are whole numbers from 0 on
 * @example mcnemarTest({ firstOnly: 3, secondOnly: 12 }).pValue; // 0.035
 */
export function mcnemarTest({ firstOnly, secondOnly }: PairedAnswers): McNemar {
  for (const count of [firstOnly, secondOnly])
    if (!Number.isSafeInteger(count) || count < 0)
      throw new FoveaError("out-of-range", `mcnemarTest: expected numbers of images from 0 on, received ${count}`);
  const n = firstOnly + secondOnly;
  const pValue = n === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(firstOnly, secondOnly), n, 0.5));
  return { firstOnly, secondOnly, pValue };
}

/**
 * Counts the images that exactly one of two models answers rightly.
 * @param first for each image, whether the first model is right
 * @param second the same of the second model, for the same images in the same order
 * @throws FoveaError for lists of different lengths
 * @example pairedAnswers([true, true, false], [true, false, false]); // one image that the first alone answers rightly
 */
export function pairedAnswers(first: ArrayLike<boolean>, second: ArrayLike<boolean>): PairedAnswers {
  if (first.length !== second.length)
    throw new FoveaError(
      "length-mismatch",
      `pairedAnswers: expected answers about the same images, received ${first.length} and ${second.length}`,
    );
  let [firstOnly, secondOnly] = [0, 0];
  for (let i = 0; i < first.length; i++) {
    if (first[i] && !second[i]) firstOnly++;
    else if (second[i] && !first[i]) secondOnly++;
  }
  return { firstOnly, secondOnly };
}

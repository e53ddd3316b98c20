// Errors of predicted numbers as single figures: RMSE, MAE, mean deviance, and the share of the deviance that is
// explained (D2). Definitions are scikit-learn's, with its sample_weight.
import { checkTargetsOf, type Family, unitDeviance } from "./family.js";
import { checkPairs, meanOf, type Pairs, weightOf } from "./pairs.js";

/** The root of the mean of (actual - predicted)^2, as scikit-learn's root_mean_squared_error. */
export function rmse(pairs: Pairs): number {
  checkPairs("rmse", pairs);
  return Math.sqrt(meanOf(pairs, (actual, predicted) => (actual - predicted) ** 2));
}

/** The mean of |actual - predicted|, as scikit-learn's mean_absolute_error. */
export function mae(pairs: Pairs): number {
  checkPairs("mae", pairs);
  return meanOf(pairs, (actual, predicted) => Math.abs(actual - predicted));
}

/**
 * The mean deviance of a family, as scikit-learn's mean_tweedie_deviance.
 * @throws FoveaError for targets that the family has no meaning for.
 * @example meanDeviance({ actual, predicted, weight: exposure }, { kind: "poisson" })
 */
export function meanDeviance(pairs: Pairs, family: Family): number {
  checkPairs("deviance", pairs);
  checkTargetsOf(family, pairs.actual);
  return meanOf(pairs, unitDeviance(family));
}

/** The weighted mean of the targets. */
export const meanActual = (pairs: Pairs): number => meanOf(pairs, (actual) => actual);

/** The weighted mean of the predictions. */
export const meanPredicted = (pairs: Pairs): number => meanOf(pairs, (_, predicted) => predicted);

/** The weighted median of the targets: half of the weight is at or below it. */
function medianActual(pairs: Pairs): number {
  const rows = Array.from({ length: pairs.actual.length }, (_, row) => row);
  rows.sort((a, b) => pairs.actual[a]! - pairs.actual[b]! || a - b);
  const half = rows.reduce((sum, row) => sum + weightOf(pairs, row), 0) / 2;
  let below = 0;
  for (const row of rows) {
    below += weightOf(pairs, row);
    if (below >= half) return pairs.actual[row]!;
  }
  return pairs.actual[rows.at(-1)!]!;
}

/** The constant that has the least deviance: the mean, or the median of absolute errors. */
export const bestConstant = (pairs: Pairs, family: Family): number =>
  family.kind === "absolute" ? medianActual(pairs) : meanActual(pairs);

/**
 * The share of the deviance that is explained: 1 - deviance of the predictions / deviance of the best constant. It
 * is scikit-learn's d2_tweedie_score, r2_score and d2_absolute_error_score (Hastie, Tibshirani and Wainwright, Statistical
 * Learning with Sparsity, 2015, equation 3.11). 1 is perfect, 0 the constant, below 0 worse than that.
 * @returns where the constant is perfect already: 1 for predictions that are, else 0
 */
export function d2(pairs: Pairs, family: Family): number {
  const deviance = meanDeviance(pairs, family);
  const constant = bestConstant(pairs, family);
  const ofConstant = meanOf(pairs, (actual) => unitDeviance(family)(actual, constant));
  if (ofConstant === 0) return deviance === 0 ? 1 : 0;
  return 1 - deviance / ofConstant;
}

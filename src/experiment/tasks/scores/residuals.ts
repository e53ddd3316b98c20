// Residuals of predicted numbers: differences, and those of a deviance, which have about one spread wherever a prediction
// lies; and the rows that a model misses most.
import { type Family, unitDeviance } from "./family.js";
import { checkPairs, type Pairs, weightOf } from "./pairs.js";

/** actual - predicted, row by row. */
export function residuals({ actual, predicted }: Pairs): Float64Array {
  return Float64Array.from(actual, (value, row) => value - predicted[row]!);
}

/**
 * Deviance residuals: the sign of actual - predicted times the root of weight * deviance (McCullagh and Nelder, Generalized
 * Linear Models, 2nd edition, 1989, section 2.4.3).
 */
export function devianceResiduals(pairs: Pairs, family: Family): Float64Array {
  checkPairs("residuals", pairs);
  const deviance = unitDeviance(family);
  return residuals(pairs).map((difference, row) => {
    const size = weightOf(pairs, row) * deviance(pairs.actual[row]!, pairs.predicted[row]!);
    // Rounding may leave a little less than 0 where both agree.
    return Math.sign(difference) * Math.sqrt(Math.max(0, size));
  });
}

/** The rows that add most to the deviance, the largest first; equal ones in the order of the data. */
export function worstRows(pairs: Pairs, family: Family, limit: number): number[] {
  const size = devianceResiduals(pairs, family);
  return Array.from(size, (_, row) => row)
    .sort((a, b) => Math.abs(size[b]!) - Math.abs(size[a]!) || a - b)
    .slice(0, limit);
}

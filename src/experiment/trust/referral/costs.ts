// Decisions by what mistakes cost: the class of least expected cost, or a person where looking is cheaper than the risk.
import { FoveaError } from "../../../core/errors.js";

/** Costs of decisions, in one unit. */
export interface Costs {
  /** Cost of deciding for class j where the truth is i, `[i][j]`; from 0 on, 0 for right decisions as a rule. */
  readonly matrix: readonly (readonly number[])[];
  /**
   * Cost of a look by a person, who is always right; one for each class that may be true, or one for all. Infinity if no
   * person can look.
   */
  readonly look: number | readonly number[];
}

/** A decision about an image. */
export interface Decision {
  /** Class of the least expected cost. */
  readonly decision: number;
  /** Its expected cost. */
  readonly cost: number;
  /** The expected cost of a look. */
  readonly lookCost: number;
  /** True where a look costs less. */
  readonly isReferred: boolean;
}

/**
 * Costs where every mistake is as dear as any other.
 * @param classes number of classes
 * @param mistake cost of a mistake, from 0 on
 * @param look cost of a look by a person
 * @example uniformCosts(55, 20, 1)
 */
export const uniformCosts = (classes: number, mistake: number, look: number): Costs => ({
  matrix: Array.from({ length: classes }, (_, i) => Array.from({ length: classes }, (_, j) => (i === j ? 0 : mistake))),
  look,
});

/**
 * Checks that costs are a square matrix of numbers from 0 on, with a look for each class or for all.
 * @param costs costs in one unit
 * @param classes number of classes of the model
 * @throws FoveaError for another number of rows, columns or looks, and for costs below 0
 */
export function checkCosts({ matrix, look }: Costs, classes: number): void {
  if (matrix.length !== classes || matrix.some((row) => row.length !== classes))
    throw new FoveaError(
      "shape-mismatch",
      `costs: expected ${classes} rows of ${classes} costs, one for each class that may be true`,
    );
  const looks = typeof look === "number" ? [look] : look;
  if (typeof look !== "number" && look.length !== classes)
    throw new FoveaError(
      "length-mismatch",
      `costs: expected a look's cost for each of ${classes} classes, received ${look.length}`,
    );
  if (matrix.flat().some((cost) => !(cost >= 0) || !Number.isFinite(cost)) || looks.some((cost) => !(cost >= 0)))
    throw new FoveaError("out-of-range", "costs: expected numbers from 0 on; a gain is a cost of 0 beside higher ones");
}

/**
 * The decision of least expected cost: argmin over j of the sum over i of p_i C[i][j] (Elkan, The foundations of
 * cost-sensitive learning, IJCAI 2001). A person decides where the look costs less (Chow, On optimum recognition error
 * and reject tradeoff, IEEE Transactions on Information Theory 16, 1970). With equal costs of mistakes it refers where
 * p < 1 - look / mistake.
 * @param costs costs of mistakes and of a look, in one unit
 * @param row calibrated probabilities of the classes
 * @example
 * const costs = uniformCosts(2, 20, 1);
 * checkCosts(costs, 2);
 * cheapestDecision([0.9, 0.1], costs); // { decision: 0, cost: 2, lookCost: 1, isReferred: true }
 */
export function cheapestDecision(row: ArrayLike<number>, { matrix, look }: Costs): Decision {
  let [decision, cost] = [0, Number.POSITIVE_INFINITY];
  for (let j = 0; j < row.length; j++) {
    let expected = 0;
    for (let i = 0; i < row.length; i++) expected += row[i]! * matrix[i]![j]!;
    if (expected < cost) [decision, cost] = [j, expected];
  }
  const lookCost =
    typeof look === "number" ? look : look.reduce((sum, price, i) => (row[i] === 0 ? sum : sum + row[i]! * price), 0);
  return { decision, cost, lookCost, isReferred: lookCost < cost };
}

// Deviances of single numbers, of which losses take means and metrics sums. Definitions are scikit-learn's.
import { add, div, greater, log, maximum, mul, select, sub } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { EPSILON } from "./loss.js";
import { power } from "./pointwise.js";

/** 2 (y log(y / mu) - y + mu). */
export function poissonUnit(y: Value, yPred: Value): Value {
  const mu = maximum(yPred, EPSILON);
  const ofTarget = select(greater(y, 0), mul(y, log(div(maximum(y, EPSILON), mu))), 0);
  return mul(add(sub(ofTarget, y), mu), 2);
}

/** 2 (log(mu / y) + y / mu - 1). */
export function gammaUnit(y: Value, yPred: Value): Value {
  const ratio = div(y, maximum(yPred, EPSILON));
  return mul(sub(sub(ratio, 1), log(ratio)), 2);
}

/** 2 (y^(2-p) / ((1-p)(2-p)) - y mu^(1-p) / (1-p) + mu^(2-p) / (2-p)), for p between 1 and 2. */
export const tweedieUnit =
  (p: number) =>
  (y: Value, yPred: Value): Value => {
    const mu = maximum(yPred, EPSILON);
    const ofTarget = select(greater(y, 0), mul(power(y, 2 - p), 1 / ((1 - p) * (2 - p))), 0);
    const cross = mul(mul(y, power(mu, 1 - p)), -1 / (1 - p));
    return mul(add(add(ofTarget, cross), mul(power(mu, 2 - p), 1 / (2 - p))), 2);
  };

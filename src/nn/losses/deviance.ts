// Deviances of generalised linear models, for what Keras has no loss for: claim severities (gamma) and claim costs with
// many zeros (Tweedie). Definitions are scikit-learn's. Predictions must be positive, as after an exponential activation.
import { FoveaError } from "../../core/errors.js";
import { add, div, greater, log, maximum, mul, select, sub } from "../../core/functions/index.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { EPSILON, type Loss } from "./loss.js";
import { pointwise, power } from "./pointwise.js";
import { checkTargets } from "./targets.js";

/**
 * The mean gamma deviance 2 (log(yPred / yTrue) + yTrue / yPred - 1) along the last axis, for positive amounts.
 * @example gammaDeviance() // claim severity, with dense(1, { activation: "exponential" })
 */
export function gammaDeviance(): Loss {
  const name = "gamma_deviance";
  const loss = pointwise("GammaDeviance", name, {}, (yTrue, yPred) => {
    const mu = maximum(yPred, EPSILON);
    const ratio = div(yTrue, mu);
    return mul(sub(sub(ratio, 1), log(ratio)), 2);
  });
  return {
    ...loss,
    isForeign: true,
    check: (y, _, samples) => checkTargets(name, "targets above 0", y, (one) => one > 0, samples),
  };
}

/**
 * The mean Tweedie deviance of a power between 1 (Poisson) and 2 (gamma) along the last axis:
 * 2 (y^(2-p) / ((1-p)(2-p)) - y mu^(1-p) / (1-p) + mu^(2-p) / (2-p)).
 * @example tweedieDeviance({ power: 1.5 }) // claim costs, zeros among them
 */
export function tweedieDeviance(options: { readonly power?: number } = {}): Loss {
  checkOptions("tweedieDeviance", options, ["power"]);
  const p = numberWithin("tweedieDeviance power", options.power ?? 1.5, 1, 2);
  if (p === 1 || p === 2)
    throw new FoveaError(
      `tweedieDeviance power: expected a number between 1 and 2, received ${p}; that is ${p === 1 ? "poisson()" : "gammaDeviance()"}`,
    );
  const name = "tweedie_deviance";
  const loss = pointwise("TweedieDeviance", name, { power: p }, (y, yPred) => {
    const mu = maximum(yPred, EPSILON);
    const ofTarget = select(greater(y, 0), mul(power(y, 2 - p), 1 / ((1 - p) * (2 - p))), 0);
    const cross = mul(mul(y, power(mu, 1 - p)), -1 / (1 - p));
    return mul(add(add(ofTarget, cross), mul(power(mu, 2 - p), 1 / (2 - p))), 2);
  });
  return {
    ...loss,
    isForeign: true,
    check: (y, _, samples) => checkTargets(name, "targets of at least 0", y, (one) => one >= 0, samples),
  };
}

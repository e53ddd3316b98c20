// Deviances of generalised linear models, for which Keras has no loss: claim counts (Poisson), claim severities (gamma)
// and claim costs with many zeros (Tweedie). Definitions are scikit-learn's. Predictions must be positive: the log link of
// a model whose last layer is dense(1, { activation: "exponential" }). Its inverse is that exponential.
//
// Exposure has two forms that give the same weights (Ohlsson and Johansson, Non-Life Insurance Pricing, 2010, section 2):
// as a weight, the target is a rate (claims / exposure) and the exposure is the sample's weight; as an offset, the target is
// the count itself and log(exposure) is added to the last layer's input. For Poisson both have the same gradient; for
// gamma the weight of a mean severity is the number of its claims; for Tweedie the weight is the exposure.
import { FoveaError } from "../../core/errors.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import type { Loss } from "./loss.js";
import { pointwise } from "./pointwise.js";
import { checkTargets } from "./targets.js";
import { gammaUnit, poissonUnit, tweedieUnit } from "./unit-deviance.js";

/** The rule for gamma's targets, with the remedy. */
const POSITIVE = "targets above 0 (leave rows without an amount out, or use tweedieDeviance, which knows zeros)";

/**
 * The mean Poisson deviance 2 (yTrue log(yTrue / yPred) - yTrue + yPred) along the last axis, for counts or rates of at
 * least 0. `poisson`, which Keras knows too, has half of its gradient.
 * @throws FoveaError in training for a negative target.
 * @example poissonDeviance() // claim frequency: counts / exposure, sampleWeight: exposure
 */
export function poissonDeviance(): Loss {
  const name = "poisson_deviance";
  const loss = pointwise("PoissonDeviance", name, {}, poissonUnit);
  return {
    ...loss,
    isForeign: true,
    check: (y, _, samples) => checkTargets(name, "counts or rates of at least 0", y, (target) => target >= 0, samples),
  };
}

/**
 * The mean gamma deviance 2 (log(yPred / yTrue) + yTrue / yPred - 1) along the last axis, for positive amounts.
 * @throws FoveaError in training for a target of 0 or below.
 * @example gammaDeviance() // claim severity, with dense(1, { activation: "exponential" })
 */
export function gammaDeviance(): Loss {
  const name = "gamma_deviance";
  const loss = pointwise("GammaDeviance", name, {}, gammaUnit);
  return {
    ...loss,
    isForeign: true,
    check: (y, _, samples) => checkTargets(name, POSITIVE, y, (target) => target > 0, samples),
  };
}

/**
 * The mean Tweedie deviance of a power between 1 (Poisson) and 2 (gamma) along the last axis:
 * 2 (y^(2-p) / ((1-p)(2-p)) - y mu^(1-p) / (1-p) + mu^(2-p) / (2-p)).
 * @param options.power default 1.5
 * @param options `power`: between 1 and 2; default 1.5.
 * @throws FoveaError for another power; in training for a negative target.
 * @example tweedieDeviance({ power: 1.5 }) // claim costs, zeros among them
 */
export function tweedieDeviance(options: { readonly power?: number } = {}): Loss {
  checkOptions("tweedieDeviance", options, ["power"]);
  const p = numberWithin("tweedieDeviance power", options.power ?? 1.5, 1, 2);
  if (p === 1 || p === 2)
    throw new FoveaError(
      "out-of-range",
      `tweedieDeviance power: expected a number between 1 and 2, received ${p}; that is ${p === 1 ? "poissonDeviance()" : "gammaDeviance()"}`,
    );
  const name = "tweedie_deviance";
  const loss = pointwise("TweedieDeviance", name, { power: p }, tweedieUnit(p));
  return {
    ...loss,
    isForeign: true,
    check: (y, _, samples) => checkTargets(name, "targets of at least 0", y, (target) => target >= 0, samples),
  };
}

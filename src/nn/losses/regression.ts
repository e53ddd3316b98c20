// Losses between numbers: squares, absolute values and their mixtures, relative and logarithmic errors, directions.
import {
  abs,
  add,
  clip,
  div,
  log,
  maximum,
  mul,
  neg,
  softplus,
  sqrt,
  square,
  sub,
  sum,
} from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { EPSILON, type Loss } from "./loss.js";
import { aligned, pointwise } from "./pointwise.js";
import { checkTargets, isProbability } from "./targets.js";

/**
 * The mean of (yTrue - yPred)^2 along the last axis.
 * @example model.compile({ optimizer: "adam", loss: meanSquaredError() });
 */
export const meanSquaredError = (): Loss =>
  pointwise("MeanSquaredError", "mean_squared_error", {}, (yTrue, yPred) => square(sub(yTrue, yPred)));

/**
 * The mean of |yTrue - yPred| along the last axis.
 * @example model.compile({ optimizer: "adam", loss: meanAbsoluteError() });
 */
export const meanAbsoluteError = (): Loss =>
  pointwise("MeanAbsoluteError", "mean_absolute_error", {}, (yTrue, yPred) => abs(sub(yTrue, yPred)));

/**
 * The mean of 100 |yTrue - yPred| / |yTrue| along the last axis, with |yTrue| at least 1e-7.
 * @example model.compile({ optimizer: "adam", loss: meanAbsolutePercentageError() });
 */
export const meanAbsolutePercentageError = (): Loss =>
  pointwise("MeanAbsolutePercentageError", "mean_absolute_percentage_error", {}, (yTrue, yPred) =>
    mul(abs(div(sub(yTrue, yPred), maximum(abs(yTrue), EPSILON))), 100),
  );

const logPlusOne = (x: Value): Value => log(add(maximum(x, EPSILON), 1));

/**
 * The mean of (log(yPred + 1) - log(yTrue + 1))^2 along the last axis, negative numbers taken as 1e-7.
 * @example model.compile({ optimizer: "adam", loss: meanSquaredLogarithmicError() });
 */
export const meanSquaredLogarithmicError = (): Loss =>
  pointwise("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", {}, (yTrue, yPred) =>
    square(sub(logPlusOne(yPred), logPlusOne(yTrue))),
  );

/**
 * Half the square of errors up to `delta`, linear beyond, averaged along the last axis (Huber, 1964).
 * @param options `delta`: the error from which the loss is linear; default 1.
 * @example huber({ delta: 2 })
 */
export function huber(options: { readonly delta?: number } = {}): Loss {
  checkOptions("huber", options, ["delta"]);
  const delta = numberWithin("huber delta", options.delta ?? 1, 0);
  return pointwise("Huber", "huber_loss", { delta }, (yTrue, yPred) => {
    const error = abs(sub(yPred, yTrue));
    // The square up to delta, then the line that touches it there.
    const beyond = maximum(sub(error, delta), 0);
    const within = sub(error, beyond);
    return add(mul(square(within), 0.5), mul(beyond, delta));
  });
}

/**
 * The mean of log(cosh(yPred - yTrue)) along the last axis.
 * @example model.compile({ optimizer: "adam", loss: logCosh() });
 */
export const logCosh = (): Loss =>
  pointwise("LogCosh", "log_cosh", {}, (yTrue, yPred) => {
    const error = sub(yPred, yTrue);
    return sub(add(error, softplus(mul(error, -2))), Math.LN2);
  });

/**
 * The mean of yPred - yTrue log(yPred + 1e-7) along the last axis, for counts and their predicted rates: half the Poisson
 * deviance, less a part that no prediction changes. Predictions must be positive, as after an exponential activation.
 * Exposure enters as in `poissonDeviance`.
 * @example poisson() // claim counts, with dense(1, { activation: "exponential" })
 */
export const poisson = (): Loss => ({
  ...pointwise("Poisson", "poisson", {}, (yTrue, yPred) => sub(yPred, mul(yTrue, log(add(yPred, EPSILON))))),
  check: (y, _, samples) => checkTargets("poisson", "counts or rates of at least 0", y, (count) => count >= 0, samples),
});

/** x with length 1 along the last axis; a zero vector stays zero. */
function normalized(x: Value): Value {
  const length = sqrt(maximum(sum(square(x), [-1], true), 1e-12));
  return div(x, length);
}

/**
 * Minus the cosine of the angle between target and prediction along the last axis: -1 where they agree.
 * @example model.compile({ optimizer: "adam", loss: cosineSimilarity() });
 */
export const cosineSimilarity = (): Loss => ({
  className: "CosineSimilarity",
  name: "cosine_similarity",
  config: { axis: -1 },
  values: (yTrue, yPred) => {
    const [target, predicted] = aligned("cosine_similarity", yTrue, yPred);
    return neg(sum(mul(normalized(target), normalized(predicted)), [-1]));
  },
});

/**
 * The sum of yTrue log(yTrue / yPred) along the last axis, both kept from 1e-7 to 1.
 * @example model.compile({ optimizer: "adam", loss: klDivergence() });
 */
export const klDivergence = (): Loss => ({
  className: "KLDivergence",
  name: "kl_divergence",
  config: {},
  values: (yTrue, yPred) => {
    const [p, q] = aligned("kl_divergence", yTrue, yPred).map((x) => clip(x, EPSILON, 1)) as [Value, Value];
    return sum(mul(p, log(div(p, q))), [-1]);
  },
  check: (y, _, samples) => checkTargets("kl_divergence", "probabilities from 0 to 1", y, isProbability, samples),
});

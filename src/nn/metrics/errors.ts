// Metrics of numbers that are predicted: the root of a mean square, which is no mean of roots, and the shares of a
// deviance that a model explains. All are made of sums, so that batches add up.

import { FoveaError, oneOf } from "../../core/errors.js";
import { greater, log, maximum, mul, reshape, select, square, sub, sum } from "../../core/functions/index.js";
import type { Value } from "../../core/graph/node.js";
import { log as logarithm, pow } from "../../core/math.js";
import { checkOptions, numberWithin } from "../../core/options.js";
import { sizeOf } from "../../core/shape.js";
import { EPSILON } from "../losses/loss.js";
import { aligned, power as powerOf } from "../losses/pointwise.js";
import { gammaUnit, poissonUnit, tweedieUnit } from "../losses/unit-deviance.js";
import type { NamedOptions } from "./accuracy.js";
import { sampleMeans, type TotalMetric } from "./metric.js";

/**
 * The square root of the mean of (yTrue - yPred)^2.
 * @example model.compile({ optimizer: "adam", loss: "mse", metrics: [rootMeanSquaredError()] });
 */
export function rootMeanSquaredError(options: NamedOptions = {}): TotalMetric {
  checkOptions("rootMeanSquaredError", options, ["name"]);
  const { name = "root_mean_squared_error" } = options;
  return {
    className: "RootMeanSquaredError",
    name,
    direction: "down",
    config: {},
    size: 2,
    totals: (yTrue, yPred, weight) => {
      const [target, predicted] = aligned(name, yTrue, yPred);
      return [sum(mul(sampleMeans(square(sub(target, predicted))), weight)), sum(weight)];
    },
    result: ([squares, samples]) => Math.sqrt(squares![0]! / samples![0]!),
  };
}

/** Targets, predictions `[batch, numbers]` and weights `[batch, 1]`. */
function columns(name: string, yTrue: Value, yPred: Value, weight: Value): [y: Value, mu: Value, weight: Value] {
  const [target, predicted] = aligned(name, yTrue, yPred);
  const batch = weight.type.shape[0]!;
  const shape = [batch, batch === 0 ? 0 : sizeOf(target.type.shape) / batch];
  return [reshape(target, shape), reshape(predicted, shape), reshape(weight, [batch, 1])];
}

/** Options of `r2Score`. */
export interface R2Options extends NamedOptions {
  /** The mean over numbers, all alike (default) or by their variance. */
  readonly classAggregation?: "uniform_average" | "variance_weighted_average";
}

/**
 * The share of the variance that predictions explain: 1 - sum (y - mu)^2 / sum (y - mean)^2, 0 where y does not vary.
 * @example r2Score()
 */
export function r2Score(options: R2Options = {}): TotalMetric {
  checkOptions("r2Score", options, ["name", "classAggregation"]);
  const aggregation = oneOf("r2Score classAggregation", options.classAggregation ?? "uniform_average", [
    "uniform_average",
    "variance_weighted_average",
  ]);
  const name = options.name ?? "r2_score";
  return {
    className: "R2Score",
    name,
    direction: "up",
    config: { class_aggregation: aggregation, num_regressors: 0 },
    size: 4,
    totals: (yTrue, yPred, weight) => {
      const [y, mu, w] = columns(name, yTrue, yPred, weight);
      const weighted = mul(y, w);
      return [sum(mul(square(sub(y, mu)), w), [0]), sum(mul(weighted, y), [0]), sum(weighted, [0]), sum(w)];
    },
    result: ([errors, squares, sums, [samples = 0] = []]) => {
      const spread = Array.from(sums!, (total, i) => squares![i]! - (total * total) / samples);
      const scores = spread.map((of, i) => (of === 0 ? 0 : 1 - errors![i]! / of));
      if (aggregation === "uniform_average") return mean(scores);
      const whole = spread.reduce((a, b) => a + b, 0);
      return whole === 0 ? 0 : scores.reduce((total, score, i) => total + score * spread[i]!, 0) / whole;
    },
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** A family of Tweedie deviances as sums of a graph, and the deviance of the mean as a function of those sums. */
interface Family {
  /** The deviance per element. */
  readonly deviance: (y: Value, mu: Value) => Value;
  /** A function of the target whose sum, with that of the target, gives the deviance of the mean prediction. */
  readonly part: (y: Value) => Value;
  /** The sum of weight * deviance(y, mean), from the sums of part(y), y and the weights. */
  readonly ofMean: (part: number, total: number, weight: number) => number;
}

/** y log y, which is 0 at 0. */
const yLogY = (y: Value): Value => select(greater(y, 0), mul(y, log(maximum(y, EPSILON))), 0);

function familyOf(p: number): Family {
  if (p === 0)
    return {
      deviance: (y, mu) => square(sub(y, mu)),
      part: square,
      ofMean: (part, total, weight) => part - (total * total) / weight,
    };
  if (p === 1)
    return {
      deviance: poissonUnit,
      part: yLogY,
      ofMean: (part, total, weight) => 2 * (part - (total === 0 ? 0 : total * logarithm(total / weight))),
    };
  if (p === 2)
    return {
      deviance: gammaUnit,
      part: log,
      ofMean: (part, total, weight) => 2 * (weight * logarithm(total / weight) - part),
    };
  return {
    deviance: tweedieUnit(p),
    part: (y) => select(greater(y, 0), powerOf(y, 2 - p), 0),
    ofMean: (part, total, weight) => (2 / ((1 - p) * (2 - p))) * (part - weight * pow(total / weight, 2 - p)),
  };
}

/** Options of `d2TweedieScore`. */
export interface D2Options extends NamedOptions {
  /** 0 (default) for squared errors, 1 for Poisson, 2 for gamma, between 1 and 2 for Tweedie. */
  readonly power?: number;
}

/**
 * The share of a deviance that predictions explain, as scikit-learn's d2_tweedie_score: 1 - deviance of the predictions /
 * deviance of the mean target. 1 is perfect, 0 the mean predictor, below 0 worse than that; several numbers are averaged.
 * Sums are single precision within a batch: reports compute the exact figure from all predictions.
 * @throws FoveaError for a power between 0 and 1, or outside 0 to 2.
 * @example d2TweedieScore({ power: 1 }) // the share of the Poisson deviance
 */
export function d2TweedieScore(options: D2Options = {}): TotalMetric {
  checkOptions("d2TweedieScore", options, ["name", "power"]);
  const power = numberWithin("d2TweedieScore power", options.power ?? 0, 0, 2);
  if (power > 0 && power < 1)
    throw new FoveaError(
      "out-of-range",
      `d2TweedieScore power: expected 0, or a number from 1 to 2, received ${power}; no distribution has such a power`,
    );
  const { deviance, part, ofMean } = familyOf(power);
  const name = options.name ?? "d2_tweedie_score";
  return {
    className: "D2TweedieScore",
    name,
    direction: "up",
    config: { power },
    isForeign: true,
    size: 4,
    totals: (yTrue, yPred, weight) => {
      const [y, mu, w] = columns(name, yTrue, yPred, weight);
      const summed = (of: Value): Value => sum(mul(of, w), [0]);
      return [summed(deviance(y, mu)), summed(part(y)), summed(y), sum(w)];
    },
    result: ([deviances, parts, sums, [samples = 0] = []]) =>
      mean(
        Array.from(deviances!, (of, i) => {
          const whole = ofMean(parts![i]!, sums![i]!, samples);
          return whole === 0 ? 0 : 1 - of / whole;
        }),
      ),
  };
}

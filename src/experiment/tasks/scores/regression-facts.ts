// From predictions of numbers to the facts that a report draws of them.
import type { MissFacts, RegressionFacts, TargetFacts } from "../../../report/facts.js";
import { bestConstant, d2, mae, meanActual, meanDeviance, meanPredicted, rmse } from "./errors.js";
import { devianceTitle, type Family } from "./family.js";
import type { Pairs } from "./pairs.js";
import { deciles, gini, type LorenzCurve, lorenzCurve } from "./ranking.js";
import { devianceResiduals, worstRows } from "./residuals.js";

/** One number that was predicted. */
export interface Predicted {
  readonly name: string;
  readonly unit?: string;
  /** Rates where `pairs.weight` is an exposure, see `ratesOf`. */
  readonly pairs: Pairs;
  /** The column of the weights. */
  readonly weight?: string;
  /** The distribution that the loss stands for; D2 is the share of its deviance. */
  readonly family: Family;
  /** The constant to compare with, the mean of the training targets say. Default: the best for these rows. */
  readonly constant?: number;
}

/** Images of the worst misses that a report keeps. */
const MISSES = 60;
/** Points of a Lorenz curve that a report keeps. */
const POINTS = 400;

/** A curve of no more points than a drawing shows. */
function thinned({ exposure, amount }: LorenzCurve): LorenzCurve {
  const drawn = Math.min(POINTS, exposure.length);
  const at = Array.from({ length: drawn }, (_, i) => Math.round((i * (exposure.length - 1)) / (drawn - 1)));
  return { exposure: at.map((i) => exposure[i]!), amount: at.map((i) => amount[i]!) };
}

/** The facts of one number; `imageOf` gives image and file of a row. */
function targetFacts(predicted: Predicted, imageOf: (row: number) => Pick<MissFacts, "image" | "file">): TargetFacts {
  const { name, unit, weight, pairs, family } = predicted;
  const value = predicted.constant ?? bestConstant(pairs, family);
  const constant = { ...pairs, predicted: new Float64Array(pairs.actual.length).fill(value) };
  const index = gini(pairs);
  const [model, perfect] = [lorenzCurve(pairs), lorenzCurve(pairs, pairs.actual)];
  return {
    name,
    ...(unit === undefined ? {} : { unit }),
    ...(weight === undefined ? {} : { weight }),
    deviance: devianceTitle(family),
    actual: pairs.actual,
    predicted: pairs.predicted,
    residuals: devianceResiduals(pairs, family),
    figures: {
      d2: d2(pairs, family),
      rmse: rmse(pairs),
      mae: mae(pairs),
      deviance: meanDeviance(pairs, family),
      meanActual: meanActual(pairs),
      meanPredicted: meanPredicted(pairs),
      ...(index === undefined ? {} : { gini: index.gini, normalizedGini: index.normalized }),
    },
    baseline: {
      value,
      d2: d2(constant, family),
      rmse: rmse(constant),
      mae: mae(constant),
      deviance: meanDeviance(constant, family),
    },
    deciles: deciles(pairs, family),
    intervals: family.kind === "poisson" ? "count" : "ratio",
    ...(index === undefined || model === undefined || perfect === undefined
      ? {}
      : { lorenz: { model: thinned(model), perfect: thinned(perfect) } }),
    misses: worstRows(pairs, family, MISSES).map((row) => ({
      actual: pairs.actual[row]!,
      predicted: pairs.predicted[row]!,
      ...imageOf(row),
    })),
  };
}

/**
 * The facts of a regression's evaluation.
 * @param split the part's title, "Test" say
 * @param imageOf image and file of a row, for the worst misses; `{}` where there are none
 * @throws FoveaError for targets that a family has no meaning for, predictions that are not finite.
 * @example regressionFacts("Test", [{ name: "cost", unit: "€", pairs, family: { kind: "gamma" } }], () => ({}))
 */
export const regressionFacts = (
  split: string,
  targets: readonly Predicted[],
  imageOf: (row: number) => Pick<MissFacts, "image" | "file">,
): RegressionFacts => ({ kind: "regression", split, targets: targets.map((target) => targetFacts(target, imageOf)) });

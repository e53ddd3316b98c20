// Losses of a regression by the names that users type: link, distribution, penalty, and the curves along which a
// generalized linear model is solved.
import { FoveaError, oneOf } from "../../core/errors.js";
import { exp, pow } from "../../core/math.js";
import type { TaskFactsOf } from "../../formats/run/task.js";
import {
  gammaDeviance,
  huber,
  type Loss,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  tweedieDeviance,
} from "../../nn/losses/index.js";
import type { ConvexLoss, Curve } from "./convex-loss.js";
import { type Family, unitDeviance } from "./scores/index.js";
import type { Judged, TaskWish } from "./task.js";

type Facts = TaskFactsOf<"regression">;

/** A loss by the name that users type. */
interface NumberLoss {
  readonly link: Facts["link"];
  readonly family: Family;
  /** @param scale the scale of the targets, which thresholds in their unit follow */
  readonly loss: (scale: number) => Loss;
  /** Loss for each 1 of half the deviance of targets that are divided by their scale, where the link leaves them their unit. */
  readonly perHalf: (scale: number) => number;
}

const DEFAULT_POWER = 1.5;
export const DEFAULT_LOSS = "mse";

const LOSSES: Readonly<Record<string, (power: number) => NumberLoss>> = {
  mse: () => ({
    link: "identity",
    family: { kind: "squared" },
    loss: () => meanSquaredError(),
    perHalf: (scale) => 2 * scale * scale,
  }),
  mae: () => ({
    link: "identity",
    family: { kind: "absolute" },
    loss: () => meanAbsoluteError(),
    perHalf: (scale) => 2 * scale,
  }),
  huber: () => ({
    link: "identity",
    family: { kind: "squared" },
    loss: (scale) => huber({ delta: scale }),
    perHalf: (scale) => scale * scale,
  }),
  poisson: () => ({ link: "log", family: { kind: "poisson" }, loss: () => poisson(), perHalf: () => 1 }),
  gamma: () => ({ link: "log", family: { kind: "gamma" }, loss: () => gammaDeviance(), perHalf: () => 2 }),
  tweedie: (power) => ({
    link: "log",
    family: { kind: "tweedie", power },
    loss: () => tweedieDeviance({ power }),
    perHalf: () => 2,
  }),
};
/** Names of losses, the default first. */
export const LOSS_NAMES = Object.keys(LOSSES);

/** The loss of a wish. @throws FoveaError for a name that is not known, and a power without the loss that has one */
export function numberLoss({ loss = DEFAULT_LOSS, power }: TaskWish): NumberLoss {
  if (power !== undefined && loss !== "tweedie")
    throw new FoveaError(
      "unsuited-option",
      `--power belongs to --loss tweedie, received --loss ${loss}; leave it out, or name that loss`,
    );
  return LOSSES[oneOf("--loss", loss, LOSS_NAMES)]!(power ?? DEFAULT_POWER);
}

/** @throws FoveaError for choices about numbers where the targets are none. @param known the loss of these targets */
export function refuseNumberWish({ loss, power, l2 }: TaskWish, known: string, targets: string): void {
  const choices = { loss: loss === known ? undefined : loss, power, l2 };
  const wished = Object.entries(choices).find(([, value]) => value !== undefined);
  if (wished === undefined) return;
  throw new FoveaError(
    "unsuited-option",
    `--${wished[0]} ${wished[1]} is for numbers, and the targets are ${targets}; leave it out, or say --task regression`,
  );
}

/** Names of losses by Keras's names of their classes. */
const LOSS_OF_CLASS: Readonly<Record<string, string>> = {
  MeanSquaredError: "mse",
  MeanAbsoluteError: "mae",
  Huber: "huber",
  Poisson: "poisson",
  PoissonDeviance: "poisson",
  GammaDeviance: "gamma",
  TweedieDeviance: "tweedie",
};

/** The name and the power of a loss; nothing for one that users cannot name. */
export function namedLoss({ className, config }: Loss): Pick<TaskWish, "loss" | "power"> {
  const loss = LOSS_OF_CLASS[className];
  if (loss === undefined) return {};
  return loss === "tweedie" ? { loss, power: Number(config.power ?? DEFAULT_POWER) } : { loss };
}

/** Distribution that a loss is the deviance of; that of squared errors for any other loss. */
export function familyOf(loss: Loss): Family {
  const { loss: name } = namedLoss(loss);
  return name === undefined ? { kind: "squared" } : numberLoss(namedLoss(loss)).family;
}

/** Digits of numbers in a recipe: enough for training, short enough to read. */
const DIGITS = 6;
export const rounded = (value: number): number => Number(value.toPrecision(DIGITS));

/**
 * The penalty of a wish, in the measure of scikit-learn's generalized linear models. These minimise the mean of half the
 * deviance, each row by its share of the weights, plus alpha / 2 times the squares of the coefficients; our losses are
 * means over rows and targets of `perHalf` halves, a row's weight beside it.
 * @throws FoveaError for an L2 penalty on targets that a single factor cannot weigh alike
 */
export function penaltyOf(
  { rows, weight }: Pick<Judged<"regression">, "rows" | "weight">,
  { link, scale }: Pick<Facts, "link" | "scale">,
  wish: TaskWish,
): Pick<Facts, "l2" | "penalty"> {
  const { perHalf } = numberLoss(wish);
  if (wish.l2 === undefined && wish.penalty !== undefined) return { penalty: wish.penalty };
  const alpha = wish.l2 ?? wish.usualL2?.[link] ?? 0;
  if (alpha === 0) return {};
  const factors = scale.map((unit) => perHalf(unit));
  if (factors.some((factor) => factor !== factors[0])) {
    if (wish.l2 === undefined) return {};
    throw new FoveaError(
      "unsuited-option",
      "--l2 is one penalty for all targets, and these are learnt in units of their own; leave it out, or train a model for each target",
    );
  }
  const mean = weight === undefined ? 1 : rows.reduce((sum, row) => sum + weight[row]!, 0) / rows.length;
  return { l2: alpha, penalty: rounded(((alpha / 2) * mean * factors[0]!) / scale.length) };
}

/** Slope and bend of half a deviance along the logarithm of the mean. All three are convex there. */
const HALVES: Readonly<
  Record<string, (power: number) => (actual: number, mean: number) => readonly [slope: number, bend: number]>
> = {
  poisson: () => (actual, mean) => [mean - actual, mean],
  gamma: () => (actual, mean) => [1 - actual / mean, actual / mean],
  tweedie: (power) => (actual, mean) => {
    const ofMean = pow(mean, 2 - power);
    const ofActual = actual === 0 ? 0 : actual * pow(mean, 1 - power);
    return [ofMean - ofActual, (2 - power) * ofMean + (power - 1) * ofActual];
  },
};

/** The loss of a linear model; undefined for one that is not smooth. */
export function convexLoss(loss: Loss, facts: Facts): ConvexLoss | undefined {
  const curves = curvesOf(loss, facts);
  return curves && { curves, penalty: facts.penalty ?? 0 };
}

/** The loss of each target along the output of the last layer before its link. */
function curvesOf(loss: Loss, { scale, offset }: Facts): readonly Curve[] | undefined {
  const wish = namedLoss(loss);
  if (wish.loss === undefined) return undefined;
  const { family, perHalf } = numberLoss(wish);
  const deviance = unitDeviance(family);
  const halves = HALVES[wish.loss]?.(wish.power ?? DEFAULT_POWER);
  if (wish.loss === "mse")
    return scale.map((factor, target) => (actual, linear) => {
      const miss = factor * linear + offset[target]! - actual;
      return { value: miss * miss, slope: 2 * factor * miss, bend: 2 * factor * factor };
    });
  if (halves === undefined) return undefined;
  const factor = loss.className === "PoissonDeviance" ? 2 : perHalf(1);
  return scale.map((unit) => (actual, linear) => {
    const mean = unit * exp(linear);
    const [slope, bend] = halves(actual, mean);
    return { value: (factor / 2) * deviance(actual, mean), slope: factor * slope, bend: factor * bend };
  });
}

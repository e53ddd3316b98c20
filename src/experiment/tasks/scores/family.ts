// Families of deviances: how far a prediction is from a target, by the distribution that the target has around it. Names
// and definitions are scikit-learn's; predictions below 1e-7 count as 1e-7, as in the losses that train for these.
import { FoveaError } from "../../../core/errors.js";
import { log, pow } from "../../../core/math.js";

/** `squared` (normal), `absolute` (Laplace), `poisson` (counts), `gamma` (amounts), `tweedie` (amounts and zeros). */
export type Family =
  | { readonly kind: "squared" | "absolute" | "poisson" | "gamma" }
  | {
      readonly kind: "tweedie";
      /** Between 1 (Poisson) and 2 (gamma). */
      readonly power: number;
    };

/** The smallest prediction of a logarithm, as in the losses. */
const SMALLEST = 1e-7;

/** Deviance of one row, and the targets that it has a meaning for. */
interface Definition {
  readonly title: string;
  readonly deviance: (actual: number, predicted: number) => number;
  readonly allowed: string;
  readonly allows: (actual: number) => boolean;
}

const any = { allowed: "finite targets", allows: Number.isFinite };

const DEFINITIONS: { readonly [K in Family["kind"]]: (family: Extract<Family, { kind: K }>) => Definition } = {
  squared: () => ({ title: "squared error", deviance: (y, mu) => (y - mu) * (y - mu), ...any }),
  absolute: () => ({ title: "absolute error", deviance: (y, mu) => Math.abs(y - mu), ...any }),
  poisson: () => ({
    title: "Poisson deviance",
    deviance: (y, mu) => 2 * ((y > 0 ? y * log(y / mu) : 0) - y + mu),
    allowed: "counts or rates of at least 0",
    allows: (y) => y >= 0,
  }),
  gamma: () => ({
    title: "gamma deviance",
    deviance: (y, mu) => 2 * (log(mu / y) + y / mu - 1),
    allowed: "targets above 0",
    allows: (y) => y > 0,
  }),
  tweedie: ({ power: p }) => {
    if (!(p > 1 && p < 2))
      throw new FoveaError(
        "out-of-range",
        `tweedie deviance: expected a power between 1 (Poisson) and 2 (gamma), received ${p}`,
      );
    return {
      title: `Tweedie deviance, power ${p}`,
      deviance: (y, mu) =>
        2 * (pow(y, 2 - p) / ((1 - p) * (2 - p)) - (y * pow(mu, 1 - p)) / (1 - p) + pow(mu, 2 - p) / (2 - p)),
      allowed: "targets of at least 0",
      allows: (y) => y >= 0,
    };
  },
};

const definitionOf = (family: Family): Definition =>
  (DEFINITIONS[family.kind] as (family: Family) => Definition)(family);

/** Targets that a family has a meaning for, in words: `targets above 0`. */
export const allowedBy = (family: Family): string => definitionOf(family).allowed;

/** Checks whether a family has a meaning for a target. */
export const isMeaningful = (family: Family, actual: number): boolean => definitionOf(family).allows(actual);

/** The deviance's name in tables: `gamma deviance`. */
export const devianceTitle = (family: Family): string => definitionOf(family).title;

/**
 * The deviance of one row as a function of target and prediction, before weighting.
 * @throws FoveaError for a power of Tweedie outside of 1 to 2.
 */
export function unitDeviance(family: Family): (actual: number, predicted: number) => number {
  const { deviance } = definitionOf(family);
  return family.kind === "squared" || family.kind === "absolute"
    ? deviance
    : (actual, predicted) => deviance(actual, Math.max(predicted, SMALLEST));
}

/** @throws FoveaError naming the first target that the family has no meaning for. */
export function checkTargetsOf(family: Family, actual: ArrayLike<number>): void {
  const { title, allowed, allows } = definitionOf(family);
  const wrong = Array.prototype.findIndex.call(actual, (value) => !allows(value));
  if (wrong >= 0)
    throw new FoveaError(
      "wrong-value",
      `${title}: expected ${allowed}, received ${actual[wrong]} at row ${wrong}; correct the target, or choose a loss that knows such`,
    );
}

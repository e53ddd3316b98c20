// Targets beside predictions, and the weight of each row: what every score of numbers takes. Sums are taken in the order of
// the rows and with logarithms of core/math, so that a figure has the same bits everywhere.
import { FoveaError } from "../../../core/errors.js";

/**
 * One number of each row, as it is and as a model predicts it. Where `weight` is an exposure, `actual` and `predicted` are
 * rates, per unit of exposure (claims a year and not claims): `ratesOf` makes them from amounts.
 */
export interface Pairs {
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** Weights of the rows, such as exposures or numbers of claims. Default: 1 each. */
  readonly weight?: ArrayLike<number>;
}

/**
 * Checks pairs before they are counted.
 * @throws FoveaError for no rows, lists of different lengths, numbers that are not finite, weights that are negative or all 0.
 */
export function checkPairs(what: string, { actual, predicted, weight }: Pairs): void {
  const rows = actual.length;
  if (rows === 0) throw new FoveaError("empty-input", `${what}: expected at least one row, received none`);
  for (const [name, list] of Object.entries({ predicted, weight })) {
    if (list !== undefined && list.length !== rows)
      throw new FoveaError(
        "length-mismatch",
        `${what}: expected ${rows} numbers as ${name}, as many as actual ones, received ${list.length}`,
      );
  }
  for (const [name, list] of Object.entries({ actual, predicted, weight })) {
    const at = list === undefined ? -1 : Array.prototype.findIndex.call(list, (value) => !Number.isFinite(value));
    if (at >= 0)
      throw new FoveaError("not-finite", `${what}: expected finite numbers, received ${list![at]} at ${name}[${at}]`);
  }
  if (weight === undefined) return;
  const negative = Array.prototype.findIndex.call(weight, (value) => value < 0);
  if (negative >= 0)
    throw new FoveaError(
      "out-of-range",
      `${what}: expected weights of at least 0, received ${weight[negative]} at weight[${negative}]`,
    );
  if (!Array.prototype.some.call(weight, (value) => value > 0))
    throw new FoveaError(
      "wrong-value",
      `${what}: expected a weight above 0 for at least one row, received zeros alone`,
    );
}

/** The weight of a row. */
export const weightOf = ({ weight }: Pairs, row: number): number => weight?.[row] ?? 1;

/** The weighted mean of a function of the rows. */
export function meanOf(pairs: Pairs, of: (actual: number, predicted: number) => number): number {
  let [sum, weights] = [0, 0];
  for (let row = 0; row < pairs.actual.length; row++) {
    const weight = weightOf(pairs, row);
    sum += weight * of(pairs.actual[row]!, pairs.predicted[row]!);
    weights += weight;
  }
  return sum / weights;
}

/**
 * Amounts per unit of exposure, weighted by the exposure.
 * @throws FoveaError for an exposure of 0 or below.
 * @example ratesOf({ actual: claims, predicted: expectedClaims }, years)
 */
export function ratesOf(pairs: Pick<Pairs, "actual" | "predicted">, exposure: ArrayLike<number>): Pairs {
  const wrong = Array.prototype.findIndex.call(exposure, (value) => !(value > 0));
  if (wrong >= 0)
    throw new FoveaError(
      "wrong-value",
      `exposure: expected numbers above 0, received ${exposure[wrong]} at row ${wrong}; leave rows without exposure out`,
    );
  const rate = (amounts: ArrayLike<number>): Float64Array =>
    Float64Array.from(amounts, (amount, row) => amount / exposure[row]!);
  return { actual: rate(pairs.actual), predicted: rate(pairs.predicted), weight: exposure };
}

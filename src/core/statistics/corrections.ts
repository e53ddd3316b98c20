// Corrections of many tests at once: without them a hundred tests of nothing find five differences.
import { FoveaError } from "../errors.js";

function checked(what: string, pValues: ArrayLike<number>): number[] {
  const values = Array.from(pValues);
  const wrong = values.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined)
    throw new FoveaError("out-of-range", `${what}: expected probabilities from 0 to 1, received ${wrong}`);
  return values;
}

/**
 * Adjusted probabilities by Benjamini and Hochberg's step-up procedure (Controlling the false discovery rate, Journal of the
 * Royal Statistical Society B 57, 1995): of those at most q, a share of q is expected to be false. Where nothing differs at all,
 * q is the probability of any finding.
 * @param pValues one for each test, from 0 to 1
 * @returns one for each test, in their order
 * @throws FoveaError for other numbers
 * @example benjaminiHochberg([0.01, 0.04, 0.03]) // [0.03, 0.04, 0.04]
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): number[] {
  const values = checked("benjaminiHochberg", pValues);
  const order = values.map((_, at) => at).sort((a, b) => values[b]! - values[a]!);
  const adjusted = new Array<number>(values.length);
  let smallest = 1;
  for (const [behind, at] of order.entries()) {
    smallest = Math.min(smallest, (values[at]! * values.length) / (values.length - behind));
    adjusted[at] = smallest;
  }
  return adjusted;
}

/**
 * Adjusted probabilities by Holm's step-down procedure (A simple sequentially rejective multiple test procedure, Scandinavian
 * Journal of Statistics 6, 1979): the probability of any false finding is at most q, whatever else is true.
 * @param pValues one for each test, from 0 to 1
 * @returns one for each test, in their order
 * @throws FoveaError for other numbers
 * @example holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(pValues: ArrayLike<number>): number[] {
  const values = checked("holm", pValues);
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length);
  let largest = 0;
  for (const [before, at] of order.entries()) {
    largest = Math.max(largest, Math.min(1, values[at]! * (values.length - before)));
    adjusted[at] = largest;
  }
  return adjusted;
}

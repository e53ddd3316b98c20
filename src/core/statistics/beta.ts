// The beta distribution and, by it, the binomial: the regularized incomplete beta function by its continued fraction, as in
// Press et al., Numerical Recipes, 3rd edition, 2007, section 6.4. Made of + - * / and core/math: the same bits everywhere.
import { exp, log } from "../math.js";
import { logGamma } from "./gamma.js";
import { log1p } from "./normal.js";

const TINY = 1e-300;
const MOST_ROUNDS = 100_000;

const awayFromZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/** The continued fraction of the incomplete beta function, by Lentz's method; good for x < (a + 1) / (a + b + 2). */
function fractionOf(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1, change = 0; Math.abs(change - 1) > 1e-16 && m < MOST_ROUNDS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    change = d * c;
    fraction *= change;
  }
  return fraction;
}

/**
 * The distribution function of beta(a, b) at x: the regularized incomplete beta function I_x(a, b).
 * @param x from 0 to 1; beyond them the answer is 0 or 1
 * @param a first shape, above 0
 * @param b second shape, above 0
 */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  const factor = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return (factor * fractionOf(x, a, b)) / a;
  return 1 - (factor * fractionOf(1 - x, b, a)) / b;
}

/**
 * The quantile of beta(a, b) by bisection: I_x(a, b) = p.
 * @param p from 0 to 1
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let [low, high] = [0, 1];
  for (let n = 0; n < 1100; n++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (betaCdf(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The probability of at most k successes in n trials.
 * @param k from 0 to n
 * @param p probability of a success, from 0 to 1
 */
export const binomialCdf = (k: number, n: number, p: number): number => (k >= n ? 1 : 1 - betaCdf(p, k + 1, n - k));

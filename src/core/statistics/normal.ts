// The normal distribution in f64 with the same bits on every engine: cumulative probabilities and their logarithms,
// the mass of an interval, and quantiles of a truncated normal. Formulas: Abramowitz and Stegun 7.1.5 (series) and
// 26.2.14 (continued fraction); everything is made of + - * / and core/math.
import { exp, log } from "../math.js";

const LOG_SQRT_2PI = 0.9189385332046727;
/** Beyond this many sigmas f64 cannot tell the probability on that side from all or nothing. */
const FAR = 9;

/** ln(1 + x) without the loss near 0. */
export function log1p(x: number): number {
  const u = 1 + x;
  // The classic trick: the error of rounding 1 + x is the same above and below.
  return u === 1 ? x : (log(u) * x) / (u - 1);
}

/** e^x - 1 without the loss near 0. */
export function expm1(x: number): number {
  if (x > -0.5 && x < 0.5) {
    let sum = 1;
    for (let n = 14; n >= 2; n--) sum = 1 + (sum * x) / n;
    return x * sum;
  }
  return exp(x) - 1;
}

/** ln(e^a + e^b). */
function logSum(a: number, b: number): number {
  if (a < b) [a, b] = [b, a];
  return a === -Infinity ? a : a + log1p(exp(b - a));
}

/** The probability between 0 and a of the standard normal, |a| <= 2.5. */
function centralMass(a: number): number {
  const z = a * a;
  let term = a;
  let sum = a;
  for (let n = 3; Math.abs(term) > Math.abs(sum) * 1e-17; n += 2) {
    term *= z / n;
    sum += term;
  }
  return sum * exp(-0.5 * z - LOG_SQRT_2PI);
}

/** Mills' ratio: the upper tail at a divided by the density there, a >= 2.5, by a continued fraction from its end. */
function mills(a: number): number {
  let fraction = a;
  for (let n = Math.ceil(20 + 400 / (a * a)); n >= 1; n--) fraction = a + n / fraction;
  return 1 / fraction;
}

/** The probability that a standard normal is at most a. */
export function normalCdf(a: number): number {
  if (a < -2.5) return exp(-0.5 * a * a - LOG_SQRT_2PI) * mills(-a);
  if (a > 2.5) return 1 - exp(-0.5 * a * a - LOG_SQRT_2PI) * mills(a);
  return 0.5 + centralMass(a);
}

/** The logarithm of `normalCdf`, precise in both tails. */
function logNormalCdf(a: number): number {
  if (a < -2.5) return -0.5 * a * a - LOG_SQRT_2PI + log(mills(-a));
  if (a > 2.5) return log1p(-exp(-0.5 * a * a - LOG_SQRT_2PI) * mills(a));
  return log(0.5 + centralMass(a));
}

/** The logarithm of the probability that a standard normal lies between a and b, a <= b. */
export function logNormalMass(a: number, b: number): number {
  if (a < -FAR && b > FAR) return 0;
  if (a > 0) return logNormalMass(-b, -a);
  if (b > 0) return log1p(-(a < -FAR ? 0 : normalCdf(a)) - (b > FAR ? 0 : normalCdf(-b)));
  const upper = logNormalCdf(b);
  return upper + log1p(-exp(logNormalCdf(a) - upper));
}

/** The x with logNormalCdf(x) = y, y < 0, by Newton's method from an asymptotic or logistic first guess. */
function inverseLogCdf(y: number): number {
  // Close to 0 the other tail has the digits.
  const flipped = y > -0.01;
  const z = flipped ? log(-expm1(y)) : y;
  let x = z < -5 ? -Math.sqrt(-2 * (z + LOG_SQRT_2PI)) : -(Math.sqrt(3) / Math.PI) * log(expm1(-z));
  for (let round = 0; round < 100; round++) {
    const value = logNormalCdf(x);
    const step = (value - z) * exp(value + 0.5 * x * x + LOG_SQRT_2PI);
    x -= step;
    if (Math.abs(step) < 1e-10 * Math.abs(x)) break;
  }
  return flipped ? -x : x;
}

/** The point below which a share q of a standard normal's mass between a and b lies; q in [0, 1], a < b. */
export function truncatedNormalQuantile(q: number, a: number, b: number): number {
  if (q <= 0) return a;
  if (q >= 1) return b;
  const mass = logNormalMass(a, b);
  const x =
    a < 0
      ? inverseLogCdf(logSum(logNormalCdf(a), log(q) + mass))
      : -inverseLogCdf(logSum(logNormalCdf(-b), log1p(-q) + mass));
  return Math.min(Math.max(x, a), b);
}

/**
 * The point below which a share q of a standard normal's mass lies.
 * @param q from 0 to 1; its ends are at minus and plus infinity
 */
export const normalQuantile = (q: number): number => truncatedNormalQuantile(q, -Infinity, Infinity);

// Quantiles of the gamma distribution, by inverting the regularized incomplete gamma function: series and continued
// fraction as in Press et al., Numerical Recipes, 3rd edition, 2007, section 6.2.
import { exp, log } from "../math.js";

/** Lanczos's coefficients for g = 7 (Godfrey, 2001). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** The logarithm of the gamma function for x > 0. */
export function logGamma(x: number): number {
  // Gamma(x) = Gamma(x + 1) / x keeps the series within the range that it is good for.
  if (x < 1) return logGamma(x + 1) - log(x);
  const z = x - 1;
  const base = z + 7.5;
  const series = LANCZOS.reduce((sum, c, i) => (i === 0 ? c : sum + c / (z + i)), 0);
  return 0.5 * log(2 * Math.PI) + (z + 0.5) * log(base) - base + log(series);
}

/** x^a e^-x / Gamma(a). */
const factor = (a: number, x: number): number => exp(a * log(x) - x - logGamma(a));

const TINY = 1e-300;

/** The distribution function of gamma(a) at x: the regularized lower incomplete gamma function P(a, x). */
export function gammaCdf(x: number, a: number): number {
  if (!(x > 0)) return 0;
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return sum * factor(a, x);
  }
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1, change = 0; Math.abs(change - 1) > 1e-16 && n < 1e6; n++) {
    const step = -n * (n - a);
    b += 2;
    d = step * d + b;
    d = 1 / (Math.abs(d) < TINY ? TINY : d);
    c = b + step / c;
    if (Math.abs(c) < TINY) c = TINY;
    change = d * c;
    fraction *= change;
  }
  return 1 - fraction * factor(a, x);
}

/**
 * The quantile of gamma(a) with scale 1, by bisection: P(a, x) = p.
 * @param p above 0 and below 1
 * @param a the shape, above 0
 */
export function gammaQuantile(p: number, a: number): number {
  let low = 0;
  let high = a + 1;
  while (gammaCdf(high, a) < p) high *= 2;
  for (let n = 0; n < 200; n++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (gammaCdf(middle, a) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

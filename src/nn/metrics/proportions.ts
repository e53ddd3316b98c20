// Intervals and bounds of a share that was counted: so many of so many. They are no metrics of compile: they say how much a
// figure of few images may be chance.
import { FoveaError } from "../../core/errors.js";
import { exp, log } from "../../core/math.js";

/** A share with the ends of its interval, each from 0 to 1. */
export interface Proportion {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Normal quantile of a two-sided interval of 95 %. */
const Z = 1.959963984540054;

/**
 * A share and its two-sided interval of 95 % by Wilson's score (Probable inference, the law of succession, and statistical
 * inference, JASA 22, 1927): z being the normal quantile, the two solutions p of (share - p)^2 = z^2 p (1 - p) / total.
 * It stays within 0 to 1 and is of use from few cases on, as statsmodels' `proportion_confint(method="wilson")`.
 * @param count cases that are counted, a whole number from 0 to `total`
 * @param total all cases; without any the share is NaN and the interval 0 to 1
 * @throws FoveaError for other numbers
 * @example wilsonInterval(8, 10) // { share: 0.8, low: 0.4901..., high: 0.9433... }
 */
export function wilsonInterval(count: number, total: number): Proportion {
  check("wilsonInterval", count, total);
  if (total === 0) return { share: Number.NaN, low: 0, high: 1 };
  const share = count / total;
  const squared = Z * Z;
  const centre = (share + squared / (2 * total)) / (1 + squared / total);
  const reach = (Z * Math.sqrt((share * (1 - share)) / total + squared / (4 * total * total))) / (1 + squared / total);
  // Rounding must not move the ends of a share that is none or all.
  return { share, low: count === 0 ? 0 : centre - reach, high: count === total ? 1 : centre + reach };
}

/**
 * The one-sided upper bound of a share (Clopper and Pearson, The use of confidence or fiducial limits illustrated in the
 * case of the binomial, Biometrika 26, 1934): the largest p at which `count` cases or fewer still have a probability of
 * `1 - confidence`. Exact: it holds with at least this confidence whatever the true share, so that no error among 300 cases
 * means "at most 1 %". SciPy: `beta.ppf(confidence, count + 1, total - count)`.
 * @param count cases that are counted, a whole number from 0 to `total`
 * @param total all cases; without any the bound is 1
 * @param options.confidence above 0 and below 1. Default 0.95.
 * @throws FoveaError for other numbers
 * @example upperBound(0, 300) // 0.00993...
 */
export function upperBound(
  count: number,
  total: number,
  { confidence = 0.95 }: { readonly confidence?: number } = {},
): number {
  check("upperBound", count, total);
  if (!(confidence > 0 && confidence < 1))
    throw new FoveaError(`upperBound: expected a confidence above 0 and below 1, received ${confidence}`);
  if (count === total) return 1;
  const below = belowOrEqual(count, total);
  let [low, high] = [count / total, 1];
  for (let n = 0; n < 100; n++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (below(middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The probability of at most `count` of `total` cases, as a function of that of each. */
function belowOrEqual(count: number, total: number): (p: number) => number {
  // log of the binomial coefficient as a sum: no gamma function is needed, and the sum is made once.
  let ways = 0;
  for (let i = 1; i <= Math.min(count, total - count); i++) ways += log((total - i + 1) / i);
  return (p) => {
    if (p <= 0) return 1;
    if (p >= 1) return 0;
    let term = exp(ways + count * log(p) + (total - count) * log(1 - p));
    let sum = 0;
    // From the largest case down, where terms soon vanish for every p above the share.
    for (let i = count; i >= 0 && term > sum * 1e-17; i--) {
      sum += term;
      term *= (i / (total - i + 1)) * ((1 - p) / p);
    }
    return Math.min(1, sum);
  };
}

function check(what: string, count: number, total: number): void {
  if (!Number.isSafeInteger(total) || total < 0 || !Number.isSafeInteger(count) || count < 0 || count > total)
    throw new FoveaError(
      `${what}: expected whole numbers of cases, some of all, received ${count} of ${total}; count the cases, not their share`,
    );
}

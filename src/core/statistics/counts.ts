// Two samples of names, as counts by name: do they come from the same distribution, and which name differs most.
import { FoveaError } from "../errors.js";
import { exp, log } from "../math.js";
import { Random, STREAM } from "../random.js";
import { gammaCdf, logGamma } from "./gamma.js";
import { normalCdf } from "./normal.js";

/** Two samples of names compared. */
export interface CountComparison {
  /** Pearson's statistic. */
  readonly chiSquared: number;
  /** Probability of as large a statistic by chance. */
  readonly p: number;
  /** Cramer's V: size of the difference, from 0 for none to 1. */
  readonly effect: number;
  /** The name whose share differs most for chance: its number, its adjusted residual, and the probability of any as large. */
  readonly most: { readonly name: number; readonly residual: number; readonly p: number };
  /** True where probabilities were counted by permutations, since some counts are too small for the limits. */
  readonly isCounted: boolean;
}

export interface CountOptions {
  /** Permutations. Default 1999. */
  readonly draws?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** Below this expected count the limiting distribution is not trusted (Cochran, 1954). */
const LEAST_EXPECTED = 5;
/** The most items that permutations are counted with. */
const MOST_ITEMS = 50_000;

/**
 * Pearson's chi-squared test of two samples of names, and the same of the single name that differs most. Where an expected
 * count is below 5 both probabilities are counted by permutations: (1 + as large) / (1 + draws) (Phipson and Smyth, 2010).
 * @param first number of items of each name in the first sample
 * @param second the same of the second sample, in the same order
 * @throws FoveaError for lists of different lengths, or counts that are none
 * @example comparedCounts([50, 50], [70, 30]).p // 0.0039...
 */
export function comparedCounts(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { draws = 1999, seed = 0 }: CountOptions = {},
): CountComparison {
  const [a, b] = [Array.from(first), Array.from(second)];
  if (a.length !== b.length || [...a, ...b].some((count) => !Number.isSafeInteger(count) || count < 0))
    throw new FoveaError(
      "length-mismatch",
      `comparedCounts: expected counts from 0 on for the same names, received ${a.length} and ${b.length}`,
    );
  const [n, m] = [sum(a), sum(b)];
  const totals = a.map((count, name) => count + b[name]!);
  const names = totals.filter((total) => total > 0).length;
  const table = { totals, n, m };
  const most = mostOf(a, table);
  if (n === 0 || m === 0 || names < 2)
    return { chiSquared: 0, p: 1, effect: 0, most: { ...most, p: 1 }, isCounted: false };
  const chiSquared = chiSquaredOf(a, table);
  const effect = Math.sqrt(chiSquared / (n + m));
  const least = Math.min(...totals.filter((total) => total > 0).map((total) => (total * Math.min(n, m)) / (n + m)));
  if (least >= LEAST_EXPECTED || n + m > MOST_ITEMS)
    return {
      ...{ chiSquared, effect, isCounted: false },
      p: Math.max(0, 1 - gammaCdf(chiSquared / 2, (names - 1) / 2)),
      most: { ...most, p: Math.min(1, 2 * names * normalCdf(-Math.abs(most.residual))) },
    };
  const items = Int32Array.from(totals.flatMap((total, name) => new Array<number>(total).fill(name)));
  let [asLarge, asFar] = [0, 0];
  // Rounding must not tell equal statistics apart.
  const slack = 1 - 1e-12;
  for (let draw = 0; draw < draws; draw++) {
    const counts = new Array<number>(totals.length).fill(0);
    const random = new Random(seed, STREAM.user, draw);
    for (let i = 0; i < n; i++) {
      const other = i + random.integer(items.length - i);
      [items[i], items[other]] = [items[other]!, items[i]!];
      counts[items[i]!]!++;
    }
    if (chiSquaredOf(counts, table) >= chiSquared * slack) asLarge++;
    if (Math.abs(mostOf(counts, table).residual) >= Math.abs(most.residual) * slack) asFar++;
  }
  return {
    ...{ chiSquared, effect, isCounted: true },
    p: (1 + asLarge) / (1 + draws),
    most: { ...most, p: (1 + asFar) / (1 + draws) },
  };
}

interface Table {
  readonly totals: readonly number[];
  /** Items of the first and of the second sample. */
  readonly n: number;
  readonly m: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Pearson's statistic by the counts of the first sample alone. */
function chiSquaredOf(a: readonly number[], { totals, n, m }: Table): number {
  let statistic = 0;
  for (const [name, total] of totals.entries()) {
    if (total === 0) continue;
    const expected = (total * n) / (n + m);
    // Both cells of a name lie as far from what is expected, one by n and one by m.
    statistic += ((a[name]! - expected) ** 2 * (n + m) ** 2) / (total * n * m);
  }
  return statistic;
}

/** The name with the largest adjusted residual of the second sample (Haberman, 1973): above 0 where it has more. */
function mostOf(a: readonly number[], { totals, n, m }: Table): { readonly name: number; readonly residual: number } {
  let most = { name: 0, residual: 0 };
  const all = n + m;
  for (const [name, total] of totals.entries()) {
    const variance = (total * n * m * (all - total)) / (all * all * Math.max(1, all));
    if (variance === 0) continue;
    const residual = ((total * n) / all - a[name]!) / Math.sqrt(variance);
    if (Math.abs(residual) > Math.abs(most.residual)) most = { name, residual };
  }
  return most;
}

/**
 * The population stability index of two samples of names: sum over names of (q - p) ln(q / p), shares p and q each with half
 * an item more a name so that none is 0. Its bands, "stable" below 0.1 and "shifted" above 0.25, are a habit of scorecards
 * (Siddiqi, Credit Risk Scorecards, 2006) and no test: in small samples chance alone passes them.
 * @param first number of items of each name in the first sample
 * @param second the same of the second sample, in the same order
 * @example populationStability([50, 50], [70, 30]) // 0.167...
 */
export function populationStability(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const shares = (counts: ArrayLike<number>): number[] => {
    const all = Array.from(counts, (count) => count + 0.5);
    const total = sum(all);
    return all.map((count) => count / total);
  };
  const [p, q] = [shares(first), shares(second)];
  return p.reduce((total, share, name) => total + (q[name]! - share) * log(q[name]! / share), 0);
}

/**
 * Fisher's exact test of two shares, one-sided: the probability that so few of the first sample count, or fewer, where both
 * have the same share (Fisher, The logic of inductive inference, Journal of the Royal Statistical Society 98, 1935).
 * @param count cases that count in the first sample, a whole number from 0 to `cases`
 * @param cases all cases of the first sample
 * @param otherCount the same of the second sample
 * @param otherCases the same of the second sample
 * @throws FoveaError for other numbers
 * @example fisherExact(3, 10, 9, 10) // 0.0099...
 */
export function fisherExact(count: number, cases: number, otherCount: number, otherCases: number): number {
  for (const [some, all] of [
    [count, cases],
    [otherCount, otherCases],
  ] as const)
    if (!Number.isSafeInteger(some) || !Number.isSafeInteger(all) || some < 0 || some > all)
      throw new FoveaError(
        "out-of-range",
        `fisherExact: expected whole numbers of cases, some of all, received ${some} of ${all}`,
      );
  const counting = count + otherCount;
  const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const all = logChoose(cases + otherCases, counting);
  let p = 0;
  for (let k = Math.max(0, counting - otherCases); k <= count; k++)
    p += exp(logChoose(cases, k) + logChoose(otherCases, counting - k) - all);
  return Math.min(1, p);
}

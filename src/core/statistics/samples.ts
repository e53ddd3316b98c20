// Statistics that compare two samples, or a property with a class. Held to SciPy: tools/health-fixtures.py.

import { exp } from "../math.js";
import { quantileOf } from "./bootstrap.js";
import { gammaCdf } from "./gamma.js";

export interface Comparison {
  /** Size of the difference, from 0 for none to 1. */
  readonly effect: number;
  /** Probability of a difference as large by chance. */
  readonly p: number;
}

/**
 * Two-sample Kolmogorov-Smirnov test: the largest distance of the two distribution functions, and its probability by the
 * limiting distribution with n m / (n + m) as effective number.
 * @param a at least one value
 * @param b at least one value
 * @example kolmogorovSmirnov([1, 2, 3], [4, 5, 6]).effect // 1
 */
export function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): Comparison {
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let [i, j, effect] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    effect = Math.max(effect, Math.abs(i / x.length - j / y.length));
  }
  const effective = (x.length * y.length) / (x.length + y.length);
  return { effect, p: kolmogorovTail(Math.sqrt(effective) * effect) };
}

/** Kolmogorov's limiting distribution: P(K > x) = 2 sum over k of (-1)^(k-1) exp(-2 k^2 x^2), or its other form near 0. */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1) {
    const factor = Math.sqrt(2 * Math.PI) / x;
    for (let k = 1; k < 20; k += 2) sum += exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - factor * sum;
  }
  for (let k = 1; k < 20; k++) sum += (k % 2 === 1 ? 2 : -2) * exp(-2 * k * k * x * x);
  return Math.max(0, sum);
}

/**
 * Pearson's chi-squared test of independence of two properties, and Cramer's V as the size of the effect.
 * @param rows a value of the first property for each item
 * @param columns a value of the second
 */
export function independence(rows: readonly string[], columns: readonly string[]): Comparison {
  const [rowCounts, columnCounts, cells] = [countsOf(rows), countsOf(columns), new Map<string, Map<string, number>>()];
  for (const [i, row] of rows.entries()) {
    const line = cells.get(row) ?? new Map<string, number>();
    line.set(columns[i]!, (line.get(columns[i]!) ?? 0) + 1);
    cells.set(row, line);
  }
  const smaller = Math.min(rowCounts.size, columnCounts.size) - 1;
  if (smaller < 1) return { effect: 0, p: 1 };
  let statistic = 0;
  for (const [row, rowCount] of rowCounts)
    for (const [column, columnCount] of columnCounts) {
      const expected = (rowCount * columnCount) / rows.length;
      statistic += ((cells.get(row)?.get(column) ?? 0) - expected) ** 2 / expected;
    }
  const freedom = (rowCounts.size - 1) * (columnCounts.size - 1);
  return {
    effect: Math.sqrt(statistic / (rows.length * smaller)),
    p: Math.max(0, 1 - gammaCdf(statistic / 2, freedom / 2)),
  };
}

/** Number of items of each value. */
export function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Shares of right guesses of a class. */
export interface Guess {
  /** By a property: each item by the commonest class of the other items with the same value. */
  readonly byProperty: number;
  /** By the commonest class of all. */
  readonly byCommonest: number;
}

/**
 * Tells how well a property alone gives a class away: each item is guessed from all others (leave-one-out), so that values
 * which only one item has give nothing away.
 */
export function guessOf(properties: readonly string[], classes: readonly string[]): Guess {
  const all = countsOf(classes);
  const byValue = new Map<string, Map<string, number>>();
  for (const [i, value] of properties.entries()) {
    const counts = byValue.get(value) ?? new Map<string, number>();
    counts.set(classes[i]!, (counts.get(classes[i]!) ?? 0) + 1);
    byValue.set(value, counts);
  }
  const [commonest = ""] = [...all].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ["", 0] as [
    string,
    number,
  ]);
  let [right, usual] = [0, 0];
  for (const [i, value] of properties.entries()) {
    const truth = classes[i]!;
    if (truth === commonest) usual++;
    const counts = byValue.get(value)!;
    const others = (name: string): number => counts.get(name)! - (name === truth ? 1 : 0);
    let [guess, best] = [commonest, 0];
    for (const name of counts.keys()) if (others(name) > best) [guess, best] = [name, others(name)];
    if (guess === truth) right++;
  }
  return { byProperty: right / classes.length, byCommonest: usual / classes.length };
}

/** Values as the names of bins of equally many items each. */
export function binned(values: readonly number[], bins: number): string[] {
  const sorted = [...values].sort((a, b) => a - b);
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantileOf(sorted, (i + 1) / bins));
  return values.map((value) => String(edges.filter((edge) => value > edge).length));
}

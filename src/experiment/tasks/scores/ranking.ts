// The order that predictions put rows in, whatever their size: Lorenz curve and Gini index; and rows in tenths of the
// prediction, of which lift and actual-to-expected are read.
import { actualToExpected, type Ratio } from "./actual-to-expected.js";
import type { Family } from "./family.js";
import { checkPairs, type Pairs, weightOf } from "./pairs.js";

/** Rows of equal keys, in ascending order of the key: equal predictions count as one step, in whatever order they come. */
function groupsBy(keys: ArrayLike<number>): number[][] {
  const rows = Array.from({ length: keys.length }, (_, row) => row).sort((a, b) => keys[a]! - keys[b]! || a - b);
  const groups: number[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last !== undefined && keys[last[0]!] === keys[row]) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

/** A Lorenz curve from (0, 0) to (1, 1): the share of the exposure with the lowest predictions, and their share of all. */
export interface LorenzCurve {
  readonly exposure: readonly number[];
  readonly amount: readonly number[];
}

/**
 * The Lorenz curve of what truly came, rows ordered by the prediction (ordered Lorenz curve: Frees, Meyers and Cummings,
 * Summarizing Insurance Scores Using a Gini Index, JASA 106, 2011; as in scikit-learn's example of Tweedie regression on
 * insurance claims, with the point (0, 0), and equal predictions joined by a straight line).
 * @param by the order; default: the predictions
 * @returns undefined where it has no meaning: for negative targets, or zeros alone
 */
export function lorenzCurve(pairs: Pairs, by: ArrayLike<number> = pairs.predicted): LorenzCurve | undefined {
  checkPairs("Lorenz curve", pairs);
  const { actual } = pairs;
  if (Array.prototype.some.call(actual, (value) => value < 0)) return undefined;
  let [exposure, amount] = [0, 0];
  const points = groupsBy(by).map((rows) => {
    for (const row of rows) {
      exposure += weightOf(pairs, row);
      amount += weightOf(pairs, row) * actual[row]!;
    }
    return [exposure, amount] as const;
  });
  if (amount === 0) return undefined;
  return {
    exposure: [0, ...points.map(([x]) => x / exposure)],
    amount: [0, ...points.map(([, y]) => y / amount)],
  };
}

/** 1 less twice the area under a Lorenz curve, by trapezia. */
export function giniOf({ exposure, amount }: LorenzCurve): number {
  let area = 0;
  for (let i = 1; i < exposure.length; i++)
    area += ((exposure[i]! - exposure[i - 1]!) * (amount[i]! + amount[i - 1]!)) / 2;
  return 1 - 2 * area;
}

export interface Gini {
  /** Of the order by prediction: 0 for an order by chance. */
  readonly gini: number;
  /** The same as a share of what the perfect order has: 1 for a model that orders as the truth does. */
  readonly normalized: number;
}

/**
 * The Gini index of the predictions' order, exposure-weighted, and normalized by the index of the perfect order.
 * @returns undefined where it has no meaning: for negative targets, zeros alone, or targets that are all alike
 * @example gini({ actual: rates, predicted, weight: exposure })?.normalized
 */
export function gini(pairs: Pairs): Gini | undefined {
  const [model, perfect] = [lorenzCurve(pairs), lorenzCurve(pairs, pairs.actual)];
  if (model === undefined || perfect === undefined) return undefined;
  const [ours, best] = [giniOf(model), giniOf(perfect)];
  return best < 1e-12 ? undefined : { gini: ours, normalized: ours / best };
}

/** Rows of which predictions are alike, from the lowest to the highest. */
export interface Decile extends Ratio {
  /** 1 for the lowest predictions. */
  readonly number: number;
  /** The smallest and the largest prediction. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly weight: number;
  /** Weighted means. */
  readonly actual: number;
  readonly predicted: number;
  /** The actual mean as a multiple of the mean of all rows. */
  readonly lift: number;
}

/**
 * Tenths of the exposure by prediction, with what was expected and what came (quantile plots: Goldburd, Khare, Tevet and
 * Guller, Generalized Linear Models for Insurance Rating, CAS Monograph 5, 2nd edition, 2020, section 7.2). Equal
 * predictions stay together, so that tenths may be uneven, and those without rows are left out.
 * @param family how the intervals of actual-to-expected come about, see `actualToExpected`
 * @param bins default 10
 */
export function deciles(pairs: Pairs, family: Family, bins = 10): Decile[] {
  checkPairs("deciles", pairs);
  const groups = groupsBy(pairs.predicted);
  const weigh = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + weightOf(pairs, row), 0);
  const total = weigh(groups.flat());
  const members = Array.from({ length: bins }, (): number[] => []);
  let before = 0;
  for (const rows of groups) {
    const weight = weigh(rows);
    if (weight > 0) members[Math.min(bins - 1, Math.floor((bins * (before + weight / 2)) / total))]!.push(...rows);
    before += weight;
  }
  const sum = (rows: readonly number[], of: ArrayLike<number>): number =>
    rows.reduce((all, row) => all + weightOf(pairs, row) * of[row]!, 0);
  const mean = sum(groups.flat(), pairs.actual) / total;
  return members.flatMap((rows, i) => {
    if (rows.length === 0) return [];
    const weight = weigh(rows);
    const actual = sum(rows, pairs.actual) / weight;
    return {
      number: i + 1,
      from: pairs.predicted[rows[0]!]!,
      to: pairs.predicted[rows.at(-1)!]!,
      rows: rows.length,
      weight,
      actual,
      predicted: sum(rows, pairs.predicted) / weight,
      lift: mean === 0 ? 0 : actual / mean,
      ...actualToExpected(pairs, rows, family),
    };
  });
}

// The bootstrap: an interval of any figure, by drawing the images again with replacement. Groups (the photos of a claim, the
// pages of a writer) are drawn whole, for images of a group are no independent evidence.
import { FoveaError, oneOf } from "../errors.js";
import { checkOptions, numberWithin, wholeNumber } from "../options.js";
import { Random, STREAM } from "../random.js";
import { normalCdf, normalQuantile } from "./normal.js";
import { type Interval, USUAL_CONFIDENCE } from "./rate-intervals.js";

/** Options of bootstrap intervals. */
export interface BootstrapOptions {
  /** Group of each row; rows of a group are drawn together. Default: each row for itself. */
  readonly groups?: ArrayLike<number | string>;
  /** Number of draws. Default 1000. */
  readonly draws?: number;
  /** Share of draws within the interval, from 0 to 1. Default 0.95. */
  readonly confidence?: number;
  /** Quantiles of the draws as they are, or corrected for bias and acceleration (Efron, 1987). Default "bca". */
  readonly method?: "percentile" | "bca";
  /** Seed of the draws. Default 0. */
  readonly seed?: number;
}

/** The largest number of draws: an interval needs no more, and time grows with it. */
const MOST_DRAWS = 100_000;

/** Figures of some rows under their names; NaN, or no entry, for one that those rows do not have. */
export type Figures = Readonly<Record<string, number | undefined>>;

/**
 * The bootstrap interval of a figure of some rows (Efron, Better bootstrap confidence intervals, JASA 82, 1987; groups as in
 * Davison and Hinkley, Bootstrap Methods and Their Application, 1997, section 3.8).
 * @param rows number of rows
 * @param figure the figure of some rows, which may occur several times; NaN for rows that have none
 * @throws FoveaError for options that are none, and groups of another number than the rows
 * @returns undefined where there are fewer than two groups, or draws without a figure
 * @example
 * const costs = [120, 80, 310, 95, 140, 60];
 * const mean = (rows) => rows.reduce((sum, row) => sum + costs[row], 0) / rows.length;
 * bootstrapInterval(costs.length, mean, { seed: 1 }); // low and high
 */
export const bootstrapInterval = (
  rows: number,
  figure: (rows: Int32Array) => number,
  options: BootstrapOptions = {},
): Interval | undefined => bootstrapIntervals(rows, (drawn) => ({ figure: figure(drawn) }), options).figure;

/**
 * The intervals of several figures of the same draws, see `bootstrapInterval`.
 * @param rows Number of rows.
 * @param figures The figures of some rows, by name.
 * @returns an interval for each figure that all draws have
 * @example
 * const errors = [1, -2, 0.5, 3, -1];
 * const meanOf = (rows, cost) => rows.reduce((sum, row) => sum + cost(errors[row]), 0) / rows.length;
 * bootstrapIntervals(5, (rows) => ({ mse: meanOf(rows, (e) => e ** 2), mae: meanOf(rows, Math.abs) })).mae;
 */
export function bootstrapIntervals(
  rows: number,
  figures: (rows: Int32Array) => Figures,
  options: BootstrapOptions = {},
): Readonly<Record<string, Interval>> {
  checkOptions("bootstrapInterval", options, ["groups", "draws", "confidence", "method", "seed"]);
  const { groups, draws = 1000, confidence = USUAL_CONFIDENCE, seed = 0 } = options;
  const method = oneOf("bootstrapInterval method", options.method ?? "bca", ["percentile", "bca"]);
  numberWithin("bootstrapInterval draws", wholeNumber("bootstrapInterval draws", draws), 1, MOST_DRAWS);
  numberWithin("bootstrapInterval confidence", confidence, 0, 1);
  const members = membersOf(wholeNumber("bootstrapInterval rows", rows, 0), groups);
  if (members.length < 2) return {};
  const found = figures(joined(members));
  const samples = Array.from({ length: draws }, (_, draw) => figures(drawn(members, seed, draw)));
  const without = method === "bca" ? leftOut(members, figures) : [];
  const tail = (1 - confidence) / 2;
  const intervalOf = (name: string): Interval | undefined => {
    const valueIn = (byName: Figures): number => byName[name] ?? Number.NaN;
    const sample = Float64Array.from(samples, valueIn).sort();
    // Typed arrays sort NaN last.
    if (Number.isNaN(sample.at(-1)!)) return undefined;
    const [low, high] =
      method === "percentile" ? [tail, 1 - tail] : correctedShares(sample, valueIn(found), without.map(valueIn), tail);
    return { low: quantileOf(sample, low), high: quantileOf(sample, high) };
  };
  const intervals = Object.keys(found).map((name) => [name, intervalOf(name)] as const);
  return Object.fromEntries(intervals.filter((entry): entry is [string, Interval] => entry[1] !== undefined));
}

/** Rows of each group, groups in the order of their first row. */
function membersOf(rows: number, groups: ArrayLike<number | string> | undefined): readonly Int32Array[] {
  if (groups === undefined) return Array.from({ length: rows }, (_, row) => Int32Array.of(row));
  if (groups.length !== rows)
    throw new FoveaError(
      "length-mismatch",
      `bootstrapInterval: expected a group for each of ${rows} rows, received ${groups.length}`,
    );
  const members = new Map<number | string, number[]>();
  for (let row = 0; row < rows; row++) {
    const group = members.get(groups[row]!);
    if (group === undefined) members.set(groups[row]!, [row]);
    else group.push(row);
  }
  return [...members.values()].map((group) => Int32Array.from(group));
}

/** A sample, with replacement, of as many groups as there are, as rows. */
function drawn(members: readonly Int32Array[], seed: number, draw: number): Int32Array {
  const random = new Random(seed, STREAM.user, draw);
  return joined(members.map(() => members[Math.floor(random.uniform() * members.length)]!));
}

function joined(groups: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(groups.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const group of groups) {
    all.set(group, at);
    at += group.length;
  }
  return all;
}

/** The most sets of rows that the acceleration is worked out from: the work grows with the square of the rows. */
const MOST_LEFT_OUT = 1000;

/** Figures of the rows without each group; without one of `MOST_LEFT_OUT` blocks of groups where there are more. */
function leftOut(members: readonly Int32Array[], figures: (rows: Int32Array) => Figures): Figures[] {
  const blocks = Math.min(members.length, MOST_LEFT_OUT);
  return Array.from({ length: blocks }, (_, block) =>
    figures(joined(members.filter((_group, i) => i % blocks !== block))),
  );
}

/**
 * Shares of the draws at which a corrected interval ends.
 * @param sample figures of the draws
 * @param found figure of the rows themselves
 * @param without figures without each group: their skewness is the acceleration
 * @param tail share of either side outside of the interval
 */
export function correctedShares(
  sample: Float64Array,
  found: number,
  without: readonly number[],
  tail: number,
): readonly [low: number, high: number] {
  const below = sample.reduce((sum, value) => sum + (value < found ? 1 : value === found ? 0.5 : 0), 0);
  const bias = normalQuantile(below / sample.length);
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  const moment = (power: number): number => without.reduce((sum, value) => sum + (mean - value) ** power, 0);
  const squares = moment(2);
  const acceleration = squares === 0 ? 0 : moment(3) / (6 * squares ** 1.5);
  const shareAt = (q: number): number => {
    const z = bias + normalQuantile(q);
    const moved = normalCdf(bias + z / (1 - acceleration * z));
    // A figure that no draw changes has neither bias nor acceleration.
    return Number.isNaN(moved) ? q : moved;
  };
  return [shareAt(tail), shareAt(1 - tail)];
}

/** Quantile of ascending values, linear between them (type 7 of Hyndman and Fan, 1996; NumPy's default). */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const before = Math.floor(at);
  const low = sorted[before]!;
  const high = sorted[Math.min(before + 1, sorted.length - 1)]!;
  return low + (high - low) * (at - before);
}

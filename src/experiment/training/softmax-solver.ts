// Multinomial logistic regression with a quadratic penalty, solved over all rows at once in 64-bit numbers by L-BFGS (Nocedal and
// Wright, "Numerical Optimization", algorithms 7.4 and 3.1). Sums go by the order of the rows, and exponentials are the house's own,
// so that the bits depend on nothing else.
import { exp, log } from "../../core/math.js";

/** Rows with a class each, as a softmax regression learns from them. */
export interface LabelledRows {
  readonly features: number;
  readonly classes: number;
  /** Features of one row after the other. */
  readonly x: Float64Array;
  /** Class of each row, from 0. */
  readonly labels: ArrayLike<number>;
  /** Weight of each row in the loss, 0 for none. Default: 1 each. */
  readonly weights?: Float64Array | undefined;
}

/** Pairs of steps and changes of slope that stand for the curvature. */
const MEMORY = 10;
/** Steps after which the search ends in any case. */
const MOST_STEPS = 1000;
/** Largest slope at which the loss counts as least, for each 1 of penalty up to 1: that far at most are weights from their ends. */
const FLAT = 1e-7;
/** Share of the expected fall that a step has to bring (Armijo's rule), and halvings until it does. */
const ENOUGH = 1e-4;
const HALVINGS = 40;
/** Share of the loss below which a fall is rounding. */
const ROUNDING = 1e-15;

/**
 * The mean crossentropy of the rows plus half the penalty times the sum of squares of all weights but the biases.
 * @param weights `[features + 1, classes]`, the biases last
 * @param slopes written: slope of the loss in each weight
 */
function lossAt(
  { features, classes, x, labels, weights: rowWeights }: LabelledRows,
  penalty: number,
  weights: Float64Array,
  slopes: Float64Array,
): number {
  const count = labels.length;
  let total = 0;
  for (let row = 0; row < count; row++) total += rowWeights?.[row] ?? 1;
  slopes.fill(0);
  const scores = new Float64Array(classes);
  let value = 0;
  for (let row = 0; row < count; row++) {
    const share = (rowWeights?.[row] ?? 1) / total;
    if (share === 0) continue;
    const start = row * features;
    for (let k = 0; k < classes; k++) scores[k] = weights[features * classes + k]!;
    for (let i = 0; i < features; i++) {
      const feature = x[start + i]!;
      const at = i * classes;
      for (let k = 0; k < classes; k++) scores[k]! += feature * weights[at + k]!;
    }
    let largest = -Infinity;
    for (let k = 0; k < classes; k++) largest = Math.max(largest, scores[k]!);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += exp(scores[k]! - largest);
    const label = labels[row]!;
    value += share * (largest + log(sum) - scores[label]!);
    for (let k = 0; k < classes; k++) scores[k] = share * (exp(scores[k]! - largest) / sum - (k === label ? 1 : 0));
    for (let i = 0; i < features; i++) {
      const feature = x[start + i]!;
      const at = i * classes;
      for (let k = 0; k < classes; k++) slopes[at + k]! += feature * scores[k]!;
    }
    for (let k = 0; k < classes; k++) slopes[features * classes + k]! += scores[k]!;
  }
  for (let at = 0; at < features * classes; at++) {
    const weight = weights[at]!;
    value += 0.5 * penalty * weight * weight;
    slopes[at]! += penalty * weight;
  }
  return value;
}

const product = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** A step that was taken, the change of slopes it brought, and their product. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

/** The direction against the slopes, bent by the remembered curvature. */
function directionOf(slopes: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = Float64Array.from(slopes, (slope) => -slope);
  const shares: number[] = [];
  for (const { step, change, product: both } of [...pairs].reverse()) {
    const share = product(step, direction) / both;
    shares.push(share);
    for (let i = 0; i < direction.length; i++) direction[i]! -= share * change[i]!;
  }
  const last = pairs.at(-1);
  const scale = last === undefined ? 1 : last.product / product(last.change, last.change);
  for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  for (const { step, change, product: both } of pairs) {
    const share = shares.pop()! - product(change, direction) / both;
    for (let i = 0; i < direction.length; i++) direction[i]! += share * step[i]!;
  }
  return direction;
}

/**
 * Weights at which the mean crossentropy plus `penalty / 2` times their sum of squares is least: those of scikit-learn's
 * `LogisticRegression` with C = 1 / (penalty x rows).
 * @param penalty above 0, so that separable classes have a solution as well
 * @param start weights to begin with, such as those of a neighbouring penalty. Default: 0 each
 * @param flat largest slope at which the loss counts as least. Default: 1e-7, for penalties below 1 that part of it
 * @returns `[features + 1, classes]`, the biases last
 */
export function solveSoftmax(
  rows: LabelledRows,
  penalty: number,
  start?: Float64Array,
  flat = FLAT * Math.min(1, penalty),
): Float64Array {
  const size = (rows.features + 1) * rows.classes;
  let weights: Float64Array = start === undefined ? new Float64Array(size) : Float64Array.from(start);
  let slopes: Float64Array = new Float64Array(size);
  let value = lossAt(rows, penalty, weights, slopes);
  const pairs: Pair[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (slopes.every((slope) => Math.abs(slope) <= flat)) break;
    const direction = directionOf(slopes, pairs);
    const fall = product(direction, slopes);
    let length = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(-fall)) : 1;
    let moved: Float64Array | undefined;
    const after = new Float64Array(size);
    let reached = value;
    for (let halving = 0; halving < HALVINGS && moved === undefined; halving++) {
      const tried = Float64Array.from(weights, (weight, i) => weight + length * direction[i]!);
      reached = lossAt(rows, penalty, tried, after);
      if (reached <= value + ENOUGH * length * fall) moved = tried;
      else length /= 2;
    }
    // Rounding leaves nothing to gain.
    if (moved === undefined) break;
    const change = Float64Array.from(after, (slope, i) => slope - slopes[i]!);
    const taken = Float64Array.from(moved, (weight, i) => weight - weights[i]!);
    const both = product(taken, change);
    if (both > 0) pairs.push({ step: taken, change, product: both });
    if (pairs.length > MEMORY) pairs.shift();
    const gain = value - reached;
    [weights, slopes, value] = [moved, after, reached];
    if (gain <= ROUNDING * Math.abs(value)) break;
  }
  return weights;
}

/**
 * The mean crossentropy of rows under weights of `solveSoftmax`, without a penalty.
 */
export function crossentropyOf(rows: LabelledRows, weights: Float64Array): number {
  return lossAt(rows, 0, weights, new Float64Array(weights.length));
}

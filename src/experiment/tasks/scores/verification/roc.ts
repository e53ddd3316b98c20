// The curve of a verifier: rates of true and false acceptances over all thresholds, and its area. scikit-learn's roc_curve
// and auc are the oracle.
import { FoveaError } from "../../../../core/errors.js";

/** Comparisons of two images each. */
export interface Comparisons {
  /** Similarity of each pair: higher means more alike. */
  readonly scores: ArrayLike<number>;
  /** 1 for a pair of one identity, 0 for two identities. */
  readonly same: ArrayLike<number>;
  /** Number of times that each pair counts. Default: once. */
  readonly weight?: ArrayLike<number>;
}

/** Rates of acceptance, from the threshold that accepts nothing to the one that accepts all. */
export interface RocCurve {
  /** A pair with a score of at least this is accepted; the first is infinite. */
  readonly thresholds: Float64Array;
  /** Share of pairs of two identities that are accepted: false acceptances. */
  readonly fpr: Float64Array;
  /** Share of pairs of one identity that are accepted: true acceptances. */
  readonly tpr: Float64Array;
}

/** Places of scores from the highest to the lowest. */
export const byScore = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from(scores, (_, at) => at).sort((a, b) => scores[b]! - scores[a]! || a - b);

/** @throws FoveaError for lists of different lengths and scores that are not finite */
function check({ scores, same, weight }: Comparisons): void {
  if (scores.length !== same.length || (weight !== undefined && weight.length !== scores.length))
    throw new FoveaError(
      "length-mismatch",
      `ROC curve: expected as many scores as pairs, received ${scores.length} for ${same.length}; pass one a pair`,
    );
  const wrong = Array.prototype.findIndex.call(scores, (score) => !Number.isFinite(score));
  if (wrong >= 0)
    throw new FoveaError(
      "not-finite",
      `ROC curve: expected finite scores, received ${scores[wrong]} at ${wrong}; leave the pair out`,
    );
}

/**
 * The ROC curve of comparisons, with one point for each different score.
 * @param order places of the scores from the highest to the lowest, where they are known
 * @returns undefined where there are no pairs of one identity, or none of two
 * @example rocCurve({ scores: [0.9, 0.4, 0.6], same: [1, 1, 0] })?.tpr // [0, 0.5, 0.5, 1]
 */
export function rocCurve(comparisons: Comparisons, order = byScore(comparisons.scores)): RocCurve | undefined {
  check(comparisons);
  const { scores, same, weight } = comparisons;
  const thresholds = [Number.POSITIVE_INFINITY];
  const accepted = [0];
  const falsely = [0];
  let [right, wrong] = [0, 0];
  for (const [i, at] of order.entries()) {
    const times = weight?.[at] ?? 1;
    if (same[at]! > 0) right += times;
    else wrong += times;
    const next = order[i + 1];
    if (next !== undefined && scores[next] === scores[at]) continue;
    thresholds.push(scores[at]!);
    accepted.push(right);
    falsely.push(wrong);
  }
  if (right === 0 || wrong === 0) return undefined;
  return {
    thresholds: Float64Array.from(thresholds),
    fpr: Float64Array.from(falsely, (count) => count / wrong),
    tpr: Float64Array.from(accepted, (count) => count / right),
  };
}

/** The curve without points on a straight line between their neighbours, as scikit-learn draws it. */
export function withoutCollinear({ thresholds, fpr, tpr }: RocCurve): RocCurve {
  const bends = (values: Float64Array, at: number): boolean =>
    Math.abs(values[at + 1]! - 2 * values[at]! + values[at - 1]!) > 1e-12;
  const kept = Int32Array.from(fpr, (_, at) => at).filter(
    (at) => at <= 1 || at === fpr.length - 1 || bends(fpr, at) || bends(tpr, at),
  );
  const taken = (values: Float64Array): Float64Array => Float64Array.from(kept, (at) => values[at]!);
  return { thresholds: taken(thresholds), fpr: taken(fpr), tpr: taken(tpr) };
}

/** The area under the curve, by trapezia: the share of couples of pairs that are in the right order. */
export function areaUnder({ fpr, tpr }: RocCurve): number {
  let area = 0;
  for (let at = 1; at < fpr.length; at++) area += ((fpr[at]! - fpr[at - 1]!) * (tpr[at]! + tpr[at - 1]!)) / 2;
  return area;
}

/** A rate of errors with the threshold that it stands at. */
export interface EqualError {
  readonly rate: number;
  /** A score in the middle of two that the rates cross between. */
  readonly threshold: number;
}

/** The equal error rate: where false acceptances and false rejections are equally frequent, linear between two points. */
export function equalError({ thresholds, fpr, tpr }: RocCurve): EqualError {
  const excess = (at: number): number => fpr[at]! - (1 - tpr[at]!);
  let at = 1;
  while (at < fpr.length - 1 && excess(at) < 0) at++;
  const [before, after] = [excess(at - 1), excess(at)];
  const share = after === before ? 0 : -before / (after - before);
  const rate = fpr[at - 1]! + share * (fpr[at]! - fpr[at - 1]!);
  const next = thresholds[at]!;
  const last = thresholds[at - 1]!;
  return { rate, threshold: Number.isFinite(last) && share < 1 ? last + share * (next - last) : next };
}

/** The share of true acceptances at the lowest threshold that accepts no more than this share of false ones. */
export function acceptedAt({ fpr, tpr }: RocCurve, falseRate: number): number {
  let best = 0;
  for (let at = 0; at < fpr.length && fpr[at]! <= falseRate; at++) best = tpr[at]!;
  return best;
}

/** Errors of a verifier that accepts scores from a threshold on. */
export interface ErrorsAt {
  /** Share of pairs of two identities that are accepted. */
  readonly falseAcceptance: number;
  /** Share of pairs of one identity that are rejected. */
  readonly falseRejection: number;
}

/** Errors at a threshold; NaN where there are no pairs of the kind. */
export function errorsAt({ scores, same, weight }: Comparisons, threshold: number): ErrorsAt {
  const counts = { same: 0, others: 0, accepted: 0, rejected: 0 };
  for (let at = 0; at < scores.length; at++) {
    const times = weight?.[at] ?? 1;
    const isAccepted = scores[at]! >= threshold;
    if (same[at]! > 0) {
      counts.same += times;
      if (!isAccepted) counts.rejected += times;
    } else {
      counts.others += times;
      if (isAccepted) counts.accepted += times;
    }
  }
  return { falseAcceptance: counts.accepted / counts.others, falseRejection: counts.rejected / counts.same };
}

// Figures of a verifier over its comparisons, and their intervals. Pairs share images and identities, so they are no
// independent evidence: identities are drawn again, and a pair counts as often as both of its identities were drawn (the
// subsets bootstrap: Bolle, Ratha and Pankanti, Error analysis of pattern recognition systems, 2004; the two-way form of
// Schuckers, Computational Methods in Biometric Authentication, 2010).

import { Random, STREAM } from "../../../../core/random.js";
import type { Interval } from "../../../../core/statistics/index.js";
import { quantileOf } from "../../../../core/statistics/index.js";
import { acceptedAt, areaUnder, byScore, type Comparisons, equalError, errorsAt, rocCurve } from "./roc.js";

/** Shares of false acceptances that true ones are told at, by the keys of figures. */
export const FALSE_RATES = { tar_at_far_1e_1: 1e-1, tar_at_far_1e_2: 1e-2, tar_at_far_1e_3: 1e-3 } as const;

/** Comparisons with the identities of both images. */
export interface IdentityPairs extends Comparisons {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/** Figures by the keys of `train --json`. */
export type VerificationFigures = Readonly<Record<string, number>>;

/**
 * EER, AUC, shares of true acceptances, and the errors at a threshold.
 * @param threshold the one that validation chose; without it there are no errors at it
 * @returns none where there are no pairs of one identity, or none of two
 */
export function verificationFigures(
  pairs: Comparisons,
  threshold: number | undefined,
  order = byScore(pairs.scores),
): VerificationFigures {
  const curve = rocCurve(pairs, order);
  if (curve === undefined) return {};
  const rates = Object.entries(FALSE_RATES).map(([key, rate]) => [key, acceptedAt(curve, rate)] as const);
  const figures = { eer: equalError(curve).rate, auc: areaUnder(curve), ...Object.fromEntries(rates) };
  if (threshold === undefined) return figures;
  const { falseAcceptance, falseRejection } = errorsAt(pairs, threshold);
  return { ...figures, far: falseAcceptance, frr: falseRejection };
}

/** Pairs that all draws together look at: more draws for few pairs. */
const LOOKS = 10_000_000;
const [FEWEST_DRAWS, MOST_DRAWS] = [100, 1000];
const CONFIDENCE = 0.95;

/** Intervals of 95 % of all figures, by drawing identities again; none for fewer than two identities. */
export function figureIntervals(
  pairs: IdentityPairs,
  threshold: number | undefined,
): Readonly<Record<string, Interval>> {
  const { first, second, scores } = pairs;
  const identities = [...new Set([...Array.from(first), ...Array.from(second)])];
  if (identities.length < 2) return {};
  const placeOf = new Map(identities.map((identity, index) => [identity, index]));
  const [left, other] = [first, second].map((side) => Int32Array.from(side, (identity) => placeOf.get(identity)!));
  const order = byScore(scores);
  const draws = Math.max(FEWEST_DRAWS, Math.min(MOST_DRAWS, Math.round(LOOKS / Math.max(1, scores.length))));
  const weight = new Float64Array(scores.length);
  const samples: VerificationFigures[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const times = drawn(identities.length, draw);
    for (let at = 0; at < weight.length; at++) {
      const [a, b] = [left![at]!, other![at]!];
      weight[at] = a === b ? times[a]! : times[a]! * times[b]!;
    }
    samples.push(verificationFigures({ ...pairs, weight }, threshold, order));
  }
  const tail = (1 - CONFIDENCE) / 2;
  const entries = Object.keys(verificationFigures(pairs, threshold, order)).map((key) => {
    const values = Float64Array.from(samples.flatMap((sample) => sample[key] ?? [])).sort();
    return [key, { low: quantileOf(values, tail), high: quantileOf(values, 1 - tail) }] as const;
  });
  return Object.fromEntries(entries.filter(([, { low }]) => Number.isFinite(low)));
}

/** Number of times that each identity is drawn, with replacement. */
function drawn(identities: number, draw: number): Int32Array {
  const random = new Random(0, STREAM.user, draw);
  const times = new Int32Array(identities);
  for (let i = 0; i < identities; i++) times[random.integer(identities)]! += 1;
  return times;
}

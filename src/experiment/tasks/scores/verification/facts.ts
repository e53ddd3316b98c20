// Facts of a verifier's evaluation for the report: its curve, the scores of both kinds of pairs, and the worst pairs.

import type { ImageFacts, PairFacts, VerificationFacts } from "../../../../report/facts.js";
import { histogram, rangeOf } from "../../../../report/histogram.js";
import { type IdentityPairs, verificationFigures } from "./figures.js";
import type { ImagePairs } from "./pairs.js";
import { rocCurve, withoutCollinear } from "./roc.js";

/** Bins of cosines between the lowest and the highest. */
const BINS = 50;
/** A curve needs no more points than this to look round. */
const MOST_POINTS = 500;
/** Pairs of each kind that are shown. */
const MOST_SHOWN = 24;

type ImageOf = (row: number) => { readonly image?: ImageFacts; readonly file?: string };

/** Some places of `count`, evenly spread, the first and the last among them. */
function spread(count: number): number[] {
  const shown = Math.min(count, MOST_POINTS);
  return Array.from({ length: shown }, (_, i) => Math.round((i * (count - 1)) / Math.max(1, shown - 1)));
}

function curveOf(pairs: IdentityPairs): VerificationFacts["curve"] {
  const curve = rocCurve(pairs);
  if (curve === undefined) return { falseAcceptances: [0, 1], trueAcceptances: [0, 1] };
  const { fpr, tpr } = withoutCollinear(curve);
  const places = spread(fpr.length);
  return { falseAcceptances: places.map((at) => fpr[at]!), trueAcceptances: places.map((at) => tpr[at]!) };
}

/**
 * Facts of the pairs of a part.
 * @param images places of the images of each pair
 * @param threshold cosine from which a pair counts as of one identity
 */
export function verificationFacts(
  split: string,
  pairs: IdentityPairs,
  images: ImagePairs & { readonly identities: Int32Array },
  threshold: number,
  imageOf: ImageOf,
): VerificationFacts {
  const { scores, same } = pairs;
  const places = Array.from(scores, (_, at) => at);
  const scoresOf = (kind: number): number[] => places.filter((at) => same[at] === kind).map((at) => scores[at]!);
  const [alike, others] = [scoresOf(1), scoresOf(0)];
  const [from, to] = rangeOf(alike, others);
  const shown = (kind: number, isWorse: (a: number, b: number) => number): PairFacts[] =>
    places
      .filter((at) => same[at] === kind && scores[at]! >= threshold !== kind > 0)
      .sort((a, b) => isWorse(scores[a]!, scores[b]!) || a - b)
      .slice(0, MOST_SHOWN)
      .map((at) => ({
        score: scores[at]!,
        first: imageOf(images.first[at]!),
        second: imageOf(images.second[at]!),
      }));
  return {
    kind: "verification",
    split,
    images: images.identities.length,
    identities: new Set(images.identities).size,
    pairs: { same: alike.length, others: others.length },
    threshold,
    figures: verificationFigures(pairs, threshold),
    curve: curveOf(pairs),
    scores: {
      ...{ from, to },
      same: histogram(alike, BINS, [from, to]).counts,
      others: histogram(others, BINS, [from, to]).counts,
    },
    missed: shown(1, (a, b) => a - b),
    falsely: shown(0, (a, b) => b - a),
  };
}

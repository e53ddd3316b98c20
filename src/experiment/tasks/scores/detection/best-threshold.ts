// The score above which detections are told: where precision and recall of all objects together are balanced best.
import { candidatesOf, type DetectionImage, IOU_THRESHOLDS, imagesByCategory, matchCandidates } from "./matching.js";

/** Objects that were found, by the score of what found them. */
interface Scored {
  readonly score: number;
  readonly isRight: boolean;
}

/** All detections of a set at an overlap of 0.5, and the number of true objects; crowds count nowhere. */
function scoredOf(
  images: readonly DetectionImage[],
  categories: number,
): { readonly scored: Scored[]; readonly truths: number } {
  const scored: Scored[] = [];
  let truths = 0;
  for (const image of imagesByCategory(images, categories).flat()) {
    const matches = matchCandidates(
      candidatesOf(image, "boxes"),
      [0, Number.POSITIVE_INFINITY],
      IOU_THRESHOLDS.slice(0, 1),
    );
    truths += matches.truths;
    for (const [i, score] of matches.scores.entries())
      if (matches.ignored[i] === 0) scored.push({ score, isRight: matches.matched[i] === 1 });
  }
  return { scored: scored.sort((a, b) => b.score - a.score), truths };
}

/**
 * The least score of detections with the highest F1 at an overlap of 0.5; undefined where nothing that is there is found.
 * @param categories number of categories
 * @example bestScore(images, 3) // 0.31
 */
export function bestScore(images: readonly DetectionImage[], categories: number): number | undefined {
  const { scored, truths } = scoredOf(images, categories);
  let [right, best, threshold]: [number, number, number | undefined] = [0, 0, undefined];
  for (const [i, { score, isRight }] of scored.entries()) {
    if (isRight) right++;
    // Detections of one score are told together or not at all.
    if (scored[i + 1]?.score === score) continue;
    const f1 = (2 * right) / (i + 1 + truths);
    if (f1 > best) [best, threshold] = [f1, score];
  }
  return threshold;
}

// Average precision and recall over the images of a category, as COCO has them (pycocotools' COCOeval.accumulate): precision
// is made falling with recall, and read at 101 recalls.
import type { Matches } from "./matching.js";

/** The recalls 0, 0.01, ..., 1 at which precision is read: the numbers of NumPy's linspace. */
export const RECALLS: readonly number[] = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * (1 / 100)));

/** Distance from 1 to the next double, which keeps 0 / 0 away. */
const SPACING = 2 ** -52;

/** Figures of one category at each threshold of overlap. */
export interface PrecisionTable {
  /** `[thresholds, 101]`: precision at each recall of RECALLS. */
  readonly precision: Float64Array;
  /** `[thresholds, 101]`: score above which that recall is reached; 0 where it is not. */
  readonly scores: Float64Array;
  /** `[thresholds]`: largest recall. */
  readonly recall: Float64Array;
}

interface Ranked {
  readonly score: number;
  readonly image: number;
  readonly rank: number;
}

/**
 * The table of a category's matches; undefined where no true object counts.
 * @param all matches of each image, in the order of the images, which decides between equal scores
 * @param most detections of an image that count, the highest scores first
 */
export function precisionTable(all: readonly Matches[], thresholds: number, most: number): PrecisionTable | undefined {
  const truths = all.reduce((sum, matches) => sum + matches.truths, 0);
  if (truths === 0) return undefined;
  const ranked: Ranked[] = all
    .flatMap(({ scores }, image) => Array.from(scores.subarray(0, most), (score, rank) => ({ score, image, rank })))
    .sort((a, b) => b.score - a.score);
  const table = {
    precision: new Float64Array(thresholds * RECALLS.length),
    scores: new Float64Array(thresholds * RECALLS.length),
    recall: new Float64Array(thresholds),
  };
  const precision = new Float64Array(ranked.length);
  const recall = new Float64Array(ranked.length);
  for (let t = 0; t < thresholds; t++) {
    let [right, wrong] = [0, 0];
    for (const [i, { image, rank }] of ranked.entries()) {
      const { matched, ignored, scores } = all[image]!;
      const at = t * scores.length + rank;
      if (ignored[at] === 0) {
        if (matched[at] === 1) right++;
        else wrong++;
      }
      recall[i] = right / truths;
      precision[i] = right / (wrong + right + SPACING);
    }
    for (let i = ranked.length - 1; i > 0; i--) precision[i - 1] = Math.max(precision[i - 1]!, precision[i]!);
    table.recall[t] = recall.at(-1) ?? 0;
    let i = 0;
    for (const [r, wanted] of RECALLS.entries()) {
      while (i < ranked.length && recall[i]! < wanted) i++;
      if (i === ranked.length) break;
      table.precision[t * RECALLS.length + r] = precision[i]!;
      table.scores[t * RECALLS.length + r] = ranked[i]!.score;
    }
  }
  return table;
}

// Decisions about images with several labels, image by image: which labels were said rightly, missed, and said falsely.
import { FoveaError } from "../../core/errors.js";
import type { LabelOutcome } from "../tasks/index.js";

/** One image with its labels, by their positions. */
export interface LabelDecision {
  /** Labels that the image has and the model gives it. */
  readonly right: readonly number[];
  /** Labels that the image has and the model does not give it. */
  readonly missed: readonly number[];
  /** Labels that the model gives to an image without them. */
  readonly falsely: readonly number[];
  /**
   * Distance of the most wrong label from its threshold, from 0 to 1; 0 where every label is right. Sorts mistakes: those that
   * the model was surest of have the largest.
   */
  readonly wrongBy: number;
}

/**
 * The decision about each image.
 * @param outcome labels, truth and scores of the images, rows `[images, labels]`
 * @param thresholds one for each label: a score above it means yes
 * @throws FoveaError for another number of thresholds
 * @example
 * const outcome = { labels: 2, actual: Uint8Array.of(1, 1), scores: Float32Array.of(0.9, 0.2) };
 * labelDecisions(outcome, [0.5, 0.5])[0]?.missed; // [1]
 */
export function labelDecisions(
  { labels, actual, scores }: Omit<LabelOutcome, "kind">,
  thresholds: readonly number[],
): LabelDecision[] {
  if (thresholds.length !== labels)
    throw new FoveaError(
      "length-mismatch",
      `labelDecisions: expected ${labels} thresholds, one for each label, received ${thresholds.length}`,
    );
  return Array.from({ length: actual.length / labels }, (_, image) => {
    const decision = { right: [] as number[], missed: [] as number[], falsely: [] as number[] };
    let wrongBy = 0;
    for (const [label, threshold] of thresholds.entries()) {
      const score = scores[image * labels + label]!;
      const [has, said] = [actual[image * labels + label] === 1, score > threshold];
      if (has && said) decision.right.push(label);
      if (has !== said) {
        decision[has ? "missed" : "falsely"].push(label);
        wrongBy = Math.max(wrongBy, Math.abs(score - threshold));
      }
    }
    return { ...decision, wrongBy };
  });
}

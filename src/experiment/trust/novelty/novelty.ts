// "None of these": limits on how unlike the training images an image may be, fitted so that nearly all validation images pass,
// and the images that do not.
import type { NoveltyFacts } from "../../../formats/models/trust-facts.js";
import { type EmbeddingBank, storedBank } from "./nearest.js";

/** Measures of how unlike images are, an entry for each image. */
export interface NoveltyMeasures {
  /** Probability of the most probable class (Hendrycks and Gimpel, A baseline for detecting misclassified and
   * out-of-distribution examples, ICLR 2017). */
  readonly confidence: ArrayLike<number>;
  readonly energy?: ArrayLike<number> | undefined;
  /** Mean squared distance to the nearest training images. */
  readonly nearest?: ArrayLike<number> | undefined;
}

/** Share of validation images that each limit lets pass. */
const LEVEL = 0.99;

/** The value that a share of the numbers is at most. */
function limitOf(values: ArrayLike<number>, level: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length + 1) * level - 1e-9) - 1)]!;
}

const digits = (value: number): number => Number(value.toPrecision(12));

/**
 * Limits by validation images.
 * @param measures of at least one image
 * @param bank of embeddings of training images, where there are some
 */
export function fitNovelty(measures: NoveltyMeasures, bank: EmbeddingBank | undefined): NoveltyFacts {
  const { confidence, energy, nearest } = measures;
  const doubt = Float64Array.from(confidence, (p) => -p);
  return {
    level: LEVEL,
    confidence: digits(Math.max(0, -limitOf(doubt, LEVEL))),
    ...(energy === undefined ? {} : { energy: digits(limitOf(energy, LEVEL)) }),
    ...(nearest === undefined || bank === undefined ? {} : { nearest: storedBank(bank, digits(limitOf(nearest, LEVEL))) }),
  };
}

/** The measure by which an image is none of the classes, with its value and limit. */
export interface Novelty {
  readonly measure: "distance" | "energy";
  readonly value: number;
  readonly limit: number;
}

/**
 * Tells whether an image is unlike all training images: by its distance to the nearest where the model has embeddings, else by
 * its energy. A low probability alone is no sign of another kind of image, only of doubt; it is left to thresholds and sets.
 * @returns undefined for an image like those
 */
export function noveltyOf({ energy, nearest }: NoveltyFacts, measures: NoveltyMeasures, row: number): Novelty | undefined {
  if (nearest !== undefined && measures.nearest !== undefined) {
    const value = measures.nearest[row]!;
    return value > nearest.limit ? { measure: "distance", value, limit: nearest.limit } : undefined;
  }
  if (energy !== undefined && measures.energy !== undefined) {
    const value = measures.energy[row]!;
    return value > energy ? { measure: "energy", value, limit: energy } : undefined;
  }
  return undefined;
}

// "None of these": how unlike the training images an image is, with a limit that nearly all validation images keep. Energy finds
// images in which the network sees little, distances those in which it sees something else; the larger of both counts.
import type { NoveltyFacts } from "../../../formats/models/trust-facts.js";
import { type EmbeddingBank, storedBank } from "./nearest.js";

/** Measures of how unlike images are, an entry for each image. */
export interface NoveltyMeasures {
  /**
   * Probability of the most probable class (Hendrycks and Gimpel, A baseline for detecting misclassified and out-of-distribution
   * examples, ICLR 2017).
   */
  readonly confidence: ArrayLike<number>;
  /** Energy of the logits, as `energyOf` gives it; undefined where the network has no logits. */
  readonly energy?: ArrayLike<number> | undefined;
  /** Mean squared distance to the nearest training images; undefined without stored embeddings. */
  readonly nearest?: ArrayLike<number> | undefined;
}

interface Scale {
  readonly middle: number;
  readonly high: number;
}

/** Share of validation images that the limit lets pass: the usual point at which detectors are compared. */
const LEVEL = 0.95;

/** The value that a share of the numbers is at most, by the rank of conformal limits. */
function quantile(values: ArrayLike<number>, level: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length + 1) * level - 1e-9) - 1)]!;
}

const scaleOf = (values: ArrayLike<number>): Scale => ({
  middle: quantile(values, 0.5),
  high: quantile(values, LEVEL),
});

/** 0 at the median of validation images, 1 where `level` of them stay at or below. */
const scaled = (value: number, { middle, high }: Scale): number =>
  high > middle ? (value - middle) / (high - middle) : value > high ? Number.MAX_VALUE : 0;

/** The measures that count, with their scales: energy and distance, or doubt where there is neither. */
function counted(
  facts: Pick<NoveltyFacts, "doubt" | "energy" | "nearest">,
  { confidence, energy, nearest }: NoveltyMeasures,
): readonly { readonly scale: Scale; readonly measured: (row: number) => number }[] {
  const measures: { readonly scale: Scale | undefined; readonly measured: ((row: number) => number) | undefined }[] = [
    { scale: facts.doubt, measured: (row) => 1 - confidence[row]! },
    { scale: facts.energy, measured: energy && ((row) => energy[row]!) },
    { scale: facts.nearest, measured: nearest && ((row) => nearest[row]!) },
  ];
  return measures.flatMap(({ scale, measured }) => (scale && measured ? [{ scale, measured }] : []));
}

/**
 * Novelty of an image: the largest of its measures, each on a scale of 0 at the median of validation images and 1 at
 * their 95th percentile.
 * @param facts scales of the model's file
 * @param measures measures of a batch of images
 * @param row position of the image in the batch
 * @returns the novelty, minus infinity where file and measures have no measure in common
 */
export const noveltyOf = (
  facts: Pick<NoveltyFacts, "doubt" | "energy" | "nearest">,
  measures: NoveltyMeasures,
  row: number,
): number =>
  counted(facts, measures).reduce(
    (most, { scale, measured }) => Math.max(most, scaled(measured(row), scale)),
    Number.NEGATIVE_INFINITY,
  );

/**
 * A limit by validation images.
 * @param measures of at least one image
 * @param bank of embeddings of training images, where there are some
 * @example
 * const bank = embeddingBank([[1, 0], [0, 1]]);
 * const measures = { confidence: [0.9, 0.6, 0.8], energy: [-4, -1, -3], nearest: [0.1, 0.5, 0.2] };
 * const novelty = fitNovelty(measures, bank);
 * measuresIn(novelty); // ["energy", "distance"]
 * noveltyOf(novelty, measures, 1) > novelty.limit; // false: validation images keep the limit
 * if (novelty.nearest !== undefined) nearestDistance([1, 0], bankOf(novelty.nearest)); // the bank that a file stores
 */
export function fitNovelty(measures: NoveltyMeasures, bank: EmbeddingBank | undefined): NoveltyFacts {
  const { confidence, energy, nearest } = measures;
  const hasNearest = nearest !== undefined && bank !== undefined;
  const scales = {
    ...(energy === undefined ? {} : { energy: scaleOf(energy) }),
    ...(hasNearest ? { nearest: { ...scaleOf(nearest), ...storedBank(bank) } } : {}),
    ...(energy === undefined && !hasNearest ? { doubt: scaleOf(Float64Array.from(confidence, (p) => 1 - p)) } : {}),
  };
  const all = Array.from(confidence, (_, row) => noveltyOf(scales, measures, row));
  return { level: LEVEL, limit: quantile(all, LEVEL), ...scales };
}

/**
 * Names of the measures that count in a model's file: "doubt" alone, or "energy" and "distance".
 * @param novelty facts of the model's file
 */
export const measuresIn = ({ doubt, energy, nearest }: NoveltyFacts): string[] => [
  ...(doubt === undefined ? [] : ["doubt"]),
  ...(energy === undefined ? [] : ["energy"]),
  ...(nearest === undefined ? [] : ["distance"]),
];

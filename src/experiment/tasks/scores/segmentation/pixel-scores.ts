// Scores of segmentations by their pixels: overlap of each class, their means, and the share of pixels that are right. Counts
// are added up over all images before anything is divided, as is usual (PASCAL VOC, Cityscapes). scikit-learn is the oracle.
import { FoveaError } from "../../../../core/errors.js";

/** The true and the predicted class of each pixel of an image. */
export interface SegmentedImage {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` row by row; pixels of the ignored value count nowhere. */
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** Value of pixels that count nowhere, as in PASCAL VOC. */
export const IGNORED_PIXEL = 255;

/** @throws FoveaError for maps of another size, and for values that are no class */
export function checkSegmented(
  { width, height, truth, predicted }: SegmentedImage,
  classes: number,
  ignored: number,
): void {
  if (truth.length !== width * height || predicted.length !== width * height)
    throw new FoveaError(
      `segmentation: expected ${width} x ${height} = ${width * height} pixels, received ${truth.length} true and ${predicted.length} predicted ones`,
    );
  for (let i = 0; i < truth.length; i++) {
    const [right, found] = [truth[i]!, predicted[i]!];
    if (right === ignored) continue;
    for (const value of [right, found])
      if (!Number.isInteger(value) || value < 0 || value >= classes)
        throw new FoveaError(
          `segmentation: expected classes 0 to ${classes - 1}${value === right ? ` or ${ignored}, which is ignored` : ""}, received ${value} at pixel ${i}`,
        );
  }
}

/**
 * Counts of pixels by true (rows) and predicted class (columns), `[classes, classes]` row by row, over all images.
 * @param ignored true value of pixels that count nowhere. Default 255
 * @throws FoveaError for maps of another size, and for values that are no class
 */
export function pixelConfusion(
  images: Iterable<SegmentedImage>,
  classes: number,
  ignored: number = IGNORED_PIXEL,
): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (const image of images) {
    checkSegmented(image, classes, ignored);
    const { truth, predicted } = image;
    for (let i = 0; i < truth.length; i++) if (truth[i] !== ignored) counts[truth[i]! * classes + predicted[i]!]! += 1;
  }
  return counts;
}

export interface ClassOverlap {
  /** Intersection over union (Jaccard index), 0 to 1; undefined for a class that is neither there nor predicted. */
  readonly iou: number | undefined;
  /** Twice the intersection over the sum of both areas (F1 of pixels); undefined like `iou`. */
  readonly dice: number | undefined;
  /** Pixels that are of the class. */
  readonly pixels: number;
  /** Pixels that are predicted to be. */
  readonly predicted: number;
}

export interface PixelScores {
  readonly classes: readonly ClassOverlap[];
  /** Means over classes that are there or predicted; undefined without any pixel. */
  readonly meanIou: number | undefined;
  readonly dice: number | undefined;
  /** Share of pixels that are right; undefined without any pixel. */
  readonly accuracy: number | undefined;
  /** Mean of the classes' intersections over unions, weighted by their pixels. */
  readonly weightedIou: number | undefined;
}

const mean = (values: readonly (number | undefined)[]): number | undefined => {
  const there = values.filter((value) => value !== undefined);
  return there.length === 0 ? undefined : there.reduce((sum, value) => sum + value, 0) / there.length;
};

/**
 * The scores of a confusion of pixels.
 * @param counts of `pixelConfusion`
 * @param without classes that the means leave out, such as the background. Default none
 * @example pixelScores(pixelConfusion(images, 3), 3).meanIou
 */
export function pixelScores(counts: Float64Array, classes: number, without: readonly number[] = []): PixelScores {
  if (counts.length !== classes * classes)
    throw new FoveaError(`segmentation: expected ${classes} x ${classes} counts, received ${counts.length}`);
  const all = Array.from({ length: classes }, (_, i): ClassOverlap & { readonly right: number } => {
    let [pixels, predicted] = [0, 0];
    for (let j = 0; j < classes; j++) {
      pixels += counts[i * classes + j]!;
      predicted += counts[j * classes + i]!;
    }
    const right = counts[i * classes + i]!;
    const union = pixels + predicted - right;
    const isThere = union > 0;
    return {
      iou: isThere ? right / union : undefined,
      dice: isThere ? (2 * right) / (pixels + predicted) : undefined,
      ...{ pixels, predicted, right },
    };
  });
  const total = all.reduce((sum, { pixels }) => sum + pixels, 0);
  const counted = all.filter((_, i) => !without.includes(i));
  const weighted = all.reduce((sum, { iou, pixels }) => sum + (iou ?? 0) * pixels, 0);
  return {
    classes: all.map(({ right: _, ...overlap }) => overlap),
    meanIou: mean(counted.map(({ iou }) => iou)),
    dice: mean(counted.map(({ dice }) => dice)),
    accuracy: total === 0 ? undefined : all.reduce((sum, { right }) => sum + right, 0) / total,
    weightedIou: total === 0 ? undefined : weighted / total,
  };
}

// Figures of maps of classes, from the counts of pixels by true and predicted class: intersection over union (Jaccard), Dice,
// and the share of pixels that are right. Pixels whose true class is ignored count nowhere. scikit-learn is the oracle.
import { IGNORED } from "../../../../data/index.js";

/** Maps of classes beside each other, image by image. */
export interface MaskPairs {
  readonly classes: number;
  /** Pixels of one image. */
  readonly size: number;
  /** `[images, size]`: numbers of classes, or IGNORED. */
  readonly actual: Uint8Array;
  /** `[images, size]`: numbers of classes. */
  readonly predicted: Uint8Array;
}

/** Counts of pixels of each image, `[images, classes, classes]`: rows are true classes, columns predicted ones. */
export function confusionsOf({ classes, size, actual, predicted }: MaskPairs): Float64Array {
  const images = actual.length / size;
  const counts = new Float64Array(images * classes * classes);
  for (let image = 0, at = 0; image < images; image++)
    for (const end = at + size; at < end; at++) {
      const truth = actual[at]!;
      if (truth !== IGNORED) counts[(image * classes + truth) * classes + predicted[at]!]! += 1;
    }
  return counts;
}

/** The counts of some images together. @param rows images; they may occur several times. Default: all, once */
export function summed(counts: Float64Array, classes: number, rows?: Int32Array): Float64Array {
  const width = classes * classes;
  const total = new Float64Array(width);
  const images = counts.length / width;
  for (let i = 0; i < (rows?.length ?? images); i++) {
    const start = (rows?.[i] ?? i) * width;
    for (let cell = 0; cell < width; cell++) total[cell]! += counts[start + cell]!;
  }
  return total;
}

/** Figures of one class; undefined overlaps where it is neither there nor predicted. */
export interface ClassOverlap {
  /** Pixels of the class, and those that were predicted as such. */
  readonly pixels: number;
  readonly predicted: number;
  readonly iou?: number;
  readonly dice?: number;
}

export interface Overlaps {
  readonly classes: readonly ClassOverlap[];
  /** Means over the classes that occur, the background among them. */
  readonly meanIou: number;
  readonly dice: number;
  /** The share of pixels that are right. */
  readonly pixelAccuracy: number;
}

/**
 * Figures of counts of pixels; means are over the classes that occur or are predicted, NaN where there is none.
 * @param counts `[classes, classes]`: rows are true classes, columns predicted ones
 * @example overlaps(Float64Array.of(8, 1, 1, 2), 2).classes[1].iou // 0.5
 */
export function overlaps(counts: Float64Array, classes: number): Overlaps {
  const all = Array.from({ length: classes }, (_, k) => k);
  const at = (truth: number, said: number): number => counts[truth * classes + said]!;
  const figures = all.map((k): ClassOverlap => {
    const pixels = all.reduce((sum, said) => sum + at(k, said), 0);
    const predicted = all.reduce((sum, truth) => sum + at(truth, k), 0);
    const both = at(k, k);
    if (pixels + predicted === 0) return { pixels, predicted };
    return { pixels, predicted, iou: both / (pixels + predicted - both), dice: (2 * both) / (pixels + predicted) };
  });
  const total = counts.reduce((a, b) => a + b, 0);
  return {
    classes: figures,
    meanIou: meanOf(figures.map(({ iou }) => iou)),
    dice: meanOf(figures.map(({ dice }) => dice)),
    pixelAccuracy: all.reduce((sum, k) => sum + at(k, k), 0) / total,
  };
}

function meanOf(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  return known.reduce((a, b) => a + b, 0) / known.length;
}

// The evaluation of maps of classes as facts, which reports draw: the counts, the figures of each class, and the images that
// overlap least with their masks.
import type { ImageFacts, SegmentationFacts } from "../../../../report/facts.js";
import type { MaskOutcome } from "../../outcome.js";
import { confusionsOf, overlaps, summed } from "./confusion.js";

/** Images that are shown with their maps. */
const SHOWN = 24;

/** The mean IoU of each image over the classes that it has or was given; NaN for one whose pixels are all ignored. */
export function imageOverlaps(outcome: MaskOutcome): Float64Array {
  const { classes } = outcome;
  const counts = confusionsOf(outcome);
  const width = classes * classes;
  return Float64Array.from(
    { length: counts.length / width },
    (_, image) => overlaps(counts.subarray(image * width, (image + 1) * width), classes).meanIou,
  );
}

/** Images from the least overlap to the largest; those without a pixel that counts are left out. */
export function worstOverlaps(outcome: MaskOutcome): readonly { readonly at: number; readonly iou: number }[] {
  return Array.from(imageOverlaps(outcome), (iou, at) => ({ at, iou }))
    .filter(({ iou }) => !Number.isNaN(iou))
    .sort((a, b) => a.iou - b.iou || a.at - b.at);
}

/** @param imageOf image and file of a row */
export function segmentationFacts(
  split: string,
  classNames: readonly string[],
  outcome: MaskOutcome,
  imageOf: (row: number) => { readonly image?: ImageFacts; readonly file?: string },
): SegmentationFacts {
  const { classes, height, width, size, actual, predicted } = outcome;
  const counts = confusionsOf(outcome);
  const total = summed(counts, classes);
  const figures = overlaps(total, classes);
  const map = (values: Uint8Array, row: number): ImageFacts => ({
    ...{ height, width, channels: 1 },
    data: values.slice(row * size, (row + 1) * size),
  });
  return {
    kind: "segmentation",
    split,
    classNames,
    images: actual.length / size,
    confusion: Array.from(total),
    classes: figures.classes,
    meanIou: figures.meanIou,
    dice: figures.dice,
    pixelAccuracy: figures.pixelAccuracy,
    overlaps: Array.from(imageOverlaps(outcome), (iou) => (Number.isNaN(iou) ? 1 : iou)),
    shown: worstOverlaps(outcome)
      .slice(0, SHOWN)
      .map(({ at, iou }) => ({ iou, truth: map(actual, at), said: map(predicted, at), ...imageOf(at) })),
  };
}

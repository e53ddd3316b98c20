// Confusion of detections with background: pairs of true and detected objects across categories, at one score and overlap.
// COCO's figures match within a category, and so never say for what else an object was taken.
import { FoveaError } from "../../../../core/errors.js";
import { boxIou, maskIou, maskOf } from "../../../../data/index.js";
import { checkDetections, type DetectionImage, type Overlap } from "./matching.js";

export interface PairOptions {
  /** Least score of a detection that counts. Default 0.25 */
  readonly score?: number;
  /** Least intersection over union of a pair. Default 0.5 */
  readonly iou?: number;
  /** Overlap of boxes or of masks. Default boxes */
  readonly overlap?: Overlap;
}

/** The objects of an image by their outcome: indices in `truths` and `detections`. */
export interface PairedObjects {
  /** Pairs of one place, of the same category or not, the largest overlap first. */
  readonly pairs: readonly { readonly truth: number; readonly detection: number; readonly iou: number }[];
  /** True objects without a detection; crowds are none. */
  readonly missed: readonly number[];
  /** Detections without an object; those within a crowd are left out. */
  readonly falsely: readonly number[];
}

/**
 * Pairs true objects with detections of any category, the largest overlap first, each object once. Of equal overlaps a pair
 * of the same category comes first, then the higher score.
 * @example pairObjects({ width, height, truths, detections }, { score: 0.3 }).missed
 */
export function pairObjects(image: DetectionImage, options: PairOptions = {}): PairedObjects {
  const { score: least = 0.25, iou: wanted = 0.5, overlap = "boxes" } = options;
  if (!(wanted > 0 && wanted <= 1))
    throw new FoveaError("out-of-range", `pairObjects iou: expected a number above 0 and up to 1, received ${wanted}`);
  const { width, height, truths, detections } = image;
  const counting = [...detections.keys()].filter((d) => detections[d]!.score! >= least);
  const masks = overlap === "masks" ? truths.map((truth) => maskOf(truth, height, width)) : [];
  const candidates = counting.flatMap((detection) => {
    const found = detections[detection]!;
    const mask = overlap === "masks" ? maskOf(found, height, width) : undefined;
    return [...truths.keys()].map((truth) => {
      const { box, crowd = false, category } = truths[truth]!;
      const iou = mask === undefined ? boxIou(found.box, box, crowd) : maskIou(mask, masks[truth]!, crowd);
      return { truth, detection, iou, crowd, same: Number(category === found.category) };
    });
  });
  const close = candidates
    .filter(({ iou }) => iou >= wanted)
    .sort(
      (a, b) => b.iou - a.iou || b.same - a.same || detections[b.detection]!.score! - detections[a.detection]!.score!,
    );
  const [takenTruths, takenDetections] = [new Set<number>(), new Set<number>()];
  const pairs = close.filter(({ truth, detection, crowd }) => {
    if (crowd || takenTruths.has(truth) || takenDetections.has(detection)) return false;
    takenTruths.add(truth);
    takenDetections.add(detection);
    return true;
  });
  const crowded = new Set(close.filter(({ crowd }) => crowd).map(({ detection }) => detection));
  return {
    pairs: pairs.map(({ truth, detection, iou }) => ({ truth, detection, iou })),
    missed: [...truths.keys()].filter((truth) => !takenTruths.has(truth) && !truths[truth]!.crowd),
    falsely: counting.filter((detection) => !takenDetections.has(detection) && !crowded.has(detection)),
  };
}

/**
 * Counts of true (rows) by detected categories (columns), `[categories + 1, categories + 1]` row by row; the last row and
 * column are the background: objects that were missed, detections where nothing is.
 */
export function detectionConfusion(
  images: readonly DetectionImage[],
  categories: number,
  options: PairOptions = {},
): Int32Array {
  checkDetections(images, categories);
  const side = categories + 1;
  const counts = new Int32Array(side * side);
  for (const image of images) {
    const { truths, detections } = image;
    const { pairs, missed, falsely } = pairObjects(image, options);
    for (const { truth, detection } of pairs)
      counts[truths[truth]!.category * side + detections[detection]!.category]! += 1;
    for (const truth of missed) counts[truths[truth]!.category * side + categories]! += 1;
    for (const detection of falsely) counts[categories * side + detections[detection]!.category]! += 1;
  }
  return counts;
}

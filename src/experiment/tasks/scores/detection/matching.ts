// Matching of detections with the truth, as COCO does it (pycocotools' COCOeval.evaluateImg): within an image and a category,
// detections take true objects from the highest score down, each the best that is left at a threshold of overlap.
import { FoveaError, shown } from "../../../../core/errors.js";
import {
  type AnnotatedBox,
  areaOf,
  boxIou,
  maskArea,
  maskIou,
  maskOf,
  type RunLengths,
} from "../../../../data/index.js";

/** The objects of an image and the detections on it; detections have scores. */
export interface DetectionImage {
  /** Size in pixels; masks of polygons are drawn in it. */
  readonly width: number;
  readonly height: number;
  readonly truths: readonly AnnotatedBox[];
  readonly detections: readonly AnnotatedBox[];
}

/** Overlap by boxes or by masks. */
export type Overlap = "boxes" | "masks";

/** Ends of an interval of areas in pixels, both included. */
export type AreaRange = readonly [least: number, largest: number];

/** COCO's ranges: small objects have up to 32 x 32 pixels, large ones from 96 x 96. */
export const AREA_RANGES = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const satisfies Record<string, AreaRange>;
export type AreaName = keyof typeof AREA_RANGES;

/** COCO's ten thresholds of intersection over union, 0.50 to 0.95: the numbers of NumPy's linspace. */
export const IOU_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : i * ((0.95 - 0.5) / 9) + 0.5,
);

/** The most detections of an image and a category that count. */
export const MOST_DETECTIONS = 100;

/** Truth and detections of an image and a category, with their overlaps. */
export interface Candidates {
  readonly truths: readonly { readonly crowd: boolean; readonly area: number }[];
  /** Scores and areas from the highest score down; of equal scores the earlier detection first. */
  readonly scores: Float64Array;
  readonly areas: Float64Array;
  /** `[detections, truths]`, row by row. */
  readonly overlaps: Float64Array;
}

/** Results of detections at all thresholds, from the highest score down. */
export interface Matches {
  readonly scores: Float64Array;
  /** `[thresholds, detections]`: 1 where a detection took a true object. */
  readonly matched: Uint8Array;
  /** `[thresholds, detections]`: 1 where a detection is neither right nor wrong. */
  readonly ignored: Uint8Array;
  /** True objects that count. */
  readonly truths: number;
}

/** @throws FoveaError for a category that is none, and for a detection without a score. */
export function checkDetections(images: readonly DetectionImage[], categories: number): void {
  for (const [i, { truths, detections }] of images.entries()) {
    for (const { category } of [...truths, ...detections])
      if (!Number.isInteger(category) || category < 0 || category >= categories)
        throw new FoveaError(
          "out-of-range",
          `detections: expected categories 0 to ${categories - 1}, received ${category} at image ${i}`,
        );
    const unscored = detections.find(({ score }) => score === undefined || !Number.isFinite(score));
    if (unscored !== undefined)
      throw new FoveaError(
        "not-finite",
        `detections: expected a finite score of each, received ${shown(unscored.score)} at image ${i}`,
      );
  }
}

/** Function that computes the overlaps of all pairs, `[detections, truths]`, and the areas of detections. */
function measured(
  detections: readonly AnnotatedBox[],
  truths: readonly AnnotatedBox[],
  overlap: Overlap,
  { height, width }: DetectionImage,
): Pick<Candidates, "areas" | "overlaps"> {
  const crowds = truths.map(({ crowd = false }) => crowd);
  if (overlap === "boxes")
    return {
      areas: Float64Array.from(detections, ({ box }) => box[2] * box[3]),
      overlaps: Float64Array.from(detections.flatMap(({ box }) => truths.map((t, i) => boxIou(box, t.box, crowds[i])))),
    };
  const masks = (objects: readonly AnnotatedBox[]): RunLengths[] =>
    objects.map((object) => maskOf(object, height, width));
  const [found, right] = [masks(detections), masks(truths)];
  return {
    areas: Float64Array.from(found, maskArea),
    overlaps: Float64Array.from(found.flatMap((mask) => right.map((other, i) => maskIou(mask, other, crowds[i])))),
  };
}

/** The images that have objects of each category, true or detected, with these objects alone. */
export function imagesByCategory(images: readonly DetectionImage[], categories: number): DetectionImage[][] {
  const all: DetectionImage[][] = Array.from({ length: categories }, () => []);
  for (const image of images) {
    const { truths, detections } = image;
    const present = new Map<number, { readonly truths: AnnotatedBox[]; readonly detections: AnnotatedBox[] }>();
    for (const { category } of [...truths, ...detections])
      if (!present.has(category)) present.set(category, { truths: [], detections: [] });
    for (const truth of truths) present.get(truth.category)!.truths.push(truth);
    for (const detection of detections) present.get(detection.category)!.detections.push(detection);
    for (const [category, objects] of present) all[category]!.push({ ...image, ...objects });
  }
  return all;
}

/** The candidates of an image that has objects of one category only. */
export function candidatesOf(image: DetectionImage, overlap: Overlap): Candidates {
  const { truths } = image;
  const detections = [...image.detections].sort((a, b) => b.score! - a.score!).slice(0, MOST_DETECTIONS);
  return {
    truths: truths.map((truth) => ({
      crowd: truth.crowd ?? false,
      area: areaOf(truth, image.height, image.width),
    })),
    scores: Float64Array.from(detections, ({ score }) => score!),
    ...measured(detections, truths, overlap, image),
  };
}

/**
 * Matches candidates at each threshold. True objects outside of the range of areas and crowds are ignored: a detection that
 * takes one is ignored too, and so is one that takes none and lies outside of the range.
 */
export function matchCandidates(
  { truths, scores, areas, overlaps }: Candidates,
  [least, largest]: AreaRange,
  thresholds: readonly number[],
): Matches {
  const outside = (area: number): boolean => area < least || area > largest;
  const skipped = truths.map(({ crowd, area }) => crowd || outside(area));
  // Objects that count come before those that are ignored, each in the order of the file.
  const order = [...truths.keys()].sort((a, b) => Number(skipped[a]) - Number(skipped[b]));
  const found = scores.length;
  const matched = new Uint8Array(thresholds.length * found);
  const ignored = new Uint8Array(thresholds.length * found);
  const taken = new Uint8Array(truths.length);
  for (const [t, threshold] of thresholds.entries()) {
    taken.fill(0);
    for (let d = 0; d < found; d++) {
      let [best, chosen] = [Math.min(threshold, 1 - 1e-10), -1];
      for (const g of order) {
        if (taken[g] === 1 && !truths[g]!.crowd) continue;
        if (chosen >= 0 && !skipped[chosen] && skipped[g]) break;
        const overlap = overlaps[d * truths.length + g]!;
        if (overlap < best) continue;
        [best, chosen] = [overlap, g];
      }
      const at = t * found + d;
      if (chosen >= 0) [matched[at], taken[chosen]] = [1, 1];
      ignored[at] = Number(chosen >= 0 ? skipped[chosen] : outside(areas[d]!));
    }
  }
  return { scores, matched, ignored, truths: skipped.filter((skip) => !skip).length };
}

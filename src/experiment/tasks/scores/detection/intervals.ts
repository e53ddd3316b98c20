// Intervals of average precision by drawing images anew: they are matched once, and only the ranking of their detections is done
// again for each draw.
import { bootstrapIntervals, type Interval } from "../../../../core/statistics/index.js";
import { precisionTable, RECALLS } from "./average-precision.js";
import {
  AREA_RANGES,
  candidatesOf,
  type DetectionImage,
  IOU_THRESHOLDS,
  imagesByCategory,
  type Matches,
  MOST_DETECTIONS,
  matchCandidates,
} from "./matching.js";

/** Draws of an interval, and the most images for which it is drawn: each draw sorts all detections. */
const [DRAWS, MOST_IMAGES] = [200, 1000];

const NONE: Matches = {
  scores: new Float64Array(0),
  matched: new Uint8Array(0),
  ignored: new Uint8Array(0),
  truths: 0,
};

/**
 * Percentile intervals of `ap` and `ap50` over images; none for more than a thousand.
 * @param groups group of each image
 */
export function precisionIntervals(
  images: readonly DetectionImage[],
  categories: number,
  groups?: readonly string[],
): Readonly<Record<string, Interval>> {
  if (images.length > MOST_IMAGES) return {};
  const apart = images.map((image) => imagesByCategory([image], categories));
  const matches = Array.from({ length: categories }, (_, category) =>
    apart.map((ofCategories) => {
      const [image] = ofCategories[category]!;
      return image === undefined
        ? NONE
        : matchCandidates(candidatesOf(image, "boxes"), AREA_RANGES.all, IOU_THRESHOLDS);
    }),
  );
  return bootstrapIntervals(images.length, (rows) => figuresOf(matches, rows), {
    draws: DRAWS,
    method: "percentile",
    ...(groups && { groups }),
  });
}

/** AP and AP50 of some images; none where no object is on them. */
function figuresOf(matches: readonly (readonly Matches[])[], rows: Int32Array): Record<string, number> {
  const tables = matches.flatMap((ofCategory) => {
    const drawn = Array.from(rows, (row) => ofCategory[row]!);
    return precisionTable(drawn, IOU_THRESHOLDS.length, MOST_DETECTIONS) ?? [];
  });
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  if (tables.length === 0) return {};
  return {
    ap: mean(tables.map(({ precision }) => mean([...precision]))),
    ap50: mean(tables.map(({ precision }) => mean([...precision.subarray(0, RECALLS.length)]))),
  };
}

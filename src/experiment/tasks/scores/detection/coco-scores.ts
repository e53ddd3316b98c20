// COCO's twelve figures of a detector, by category and over all: equal to pycocotools' COCOeval on every set to 1e-12
// (tools/coco-fixtures.py). A figure that nothing defines, -1 there, is undefined here.
import { type PrecisionTable, precisionTable, RECALLS } from "./average-precision.js";
import {
  AREA_RANGES,
  type AreaName,
  candidatesOf,
  checkDetections,
  type DetectionImage,
  IOU_THRESHOLDS,
  imagesByCategory,
  MOST_DETECTIONS,
  matchCandidates,
  type Overlap,
} from "./matching.js";

/** Figures from 0 to 1; each a mean over thresholds of overlap (0.50 to 0.95 unless said), recalls and categories. */
export interface CocoScores {
  /** Average precision. */
  readonly ap: number | undefined;
  /** At an overlap of 0.50 and of 0.75. */
  readonly ap50: number | undefined;
  readonly ap75: number | undefined;
  /** Of objects up to 32 x 32 pixels, up to 96 x 96, and above. */
  readonly apSmall: number | undefined;
  readonly apMedium: number | undefined;
  readonly apLarge: number | undefined;
  /** Average recall with at most 1, 10 and 100 detections of an image and category. */
  readonly ar1: number | undefined;
  readonly ar10: number | undefined;
  readonly ar100: number | undefined;
  readonly arSmall: number | undefined;
  readonly arMedium: number | undefined;
  readonly arLarge: number | undefined;
}

/** Precision over recall at one overlap. */
export interface PrecisionCurve {
  /** Precision at recalls 0, 0.01, ..., 1. */
  readonly precision: Float64Array;
  /** Score above which each recall is reached; 0 where it is not. */
  readonly scores: Float64Array;
}

export interface CategoryScores extends CocoScores {
  /** True objects that count: crowds do not. */
  readonly truths: number;
  readonly detections: number;
  /** The curve at an overlap of 0.50 with 100 detections an image; undefined without true objects. */
  readonly curve: PrecisionCurve | undefined;
}

export interface DetectionScores extends CocoScores {
  readonly categories: readonly CategoryScores[];
}

/** One figure: precision or recall, over which objects, with how many detections, at which overlap. */
interface Figure {
  readonly of: "precision" | "recall";
  readonly area: AreaName;
  readonly most: number;
  /** Index in IOU_THRESHOLDS; left out for all. */
  readonly threshold?: number;
}

const precisionOf = (area: AreaName): Figure => ({ of: "precision", area, most: MOST_DETECTIONS });
const recallOf = (area: AreaName, most = MOST_DETECTIONS): Figure => ({ of: "recall", area, most });

const FIGURES: Readonly<Record<keyof CocoScores, Figure>> = {
  ap: precisionOf("all"),
  ap50: { ...precisionOf("all"), threshold: 0 },
  ap75: { ...precisionOf("all"), threshold: 5 },
  apSmall: precisionOf("small"),
  apMedium: precisionOf("medium"),
  apLarge: precisionOf("large"),
  ar1: recallOf("all", 1),
  ar10: recallOf("all", 10),
  ar100: recallOf("all"),
  arSmall: recallOf("small"),
  arMedium: recallOf("medium"),
  arLarge: recallOf("large"),
};

/** Names of the twelve figures, in COCO's order. */
export const COCO_SCORES = Object.keys(FIGURES) as readonly (keyof CocoScores)[];

/** Tables by range of areas and number of detections; undefined without true objects. */
type Tables = ReadonlyMap<string, PrecisionTable | undefined>;
const keyOf = ({ area, most }: Pick<Figure, "area" | "most">): string => `${area} ${most}`;

/** A figure as the mean over categories that have true objects of its range. */
function meanOf({ of, threshold, ...which }: Figure, categories: readonly Tables[]): number | undefined {
  const tables = categories.map((tables) => tables.get(keyOf(which))).filter((table) => table !== undefined);
  if (tables.length === 0) return undefined;
  const values = tables.flatMap((table) => {
    const each = of === "precision" ? RECALLS.length : 1;
    return [...(threshold === undefined ? table[of] : table[of].subarray(threshold * each, (threshold + 1) * each))];
  });
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const scoresOf = (categories: readonly Tables[]): CocoScores =>
  Object.fromEntries(COCO_SCORES.map((name) => [name, meanOf(FIGURES[name], categories)])) as unknown as CocoScores;

/**
 * COCO's figures of detections on images.
 * @param images in the order of their ids: it decides between equal scores
 * @param categories number of categories; objects name them by index
 * @param overlap of boxes (default) or of masks
 * @throws FoveaError for an unknown category and for a detection without a score.
 * @example detectionScores([{ width: 640, height: 480, truths, detections }], 3).ap50
 */
export function detectionScores(
  images: readonly DetectionImage[],
  categories: number,
  overlap: Overlap = "boxes",
): DetectionScores {
  checkDetections(images, categories);
  const all = imagesByCategory(images, categories).map((images) => tablesOf(images, overlap));
  return {
    ...scoresOf(all.map(({ tables }) => tables)),
    categories: all.map(({ tables, truths, detections }) => {
      const table = tables.get(keyOf(FIGURES.ap50));
      const cut = (values: Float64Array): Float64Array => values.slice(0, RECALLS.length);
      return {
        ...scoresOf([tables]),
        truths,
        detections,
        curve: table && { precision: cut(table.precision), scores: cut(table.scores) },
      };
    }),
  };
}

/** All tables of a category, from the images that have it. */
function tablesOf(images: readonly DetectionImage[], overlap: Overlap) {
  const candidates = images.map((image) => candidatesOf(image, overlap));
  const tables = new Map<string, PrecisionTable | undefined>();
  for (const area of Object.keys(AREA_RANGES) as AreaName[]) {
    const matches = candidates.map((candidate) => matchCandidates(candidate, AREA_RANGES[area], IOU_THRESHOLDS));
    const wanted = new Set(Object.values(FIGURES).flatMap((figure) => (figure.area === area ? [figure.most] : [])));
    for (const most of wanted) tables.set(keyOf({ area, most }), precisionTable(matches, IOU_THRESHOLDS.length, most));
  }
  const total = (count: (candidate: (typeof candidates)[number]) => number): number =>
    candidates.reduce((sum, candidate) => sum + count(candidate), 0);
  return {
    tables,
    truths: total(({ truths }) => truths.filter(({ crowd }) => !crowd).length),
    detections: total(({ scores }) => scores.length),
  };
}

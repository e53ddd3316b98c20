// Scores of detectors: COCO's figures, curves of precision over recall, confusion with background.
export { RECALLS } from "./average-precision.js";
export { bestScore } from "./best-threshold.js";
export {
  type CategoryScores,
  COCO_SCORES,
  type CocoScores,
  type DetectionScores,
  detectionScores,
  type PrecisionCurve,
} from "./coco-scores.js";
export { detectionConfusion, type PairedObjects, type PairOptions, pairObjects } from "./confusion.js";
export { definedScores, detectionFacts, errorsIn, type ImageErrors, imageErrors, worstImages } from "./facts.js";
export { precisionIntervals } from "./intervals.js";
export { AREA_RANGES, type AreaName, type DetectionImage, IOU_THRESHOLDS, type Overlap } from "./matching.js";

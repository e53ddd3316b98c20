// Scores of segmentations: overlaps of classes by pixels, and their borders.
export { type BoundaryOptions, type BoundaryScores, boundaryScores } from "./boundary.js";
export {
  type ClassOverlap,
  IGNORED_PIXEL,
  type PixelScores,
  pixelConfusion,
  pixelScores,
  type SegmentedImage,
} from "./pixel-scores.js";

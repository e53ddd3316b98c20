// Figures of maps of classes, and their facts.
export { boundaryScores } from "./boundary.js";
export { type ClassOverlap, confusionsOf, type MaskPairs, type Overlaps, overlaps, summed } from "./confusion.js";
export { imageOverlaps, segmentationFacts, worstOverlaps } from "./facts.js";

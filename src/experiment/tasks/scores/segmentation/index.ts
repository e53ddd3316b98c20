// Figures of maps of classes, and their facts.
export { type ClassOverlap, confusionsOf, type MaskPairs, type Overlaps, overlaps, summed } from "./confusion.js";
export { imageOverlaps, segmentationFacts, worstOverlaps } from "./facts.js";

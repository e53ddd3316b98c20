// Augmentation of images together with their annotations: the face of the room.
export { drawMovement, type MovementRanges } from "./draw-movement.js";
export { drawMosaic, type Mosaic, mosaicClassMap, mosaicObjects, mosaicPixels, type Quarter } from "./mosaic.js";
export { type MoveObjectsOptions, moveMask, moveObjects } from "./move-objects.js";
export { type MovePixelsOptions, moveClassMap, movePixels } from "./move-pixels.js";
export type { AffineCoefficients, Movement } from "./movement.js";
export * as movements from "./movement.js";

// Options for loading images, from the preprocessing of a recipe or a model. Older recipes lack orientation and depth;
// the defaults are what Fovea did then: no orientation, 16-bit grey cut off at 255.
import type { TargetOptions } from "../../data/index.js";
import type { Preprocessing } from "../../formats/run/recipe.js";

/**
 * The options of `loadImage` and `loadImages` by which images are decoded as a recipe or a model wants them.
 * @param preprocessing of a recipe or a model's file
 * @example
 * const look = lookOf({ imageSize: [12, 12], color: "grayscale", interpolation: "bilinear", orientation: "exif" });
 * const photo = await loadImage("photo.png", look); // [12, 12, 1]
 */
export function lookOf(
  preprocessing: Preprocessing,
): TargetOptions & { readonly height: number; readonly width: number } {
  const { imageSize, color, interpolation, crop, orientation = "stored", depth = "cut" } = preprocessing;
  const [height, width] = imageSize;
  return { height, width, color, interpolation, orientation, depth, ...(crop === undefined ? {} : { crop }) };
}

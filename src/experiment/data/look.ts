// Options for loading images, from the preprocessing of a recipe or a model. Older recipes lack orientation and depth;
// the defaults are what Fovea did then: no orientation, 16-bit grey cut off at 255.
import type { TargetOptions } from "../../data/index.js";
import type { Preprocessing } from "../../formats/run/recipe.js";

/** The options of `loadImage` and `loadImages`. */
export function lookOf(
  preprocessing: Preprocessing,
): TargetOptions & { readonly height: number; readonly width: number } {
  const { imageSize, color, interpolation, crop, orientation = "stored", depth = "cut" } = preprocessing;
  const [height, width] = imageSize;
  return { height, width, color, interpolation, orientation, depth, ...(crop === undefined ? {} : { crop }) };
}

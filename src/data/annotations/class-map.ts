// Class maps: a number for each pixel of an image, as networks of segmentation learn them and mask files store them.
import { FoveaError } from "../../core/errors.js";
import { IGNORED } from "../targets/targets.js";
import type { AnnotatedImage } from "./model.js";
import { maskOf } from "./outline.js";
import { maskArea, pixelsOfMask } from "./run-lengths.js";

/** The number of pixels that are of no category. */
export const BACKGROUND = 0;
/** The most categories that numbers of a byte tell apart. */
export const MOST_CLASSES = IGNORED - 1;

/**
 * The class of each pixel, `[height, width]` row by row: 0 for the background, a category's index + 1, and 255 for pixels
 * that count nowhere (crowds too). Smaller objects lie on larger ones.
 * @throws FoveaError for categories beyond the 254th
 * @example
 * const dent = { category: 0, box: [1, 1, 2, 1] };
 * const map = classMapOf({ name: "1.jpg", width: 4, height: 3, objects: [dent] });
 * map[5]; // 1: the second pixel of the second row
 */
export function classMapOf({ width, height, objects, ignored }: AnnotatedImage): Uint8Array {
  const map = new Uint8Array(height * width);
  const masks = objects.map((object) => ({ object, mask: maskOf(object, height, width) }));
  const order = masks
    .map((painted) => ({ ...painted, area: maskArea(painted.mask) }))
    .sort((a, b) => Number(b.object.crowd ?? false) - Number(a.object.crowd ?? false) || b.area - a.area);
  const paint = (pixels: Uint8Array, value: number): void => {
    for (let i = 0; i < map.length; i++) if (pixels[i] === 1) map[i] = value;
  };
  for (const { object, mask } of order) {
    if (object.category >= MOST_CLASSES)
      throw new FoveaError(
        "too-large",
        `class maps have at most ${MOST_CLASSES} categories, received ${object.category + 1}`,
      );
    paint(pixelsOfMask(mask), object.crowd === true ? IGNORED : object.category + 1);
  }
  if (ignored !== undefined) paint(pixelsOfMask(ignored), IGNORED);
  return map;
}

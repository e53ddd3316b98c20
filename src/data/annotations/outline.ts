// The pixels and the area of an annotated object, by the best that is known of it: mask, then polygon, then box.
import { joinedRing, polygonOfMask } from "./contours.js";
import type { AnnotatedBox, Ring, RunLengths } from "./model.js";
import { maskOfBox, maskOfPolygon } from "./polygons.js";
import { maskArea } from "./run-lengths.js";

/**
 * The mask of an object on an image of this size; that of its box where nothing else is known.
 * @param height Height of the image in pixels.
 * @param width Width of the image in pixels.
 * @example
 * const object = { category: 0, box: [1, 1, 2, 2] };
 * maskArea(maskOf(object, 4, 4)); // 4
 * areaOf(object, 4, 4); // 4
 */
export function maskOf({ mask, polygon, box }: AnnotatedBox, height: number, width: number): RunLengths {
  if (mask !== undefined) return mask;
  return polygon !== undefined && polygon.length > 0
    ? maskOfPolygon(polygon, height, width)
    : maskOfBox(box, height, width);
}

/**
 * The area of an object in pixels: as its file has it, else of its mask or polygon in whole pixels, else of its box.
 * @param object The object with its box, mask or polygon.
 * @param height Height of the image in pixels.
 * @param width Width of the image in pixels.
 */
export function areaOf(object: AnnotatedBox, height: number, width: number): number {
  if (object.area !== undefined) return object.area;
  if (object.mask === undefined && object.polygon === undefined) return object.box[2] * object.box[3];
  return maskArea(maskOf(object, height, width));
}

/** The outlines of an object: of its mask along the edges of pixels, else its polygon; none where only its box is known. */
export const outlinesOf = ({ mask, polygon }: AnnotatedBox): readonly Ring[] =>
  mask !== undefined ? polygonOfMask(mask) : (polygon ?? []);

/** The outline of an object as one ring; undefined where only its box is known. */
export function outlineOf(object: AnnotatedBox): Ring | undefined {
  const rings = outlinesOf(object);
  return rings.length === 0 ? undefined : joinedRing(rings);
}

// Objects of an image that was annotated as it is stored, turned as the image is shown: pixels of photos lie on their side in
// the file, and EXIF data say how a viewer turns them.
import type { Orientation } from "../decoders/index.js";
import { turnUpright, uprightPoint, uprightSize } from "../orientation.js";
import type { AnnotatedBox, AnnotatedImage, Box, Ring, RunLengths } from "./model.js";
import { pixelsOfMask, runLengthsOf } from "./run-lengths.js";

function uprightMask(mask: RunLengths, orientation: Orientation): RunLengths {
  const pixels = { height: mask.height, width: mask.width, channels: 1 as const, data: pixelsOfMask(mask) };
  const { data, height, width } = turnUpright(pixels, orientation);
  return runLengthsOf(data, height, width);
}

/**
 * An image's annotations as the image is shown. Fields without a meaning here are left out of the objects: they may be positions.
 * @param image annotations of the image as stored, with the stored width and height
 * @param orientation EXIF's number, 1 to 8
 */
export function uprightAnnotations(image: AnnotatedImage, orientation: Orientation): AnnotatedImage {
  const stored = { width: image.width, height: image.height, orientation };
  const point = (x: number, y: number): [x: number, y: number] => uprightPoint(stored, x, y);
  const boxOf = ([x, y, width, height]: Box): Box => {
    const [[left, top], [right, bottom]] = [point(x, y), point(x + width, y + height)];
    return [Math.min(left, right), Math.min(top, bottom), Math.abs(right - left), Math.abs(bottom - top)];
  };
  const ringOf = (ring: Ring): Ring => ring.flatMap((x, i) => (i % 2 === 0 ? point(x, ring[i + 1]!) : []));
  const objectOf = ({ fields, polygon, mask, ...object }: AnnotatedBox): AnnotatedBox => ({
    ...object,
    box: boxOf(object.box),
    ...(polygon !== undefined && { polygon: polygon.map(ringOf) }),
    ...(mask !== undefined && { mask: uprightMask(mask, orientation) }),
  });
  const { ignored } = image;
  return {
    ...image,
    ...uprightSize(stored),
    objects: image.objects.map(objectOf),
    ...(ignored !== undefined && { ignored: uprightMask(ignored, orientation) }),
  };
}

// Mosaics: four images in the quarters of one, around a random point (Bochkovskiy, Wang and Liao, YOLOv4, 2020). Each image is
// moved by a movement of its own into its quarter, and its objects are cut off at the quarter's edges.
import { FoveaError } from "../../core/errors.js";
import type { Random } from "../../core/random.js";
import type { AnnotatedBox, ImageSize } from "../annotations/index.js";
import type { Pixels } from "../pixels.js";
import { type MoveObjectsOptions, moveObjects } from "./move-objects.js";
import { type MovePixelsOptions, moveClassMap, movePixels } from "./move-pixels.js";
import { cropped, joinedMovement, type Movement, resized } from "./movement.js";

/** A quarter: the movement of its image into it, and the place of its top left corner. */
export interface Quarter {
  /** The movement of the image into its quarter. */
  readonly movement: Movement;
  /** Column of the quarter's left edge, in pixels. */
  readonly left: number;
  /** Row of the quarter's upper edge, in pixels. */
  readonly top: number;
}

/** Four quarters: top left, top right, bottom left, bottom right. */
export interface Mosaic {
  /** Size of the result in pixels. */
  readonly size: ImageSize;
  /** The four quarters. */
  readonly quarters: readonly Quarter[];
}

/** Range of the point where the quarters meet, as shares of the sides. */
const MIDDLE = [0.25, 0.75] as const;

/**
 * A mosaic drawn for four images: the point where they meet, and for each the window of its quarter's proportions that is
 * shown, half of the largest to all of it.
 * @param sizes of the four images
 * @param random Generator of the draws.
 * @param size Size of the result in pixels.
 * @throws FoveaError unless there are four, and for a result below 4 x 4 pixels
 * @example
 * const four = [0, 1, 2, 3].map((n) => ({ width: 12, height: 12, channels: 1, data: images.data.slice(144 * n, 144 * n + 144) }));
 * const mosaic = drawMosaic(random, four, { width: 16, height: 16 });
 * const picture = mosaicPixels(four, mosaic); // 16 x 16
 * const classes = mosaicClassMap(four.map(({ data }) => data.map(() => 1)), mosaic);
 * const boxes = mosaicObjects(four.map(() => [{ category: 0, box: [2, 2, 8, 8] }]), mosaic, { leastVisible: 0.2 });
 */
export function drawMosaic(random: Random, sizes: readonly ImageSize[], size: ImageSize): Mosaic {
  if (sizes.length !== 4)
    throw new FoveaError("length-mismatch", `drawMosaic: expected four images, received ${sizes.length}`);
  if (size.width < 4 || size.height < 4)
    throw new FoveaError(
      "out-of-range",
      `drawMosaic: expected a result of at least 4 x 4 pixels, received ${size.width} x ${size.height}`,
    );
  const [x, y] = [size.width, size.height].map((extent) => Math.round(random.between(...MIDDLE) * extent)) as [
    number,
    number,
  ];
  const quarters = sizes.map((from, i): Quarter => {
    const [isRight, isLower] = [i % 2 === 1, i >= 2];
    const to = { width: isRight ? size.width - x : x, height: isLower ? size.height - y : y };
    const scale = Math.min(from.width / to.width, from.height / to.height) * random.between(0.5, 1);
    const window = { width: scale * to.width, height: scale * to.height };
    const [left, top] = [
      (from.width - window.width) * random.uniform(),
      (from.height - window.height) * random.uniform(),
    ];
    // The window is not of whole pixels; it is only a place between two movements.
    const movement = joinedMovement(cropped(from, left, top, window), resized(window, to));
    return { movement, left: isRight ? x : 0, top: isLower ? y : 0 };
  });
  return { size, quarters };
}

/** The quarters' pixels in one image. */
function assembled({ size, quarters }: Mosaic, parts: readonly Pixels[]): Pixels {
  const { channels } = parts[0]!;
  if (parts.some((part) => part.channels !== channels))
    throw new FoveaError(
      "shape-mismatch",
      "mosaic: expected images with the same number of channels; convert them first",
    );
  const data = new Uint8Array(size.width * size.height * channels);
  for (const [i, part] of parts.entries()) {
    const { left, top } = quarters[i]!;
    const row = part.width * channels;
    for (let y = 0; y < part.height; y++)
      data.set(part.data.subarray(y * row, (y + 1) * row), ((top + y) * size.width + left) * channels);
  }
  return { ...size, channels, data };
}

/**
 * The four images in one.
 * @param images The four images.
 * @param mosaic A mosaic that `drawMosaic` gave.
 * @throws FoveaError for images of other sizes or numbers of channels
 */
export const mosaicPixels = (images: readonly Pixels[], mosaic: Mosaic, options: MovePixelsOptions = {}): Pixels =>
  assembled(
    mosaic,
    mosaic.quarters.map(({ movement }, i) => movePixels(images[i]!, movement, options)),
  );

/**
 * The four maps of classes in one.
 * @param maps A class a pixel of each of the four images, row by row.
 * @param mosaic A mosaic that `drawMosaic` gave.
 */
export const mosaicClassMap = (maps: readonly Uint8Array[], mosaic: Mosaic): Uint8Array =>
  assembled(
    mosaic,
    mosaic.quarters.map(({ movement }, i) => ({ ...movement.to, channels: 1, data: moveClassMap(maps[i]!, movement) })),
  ).data;

/**
 * The objects of the four images on the one, cut off at the edges of their quarters.
 * @param objects The objects of each of the four images.
 */
export function mosaicObjects(
  objects: readonly (readonly AnnotatedBox[])[],
  { size, quarters }: Mosaic,
  options: MoveObjectsOptions = {},
): AnnotatedBox[] {
  return quarters.flatMap(({ movement, left, top }, i) => {
    const inQuarter = moveObjects(objects[i]!, movement, options);
    // From the quarter to the whole, which shows nothing else of it.
    return moveObjects(inQuarter, cropped(movement.to, -left, -top, size), { leastVisible: 0 });
  });
}

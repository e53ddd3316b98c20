// Four pictures of 16 x 16 pixels in few colours, small enough to be read as numbers: a round yellow mouth that looks up,
// left or right, and a pink ghost. Circles and wedges, no stored pixels.
import { oneOf } from "../../core/errors.js";
import type { Pixels } from "../pixels.js";

/** Names of the small pictures that pages show. */
export const SMALL_IMAGES = ["up", "left", "right", "ghost"] as const;
/** Names of the small pictures; the first three say where the mouth opens. */
export type SmallImage = (typeof SMALL_IMAGES)[number];

type Rgb = readonly [red: number, green: number, blue: number];

const SIDE = 16;
const MIDDLE = (SIDE - 1) / 2;
const BLACK: Rgb = [0, 0, 0];
const YELLOW: Rgb = [255, 255, 0];
const PINK: Rgb = [255, 163, 177];
const WHITE: Rgb = [255, 255, 255];
const BLUE: Rgb = [51, 0, 255];

/** Squared distance from the middle of the picture. */
const squared = (x: number, y: number): number => (x - MIDDLE) ** 2 + (y - MIDDLE) ** 2;

/** The mouth that opens to the left: a disc without a wedge and an eye. */
function mouth(x: number, y: number): Rgb {
  const isOpen = x + 2 * Math.abs(y - MIDDLE) < 10;
  const isEye = x === 7 && y === 3;
  return squared(x, y) <= 60 && !isOpen && !isEye ? YELLOW : BLACK;
}

/** A dome over a straight body with a scalloped hem, and two eyes that look to the left. */
function ghost(x: number, y: number): Rgb {
  if (y < MIDDLE && squared(x, y) > 64) return BLACK;
  if (y >= 13 && Math.abs((x % 6) - 3) <= y - 13) return BLACK;
  const eyeX = x < 8 ? x - 3 : x - 9;
  const isEye = eyeX >= 0 && eyeX < 4 && y >= 3 && y <= 8 && (eyeX === 1 || eyeX === 2 || (y > 3 && y < 8));
  if (!isEye) return PINK;
  return eyeX < 2 && (y === 6 || y === 7) ? BLUE : WHITE;
}

const COLOR_AT: Readonly<Record<SmallImage, (x: number, y: number) => Rgb>> = {
  up: (x, y) => mouth(y, SIDE - 1 - x),
  left: mouth,
  right: (x, y) => mouth(SIDE - 1 - x, y),
  ghost,
};

/**
 * A picture of 16 x 16 RGB pixels that shows what an image is to a computer: rows of numbers.
 * @param name `"up"`, `"left"`, `"right"` (143 yellow pixels on black) or `"ghost"`.
 * @throws FoveaError for another name.
 * @example const { data } = smallImage("left"); // 768 bytes
 */
export function smallImage(name: SmallImage): Pixels {
  const colorAt = COLOR_AT[oneOf("smallImage", name, SMALL_IMAGES)];
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++)
    data.set(colorAt(pixel % SIDE, Math.floor(pixel / SIDE)), 3 * pixel);
  return { width: SIDE, height: SIDE, channels: 3, data };
}

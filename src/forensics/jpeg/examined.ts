// Parts of an image that several methods read: its coefficients and its brightness, each computed once.
import { breather } from "../../platform/breather.js";
import type { ExaminedImage } from "../record/image.js";
import { luminanceOf, type Plane } from "../signal/plane.js";
import { type Coefficients, readCoefficients } from "./coefficients.js";
import { type DoubleCompression, doubleCompression, planeOf } from "./double-compression.js";

/** A function of an image that is computed once for each. */
function once<T>(compute: (image: ExaminedImage) => Promise<T>): (image: ExaminedImage) => Promise<T> {
  const known = new WeakMap<ExaminedImage, Promise<T>>();
  return (image) => {
    const found = known.get(image) ?? compute(image);
    known.set(image, found);
    return found;
  };
}

/** The quantised coefficients of a JPEG file. @throws BadImage */
export const coefficientsOf: (image: ExaminedImage) => Promise<Coefficients> = once((image) =>
  readCoefficients(image.bytes),
);

/** The brightness of any image: of a JPEG file as its blocks give it, without rounding, of others from its pixels. */
export const brightnessOf: (image: ExaminedImage) => Promise<Plane> = once(async (image) =>
  image.format === "JPEG" ? planeOf(await coefficientsOf(image), breather()) : luminanceOf(await image.pixels()),
);

/** Two compressions on the grid of the file. @throws BadImage */
export const doubleCompressionOf: (image: ExaminedImage) => Promise<DoubleCompression> = once(async (image) =>
  doubleCompression(await coefficientsOf(image), await brightnessOf(image)),
);

/** Blocks below which counts of coefficients tell nothing. */
const LEAST_BLOCKS = 256;

/** Checks whether a file has too few blocks for statistics of its coefficients. */
export const isTooSmall = ({ columns, rows }: Coefficients): boolean => columns * rows < LEAST_BLOCKS;

/** The sentence of a method about such a file. */
export const TOO_SMALL = "The picture is too small for this method.";

/** A number with so many digits behind the point, without zeros at the end. */
export const digits = (value: number, behind = 2): string => String(Number(value.toFixed(behind)));

/** A share as whole percent. */
export const percent = (share: number): string => `${Math.round(100 * share)} %`;

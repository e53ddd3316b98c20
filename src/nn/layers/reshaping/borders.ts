// Borders of images as Keras's padding and cropping layers take them: one number, one for each axis, or one for each
// side.
import { FoveaError, shown } from "../../../core/errors.js";
import type { Json } from "../../../core/json.js";
import { wholeNumber } from "../../../core/options.js";

/** `1`, `[1, 2]` for height and width, or `[[top, bottom], [left, right]]`. */
export type Borders = number | readonly [Side, Side];
type Side = number | readonly [number, number];

export type Sides = readonly [readonly [number, number], readonly [number, number]];

/** @throws FoveaError unless all are whole numbers of at least 0. */
export function bordersOf(what: string, borders: Borders): Sides {
  const both = (side: unknown): readonly [number, number] => {
    if (typeof side === "number") return [wholeNumber(what, side, 0), side];
    if (!Array.isArray(side) || side.length !== 2)
      throw new FoveaError(
        "wrong-type",
        `${what}: expected a whole number, [height, width] or [[top, bottom], [left, right]], ` +
          `received ${shown(borders)}`,
      );
    return [wholeNumber(what, side[0], 0), wholeNumber(what, side[1], 0)];
  };
  if (typeof borders === "number") return [both(borders), both(borders)];
  const [vertical, horizontal] = Array.isArray(borders) && borders.length === 2 ? borders : [undefined, undefined];
  return [both(vertical), both(horizontal)];
}

/** Borders from a Keras config. */
export const bordersFromKeras = (value: Json | undefined, fallback: Borders): Borders =>
  value === undefined || value === null ? fallback : (value as unknown as Borders);

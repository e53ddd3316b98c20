// Movements of an image with all that is annotated on it: flips, turns, zooms, shifts, crops and resizing as one affine map. The
// same movement moves pixels (move-pixels.ts), boxes, outlines and masks (move-objects.ts), so that they stay together. Training moves
// images and targets in its graph, by the same maps (core/affine-maps.ts); here whole annotations move, for mosaics and files.
import { type AffineMapOf, type MapArithmetic, shiftMap, turnMap, zoomMap } from "../../core/affine-maps.js";
import { FoveaError } from "../../core/errors.js";
import { cos, sin } from "../../core/math.js";
import type { ImageSize } from "../annotations/index.js";

/** Coefficients of a map, which are those of the layers of augmentation. */
export type AffineCoefficients = AffineMapOf<number>;

const OF_NUMBERS: MapArithmetic<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  neg: (a) => -a,
  cos,
  sin,
};

/** A movement from an image of one size to one of another. */
export interface Movement {
  /** Size of the image before. */
  readonly from: ImageSize;
  /** Size of the image afterwards. */
  readonly to: ImageSize;
  /** Coefficients from a pixel of the result to its origin. */
  readonly map: AffineCoefficients;
}

/** The movement that changes nothing. */
export const still = (size: ImageSize): Movement => ({ from: size, to: size, map: [1, 0, 0, 0, 1, 0] });

/** Mirrors left to right, top to bottom, or both. */
export function flipped(size: ImageSize, { across = false, down = false }): Movement {
  const [a, a2] = across ? [-1, size.width - 1] : [1, 0];
  const [b, b2] = down ? [-1, size.height - 1] : [1, 0];
  return { from: size, to: size, map: [a, 0, a2, 0, b, b2] };
}

/** Turns around the centre; `share` is a share of a full turn, above zero counterclockwise, as in `randomRotation`. */
export function turned(size: ImageSize, share: number): Movement {
  return { from: size, to: size, map: turnMap(OF_NUMBERS, share * 2 * Math.PI, size.height, size.width) };
}

/** Zooms around the centre; 0.2 shows 20 % more, -0.2 20 % less, as in `randomZoom`. */
export function zoomed(size: ImageSize, down: number, across = down): Movement {
  return { from: size, to: size, map: zoomMap(OF_NUMBERS, 1 + down, 1 + across, size.height, size.width) };
}

/** Shifts by shares of height and width; above zero down and to the right, as in `randomTranslation`. */
export const shifted = (size: ImageSize, down: number, across: number): Movement => ({
  from: size,
  to: size,
  map: shiftMap(OF_NUMBERS, down, across, size.height, size.width),
});

/** Cuts a window out, its left and top in pixels; it may reach over the edge. */
export const cropped = (from: ImageSize, left: number, top: number, to: ImageSize): Movement => ({
  from,
  to,
  map: [1, 0, left, 0, 1, top],
});

/** Resizes to a height and a width, whatever becomes of the proportions. */
export function resized(from: ImageSize, to: ImageSize): Movement {
  const [right, down] = [from.width / to.width, from.height / to.height];
  return { from, to, map: [right, 0, right / 2 - 0.5, 0, down, down / 2 - 0.5] };
}

/** Resizes with proportions kept, all of the image in the middle of the result; the rest is outside. */
export function fitted(from: ImageSize, to: ImageSize): Movement {
  const scale = Math.max(from.width / to.width, from.height / to.height);
  const offset = (extent: number, wanted: number): number => extent / 2 - (scale * wanted) / 2 + scale / 2 - 0.5;
  return { from, to, map: [scale, 0, offset(from.width, to.width), 0, scale, offset(from.height, to.height)] };
}

/** One movement after the other. @throws FoveaError where the second is of another size than the first gives */
export function joinedMovement(first: Movement, second: Movement): Movement {
  if (first.to.width !== second.from.width || first.to.height !== second.from.height)
    throw new FoveaError(
      "shape-mismatch",
      `movements: expected one from ${first.to.width} x ${first.to.height} pixels, received one from ${second.from.width} x ${second.from.height}`,
    );
  const [a0, a1, a2, b0, b1, b2] = first.map;
  const [c0, c1, c2, d0, d1, d2] = second.map;
  return {
    from: first.from,
    to: second.to,
    map: [
      ...([a0 * c0 + a1 * d0, a0 * c1 + a1 * d1, a0 * c2 + a1 * d2 + a2] as const),
      ...([b0 * c0 + b1 * d0, b0 * c1 + b1 * d1, b0 * c2 + b1 * d2 + b2] as const),
    ],
  };
}

/** A function from positions of the image to positions of the result; both count from the edge, as boxes do. */
export function forwards({ map }: Movement): (x: number, y: number) => [x: number, y: number] {
  const [a0, a1, a2, b0, b1, b2] = map;
  const determinant = a0 * b1 - a1 * b0;
  if (determinant === 0)
    throw new FoveaError("out-of-range", "movements: expected a map that keeps areas, received one that flattens them");
  return (x, y) => {
    // Centres of pixels lie half a pixel behind their edges.
    const [dx, dy] = [x - 0.5 - a2, y - 0.5 - b2];
    return [(b1 * dx - a1 * dy) / determinant + 0.5, (a0 * dy - b0 * dx) / determinant + 0.5];
  };
}

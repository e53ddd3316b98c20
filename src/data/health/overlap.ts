// The part that two pictures have in common, from one tile that both show: one is laid on the other by it, moved until the
// two agree best, and their details are compared.
import { searchedPart } from "./part-search.js";
import { correlation, details, halved, mirrored, type Part, type Square, sampled, standardized } from "./thumbnail.js";

/** A size in pixels. */
export interface Sized {
  readonly width: number;
  readonly height: number;
}

/** A picture as it is compared: a square of grey levels and its halves, the largest first. */
export interface LaidPicture extends Sized {
  readonly sizes: readonly Square[];
}

/** A tile: centre and side in units of the longer side of its picture. */
export interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** Two pictures laid on each other. */
export interface Overlap {
  /** The correlation of the details of the common part, 1 for the same. */
  readonly similarity: number;
  readonly isMirrored: boolean;
  /** The common part in each picture; in the first as it lies there before it is mirrored. */
  readonly partOfFirst: Part;
  readonly partOfSecond: Part;
}

/** Levels each way of the parts while they are moved, and when their details are compared. */
const [ROUGH, FINE] = [16, 32];
/** Parts that are smaller in both pictures show too little. */
const LEAST_EXTENT = 0.12;
/** Steps of the search, as shares of the part. */
const STEPS = [0.04, 0.02, 0.01, 0.005];

/**
 * Lays the first picture on the second so that a tile of it lies on one of the second.
 * @returns undefined where the common part is too small
 */
export function laidOn(
  first: LaidPicture,
  second: LaidPicture,
  [tile, other]: readonly [TilePlace, TilePlace],
  isMirrored: boolean,
): Overlap | undefined {
  const [a, b] = [unitsOf(first), unitsOf(second)];
  const scale = other.side / tile.side;
  const x = isMirrored ? a.width - tile.x : tile.x;
  const [left, top] = [other.x - scale * x, other.y - scale * tile.y];
  // The common part in the second picture, in its units.
  const from = { x: Math.max(0, left), y: Math.max(0, top) };
  const to = { x: Math.min(b.width, left + scale * a.width), y: Math.min(b.height, top + scale * a.height) };
  if (to.x <= from.x || to.y <= from.y) return undefined;
  const partOfSecond: Part = {
    ...{ left: from.x / b.width, right: to.x / b.width },
    ...{ top: from.y / b.height, bottom: to.y / b.height },
  };
  const inFirst: Part = {
    ...{ left: (from.x - left) / (scale * a.width), right: (to.x - left) / (scale * a.width) },
    ...{ top: (from.y - top) / (scale * a.height), bottom: (to.y - top) / (scale * a.height) },
  };
  if (Math.max(extentOf(inFirst), extentOf(partOfSecond)) < LEAST_EXTENT) return undefined;
  const shown = isMirrored ? first.sizes.map(mirrorOf) : first.sizes;
  const found = searched(standardized(partAs(shown, inFirst, ROUGH)), second.sizes, partOfSecond);
  const similarity = correlation(
    details(partAs(shown, inFirst, FINE), FINE),
    details(partAs(second.sizes, found, FINE), FINE),
  );
  const partOfFirst = isMirrored ? { ...inFirst, left: 1 - inFirst.right, right: 1 - inFirst.left } : inFirst;
  return { similarity: Math.min(1, similarity), isMirrored, partOfFirst, partOfSecond: found };
}

/** Width and height in units of the longer side. */
function unitsOf({ width, height }: Sized): Sized {
  const longer = Math.max(width, height);
  return { width: width / longer, height: height / longer };
}

/** The smaller side of a part, as a share of the picture's. */
const extentOf = ({ left, right, top, bottom }: Part): number => Math.min(right - left, bottom - top);

/** A square picture and its halves, the largest first. */
export function sizesOf(square: Square): Square[] {
  const sizes = [square];
  while (sizes.at(-1)!.side >= 2 * ROUGH) sizes.push(halved(sizes.at(-1)!));
  return sizes;
}

const mirrorOf = ({ side, levels }: Square): Square => ({ side, levels: mirrored(Float32Array.from(levels), side) });

/** A part of a picture as a square, from the size of the picture whose levels are about as far apart. */
function partAs(sizes: readonly Square[], part: Part, extent: number): Float32Array {
  const fits = sizes.findLast(({ side }) => extentOf(part) * side >= extent) ?? sizes[0]!;
  return sampled(fits, part, extent);
}

/** The part of a picture that is most like a standardized square, near a first guess. */
function searched(wanted: Float32Array, picture: readonly Square[], guess: Part): Part {
  const [across, down] = [guess.right - guess.left, guess.bottom - guess.top];
  return searchedPart(
    guess,
    STEPS.map((share) => ({ across: share * across, down: share * down })),
    (part) => correlation(wanted, standardized(partAs(picture, part, ROUGH))),
    (part) => extentOf(part) >= extentOf(guess) / 2,
  );
}

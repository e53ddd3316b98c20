// Parts of a picture that were copied within it, also turned a little, enlarged a little, or with noise: Cozzolino,
// Poggi, Verdoliva 2015, "Efficient dense-field copy-move forgery detection" (IEEE TIFS 10(11)). Large pictures are
// searched reduced, so that copies below some 25 pixels of the reduced picture are missed; flat parts tell nothing.
// Found parts are compared in the full picture, where honest likenesses (windows, leaves) differ in their noise and
// copies do not.
import { breather } from "../../platform/breather.js";
import { type Blob, blobsAbove, type Grid, smoothed } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";
import { agreement } from "./likeness.js";
import { LEAST_AWAY, type Matches, patchMatch } from "./patch-match.js";
import { DIMENSIONS, MARGIN, ringFeatures } from "./ring-features.js";

/** A part that has its like elsewhere, in cells of the grid. */
export interface CopiedPart extends Blob {
  /** From the part to its like, in pixels of the picture. */
  readonly dx: number;
  readonly dy: number;
  /** Correlation of the finest details of both, -1 to 1, at the best of the places around. */
  readonly likeness: number;
}

export interface CopyMove {
  /** The share of pixels around each cell that have a mutual match, 0 to 1. */
  readonly matched: Grid;
  /** Parts, largest first. */
  readonly parts: readonly CopiedPart[];
}

/** The most pixels that are searched; larger pictures are reduced by a whole number first. */
const MOST_PIXELS = 220_000;
/** Pixels by which a match's match may miss the pixel. */
const NEAR = 3;
/** A match must be so many times nearer in features than the pixel's own surroundings. */
const DISTINCT = 0.35;
/** Directions about a pixel, four pixels away. */
const BESIDE: readonly (readonly [right: number, down: number])[] = [
  ...([
    [4, 0],
    [4, 2],
    [3, 3],
    [2, 4],
    [0, 4],
    [-2, 4],
    [-3, 3],
    [-4, 2],
  ] as const),
  ...([
    [-4, 0],
    [-4, -2],
    [-3, -3],
    [-2, -4],
    [0, -4],
    [2, -4],
    [3, -3],
    [4, -2],
  ] as const),
];
/** Pixels around each whose matches are counted, and the share of them that makes a part. */
const RADIUS = 5;
const LEAST_SHARE = 0.4;
/** The least share of the picture that makes a part. */
const LEAST_AREA = 0.0015;
const MOST_PARTS = 20;

/** The picture reduced by means of squares of a whole number of pixels. */
export function reduced({ width, height, values }: Plane, factor: number): Plane {
  if (factor === 1) return { width, height, values };
  const [w, h] = [Math.floor(width / factor), Math.floor(height / factor)];
  const out = new Float32Array(w * h);
  for (let y = 0; y < h * factor; y++) {
    const row = Math.floor(y / factor) * w;
    for (let x = 0; x < w * factor; x++) out[row + Math.floor(x / factor)]! += values[y * width + x]!;
  }
  return { width: w, height: h, values: out.map((sum) => sum / (factor * factor)) };
}

/** Looks for copied parts. */
export async function copyMove(plane: Plane): Promise<CopyMove | undefined> {
  const pause = breather();
  const factor = Math.max(1, Math.ceil(Math.sqrt((plane.width * plane.height) / MOST_PIXELS)));
  const small = reduced(plane, factor);
  if (Math.min(small.width, small.height) < 4 * MARGIN + LEAST_AWAY) return undefined;
  const features = await ringFeatures(small, pause);
  const matches = await patchMatch(features, small.width, small.height, pause);
  const mutual = mutualMatches(matches, features);
  await pause();
  const matched = smoothed({ width: small.width, height: small.height, cell: factor, values: mutual }, RADIUS);
  const least = Math.max(120, LEAST_AREA * mutual.length);
  const parts = blobsAbove(matched, LEAST_SHARE)
    .filter(({ cells }) => cells >= least)
    .slice(0, MOST_PARTS)
    .map((blob) => ({ ...blob, ...agreement(plane, matches, mutual, blob, factor) }));
  return { matched, parts };
}

/**
 * 1 for each pixel whose match has its own match near the pixel, and that is like no place beside it in any direction: flat
 * parts are, and edges along themselves.
 */
function mutualMatches({ width, height, dx, dy, distance }: Matches, features: Float32Array): Float32Array {
  const beside = BESIDE.map(([right, down]) => down * width + right);
  const out = new Float32Array(width * height);
  for (let y = MARGIN + 4; y < height - MARGIN - 4; y++)
    for (let x = MARGIN + 4; x < width - MARGIN - 4; x++) {
      const at = y * width + x;
      const there = at + dy[at]! * width + dx[at]!;
      if (Math.abs(dx[at]! + dx[there]!) > NEAR || Math.abs(dy[at]! + dy[there]!) > NEAR) continue;
      if (beside.every((offset) => distance[at]! < DISTINCT * distanceOf(features, at, at + offset))) out[at] = 1;
    }
  return out;
}

function distanceOf(features: Float32Array, a: number, b: number): number {
  let sum = 0;
  for (let k = 0; k < DIMENSIONS; k++) sum += (features[a * DIMENSIONS + k]! - features[b * DIMENSIONS + k]!) ** 2;
  return sum;
}

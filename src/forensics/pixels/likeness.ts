// Likeness of two parts of a picture in their finest details, once a field of matches says where they lie: a copy keeps
// the noise of the original, and two windows of the same house do not share it.
import { type Blob, medianOf } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";
import type { Matches } from "./patch-match.js";

export interface Likeness {
  readonly dx: number;
  readonly dy: number;
  /** Correlation, -1 to 1; 0 where there are no details. */
  readonly likeness: number;
}

/** Pixels that are compared at most. */
const MOST_COMPARED = 3000;
/** Details are cut to so many times their median. */
const MOST_DETAIL = 4;
/** Likeness from which the places around are looked at. */
const LEAST_PEAK = 0.25;
/** Pixels from the peak at which other places begin, and at which they end. */
const PEAK = 4;
const AROUND = 12;

/** An affine map: place in the picture > place of its like. */
interface Affine {
  readonly x: readonly [number, number, number];
  readonly y: readonly [number, number, number];
}

/**
 * The likeness of a part and its match. It counts where it has one sharp peak: details of edges and of patterns agree in
 * other places as well, so that the best of the places around the peak is taken off. Details beyond a few times their median
 * are cut to that, so that noise decides and edges do not; a part without noise has none that could agree.
 * @param matches of the picture reduced by `factor`
 * @param mutual 1 for each pixel of the reduced picture whose match is believed
 */
export function agreement(plane: Plane, matches: Matches, mutual: Float32Array, blob: Blob, factor: number): Likeness {
  const places = placesIn(matches, mutual, blob);
  const affine = robustFit(places, factor);
  if (affine === undefined) return { dx: 0, dy: 0, likeness: 0 };
  const every = Math.max(1, Math.floor(places.length / MOST_COMPARED));
  const half = (factor - 1) / 2;
  const inFull = places
    .filter((_, i) => i % every === 0)
    .map(({ x, y }) => ({ x: Math.round(x * factor + half), y: Math.round(y * factor + half) }))
    .filter(({ x, y }) => x >= 1 && y >= 1 && x < plane.width - 1 && y < plane.height - 1);
  const compared = { plane, places: inFull, affine, most: MOST_DETAIL * medianDetail(plane, inFull) };
  // The reduced picture knows places to half a pixel of its own.
  const reach = factor === 1 ? 1 : factor;
  let [best, bestX, bestY] = [0, 0, 0];
  for (let shiftY = -reach; shiftY <= reach; shiftY++)
    for (let shiftX = -reach; shiftX <= reach; shiftX++) {
      const likeness = correlationOf(compared, shiftX, shiftY);
      if (likeness > best) [best, bestX, bestY] = [likeness, shiftX, shiftY];
    }
  const likeness = best < LEAST_PEAK ? best : best - aroundPeak(compared, bestX, bestY);
  const [x, y] = [((blob.left + blob.right) / 2) * factor, ((blob.top + blob.bottom) / 2) * factor];
  return {
    dx: Math.round(affine.x[0] * x + affine.x[1] * y + affine.x[2] - x),
    dy: Math.round(affine.y[0] * x + affine.y[1] * y + affine.y[2] - y),
    likeness,
  };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
}

/** The matched pixels of a part, in the reduced picture. */
function placesIn({ width, dx, dy }: Matches, mutual: Float32Array, { left, right, top, bottom }: Blob): Place[] {
  const places: Place[] = [];
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const at = y * width + x;
      if (mutual[at] === 1) places.push({ x, y, toX: x + dx[at]!, toY: y + dy[at]! });
    }
  return places;
}

/** Least squares, then again without the places that lie far off; in pixels of the full picture. */
function robustFit(places: readonly Place[], factor: number): Affine | undefined {
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  if (places.length < 30) return undefined;
  const [mx, my] = [middle(places.map(({ x, toX }) => toX - x)), middle(places.map(({ y, toY }) => toY - y))];
  const reach = 30;
  let kept = places.filter(({ x, y, toX, toY }) => Math.abs(toX - x - mx) < reach && Math.abs(toY - y - my) < reach);
  let affine: Affine | undefined;
  for (const most of [4, 1.5]) {
    const fit = fitOf(kept);
    if (fit === undefined) return undefined;
    affine = fit;
    kept = kept.filter(
      ({ x, y, toX, toY }) =>
        Math.hypot(fit.x[0] * x + fit.x[1] * y + fit.x[2] - toX, fit.y[0] * x + fit.y[1] * y + fit.y[2] - toY) < most,
    );
    if (kept.length < 30) return undefined;
  }
  const fine = fitOf(kept) ?? affine;
  // Pixel centres of the reduced picture stand for squares of `factor` pixels.
  const half = (factor - 1) / 2;
  const scaled = ([a, b, c]: readonly [number, number, number]): [number, number, number] => [
    a,
    b,
    factor * c + half * (1 - a - b),
  ];
  return fine && { x: scaled(fine.x), y: scaled(fine.y) };
}

function fitOf(places: readonly Place[]): Affine | undefined {
  const n = places.length;
  const mean = (value: (match: Place) => number): number => places.reduce((sum, match) => sum + value(match), 0) / n;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const xx = mean(({ x }) => (x - mx) ** 2);
  const yy = mean(({ y }) => (y - my) ** 2);
  const xy = mean(({ x, y }) => (x - mx) * (y - my));
  const determinant = xx * yy - xy * xy;
  if (determinant < 1e-6) return undefined;
  const row = (target: (match: Place) => number): [number, number, number] => {
    const m = mean(target);
    const [tx, ty] = [mean((match) => (match.x - mx) * target(match)), mean((match) => (match.y - my) * target(match))];
    const [a, b] = [(tx * yy - ty * xy) / determinant, (ty * xx - tx * xy) / determinant];
    return [a, b, m - a * mx - b * my];
  };
  return { x: row(({ toX }) => toX), y: row(({ toY }) => toY) };
}

/** The detail of a pixel: its difference from its eight neighbours. */
function detailAt({ width, values }: Plane, x: number, y: number): number {
  const at = y * width + x;
  const cross = values[at - 1]! + values[at + 1]! + values[at - width]! + values[at + width]!;
  const corners = values[at - width - 1]! + values[at - width + 1]! + values[at + width - 1]! + values[at + width + 1]!;
  return values[at]! - cross / 2 + corners / 4;
}

/** Details that are compared: places of the full picture, and where their like lies. */
interface Compared {
  readonly plane: Plane;
  readonly places: readonly { readonly x: number; readonly y: number }[];
  readonly affine: Affine;
  /** Details beyond it are cut to it. */
  readonly most: number;
}

function medianDetail(plane: Plane, places: Compared["places"]): number {
  return medianOf(places.map(({ x, y }) => Math.abs(detailAt(plane, x, y))));
}

/** The best likeness of other places around a peak: high along edges, and from one period of a pattern to the next. */
function aroundPeak(compared: Compared, peakX: number, peakY: number): number {
  let best = 0;
  for (let y = -AROUND; y <= AROUND; y++)
    for (let x = -AROUND; x <= AROUND; x++)
      if (x * x + y * y >= PEAK * PEAK) best = Math.max(best, correlationOf(compared, peakX + x, peakY + y));
  return best;
}

function correlationOf({ plane, places, affine, most }: Compared, shiftX: number, shiftY: number): number {
  const { x: ax, y: ay } = affine;
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  for (const { x, y } of places) {
    const [toX, toY] = [ax[0] * x + ax[1] * y + ax[2] + shiftX, ay[0] * x + ay[1] * y + ay[2] + shiftY];
    const [x0, y0] = [Math.floor(toX), Math.floor(toY)];
    if (x0 < 1 || y0 < 1 || x0 >= plane.width - 2 || y0 >= plane.height - 2) continue;
    const [u, v] = [toX - x0, toY - y0];
    const there =
      (1 - v) * ((1 - u) * detailAt(plane, x0, y0) + u * detailAt(plane, x0 + 1, y0)) +
      v * ((1 - u) * detailAt(plane, x0, y0 + 1) + u * detailAt(plane, x0 + 1, y0 + 1));
    const a = Math.max(-most, Math.min(most, detailAt(plane, x, y)));
    const b = Math.max(-most, Math.min(most, there));
    n++;
    sa += a;
    sb += b;
    saa += a * a;
    sbb += b * b;
    sab += a * b;
  }
  const [va, vb] = [saa / n - (sa / n) ** 2, sbb / n - (sb / n) ** 2];
  // Clipped and flat parts have no details that could agree.
  return n < 30 || va < 0.01 || vb < 0.01 ? 0 : (sab / n - (sa * sb) / (n * n)) / Math.sqrt(va * vb);
}

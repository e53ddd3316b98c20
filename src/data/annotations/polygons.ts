// Polygons as masks and as numbers: rasterization, areas and bounding boxes. A mask is that of pycocotools' rleFrPoly
// (maskApi.c) in every pixel: edges are walked in fifths of a pixel, and a pixel belongs where its centre is inside.
import { FoveaError } from "../../core/errors.js";
import { type Box, LIMITS, type Ring, type RunLengths } from "./model.js";
import { checkMaskSize, mergeMasks } from "./run-lengths.js";

/** Steps a pixel in which edges are walked. */
const STEPS = 5;
/** Coordinates whose steps 32 bits hold; the walk along an edge takes memory for each step. */
const MOST_STEPS = 50_000_000;

/** The largest distance from an image, in pixels, at which its annotations can have corners. */
export const reachOf = (height: number, width: number): number => 4 * Math.max(height, width) + 1000;

/** @throws FoveaError unless the ring has at least three corners at finite numbers near the image. */
function checkRing(what: string, ring: Ring, height: number, width: number): void {
  if (ring.length % 2 !== 0 || ring.length < 6)
    throw new FoveaError(
      "annotation-mismatch",
      `${what}: expected at least three corners, x and y of each, received ${ring.length} numbers`,
    );
  if (ring.length > 2 * LIMITS.corners)
    throw new FoveaError(
      "too-large",
      `${what}: expected at most ${LIMITS.corners} corners, received ${ring.length / 2}`,
    );
  const reach = reachOf(height, width);
  const wild = ring.find((value) => !(Math.abs(value) <= reach));
  if (wild !== undefined)
    throw new FoveaError(
      "annotation-mismatch",
      `${what}: expected corners within ${reach} pixels of an image ${height} x ${width}, received ${wild}`,
    );
}

/** Points along the boundary, in steps, the ring's corners in order. */
function walkedBoundary(what: string, ring: Ring): { readonly u: Int32Array; readonly v: Int32Array } {
  const corners = ring.length / 2;
  const x = new Int32Array(corners + 1);
  const y = new Int32Array(corners + 1);
  for (let i = 0; i <= corners; i++) {
    x[i] = Math.trunc(STEPS * ring[2 * (i % corners)]! + 0.5);
    y[i] = Math.trunc(STEPS * ring[2 * (i % corners) + 1]! + 0.5);
  }
  let points = 0;
  for (let i = 0; i < corners; i++) points += Math.max(Math.abs(x[i]! - x[i + 1]!), Math.abs(y[i]! - y[i + 1]!)) + 1;
  if (points > MOST_STEPS)
    throw new FoveaError(
      "too-large",
      `${what}: expected an outline of at most ${MOST_STEPS / STEPS} pixels, received ${points / STEPS}`,
    );
  const u = new Int32Array(points);
  const v = new Int32Array(points);
  let at = 0;
  for (let i = 0; i < corners; i++) {
    const [across, down] = [Math.abs(x[i + 1]! - x[i]!), Math.abs(y[i + 1]! - y[i]!)];
    const flat = across >= down;
    const flipped = flat ? x[i]! > x[i + 1]! : y[i]! > y[i + 1]!;
    const [from, to] = flipped ? [i + 1, i] : [i, i + 1];
    const length = flat ? across : down;
    const slope = length === 0 ? 0 : (flat ? y[to]! - y[from]! : x[to]! - x[from]!) / length;
    for (let step = 0; step <= length; step++, at++) {
      const t = flipped ? length - step : step;
      u[at] = flat ? t + x[from]! : Math.trunc(x[from]! + slope * t + 0.5);
      v[at] = flat ? Math.trunc(y[from]! + slope * t + 0.5) : t + y[from]!;
    }
  }
  return { u, v };
}

/** The mask of one ring. */
function maskOfRing(what: string, ring: Ring, height: number, width: number): RunLengths {
  checkRing(what, ring, height, width);
  const { u, v } = walkedBoundary(what, ring);
  // Places, column by column, at which the inside begins or ends.
  const places: number[] = [];
  for (let i = 1; i < u.length; i++) {
    if (u[i] === u[i - 1]) continue;
    const x = ((u[i]! < u[i - 1]! ? u[i]! : u[i]! - 1) + 0.5) / STEPS - 0.5;
    if (Math.floor(x) !== x || x < 0 || x > width - 1) continue;
    const y = (Math.min(v[i]!, v[i - 1]!) + 0.5) / STEPS - 0.5;
    places.push(x * height + Math.ceil(Math.max(0, Math.min(height, y))));
  }
  places.push(height * width);
  const sorted = Uint32Array.from(places).sort();
  const lengths = sorted.map((position, i) => position - (i === 0 ? 0 : sorted[i - 1]!));
  // Two ends at one place cancel each other: the runs beside them are one.
  const counts = [lengths[0]!];
  for (let i = 1; i < lengths.length; i++) {
    if (lengths[i]! > 0) counts.push(lengths[i]!);
    else if (++i < lengths.length) counts[counts.length - 1]! += lengths[i]!;
  }
  return { height, width, counts: Uint32Array.from(counts) };
}

/**
 * The mask of a polygon: the union of its rings.
 * @param polygon rings in pixels; what lies outside of the image is left out
 * @param height Height of the image in pixels.
 * @param width Width of the image in pixels.
 * @throws FoveaError for a ring of fewer than three corners, or far away from the image.
 * @example maskOfPolygon([[1, 1, 3, 1, 3, 3, 1, 3]], 4, 4)
 */
export function maskOfPolygon(polygon: readonly Ring[], height: number, width: number): RunLengths {
  checkMaskSize("maskOfPolygon", height, width);
  if (polygon.length === 0)
    throw new FoveaError("empty-input", "maskOfPolygon: expected at least one ring, received none");
  return mergeMasks(polygon.map((ring) => maskOfRing("maskOfPolygon", ring, height, width)));
}

/**
 * The mask of a box `[x, y, width, height]` in pixels, as pycocotools has it: that of its four corners.
 * @param imageHeight Height of the image in pixels.
 * @param imageWidth Width of the image in pixels.
 * @example maskBox(maskOfBox([1, 1, 2, 2], 4, 4)); // [1, 1, 2, 2]
 */
export function maskOfBox([x, y, width, height]: Box, imageHeight: number, imageWidth: number): RunLengths {
  return maskOfPolygon([[x, y, x, y + height, x + width, y + height, x + width, y]], imageHeight, imageWidth);
}

/**
 * The area that a ring encloses in square pixels (the shoelace formula); for rings that cross themselves, signed parts add up.
 * @param ring Corners as x, y, x, y and so on, in pixels.
 * @example ringArea([0, 0, 2, 0, 2, 3, 0, 3]); // 6
 */
export function ringArea(ring: Ring): number {
  let twice = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    twice += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
  return Math.abs(twice) / 2;
}

/**
 * The smallest box around all corners of a polygon.
 * @param polygon Rings in pixels.
 * @throws FoveaError for a polygon without corners.
 * @example polygonBox([[0, 0, 2, 0, 2, 3, 0, 3]]); // [0, 0, 2, 3]
 */
export function polygonBox(polygon: readonly Ring[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of polygon)
    for (let i = 0; i + 1 < ring.length; i += 2) {
      [left, right] = [Math.min(left, ring[i]!), Math.max(right, ring[i]!)];
      [top, bottom] = [Math.min(top, ring[i + 1]!), Math.max(bottom, ring[i + 1]!)];
    }
  if (left > right) throw new FoveaError("empty-input", "polygonBox: expected at least one corner, received none");
  return [left, top, right - left, bottom - top];
}

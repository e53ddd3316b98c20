// Polygons from masks: the outlines of their regions along the edges of pixels. `maskOfPolygon` gives the same mask back. A
// ring cannot have a hole, so a hole is joined to its region's outline by a slit of no width, walked to and fro.
import type { Ring, RunLengths } from "./model.js";
import { pixelsOfMask } from "./run-lengths.js";

/** Directions, clockwise, and the step of each. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** Pixels with a margin of one, so that neighbours need no checks. */
interface Framed {
  readonly stride: number;
  readonly rows: number;
  readonly inside: Uint8Array;
}

function framed(mask: RunLengths): Framed {
  const { height, width } = mask;
  const pixels = pixelsOfMask(mask);
  const stride = width + 2;
  const inside = new Uint8Array(stride * (height + 2));
  for (let y = 0; y < height; y++) inside.set(pixels.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  return { stride, rows: height + 2, inside };
}

/** Numbers, from 1, of the regions that pixels belong to; pixels of a region touch by their sides. */
function regionsOf({ stride, inside }: Framed): Int32Array {
  const regions = new Int32Array(inside.length);
  const waiting: number[] = [];
  let count = 0;
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] === 0 || regions[start] !== 0) continue;
    regions[start] = ++count;
    waiting.push(start);
    for (let pixel = waiting.pop(); pixel !== undefined; pixel = waiting.pop())
      for (const next of [pixel - 1, pixel + 1, pixel - stride, pixel + stride])
        if (inside[next] === 1 && regions[next] === 0) {
          regions[next] = count;
          waiting.push(next);
        }
  }
  return regions;
}

/** Edges that leave each corner of pixels, a bit a direction; the inside is to the right of an edge. */
function edgesOf({ stride, inside }: Framed): Uint8Array {
  const leaving = new Uint8Array(inside.length);
  for (let pixel = 0; pixel < inside.length; pixel++) {
    if (inside[pixel] === 0) continue;
    // The corner above and to the left of a pixel has the pixel's number.
    if (inside[pixel - stride] === 0) leaving[pixel]! |= 1;
    if (inside[pixel + 1] === 0) leaving[pixel + 1]! |= 2;
    if (inside[pixel + stride] === 0) leaving[pixel + stride + 1]! |= 4;
    if (inside[pixel - 1] === 0) leaving[pixel + stride]! |= 8;
  }
  return leaving;
}

interface Loop {
  readonly ring: number[];
  readonly region: number;
}

/** Takes the closed loop that leaves a corner out of the edges; corners on straight stretches are left out. */
function loopFrom(corner: number, { stride }: Framed, leaving: Uint8Array, regions: Int32Array): Loop {
  let direction = [0, 1, 2, 3].find((d) => (leaving[corner]! & (1 << d)) !== 0)!;
  // The pixel to the right of the first edge.
  const pixel = corner - [0, 1, stride + 1, stride][direction]!;
  const ring: number[] = [];
  let [at, before] = [corner, -1];
  while ((leaving[at]! & (1 << direction)) !== 0) {
    if (direction !== before) ring.push((at % stride) - 1, Math.floor(at / stride) - 1);
    leaving[at]! &= ~(1 << direction);
    const [dx, dy] = STEPS[direction]!;
    at += dx + dy * stride;
    before = direction;
    // A turn to the right stays at the pixel where two loops touch at a corner.
    const turns = [1, 0, 3].map((turn) => (before + turn) % 4);
    direction = turns.find((d) => (leaving[at]! & (1 << d)) !== 0) ?? before;
  }
  return { ring, region: regions[pixel]! };
}

/** Twice the area that a ring encloses, above zero where it runs clockwise on the screen. */
function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2)
    sum += ring[j]! * ring[i + 1]! - ring[i]! * ring[j + 1]!;
  return sum;
}

/** The outline with a hole let in behind its first corner, there and back by the same slit. */
const withHole = (outline: readonly number[], hole: readonly number[]): number[] => [
  ...outline.slice(0, 2),
  ...hole,
  ...hole.slice(0, 2),
  ...outline.slice(0, 2),
  ...outline.slice(2),
];

/**
 * Several rings as one, joined by slits of no width: the same pixels where the rings do not overlap.
 * @throws TypeError for no rings at all
 */
export const joinedRing = (rings: readonly Ring[]): Ring => rings.reduce((joined, ring) => withHole(joined, ring));

/**
 * The outlines of a mask's regions as rings in whole pixels, from the top; none for an empty mask. Pixels that touch at a
 * corner only are two regions.
 * @param mask Run lengths of the image's size.
 * @example polygonOfMask(runLengthsOf(Uint8Array.of(0, 1, 0, 1), 2, 2)) // [[1, 0, 2, 0, 2, 2, 1, 2]]
 */
export function polygonOfMask(mask: RunLengths): Ring[] {
  const frame = framed(mask);
  const regions = regionsOf(frame);
  const leaving = edgesOf(frame);
  const outlines = new Map<number, number[]>();
  const holes: Loop[] = [];
  for (let corner = 0; corner < leaving.length; corner++)
    while (leaving[corner] !== 0) {
      const loop = loopFrom(corner, frame, leaving, regions);
      if (signedArea(loop.ring) > 0) outlines.set(loop.region, loop.ring);
      else holes.push(loop);
    }
  for (const { ring, region } of holes) outlines.set(region, withHole(outlines.get(region)!, ring));
  return [...outlines.values()];
}

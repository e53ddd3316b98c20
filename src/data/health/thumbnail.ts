// Small grey pictures that images are compared by, and parts of these at any size. Lengths are shares of the picture,
// so that neither the size nor the proportions of the file matter.

/** Pixels along each side of a thumbnail. */
export const SIDE = 64;

/** `SIDE` rows of `SIDE` grey levels. */
export type Thumbnail = Uint8Array;

/** A part of a picture: from the left and the top, as shares of its width and height. */
export interface Part {
  /** The left edge, from 0 to 1. */
  readonly left: number;
  /** The upper edge, from 0 to 1. */
  readonly top: number;
  /** The right edge, from 0 to 1. */
  readonly right: number;
  /** The lower edge, from 0 to 1. */
  readonly bottom: number;
}

export const WHOLE: Part = { left: 0, top: 0, right: 1, bottom: 1 };

/** A square of grey levels, `side` rows of as many. */
export interface Square {
  /** Pixels of a side. */
  readonly side: number;
  /** Grey levels, row by row. */
  readonly levels: Float32Array | Uint8Array;
}

/** A square of half the size: the means of 2 x 2 levels. */
export function halved({ side, levels }: Square): Square {
  const half = side / 2;
  const out = new Float32Array(half * half);
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++) {
      const at = 2 * (y * side + x);
      out[y * half + x] = (levels[at]! + levels[at + 1]! + levels[at + side]! + levels[at + side + 1]!) / 4;
    }
  return { side: half, levels: out };
}

/** Positions of the samples of one axis: the level before each, and the share of the way to the next. */
function positions(side: number, from: number, to: number, count: number) {
  const before = new Int32Array(count);
  const share = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = (from + ((i + 0.5) / count) * (to - from)) * side - 0.5;
    before[i] = Math.max(0, Math.min(side - 2, Math.floor(at)));
    share[i] = Math.max(0, Math.min(1, at - before[i]!));
  }
  return { before, share };
}

/** A part of a square as `extent` x `extent` levels, between which it is bilinear. */
export function sampled({ side, levels }: Square, { left, top, right, bottom }: Part, extent: number): Float32Array {
  const columns = positions(side, left, right, extent);
  const rows = positions(side, top, bottom, extent);
  const out = new Float32Array(extent * extent);
  for (let y = 0, to = 0; y < extent; y++) {
    const row = rows.before[y]! * side;
    const down = rows.share[y]!;
    for (let x = 0; x < extent; x++) {
      const at = row + columns.before[x]!;
      const across = columns.share[x]!;
      const above = levels[at]! * (1 - across) + levels[at + 1]! * across;
      const below = levels[at + side]! * (1 - across) + levels[at + side + 1]! * across;
      out[to++] = above * (1 - down) + below * down;
    }
  }
  return out;
}

/** Left and right exchanged, in `side` rows of as many. */
export function mirrored(levels: Float32Array, side: number): Float32Array {
  const out = new Float32Array(levels.length);
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) out[y * side + x] = levels[y * side + side - 1 - x]!;
  return out;
}

/** The levels less their mean, of length 1, so that brightness and contrast do not matter; zeros when all are equal. */
export function standardized(levels: Float32Array): Float32Array {
  let mean = 0;
  for (const level of levels) mean += level / levels.length;
  let squares = 0;
  for (const level of levels) squares += (level - mean) ** 2;
  // Differences of less than a level are noise.
  const scale = squares < levels.length ? 0 : 1 / Math.sqrt(squares);
  const out = new Float32Array(levels.length);
  for (let i = 0; i < out.length; i++) out[i] = (levels[i]! - mean) * scale;
  return out;
}

/** Each level less the mean of its neighbourhood of 5 x 5, standardized: edges and texture without broad shading. */
export function details(levels: Float32Array, extent: number): Float32Array {
  const out = new Float32Array(levels.length);
  for (let y = 0; y < extent; y++)
    for (let x = 0; x < extent; x++) {
      let [sum, count] = [0, 0];
      for (let v = Math.max(0, y - 2); v <= Math.min(extent - 1, y + 2); v++)
        for (let u = Math.max(0, x - 2); u <= Math.min(extent - 1, x + 2); u++, count++) sum += levels[v * extent + u]!;
      out[y * extent + x] = levels[y * extent + x]! - sum / count;
    }
  return standardized(out);
}

/** The correlation of two standardized pictures: 1 for the same. */
export function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

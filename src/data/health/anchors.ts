// Places in a picture that are found again in its crops and insertions: blobs, extremes of the difference of Gaussians in
// position and scale (Lindeberg 1998, Lowe 2004). Tiles about them lie on the same content, whatever was cut off around it;
// a hash bears a shift of 2 % of a tile at most, which no grid of tiles could promise.
import { exp, pow } from "../../core/math.js";

/** Rows of grey levels. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly levels: Float32Array;
}

/** A blob: its centre in pixels, its standard deviation, and how much it stands out in levels. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly contrast: number;
}

/** Steps of scale from one size of a picture to half of it. */
const STEPS = 3;
/** The standard deviation of the finest smoothing, in pixels of each size. */
const FINEST = 1.6;
/** The standard deviation that pixels of any size have already. */
const STORED = 0.5;
/** Sizes of fewer pixels on a side are not searched. */
const LEAST_SIDE = 24;
/** Blobs that stand out less are noise. */
const LEAST_CONTRAST = 0.5;
/** The largest ratio of the principal curvatures of a blob; edges, along which a place is not fixed, have more. */
const MOST_RATIO = 8;

/** A picture of half the size: the means of 2 x 2 levels. */
export function half({ width, height, levels }: Plane): Plane {
  const [columns, rows] = [width >> 1, height >> 1];
  const out = new Float32Array(columns * rows);
  for (let y = 0, to = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const at = 2 * (y * width + x);
      out[to++] = (levels[at]! + levels[at + 1]! + levels[at + width]! + levels[at + width + 1]!) / 4;
    }
  return { width: columns, height: rows, levels: out };
}

/** Smooths a picture by a Gaussian; the levels of its border go on outside. */
function smoothed({ width, height, levels }: Plane, deviation: number): Plane {
  const radius = Math.ceil(3 * deviation);
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    exp(-((i - radius) ** 2) / (2 * deviation ** 2)),
  );
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const rows = new Float32Array(levels.length);
  const line = new Float32Array(width + 2 * radius);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < line.length; x++) line[x] = levels[y * width + Math.max(0, Math.min(width - 1, x - radius))]!;
    for (let x = 0; x < width; x++) {
      let total = 0;
      for (let i = 0; i < weights.length; i++) total += weights[i]! * line[x + i]!;
      rows[to++] = total / sum;
    }
  }
  const out = new Float32Array(levels.length);
  for (let y = 0; y < height; y++)
    for (let i = 0; i < weights.length; i++) {
      const from = Math.max(0, Math.min(height - 1, y + i - radius)) * width;
      const weight = weights[i]! / sum;
      for (let x = 0; x < width; x++) out[y * width + x]! += weight * rows[from + x]!;
    }
  return { width, height, levels: out };
}

/** The blobs of a picture, those that stand out most first. */
export function anchorsOf(picture: Plane): Anchor[] {
  const anchors: Anchor[] = [];
  let plane = picture;
  for (let size = 1; Math.min(plane.width, plane.height) >= LEAST_SIDE; size *= 2, plane = half(plane)) {
    const scales = Array.from({ length: STEPS + 3 }, (_, step) => FINEST * pow(2, step / STEPS));
    const smooth: Plane[] = [];
    for (const [step, scale] of scales.entries())
      smooth.push(smoothed(smooth[step - 1] ?? plane, Math.sqrt(scale ** 2 - (scales[step - 1] ?? STORED) ** 2)));
    const differences = smooth.slice(1).map(({ levels }, step) => {
      const finer = smooth[step]!.levels;
      return levels.map((level, at) => level - finer[at]!);
    });
    for (let step = 1; step <= STEPS; step++) anchors.push(...extremesOf(plane, differences, step, size));
  }
  return anchors.sort((a, b) => b.contrast - a.contrast);
}

/** The extremes of one step of scale, at places between pixels and steps. */
function extremesOf(
  { width, height }: Plane,
  differences: readonly Float32Array[],
  step: number,
  size: number,
): Anchor[] {
  const found: Anchor[] = [];
  const levels = differences[step]!;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const level = levels[at]!;
      if (Math.abs(level) < LEAST_CONTRAST || !isExtreme(differences, step, at, width)) continue;
      const [left, right, above, below] = [levels[at - 1]!, levels[at + 1]!, levels[at - width]!, levels[at + width]!];
      const [xx, yy] = [left + right - 2 * level, above + below - 2 * level];
      const xy =
        (levels[at + width + 1]! + levels[at - width - 1]! - levels[at + width - 1]! - levels[at - width + 1]!) / 4;
      const determinant = xx * yy - xy * xy;
      if (determinant <= 0 || (xx + yy) ** 2 > ((MOST_RATIO + 1) ** 2 / MOST_RATIO) * determinant) continue;
      const [finer, coarser] = [differences[step - 1]![at]!, differences[step + 1]![at]!];
      const scale = step + offset(finer, level, coarser);
      found.push({
        x: (x + 0.5 + offset(left, level, right)) * size,
        y: (y + 0.5 + offset(above, level, below)) * size,
        scale: FINEST * pow(2, scale / STEPS) * size,
        contrast: Math.abs(level),
      });
    }
  return found;
}

/** The place of the peak of a parabola through three levels, from the middle one. */
function offset(before: number, level: number, after: number): number {
  const curvature = before + after - 2 * level;
  return curvature === 0 ? 0 : Math.max(-0.5, Math.min(0.5, (before - after) / (2 * curvature)));
}

/** Checks whether a level is above or below all 26 about it. */
function isExtreme(differences: readonly Float32Array[], step: number, at: number, width: number): boolean {
  const level = differences[step]![at]!;
  for (let z = step - 1; z <= step + 1; z++)
    for (let row = at - width; row <= at + width; row += width)
      for (let i = row - 1; i <= row + 1; i++) {
        if (z === step && i === at) continue;
        const other = differences[z]![i]!;
        if (level > 0 ? other >= level : other <= level) return false;
      }
  return true;
}

// From linear light to the bytes of a photo: exposure, white balance, vignette, blur, noise, and the losses of a JPEG
// file, which are those of real ones: 8x8 cosine transforms, rounded by the standard's tables.
import { cos } from "../../../core/math.js";
import type { Random } from "../../../core/random.js";
import { grain } from "../grain.js";

/** Takes the photo: RGB bytes, row by row. */
export function takePhoto(light: Float64Array, width: number, height: number, random: Random): Uint8Array {
  let total = 0;
  for (const value of light) total += Math.min(1.2, value);
  const mean = total / light.length;
  // Cameras make dark cars brighter and bright ones darker, by half of the way.
  const gain = Math.sqrt(0.3 / Math.max(0.01, mean)) * random.between(0.85, 1.2);
  const warm = 0.05 * random.normal();
  const balance = [gain * (1 + warm), gain, gain * (1 - warm)];
  const vignette = random.between(0, 0.16);
  const planes = [0, 1, 2].map((channel) => {
    const plane = new Float64Array(width * height);
    for (let at = 0; at < plane.length; at++) {
      const x = (2 * ((at % width) + 0.5)) / width - 1;
      const y = (2 * (Math.floor(at / width) + 0.5)) / height - 1;
      plane[at] = balance[channel]! * (1 - vignette * (x * x + y * y)) * light[3 * at + channel]!;
    }
    return plane;
  });
  const softness = 0.2 * random.uniform();
  const noise = random.between(0.8, 3);
  for (const plane of planes) {
    soften(plane, width, height, softness);
    for (let at = 0; at < plane.length; at++) plane[at] = developed(plane[at]!) + noise * grain(random);
  }
  compress(planes, width, height, random.between(0.25, 1));
  const out = new Uint8Array(3 * width * height);
  for (let at = 0; at < width * height; at++)
    for (let i = 0; i < 3; i++) out[3 * at + i] = Math.round(Math.min(255, Math.max(0, planes[i]![at]!)));
  return out;
}

/** Light to a value of 0 to 255: a square root for the eye, a soft shoulder, and more contrast in the middle. */
function developed(light: number): number {
  const value = Math.sqrt(Math.max(0, light));
  const shown = value < 0.75 ? value : 0.75 + (0.25 * (value - 0.75)) / (value - 0.5);
  return 255 * (0.4 * shown + 0.6 * shown * shown * (3 - 2 * shown));
}

/** Blurs along rows, then columns: side, middle, side. */
function soften(plane: Float64Array, width: number, height: number, side: number): void {
  const pass = (start: number, stride: number, length: number): void => {
    let before = plane[start]!;
    for (let i = 0, at = start; i < length; i++, at += stride) {
      const here = plane[at]!;
      const after = i + 1 < length ? plane[at + stride]! : here;
      plane[at] = side * before + (1 - 2 * side) * here + side * after;
      before = here;
    }
  };
  for (let row = 0; row < height; row++) pass(row * width, 1, width);
  for (let column = 0; column < width; column++) pass(column, width, height);
}

/** Annex K of the JPEG standard, row by row. */
const LUMINANCE = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56],
  ...[14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];
const CHROMINANCE = LUMINANCE.map((_, i) => {
  const [row, column] = [i >> 3, i & 7];
  const corner = [17, 18, 24, 47, 18, 21, 26, 66, 24, 26, 56, 99, 47, 66, 99, 99];
  return row < 4 && column < 4 ? corner[4 * row + column]! : 99;
});

/** The orthonormal cosine transform: row k holds frequency k. */
const COSINES = Float64Array.from({ length: 64 }, (_, i) => {
  const [k, n] = [i >> 3, i & 7];
  return (k === 0 ? Math.sqrt(0.125) : 0.5) * cos(((2 * n + 1) * k * Math.PI) / 16);
});

const TRANSPOSED = COSINES.map((_, i) => COSINES[8 * (i & 7) + (i >> 3)]!);

/** Rounds the planes as JPEG does, `coarseness` being 1 at quality 50 and less above it. Changes them in place. */
function compress(planes: readonly Float64Array[], width: number, height: number, coarseness: number): void {
  const [red, green, blue] = planes as readonly [Float64Array, Float64Array, Float64Array];
  for (let at = 0; at < red.length; at++) {
    const [r, g, b] = [red[at]!, green[at]!, blue[at]!];
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    red[at] = y - 128;
    green[at] = 0.564 * (b - y);
    blue[at] = 0.713 * (r - y);
  }
  const work = { values: block(), half: block(), frequencies: block() };
  for (const [i, plane] of planes.entries())
    for (let top = 0; top < height; top += 8)
      for (let left = 0; left < width; left += 8)
        roundBlock(plane, { width, height, left, top }, i === 0 ? LUMINANCE : CHROMINANCE, coarseness, work);
  for (let at = 0; at < red.length; at++) {
    const [y, cb, cr] = [red[at]! + 128, green[at]!, blue[at]!];
    red[at] = y + 1.403 * cr;
    green[at] = y - 0.344 * cb - 0.714 * cr;
    blue[at] = y + 1.773 * cb;
  }
}

const block = (): Float64Array => new Float64Array(64);

/** Transforms one block, rounds its frequencies and transforms it back; beyond the picture its edge goes on. */
function roundBlock(
  plane: Float64Array,
  { width, height, left, top }: { width: number; height: number; left: number; top: number },
  table: readonly number[],
  coarseness: number,
  { values, half, frequencies }: Readonly<Record<"values" | "half" | "frequencies", Float64Array>>,
): void {
  const indexOf = (i: number): number =>
    Math.min(height - 1, top + (i >> 3)) * width + Math.min(width - 1, left + (i & 7));
  for (let i = 0; i < 64; i++) values[i] = plane[indexOf(i)]!;
  multiply(values, TRANSPOSED, half);
  multiply(COSINES, half, frequencies);
  for (let i = 0; i < 64; i++) {
    const step = coarseness * table[i]!;
    frequencies[i] = step * Math.round(frequencies[i]! / step);
  }
  multiply(frequencies, COSINES, half);
  multiply(TRANSPOSED, half, values);
  for (let i = 0; i < 64; i++) if (top + (i >> 3) < height && left + (i & 7) < width) plane[indexOf(i)] = values[i]!;
}

/** The product of two 8x8 matrices. */
function multiply(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let row = 0; row < 64; row += 8)
    for (let column = 0; column < 8; column++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) sum += a[row + k]! * b[8 * k + column]!;
      out[row + column] = sum;
    }
}

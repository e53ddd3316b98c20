// Traces of enlarging and turning: Popescu and Farid 2005 (IEEE TSP 53(2)) and Kirchner 2008 (ACM MM&Sec), who showed that
// a fixed linear predictor does. Interpolated pixels are predictable at a fixed rhythm, a peak in the spectrum; Mahdian and
// Saic 2008 find the same rhythm in second derivatives. Reducing leaves little, JPEG below quality 95 hides most, and
// fabrics or fences have a rhythm of their own.
import { cos, exp, log } from "../../core/math.js";
import { breather } from "../../platform/breather.js";
import { squareTransform } from "../signal/fourier.js";
import { type Grid, medianOf, smoothed } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";

export interface Resampling {
  /** The rhythm that stands out in the most windows, in cycles for each pixel, across and down. */
  readonly frequency: readonly [number, number];
  /** Share of the windows where it stands out. */
  readonly share: number;
  /** The log of that rhythm's power in each cell over the usual power at similar frequencies. */
  readonly power: Grid;
}

const SIDE = 64;
/** Windows are apart by so many pixels, or more where that makes too many of them. */
const STEPS = [16, 32, 64, 128] as const;
const MOST_WINDOWS = 3200;
/** Power over the usual, of a rhythm across and the same down, from which it stands out: (1 + x) e^-x of random bins do. */
export const RHYTHM = 14;
/** Bins near the middle, where the picture's own shapes are. */
const LOW = 5;

/** Looks for rhythms of interpolation in windows of 64 pixels. */
export async function resampling(plane: Plane): Promise<Resampling | undefined> {
  if (Math.min(plane.width, plane.height) < SIDE + 2) return undefined;
  const pause = breather();
  const windows = (size: number, step: number): number => Math.floor((size - SIDE - 2) / step) + 1;
  const step = STEPS.find((s) => windows(plane.width, s) * windows(plane.height, s) <= MOST_WINDOWS) ?? 256;
  const [width, height] = [windows(plane.width, step), windows(plane.height, step)];
  const spectra: Float32Array[] = [];
  const spectrum = spectrumOf(plane);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      spectra.push(spectrum(1 + column * step, 1 + row * step));
      await pause();
    }
  const best = commonBin(spectra);
  const strong = log(RHYTHM);
  const values = Float32Array.from(spectra, (power) => log(Math.max(1, around(power, best))));
  const [x, y] = [best % SIDE, Math.floor(best / SIDE)];
  const signed = (bin: number): number => (bin > SIDE / 2 ? bin - SIDE : bin) / SIDE;
  return {
    frequency: [signed(x), signed(y)],
    share: values.filter((value) => value > strong).length / values.length,
    power: spread(smoothed({ width, height, cell: step, values }, step < 64 ? 1 : 0), plane, step),
  };
}

/** The bin that stands out in the most windows. */
function commonBin(spectra: readonly Float32Array[]): number {
  const votes = new Float64Array(SIDE * SIDE);
  for (const power of spectra)
    for (let bin = 0; bin < power.length; bin++) if (power[bin]! > RHYTHM) votes[bin]! += power[bin]!;
  return votes.reduce((best, vote, bin) => (vote > votes[best]! ? bin : best), 0);
}

/** The largest power at a bin and those beside it. */
function around(power: Float32Array, bin: number): number {
  const [x, y] = [bin % SIDE, Math.floor(bin / SIDE)];
  let most = 0;
  for (let j = -1; j <= 1; j++)
    for (let i = -1; i <= 1; i++) most = Math.max(most, power[((y + j) & (SIDE - 1)) * SIDE + ((x + i) & (SIDE - 1))]!);
  return most;
}

/** Makes a function from a window's first pixel to its power at each bin over what is usual; 0 where none is looked for. */
function spectrumOf({ width, values }: Plane): (left: number, top: number) => Float32Array {
  const transform = squareTransform(SIDE);
  const real = new Float64Array(SIDE * SIDE);
  const imaginary = new Float64Array(SIDE * SIDE);
  const taper = Float64Array.from({ length: SIDE }, (_, i) => 0.5 - 0.5 * cos((2 * Math.PI * (i + 0.5)) / SIDE));
  const errors = new Float64Array(SIDE * SIDE);
  return (left, top) => {
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++) {
        const at = (top + y) * width + left + x;
        const cross = values[at - 1]! + values[at + 1]! + values[at - width]! + values[at + width]!;
        const corners =
          values[at - width - 1]! + values[at - width + 1]! + values[at + width - 1]! + values[at + width + 1]!;
        errors[y * SIDE + x] = Math.abs(values[at]! - cross / 2 + corners / 4);
      }
    // Strong edges would drown the rhythm: errors count by their ratio to the window's median.
    const scale = medianOf(errors) + 0.1;
    let mean = 0;
    for (let i = 0; i < errors.length; i++) {
      real[i] = exp(-((errors[i]! / scale) ** 2));
      mean += real[i]! / errors.length;
    }
    for (let i = 0; i < errors.length; i++) real[i] = (real[i]! - mean) * taper[i & (SIDE - 1)]! * taper[i >> 6]!;
    imaginary.fill(0);
    transform.apply(real, imaginary);
    return whitened(real, imaginary);
  };
}

/** Power over the mean power of bins around, which are further away than a peak is wide. */
function whitened(real: Float64Array, imaginary: Float64Array): Float32Array {
  const power = new Float64Array(SIDE * SIDE);
  let total = 0;
  for (let i = 0; i < power.length; i++) {
    power[i] = real[i]! * real[i]! + imaginary[i]! * imaginary[i]!;
    total += power[i]!;
  }
  const single = new Float32Array(SIDE * SIDE);
  const usual = smoothed({ width: SIDE, height: SIDE, cell: 1, values: Float32Array.from(power) }, 6).values;
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const [u, v] = [Math.min(x, SIDE - x), Math.min(y, SIDE - y)];
      if (u * u + v * v < LOW * LOW || isBlockRhythm(u, v)) continue;
      single[y * SIDE + x] = power[y * SIDE + x]! / (usual[y * SIDE + x]! + (0.1 * total) / power.length + 1e-12);
    }
  // Interpolation has the same rhythm across and down, a quarter of a turn apart; the other half mirrors these bins.
  const out = new Float32Array(SIDE * SIDE);
  for (let y = 0; y <= SIDE / 2; y++)
    for (let x = 0; x < SIDE / 2; x++)
      out[y * SIDE + x] = single[y * SIDE + x]! + single[x * SIDE + ((SIDE - y) & (SIDE - 1))]!;
  return out;
}

/** Rhythms of JPEG's blocks of 8 pixels, and of two, which sensors and displays have. */
const isBlockRhythm = (u: number, v: number): boolean => isNearEighth(u) && isNearEighth(v);

const isNearEighth = (bin: number): boolean => (bin + 1) % (SIDE / 8) <= 2;

/** A grid of windows as one of cells that cover the picture: each shows the window whose middle is nearest. */
function spread({ width, height, values }: Grid, plane: Plane, step: number): Grid {
  const [columns, rows] = [Math.ceil(plane.width / step), Math.ceil(plane.height / step)];
  const nearest = (cell: number, count: number): number =>
    Math.max(0, Math.min(count - 1, Math.round((cell * step + step / 2 - SIDE / 2) / step)));
  const out = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[row * columns + column] = values[nearest(row, height) * width + nearest(column, width)]!;
  return { width: columns, height: rows, cell: step, values: out };
}

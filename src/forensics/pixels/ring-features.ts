// Features of each pixel's surroundings that a turn does not change: magnitudes of circular harmonics on four rings,
// after Cozzolino, Poggi, Verdoliva 2015 (IEEE TIFS 10(11), polar harmonics of dense patches).
import { cos, sin } from "../../core/math.js";
import type { Plane } from "../signal/plane.js";

/** Radii of the rings in pixels; a patch reaches as far as the last. */
const RADII = [2, 4, 6, 8];
const SAMPLES = 16;
/** Harmonics 0 to 3 of each ring: mean and magnitudes. */
const HARMONICS = 4;
/** Numbers for each pixel. */
export const DIMENSIONS = RADII.length * HARMONICS;
/** Pixels at the edge that have no features. */
export const MARGIN = 9;

const [COSINES, SINES] = [cos, sin].map((wave) =>
  Float32Array.from({ length: HARMONICS * SAMPLES }, (_, i) =>
    wave((2 * Math.PI * Math.floor(i / SAMPLES) * (i % SAMPLES)) / SAMPLES),
  ),
) as [Float32Array, Float32Array];

/** The mean of 3 x 3 pixels with weights 1 2 1, so that a ring's samples stand for what lies between them. */
function blurred({ width, height, values }: Plane): Float32Array {
  const rows = new Float32Array(values.length);
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      rows[at] = (values[at - (x > 0 ? 1 : 0)]! + 2 * values[at]! + values[at + (x < width - 1 ? 1 : 0)]!) / 4;
    }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      out[at] = (rows[at - (y > 0 ? width : 0)]! + 2 * rows[at]! + rows[at + (y < height - 1 ? width : 0)]!) / 4;
    }
  return out;
}

/** Features of each pixel, DIMENSIONS numbers each, by rows; zeros at the MARGIN. */
export async function ringFeatures(plane: Plane, pause: () => Promise<void>): Promise<Float32Array> {
  const { width, height } = plane;
  const smooth = blurred(plane);
  const out = new Float32Array(width * height * DIMENSIONS);
  const offsets = RADII.map((radius) =>
    Int32Array.from({ length: SAMPLES }, (_, i) => {
      const angle = (2 * Math.PI * i) / SAMPLES;
      return Math.round(radius * sin(angle)) * width + Math.round(radius * cos(angle));
    }),
  );
  for (let y = MARGIN; y < height - MARGIN; y++) {
    for (let x = MARGIN; x < width - MARGIN; x++) {
      const at = y * width + x;
      for (let ring = 0; ring < RADII.length; ring++)
        describe(smooth, at, offsets[ring]!, out, at * DIMENSIONS + ring * HARMONICS);
    }
    await pause();
  }
  return out;
}

const ring = new Float32Array(SAMPLES);

function describe(smooth: Float32Array, at: number, offsets: Int32Array, out: Float32Array, to: number): void {
  let sum = 0;
  for (let i = 0; i < SAMPLES; i++) {
    ring[i] = smooth[at + offsets[i]!]!;
    sum += ring[i]!;
  }
  out[to] = sum / SAMPLES;
  for (let harmonic = 1; harmonic < HARMONICS; harmonic++) {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < SAMPLES; i++) {
      real += ring[i]! * COSINES[harmonic * SAMPLES + i]!;
      imaginary += ring[i]! * SINES[harmonic * SAMPLES + i]!;
    }
    // Twice over the number of samples: the amplitude of the wave, in levels as the mean.
    out[to + harmonic] = (2 * Math.sqrt(real * real + imaginary * imaginary)) / SAMPLES;
  }
}

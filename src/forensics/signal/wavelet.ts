// The finest diagonal details of a picture: one level of the wavelet of Daubechies with eight taps (db4), high-pass in
// both directions. Noise is most of what they hold.
import type { Plane } from "./plane.js";

/** High-pass taps of db4 (Daubechies 1992, table 6.1; PyWavelets' `dec_hi`). */
const HIGH: readonly number[] = [
  ...[-0.23037781330885523, 0.7148465705525415, -0.6308807679295904, -0.02798376941698385],
  ...[0.18703481171888114, 0.030841381835986965, -0.032883011666982945, -0.010597401784997278],
];

/**
 * Diagonal details of each 8 x 8 window at even places.
 * @returns half the size, less the windows that stand over; orthonormal, so that white noise keeps its deviation
 */
export async function diagonalDetails(plane: Plane, pause: () => Promise<void>): Promise<Plane> {
  const width = Math.max(0, (plane.width - 6) >> 1);
  const height = Math.max(0, (plane.height - 6) >> 1);
  const rows = new Float32Array(width * plane.height);
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * plane.width + 2 * x;
      let sum = 0;
      for (let tap = 0; tap < 8; tap++) sum += HIGH[tap]! * plane.values[at + tap]!;
      rows[y * width + x] = sum;
    }
    await pause();
  }
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < 8; tap++) sum += HIGH[tap]! * rows[(2 * y + tap) * width + x]!;
      values[y * width + x] = sum;
    }
    await pause();
  }
  return { width, height, values };
}

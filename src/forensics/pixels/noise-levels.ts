// Noise of each part of a picture: Mahdian and Saic 2009, "Using noise inconsistencies for blind image forensics" (Image
// and Vision Computing 27). A pasted part brings the noise of its own camera, and enlarging or blurring takes noise
// away. Texture is taken for noise, and bright, dark and blurred parts of an honest photo differ as well.
import { log } from "../../core/math.js";
import { breather } from "../../platform/breather.js";
import { type Grid, medianOf } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";
import { diagonalDetails } from "../signal/wavelet.js";

export interface NoiseLevels {
  /** Standard deviation of the noise in each cell, in levels. */
  readonly deviations: Grid;
  /** That of the middle cell. */
  readonly usual: number;
  /** The log of each cell's deviation over that of the middle cell, bounded to -2 to 2. */
  readonly difference: Grid;
}

/** Pixels across a cell: 64 or more details each. */
export const NOISE_CELL = 16;
/** The median of absolute values of a normal distribution of deviation 1 (Donoho and Johnstone 1994). */
const MAD = 0.6745;
/** Below it rounding to whole levels decides. */
const LEAST = 0.2;

/** Estimates the noise of each cell from the median of its finest diagonal details. */
export async function noiseLevels(plane: Plane): Promise<NoiseLevels> {
  const pause = breather();
  const details = await diagonalDetails(plane, pause);
  const side = NOISE_CELL / 2;
  const [width, height] = [Math.floor(details.width / side), Math.floor(details.height / side)];
  const values = new Float32Array(width * height);
  const magnitudes = new Float32Array(side * side);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let y = 0; y < side; y++)
        for (let x = 0; x < side; x++)
          magnitudes[y * side + x] = Math.abs(details.values[(row * side + y) * details.width + column * side + x]!);
      magnitudes.sort();
      values[row * width + column] = (magnitudes[(side * side) / 2 - 1]! + magnitudes[(side * side) / 2]!) / (2 * MAD);
    }
    await pause();
  }
  const usual = medianOf(values);
  const ratio = values.map((value) => Math.max(-2, Math.min(2, log(Math.max(value, LEAST) / Math.max(usual, LEAST)))));
  return {
    deviations: { width, height, cell: NOISE_CELL, values },
    usual,
    difference: { width, height, cell: NOISE_CELL, values: ratio },
  };
}

// Error level analysis: Krawetz 2007, "A picture's worth". The change of each block when the picture is saved again. It
// follows texture and edges more than history (Warif et al. 2015 find it weak), so it is shown and never scored.
import { breather } from "../../platform/breather.js";
import { forwardDct } from "../signal/dct.js";
import type { Grid } from "../signal/grid.js";
import type { Plane } from "../signal/plane.js";
import { standardTable } from "./quantization.js";

/** The quality that Krawetz saves with. */
export const ERROR_LEVEL_QUALITY = 95;

/**
 * The root of the mean squared change of each 8 x 8 block when the brightness is saved with a quality.
 * @param quality 1 to 100, libjpeg's. Default 95
 * @returns levels, 0 for no change
 */
export async function errorLevels(plane: Plane, quality = ERROR_LEVEL_QUALITY): Promise<Grid> {
  const pause = breather();
  const steps = standardTable("luminance", quality);
  const [width, height] = [Math.floor(plane.width / 8), Math.floor(plane.height / 8)];
  const values = new Float32Array(width * height);
  const block = new Float32Array(64);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      forwardDct(plane.values, 8 * row * plane.width + 8 * column, plane.width, block);
      let sum = 0;
      for (let k = 0; k < 64; k++) {
        const value = block[k]!;
        sum += (value - steps[k]! * Math.round(value / steps[k]!)) ** 2;
      }
      values[row * width + column] = Math.sqrt(sum / 64);
    }
    await pause();
  }
  return { width, height, cell: 8, values };
}

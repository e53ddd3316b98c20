// The upper half of a feature pyramid (Lin and others, "Feature Pyramid Networks", 2017): maps of coarse scales are enlarged and added
// to those of finer ones.
import { add, conv2d, type SymbolicTensor, upSampling2d } from "../nn/layers/index.js";

/**
 * Maps of the four scales of 1/2 to 1/16 of an image, added up to a quarter of it.
 * @param scales maps, the finest first; the finest is left out
 * @param filters channels of the result
 */
export function mergeScales(scales: readonly SymbolicTensor[], filters: number): SymbolicTensor {
  const lateral = (scale: number): SymbolicTensor =>
    conv2d(filters, 1, { name: `lateral${scale + 1}` }).apply(scales[scale]!);
  let merged = lateral(3);
  for (const scale of [2, 1]) {
    const up = upSampling2d(2, { name: `up${scale + 1}` }).apply(merged);
    merged = add({ name: `merged${scale + 1}` }).apply([lateral(scale), up]);
  }
  return merged;
}

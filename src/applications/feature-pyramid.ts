// The upper half of a feature pyramid (Lin and others, "Feature Pyramid Networks", 2017): maps of coarse scales are enlarged and added
// to those of finer ones.
import { add, conv2d, cropping2d, type SymbolicTensor, upSampling2d } from "../nn/layers/index.js";
import type { StrideMaps } from "./map-head.js";

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

/**
 * Maps of a base, added up to those of the least stride.
 * @param lateral brings the maps of a stride to the channels of the result
 */
export function mergeMaps(
  maps: StrideMaps,
  lateral: (map: SymbolicTensor, stride: number) => SymbolicTensor,
): SymbolicTensor {
  const [coarsest, ...finer] = [...maps.keys()].sort((a, b) => b - a);
  let merged = lateral(maps.get(coarsest!)!, coarsest!);
  for (const stride of finer) {
    const map = maps.get(stride)!;
    const up = upSampling2d(2, { name: `up${stride}` }).apply(merged);
    // A side that a stride does not divide is rounded up.
    const [bottom, right] = [up.shape[0]! - map.shape[0]!, up.shape[1]! - map.shape[1]!];
    const edges = [
      [0, bottom],
      [0, right],
    ] as const;
    const cut = bottom + right === 0 ? up : cropping2d(edges, { name: `cut${stride}` }).apply(up);
    merged = add({ name: `merged${stride}` }).apply([lateral(map, stride), cut]);
  }
  return merged;
}

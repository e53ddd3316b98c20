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
  const maps = new Map(scales.slice(1).map((map, i) => [4 * 2 ** i, map]));
  return mergeMaps(
    maps,
    (map, _stride, number) => conv2d(filters, 1, { name: `lateral${number}` }).apply(map),
    Math.log2,
  );
}

/**
 * Maps of some strides, added up to those of the least.
 * @param lateral brings the maps of a stride to the channels of the result
 * @param numbered number in the names of a stride's layers. Default: the stride
 */
export function mergeMaps(
  maps: StrideMaps,
  lateral: (map: SymbolicTensor, stride: number, number: number) => SymbolicTensor,
  numbered: (stride: number) => number = (stride) => stride,
): SymbolicTensor {
  const [coarsest, ...finer] = [...maps.keys()].sort((a, b) => b - a);
  let merged = lateral(maps.get(coarsest!)!, coarsest!, numbered(coarsest!));
  for (const stride of finer) {
    const number = numbered(stride);
    const map = maps.get(stride)!;
    const up = upSampling2d(2, { name: `up${number}` }).apply(merged);
    // A side that a stride does not divide is rounded up.
    const [bottom, right] = [up.shape[0]! - map.shape[0]!, up.shape[1]! - map.shape[1]!];
    const edges = [
      [0, bottom],
      [0, right],
    ] as const;
    const cut = bottom + right === 0 ? up : cropping2d(edges, { name: `cut${number}` }).apply(up);
    merged = add({ name: `merged${number}` }).apply([lateral(map, stride, number), cut]);
  }
  return merged;
}

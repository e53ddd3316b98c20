// Properties of CPUs for the compiler: vectors of four floats, and caches for each core. Programs depend on these
// numbers, and with them the order of every sum: changing a number changes the bits of all recipes.
import { computedSize, tilePoints } from "../../compile/geometry.js";
import type { Tiling } from "../../compile/kernels.js";
import type { Target } from "../../compile/target.js";
import { byteWidth } from "../../core/dtype.js";
import type { Numerics } from "../../core/graph/graph.js";

/** Tiles, and the cost of transforming one channel of a tile forth and back, in products. */
interface TileCost {
  readonly tiling: Tiling;
  readonly transform: number;
}

const FOUR_POINTS: TileCost = { tiling: { results: 2, cells: 3 }, transform: 70 };
/** Tiles of six points. Their larger factors round more: a result is some ten times as far from the exact one. */
const SIX_POINTS: readonly TileCost[] = [
  { tiling: { results: 4, cells: 3 }, transform: 250 },
  { tiling: { results: 2, cells: 5 }, transform: 250 },
];

const TILES: { readonly [N in Numerics]: readonly TileCost[] } = { 1: [FOUR_POINTS], 2: [FOUR_POINTS, ...SIX_POINTS] };

/** The tiles of a version by which a convolution takes fewest products; undefined where its plain loops take fewer. */
const fastestTiles: Target["winograd"] = (geometry, pool, numerics) => {
  const { filter, strides, dilation, spacing, inputChannels, outputChannels } = geometry;
  const plain = [...strides, ...dilation, ...spacing].every((step) => step === 1);
  const vectors = inputChannels % 4 === 0 && outputChannels % 4 === 0;
  if (!plain || !vectors) return undefined;
  const [height, width] = computedSize(geometry, pool);
  const products = inputChannels * outputChannels;
  let best = { cost: filter[0] * filter[1] * height * width * products, tiling: undefined as Tiling | undefined };
  for (const { tiling, transform } of TILES[numerics]) {
    const { results, cells } = tiling;
    // The maximum of a window is taken over whole tiles.
    const whole = pool === undefined || (results === 2 && pool.size.every((side) => side % 2 === 0));
    if (!whole || filter.some((side) => side !== cells)) continue;
    const tiles = Math.ceil(height / results) * Math.ceil(width / results);
    const cost = tiles * (tilePoints(tiling) * products + transform * (inputChannels + outputChannels));
    if (cost < best.cost) best = { cost, tiling };
  }
  return best.tiling;
};

/** CPUs, by way of WebAssembly's 128-bit vectors. */
export const CPU_TARGET: Target = {
  name: "cpu",
  /** A cache line. */
  alignment: 64,
  byteWidth,
  mostChunks: 16,
  /** A core's second-level cache, with room for the filters. */
  chunkBytes: 384 * 1024,
  longReduction: { elements: 8192, perResult: 512 },
  prologueSteps: 4,
  winograd: fastestTiles,
  sparsePooling: true,
};

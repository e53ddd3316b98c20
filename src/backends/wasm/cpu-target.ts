// Properties of CPUs for the compiler: vectors of four floats, and caches for each core. Programs depend on these
// numbers, and with them the order of every sum: changing a number changes the bits of all recipes.
import { computedSize, tilePoints } from "../../compile/geometry.js";
import type { Tiling } from "../../compile/kernels.js";
import type { Target } from "../../compile/target.js";
import { byteWidth } from "../../core/dtype.js";
import type { Numerics } from "../../core/graph/graph.js";

/** Tiles of Winograd's algorithm, and the products that a channel of a tile is worth for its transforms. */
interface TileCost {
  readonly tiling: Tiling;
  readonly transform: number;
}

/** The time of a convolution with its gradients, in products for each image. */
interface CostModel {
  readonly tiles: readonly TileCost[];
  /** Products of the plain loops: the time of each. */
  readonly plain: number;
  /** Time for each value of a transformed filter, which is shared by the images of a batch. */
  readonly filter: number;
  /** Tiles that are multiplied together: fewer take as long. */
  readonly rows: number;
}

/** Version 2 was fitted to the times that tools/measure-tiles.ts prints; tiles of six points are its own. */
const COSTS: { readonly [N in Numerics]: CostModel } = {
  1: { tiles: [{ tiling: { results: 2, cells: 3 }, transform: 70 }], plain: 1, filter: 0, rows: 1 },
  2: {
    tiles: [
      { tiling: { results: 2, cells: 3 }, transform: 30 },
      { tiling: { results: 4, cells: 3 }, transform: 160 },
      { tiling: { results: 2, cells: 5 }, transform: 160 },
    ],
    plain: 1.2,
    filter: 70,
    rows: 4,
  },
};

/** The tiles by which a convolution takes least time; undefined where its plain loops take less. */
const fastestTiles: Target["winograd"] = (geometry, pool, numerics) => {
  const { batch, filter, strides, dilation, spacing, inputChannels, outputChannels } = geometry;
  const single = [...strides, ...dilation, ...spacing].every((step) => step === 1);
  const vectors = inputChannels % 4 === 0 && outputChannels % 4 === 0;
  // The maximum of a window is taken over whole tiles.
  const whole = pool === undefined || pool.size.every((side) => side % 2 === 0);
  if (!single || !vectors || !whole) return undefined;
  // Under a pooling both versions have the tiles of the first.
  const model = COSTS[pool === undefined ? numerics : 1];
  const [height, width] = computedSize(geometry, pool);
  const products = inputChannels * outputChannels;
  let least = model.plain * filter[0] * filter[1] * height * width * products;
  let best: Tiling | undefined;
  for (const { tiling, transform } of model.tiles) {
    const { results, cells } = tiling;
    if (filter.some((side) => side !== cells)) continue;
    const tiles = Math.ceil(height / results) * Math.ceil(width / results);
    const rows = Math.ceil(tiles / model.rows) * model.rows;
    const transforms = tiles * transform * (inputChannels + outputChannels);
    const cost = tilePoints(tiling) * products * (rows + model.filter / batch) + transforms;
    if (cost >= least) continue;
    least = cost;
    best = tiling;
  }
  return best;
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

// Properties of CPUs for the compiler: vectors of four floats, and caches for each core. Programs depend on these
// numbers, and with them the order of every sum: changing a number changes the bits of all recipes.
import { computedSize } from "../../compile/geometry.js";
import type { ConvGeometry, PoolWindow } from "../../compile/kernels.js";
import type { Target } from "../../compile/target.js";
import { byteWidth } from "../../core/dtype.js";

/** Cost of transforming one channel of one tile, in products. */
const WINOGRAD_TRANSFORM = 70;

/**
 * Tells whether Winograd's F(2x2, 3x3) computes a convolution faster: 16 products in place of 36 for every tile of 2 x 2
 * pixels, and transforms of all channels, for 3 x 3 filters with stride 1.
 */
function winogradWins(geometry: ConvGeometry, pool: PoolWindow | undefined): boolean {
  const { filter, strides, dilation, spacing, inputChannels, outputChannels } = geometry;
  const plain = [...strides, ...dilation, ...spacing].every((step) => step === 1) && filter.every((side) => side === 3);
  const vectors = inputChannels % 4 === 0 && outputChannels % 4 === 0;
  // The maximum of a window is taken over whole tiles.
  const whole = pool === undefined || pool.size.every((side) => side % 2 === 0);
  if (!plain || !vectors || !whole) return false;
  const [height, width] = computedSize(geometry, pool);
  const tiles = Math.ceil(height / 2) * Math.ceil(width / 2);
  const products = inputChannels * outputChannels;
  return (
    tiles * (16 * products + WINOGRAD_TRANSFORM * (inputChannels + outputChannels)) < 9 * height * width * products
  );
}

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
  winograd: winogradWins,
  sparsePooling: true,
};

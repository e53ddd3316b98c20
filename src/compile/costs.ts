// Costs of a kernel: its arithmetic, and the memory that it reads and writes.
import { byteWidth } from "../core/dtype.js";
import { sizeOf } from "../core/shape.js";
import { computedSize, isSpread, phaseTaps, tilePoints } from "./geometry.js";
import type { ConvGeometry, Expression, Kernel } from "./kernels.js";

/** Number of functions that an expression takes of each element. */
export const steps = ({ code }: Expression): number =>
  code.filter(({ op }) => op !== "leaf" && op !== "constant").length;

/** Sum over the results along an axis of the filter cells that see a pixel. */
function cellsSeen(geometry: ConvGeometry, axis: 0 | 1): number {
  const distance = geometry.dilation[axis];
  const seen = Array.from({ length: distance }, (_, phase) => phaseTaps(geometry, axis, phase).length);
  return Array.from({ length: geometry.output[axis] }, (_, at) => seen[at % distance]!).reduce((a, b) => a + b, 0);
}

/** Products for each pair of channels: one for each cell of the filter and pixel, or one for each point of a tile of Winograd's. */
function productsOf(kernel: Extract<Kernel, { geometry: ConvGeometry }>): number {
  const { kind, geometry } = kernel;
  const { batch, filter } = geometry;
  const pool = "pool" in kernel ? kernel.pool : undefined;
  if (kind === "conv2d" && isSpread(geometry, pool)) return batch * cellsSeen(geometry, 0) * cellsSeen(geometry, 1);
  const [height, width] = kind.startsWith("sparse") ? pool!.output : computedSize(geometry, pool);
  if ("tiling" in kernel) {
    const { tiling } = kernel;
    return batch * Math.ceil(height / tiling.results) * Math.ceil(width / tiling.results) * tilePoints(tiling);
  }
  return batch * height * width * filter[0] * filter[1];
}

/** Products and additions of 32-bit floats that a kernel takes, each counted. */
export function operationsOf(kernel: Kernel): number {
  if ("geometry" in kernel) {
    const { inputChannels, outputChannels } = kernel.geometry;
    return 2 * productsOf(kernel) * inputChannels * (kernel.kind.startsWith("depthwise") ? 1 : outputChannels);
  }
  if (kernel.kind === "matmul") return 2 * kernel.count * kernel.m * kernel.k * kernel.n;
  if (kernel.kind === "elementwise") return sizeOf(kernel.expression.shape) * steps(kernel.expression);
  if (kernel.kind === "reduce") return sizeOf(kernel.expression.shape) * (1 + steps(kernel.expression));
  return 0;
}

/** Bytes of a kernel's operands and results, each buffer once. */
export const trafficOf = ({ reads, writes }: Kernel): number =>
  [...new Set([...reads, ...writes])].reduce((sum, { dtype, size }) => sum + size * byteWidth(dtype), 0);

// Mean and variance of a tensor on the host, in f64, for each position along the axes that are kept.
import { broadcastStrides, sizeOf, walk } from "../../../core/shape.js";
import type { Tensor } from "../../../core/tensor.js";

/** Population mean and variance over all axes but `kept`, in the order of the kept positions. */
export function moments(
  { shape, data }: Tensor,
  kept: readonly number[],
): { mean: Float64Array; variance: Float64Array } {
  const target = shape.map((extent, axis) => (kept.includes(axis) ? extent : 1));
  const strides = broadcastStrides(target, shape);
  const mean = new Float64Array(sizeOf(target));
  const variance = new Float64Array(mean.length);
  const count = data.length / mean.length;
  walk(shape, strides, (index, offset) => {
    mean[offset]! += data[index]! / count;
  });
  walk(shape, strides, (index, offset) => {
    variance[offset]! += (data[index]! - mean[offset]!) ** 2 / count;
  });
  return { mean, variance };
}

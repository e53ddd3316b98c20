// The geometry of convolution kernels: from op attributes to loops, and from a convolution to its adjoint.
import type { WindowAttrs } from "../core/ops/linear.js";
import type { Shape } from "../core/shape.js";
import type { ConvGeometry, PoolWindow } from "./kernels.js";
import { MOST_CHUNKS } from "./lowerer.js";

/** Padded images of one chunk should stay in a core's second-level cache. */
const CHUNK_BYTES = 384 * 1024;

export function convGeometry(
  images: Shape,
  filter: Shape,
  output: Shape,
  { strides, padding }: WindowAttrs,
): ConvGeometry {
  const [batch, height, width] = images as [number, number, number];
  const [kh, kw, inputChannels, outputChannels] = filter as [number, number, number, number];
  return {
    batch,
    input: [height, width],
    output: [output[1]!, output[2]!],
    filter: [kh, kw],
    inputChannels,
    outputChannels,
    strides,
    padding,
    dilation: [1, 1],
  };
}

export const poolWindow = (size: readonly [number, number], pooled: Shape): PoolWindow => ({
  size,
  output: [pooled[1]!, pooled[2]!],
});

/** How many images one chunk of a filter gradient sums: fixed by the shapes alone, so that sums are too. */
export function imagesPerChunk({ batch, input, padding, inputChannels }: ConvGeometry): number {
  const bytes = (input[0] + padding[0] + padding[1]) * (input[1] + padding[2] + padding[3]) * inputChannels * 4;
  const fitting = Math.max(1, Math.floor(CHUNK_BYTES / bytes));
  return Math.max(Math.min(fitting, Math.ceil(batch / MOST_CHUNKS)), Math.ceil(batch / (4 * MOST_CHUNKS)));
}

/** The same for a depthwise convolution with filters [kh, kw, channels]. */
export function depthwiseGeometry(images: Shape, filter: Shape, output: Shape, attrs: WindowAttrs): ConvGeometry {
  const [kh, kw, channels] = filter as [number, number, number];
  return convGeometry(images, [kh, kw, channels, channels], output, attrs);
}

/**
 * The adjoint of a convolution in its images: a convolution with stride 1 of the output gradients, spread out by the
 * old strides, with the mirrored filters.
 */
export function adjoint(geometry: ConvGeometry): ConvGeometry {
  const { input, output, filter, strides, padding } = geometry;
  const before = [filter[0] - 1 - padding[0], filter[1] - 1 - padding[2]] as const;
  const after = [0, 1].map((axis) => {
    const spread = (output[axis]! - 1) * strides[axis]! + 1;
    return input[axis]! + filter[axis]! - 1 - spread - before[axis]!;
  });
  return {
    ...geometry,
    input: output,
    output: input,
    inputChannels: geometry.outputChannels,
    outputChannels: geometry.inputChannels,
    strides: [1, 1],
    padding: [before[0], after[0]!, before[1], after[1]!],
    dilation: strides,
  };
}

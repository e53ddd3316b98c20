// The geometry of convolution kernels: from op attributes to loops, and from a convolution to its adjoint.
import type { Numerics } from "../core/graph/graph.js";
import type { PadAttrs } from "../core/ops/shaping.js";
import type { WindowAttrs } from "../core/ops/window.js";
import type { Shape } from "../core/shape.js";
import type { ConvGeometry, PadAxis, PoolWindow, Tiling } from "./kernels.js";
import type { Target } from "./target.js";

export function convGeometry(
  images: Shape,
  filter: Shape,
  output: Shape,
  { strides, padding, dilation = [1, 1] }: WindowAttrs,
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
    spacing: dilation,
  };
}

export const poolWindow = (size: readonly [number, number], pooled: Shape): PoolWindow => ({
  size,
  output: [pooled[1]!, pooled[2]!],
});

/** The number of images that one chunk of a filter gradient sums: fixed by shapes and target, so that sums are too. */
export function imagesPerChunk(
  { batch, input, padding, inputChannels }: ConvGeometry,
  { chunkBytes, mostChunks, byteWidth }: Target,
): number {
  const cells = (input[0] + padding[0] + padding[1]) * (input[1] + padding[2] + padding[3]) * inputChannels;
  const fitting = Math.max(1, Math.floor(chunkBytes / (cells * byteWidth("float32"))));
  return Math.max(Math.min(fitting, Math.ceil(batch / mostChunks)), Math.ceil(batch / (4 * mostChunks)));
}

/**
 * The division of a filter gradient into sums that are computed side by side: chunks of images, and columns of output channels.
 * Version 2 of the numerics divides many channels rather than the images, for each chunk takes memory for all sums.
 */
export function gradientShares(
  geometry: ConvGeometry,
  target: Target,
  numerics: Numerics,
): { readonly chunk: number; readonly columns: number } {
  const { batch, outputChannels } = geometry;
  if (numerics === 1) return { chunk: imagesPerChunk(geometry, target), columns: outputChannels };
  let blocks = Math.max(1, Math.min(target.mostChunks, Math.floor(outputChannels / COLUMNS)));
  while (outputChannels % (8 * blocks) > 0 && blocks > 1) blocks--;
  return { chunk: Math.ceil(batch / Math.ceil(target.mostChunks / blocks)), columns: outputChannels / blocks };
}

/** Output channels that are worth the transforms of their input tiles. */
const COLUMNS = 64;

/**
 * The loops of a pad. Axes without border or gaps join their neighbours: in front they become the `outer` loop, whose
 * blocks are independent; behind they become runs that are copied whole.
 */
export function padLoops(shape: Shape, padded: Shape, { before, spacing }: PadAttrs) {
  const axes: PadAxis[] = [];
  let outer = 1;
  let run = 1;
  shape.forEach((extent, axis) => {
    const plain = padded[axis] === extent;
    const inner = axes.at(-1);
    if (plain && inner === undefined) outer *= extent;
    else if (plain) run *= extent;
    else {
      // The elements behind the last padded axis now lie between two padded axes: they become an axis as well.
      if (run > 1) axes.push({ extent: run, padded: run, before: 0, spacing: 1 });
      run = 1;
      axes.push({ extent, padded: padded[axis]!, before: before[axis]!, spacing: spacing[axis]! });
    }
  });
  return { outer, axes, run };
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
  const { input, output, filter, strides, padding, spacing } = geometry;
  const reach = [(filter[0] - 1) * spacing[0], (filter[1] - 1) * spacing[1]] as const;
  const before = [reach[0] - padding[0], reach[1] - padding[2]] as const;
  const after = [0, 1].map((axis) => {
    const spread = (output[axis]! - 1) * strides[axis]! + 1;
    return input[axis]! + reach[axis]! - spread - before[axis]!;
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

/**
 * A convolution whose padding is nowhere wider than its filter reaches: wider padding belongs to larger images, whose middle the images
 * are. Only then has the adjoint no padding below zero.
 * @returns the geometry, and the place of the images in the larger ones
 */
export function withinReach(geometry: ConvGeometry): { geometry: ConvGeometry; top: number; left: number } {
  const { input, filter, padding, spacing } = geometry;
  const wider = padding.map((cells, side) => {
    const axis = side < 2 ? 0 : 1;
    return Math.max(0, cells - (filter[axis] - 1) * spacing[axis]);
  });
  const [top, bottom, left, right] = wider as [number, number, number, number];
  const [above, below, before, behind] = padding;
  return {
    geometry: {
      ...geometry,
      input: [input[0] + top + bottom, input[1] + left + right],
      padding: [above - top, below - bottom, before - left, behind - right],
    },
    top,
    left,
  };
}

/** Tells whether a convolution has zeros between pixels, steps of one and no pooling: most of its products are with zeros. */
export const isSpread = ({ strides, dilation }: ConvGeometry, pool: PoolWindow | undefined): boolean =>
  pool === undefined && dilation.some((distance) => distance > 1) && strides.every((step) => step === 1);

/** A cell of a filter along an axis, and the pixel that it sees. */
export interface PhaseTap {
  /** Number of the cell, from 0. */
  readonly cell: number;
  /** Number of the pixel, seen from the result's own number without its remainder; below 0 in the border. */
  readonly pixel: number;
}

/**
 * The filter cells that see pixels, where pixels lie `dilation` apart with zeros between them, in ascending order.
 * @param geometry A convolution with steps of one.
 * @param axis 0 for rows, 1 for columns.
 * @param phase Remainder of the results' numbers by the distance of pixels.
 */
export function phaseTaps(
  { filter, padding, dilation, spacing }: ConvGeometry,
  axis: 0 | 1,
  phase: number,
): readonly PhaseTap[] {
  const taps: PhaseTap[] = [];
  for (let cell = 0; cell < filter[axis]; cell++) {
    const position = phase + cell * spacing[axis] - padding[2 * axis]!;
    if (position % dilation[axis] === 0) taps.push({ cell, pixel: position / dilation[axis] });
  }
  return taps;
}

/** Height and width of the convolution's result that anybody looks at: pooling may leave out a border. */
export const computedSize = (geometry: ConvGeometry, pool: PoolWindow | undefined): [number, number] =>
  pool === undefined
    ? [geometry.output[0], geometry.output[1]]
    : [pool.output[0] * pool.size[0], pool.output[1] * pool.size[1]];

/** Points of a tile of Winograd's algorithm, and products for each pair of its channels. */
export const tilePoints = ({ results, cells }: Tiling): number => (results + cells - 1) ** 2;

/**
 * Floats from a point's plane of transformed filters, `size` each, to the next point's. They are a cache line more than the plane: all
 * points of a filter are written and read together, and at distances of 4,096 bytes all would share one set of lines.
 */
export const pointPitch = (size: number): number => size + 16;

// The geometry of convolution kernels: from op attributes to loops, and from a convolution to its adjoint.
import type { PadAttrs } from "../core/ops/shaping.js";
import type { WindowAttrs } from "../core/ops/window.js";
import type { Shape } from "../core/shape.js";
import type { ConvGeometry, PadAxis, PoolWindow } from "./kernels.js";

/** Partial sums are cut into at most this many chunks, whatever the number of threads. */
export const MOST_CHUNKS = 16;
/** Padded images of one chunk should stay in a core's second-level cache. */
const CHUNK_BYTES = 384 * 1024;

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

/** How many images one chunk of a filter gradient sums: fixed by the shapes alone, so that sums are too. */
export function imagesPerChunk({ batch, input, padding, inputChannels }: ConvGeometry): number {
  const bytes = (input[0] + padding[0] + padding[1]) * (input[1] + padding[2] + padding[3]) * inputChannels * 4;
  const fitting = Math.max(1, Math.floor(CHUNK_BYTES / bytes));
  return Math.max(Math.min(fitting, Math.ceil(batch / MOST_CHUNKS)), Math.ceil(batch / (4 * MOST_CHUNKS)));
}

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
      // What lay behind the last padded axis now lies between two: an axis of its own.
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

/** What transforming one channel of one tile costs, in products. */
const WINOGRAD_TRANSFORM = 70;

/**
 * Whether Winograd's F(2x2, 3x3) computes a convolution faster: 16 products in place of 36 for every tile of 2 x 2
 * pixels, and transforms of all channels, for 3 x 3 filters with stride 1.
 */
export function winogradWins(geometry: ConvGeometry, pool: PoolWindow | undefined): boolean {
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

/** Height and width of the convolution's result that anybody looks at: pooling may leave out a border. */
export const computedSize = (geometry: ConvGeometry, pool: PoolWindow | undefined): [number, number] =>
  pool === undefined
    ? [geometry.output[0], geometry.output[1]]
    : [pool.output[0] * pool.size[0], pool.output[1] * pool.size[1]];

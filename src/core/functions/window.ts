// Functions that move windows over images [batch, height, width, channels], given in Keras's words: convolutions and
// pooling.
import { FoveaError, oneOf } from "../errors.js";
import { apply, applyAll, type Value } from "../graph/node.js";
import * as convolution from "../ops/convolution.js";
import { averagePool2dOp, maxPool2dOp } from "../ops/pool.js";
import { dilatedExtent, type WindowAttrs } from "../ops/window.js";
import { checkOptions, type Pair, pairOf, wholeNumber } from "../options.js";
import { broadcastTo, concatenate, reshape, sliceAxis, transpose } from "./shaping.js";

/** Keras's paddings: "valid" adds nothing; "same" gives ceil(size / stride), the odd cell at the bottom and right. */
export type Padding = (typeof PADDINGS)[number];
const PADDINGS = ["valid", "same"] as const;

type Sides = readonly [number, number];

/**
 * Zero padding `[top, bottom, left, right]` for a window of `size` over an image `[height, width]`.
 * @param padding `"valid"` or `"same"`.
 * @param strides Steps of the window in pixels.
 * @param dilation Distance of the window's cells in pixels; default `[1, 1]`.
 * @example resolvePadding("same", [5, 5], [3, 3], [1, 1]); // [1, 1, 1, 1]
 */
export function resolvePadding(
  padding: Padding,
  image: Sides,
  size: Sides,
  strides: Sides,
  dilation: Sides = [1, 1],
): WindowAttrs["padding"] {
  if (padding === "valid") return [0, 0, 0, 0];
  const [vertical, horizontal] = [0, 1].map((axis) => {
    const out = Math.ceil(image[axis]! / strides[axis]!);
    return Math.max(0, (out - 1) * strides[axis]! + dilatedExtent(size[axis]!, dilation[axis]!) - image[axis]!);
  }) as [number, number];
  const top = Math.floor(vertical / 2);
  const left = Math.floor(horizontal / 2);
  return [top, vertical - top, left, horizontal - left];
}

/** Options of windows that move over images. */
export interface WindowOptions {
  /** Steps of the window in pixels. Default 1; of pooling the window's size. */
  readonly strides?: Pair;
  /** `"valid"` (default) or `"same"`. */
  readonly padding?: Padding;
}

/** Options of convolutions: stride, padding, and the distance of the cells of a filter. */
export interface ConvolutionOptions extends WindowOptions {
  /** The distance between the pixels that neighbouring filter cells see. Default 1. */
  readonly dilation?: Pair;
}

function expectImages(x: Value): void {
  if (x.type.shape.length !== 4)
    throw new FoveaError(
      "shape-mismatch",
      `expected images of rank 4 [batch, height, width, channels], received [${x.type.shape}]`,
    );
}

interface Settings {
  readonly strides: Sides;
  readonly padding: Padding;
  readonly dilation: Sides;
}

/** The settings of a window, those left out filled in. @throws FoveaError for others, and values that make no sense. */
function settingsOf(what: string, options: ConvolutionOptions, more: readonly string[], stride: Pair = 1): Settings {
  checkOptions(what, options, ["strides", "padding", ...more]);
  return {
    strides: pairOf(`${what} strides`, options.strides ?? stride),
    padding: oneOf(`${what} padding`, options.padding ?? "valid", PADDINGS),
    dilation: pairOf(`${what} dilation`, options.dilation ?? 1),
  };
}

function windowOf(x: Value, size: Sides, { strides, padding, dilation }: Settings) {
  expectImages(x);
  const image: Sides = [x.type.shape[1]!, x.type.shape[2]!];
  const window = { strides, padding: resolvePadding(padding, image, size, strides, dilation) };
  return dilation.every((step) => step === 1) ? window : { ...window, dilation };
}

/** Options of `conv2d`. */
export interface Conv2dOptions extends ConvolutionOptions {
  /** Channels in and out are cut into this many groups; each sees only its channels. Default 1. */
  readonly groups?: number;
}

/**
 * Convolution of images [n, h, w, cin] with filters [kh, kw, cin / groups, cout].
 * @param x Images, `[n, h, w, cin]`.
 * @param filter `[kh, kw, cin / groups, cout]`.
 * @throws FoveaError when channels, filters and groups do not fit.
 */
export function conv2d(x: Value, filter: Value, options: Conv2dOptions = {}): Value {
  const settings = settingsOf("conv2d", options, ["dilation", "groups"]);
  const groups = wholeNumber("conv2d groups", options.groups ?? 1);
  const [kh, kw, cin, cout] = filter.type.shape as [number, number, number, number];
  if (groups === 1) return apply(convolution.conv2d.forward, [x, filter], windowOf(x, [kh, kw], settings));
  expectImages(x);
  const channels = x.type.shape[3]!;
  if (channels !== cin * groups || cout % groups !== 0)
    throw new FoveaError(
      "shape-mismatch",
      `conv2d: ${groups} groups with filters [${filter.type.shape}] need ${cin * groups} channels, received ${channels}`,
    );
  if (cin === 1) {
    const each = reshape(transpose(filter, [0, 1, 3, 2]), [kh, kw, channels, cout / groups]);
    return depthwiseConv2d(x, each, settings);
  }
  return concatenate(
    Array.from({ length: groups }, (_, group) =>
      conv2d(sliceAxis(x, 3, group * cin, cin), sliceAxis(filter, 3, (group * cout) / groups, cout / groups), settings),
    ),
  );
}

/**
 * Depthwise convolution of images [n, h, w, c] with one filter a channel, [kh, kw, c], or several, [kh, kw, c, m]:
 * then the results of a channel lie side by side.
 * @param x Images, `[n, h, w, c]`.
 * @param filter `[kh, kw, c]` or `[kh, kw, c, m]`.
 */
export function depthwiseConv2d(x: Value, filter: Value, options: ConvolutionOptions = {}): Value {
  const settings = settingsOf("depthwiseConv2d", options, ["dilation"]);
  expectImages(x);
  const [kh, kw, channels, multiplier = 1] = filter.type.shape as [number, number, number, number?];
  const [n, h, w] = x.type.shape as [number, number, number];
  const images =
    multiplier === 1
      ? x
      : reshape(broadcastTo(reshape(x, [n, h, w, channels, 1]), [n, h, w, channels, multiplier]), [n, h, w, -1]);
  const filters = reshape(filter, [kh, kw, channels * multiplier]);
  return apply(convolution.depthwiseConv2d.forward, [images, filters], windowOf(images, [kh, kw], settings));
}

/** Options of `conv2dTranspose`. */
export interface Conv2dTransposeOptions extends ConvolutionOptions {
  /** Rows and columns added to the result. Default: Keras's choice for the padding. */
  readonly outputPadding?: Pair | undefined;
}

/**
 * Height or width of what conv2dTranspose makes, as Keras computes it.
 * @param extent Height or width of the images.
 * @param size Height or width of the filter.
 * @param stride Step in pixels.
 * @param padding `"valid"` or `"same"`.
 * @param outputPadding Pixels added; undefined for Keras's choice.
 * @example transposedExtent(5, 3, 2, "same", undefined); // 10
 */
export function transposedExtent(
  extent: number,
  size: number,
  stride: number,
  padding: Padding,
  outputPadding: number | undefined,
): number {
  if (outputPadding === undefined) return extent * stride + (padding === "valid" ? Math.max(size - stride, 0) : 0);
  const cut = padding === "same" ? 2 * Math.floor(size / 2) : 0;
  return (extent - 1) * stride + size - cut + outputPadding;
}

/**
 * Transposed convolution, the adjoint of conv2d: images [n, h, w, cin], filters [kh, kw, cout, cin].
 * @param x Images, `[n, h, w, cin]`.
 * @param filter `[kh, kw, cout, cin]`.
 */
export function conv2dTranspose(x: Value, filter: Value, options: Conv2dTransposeOptions = {}): Value {
  const { strides, padding, dilation } = settingsOf("conv2dTranspose", options, ["dilation", "outputPadding"]);
  const outputPadding =
    options.outputPadding === undefined ? undefined : pairOf("conv2dTranspose outputPadding", options.outputPadding, 0);
  expectImages(x);
  const inputSize = [0, 1].map((axis) =>
    transposedExtent(
      x.type.shape[axis + 1]!,
      dilatedExtent(filter.type.shape[axis]!, dilation[axis]!),
      strides[axis]!,
      padding,
      outputPadding?.[axis],
    ),
  ) as [number, number];
  const [kh, kw] = filter.type.shape as [number, number];
  return apply(convolution.conv2d.inputGrad, [x, filter], {
    strides,
    padding: resolvePadding(padding, inputSize, [kh, kw], strides, dilation),
    ...(dilation.every((step) => step === 1) ? {} : { dilation }),
    inputSize,
  });
}

function pooling(what: string, x: Value, extent: Pair, options: WindowOptions) {
  const size = pairOf(`${what} size`, extent);
  return { size, ...windowOf(x, size, settingsOf(what, options, [], size)) };
}

/**
 * Max pooling; strides default to the window's size.
 * @param x Images, `[n, h, w, c]`.
 * @param size Height and width of the window in pixels.
 * @example
 * const x = input("x", [1, 8, 8, 3]);
 * maxPool2d(x, [2, 2]), averagePool2d(x, [2, 2]); // both [1, 4, 4, 3]
 */
export function maxPool2d(x: Value, size: Pair, options: WindowOptions = {}): Value {
  return applyAll(maxPool2dOp, [x], pooling("maxPool2d", x, size, options))[0]!;
}

/**
 * Average pooling; strides default to the window's size.
 * @param x Images, `[n, h, w, c]`.
 * @param size Height and width of the window in pixels.
 */
export function averagePool2d(x: Value, size: Pair, options: WindowOptions = {}): Value {
  return apply(averagePool2dOp, [x], pooling("averagePool2d", x, size, options));
}

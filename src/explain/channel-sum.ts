// One number of a layer's output taken apart: the window that it looks at, the kernel over it, and the sum of the products.
import { FoveaError } from "../core/errors.js";
import type { Tensor } from "../core/tensor.js";
import type { Model } from "../nn/model/model.js";
import { activations } from "./activations.js";
import { type LayerFacts, layerFacts } from "./layers.js";

/** The weights that make one channel. */
export interface ChannelKernel {
  /** Path of the layer that has them: the one that was asked for, or the last before it that makes channels. */
  readonly layer: string;
  /** The channel, from 0. */
  readonly channel: number;
  /** `[height, width, inputs]`; of a dense layer `[1, 1, inputs]`. */
  readonly shape: readonly [height: number, width: number, inputs: number];
  /** The weights row by row, in the order of `shape`. */
  readonly weights: Float32Array;
  /** 0 where the layer has none. */
  readonly bias: number;
}

/** A kernel over its window at one place. */
export interface ChannelSum extends ChannelKernel {
  /** Path of the layer whose output it looks at; empty for the model's own input. */
  readonly from: string;
  /** Row and column of the output; 0 and 0 of a dense layer. */
  readonly at: readonly [row: number, column: number];
  /** Values under the kernel, in the order of its weights; 0 outside of the maps. */
  readonly window: Float32Array;
  /** Sum of the products for each input channel. */
  readonly sums: Float64Array;
  /** All of them and the bias: what goes into the activation. */
  readonly sum: number;
}

/** Layers that have a channel of their own for each that they take. */
const KEEPING =
  /^(Activation|ReLU|LeakyReLU|PReLU|ELU|Softmax|BatchNormalization|(Spatial)?Dropout(2D)?|(Global)?(Max|Average)Pooling2D|ZeroPadding2D|Cropping2D|UpSampling2D|GaussianNoise)$/;
const MAKING = /^(Conv2D|DepthwiseConv2D|Dense)$/;

/** The layer that makes the channels of another: itself, or one before it. @throws FoveaError where none does */
function makerOf(layers: readonly LayerFacts[], path: string): LayerFacts {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  let layer = byName.get(path);
  while (layer !== undefined && KEEPING.test(layer.type) && layer.from.length === 1) layer = byName.get(layer.from[0]!);
  if (layer !== undefined && MAKING.test(layer.type)) return layer;
  if (!byName.has(path)) throw new FoveaError("unknown-layer", `there is no layer "${path}"`);
  throw new FoveaError(
    "unsuited-model",
    `layer "${path}" has no kernel, for its ${byName.get(path)!.type} takes its channels from ` +
      `${layer === undefined || layer.from.length === 0 ? "the image itself" : `a layer of type ${layer.type}`}; choose a convolution or a dense layer`,
  );
}

/**
 * The kernel that makes a channel of a layer's output; of activations, pooling and normalization that of the layer before.
 * @param channel from 0
 * @param model A built model.
 * @param path A path as `getLayer` takes it.
 * @throws FoveaError for a layer whose channels no kernel makes, and for a channel that it does not have
 * @example (await channelKernel(model, "conv1", 0)).shape // [3, 3, 1]
 */
export async function channelKernel(model: Model, path: string, channel: number): Promise<ChannelKernel> {
  return kernelOf(model, makerOf(layerFacts(model), path), channel);
}

async function kernelOf(model: Model, { name, type, output }: LayerFacts, channel: number): Promise<ChannelKernel> {
  const channels = output.at(-1)!;
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels)
    throw new FoveaError("out-of-range", `layer "${name}" has the channels 0 to ${channels - 1}, and no ${channel}`);
  const { weights } = model.getLayer(name);
  const kernel = weights.find((weight) => weight.name === "kernel")!;
  const { data } = await kernel.latest();
  const biases = await weights.find((weight) => weight.name === "bias")?.latest();
  const bias = biases?.data[channel] ?? 0;
  const { shape } = kernel;
  if (type === "DepthwiseConv2D") {
    const [height, width, inputs, multiplier] = shape as [number, number, number, number];
    const step = inputs * multiplier;
    const values = Float32Array.from({ length: height * width }, (_, i) => data[i * step + channel]!);
    return { layer: name, channel, shape: [height, width, 1], weights: values, bias };
  }
  const [height, width, inputs] = (shape.length === 4 ? shape : [1, 1, ...shape]) as [number, number, number];
  const values = Float32Array.from({ length: height * width * inputs }, (_, i) => data[i * channels + channel]!);
  return { layer: name, channel, shape: [height, width, inputs], weights: values, bias };
}

/**
 * One number of a layer's output for an image, down to its products. Of activations, pooling and normalization it is that of
 * the layer before, at the place itself or the nearest that there is.
 * @param image `[1, height, width, channels]` as the model takes it
 * @param at row and column of the output, from 0
 * @param model A built model of images.
 * @param path A path as `getLayer` takes it.
 * @param channel The channel, from 0.
 * @throws FoveaError as `channelKernel` does, and for a place outside of the output
 * @example
 * const image = sliceRows(images, 0, 1);
 * (await channelSum(model, image, "conv1", 0, [4, 4])).sum; // the number before the activation
 */
export async function channelSum(
  model: Model,
  image: Tensor,
  path: string,
  channel: number,
  at: readonly [row: number, column: number],
): Promise<ChannelSum> {
  const layers = layerFacts(model);
  const maker = makerOf(layers, path);
  const kernel = await kernelOf(model, maker, channel);
  const [rows, columns] = maker.output.length === 3 ? (maker.output as [number, number, number]) : [1, 1];
  const [row, column] = at;
  if (!(Number.isInteger(row) && row >= 0 && Number.isInteger(column) && column >= 0))
    throw new FoveaError("out-of-range", `expected a row and a column of ${maker.name}, received ${row} and ${column}`);
  const position = [Math.min(row, rows - 1), Math.min(column, columns - 1)] as const;
  const [from = ""] = maker.from;
  const values =
    from === "" ? Float32Array.from(image.data) : (await activations(model, image, [from])).get(from)!.data;
  const window = windowAt(maker, kernel, values, position);
  const [, , inputs] = kernel.shape;
  const sums = new Float64Array(inputs);
  for (const [i, value] of window.entries()) sums[i % inputs]! += value * kernel.weights[i]!;
  const sum = sums.reduce((all, each) => all + each, kernel.bias);
  return { ...kernel, from, at: position, window, sums, sum };
}

/** Values that a kernel looks at. */
function windowAt(
  { type, input, output, config }: LayerFacts,
  { shape, channel }: ChannelKernel,
  values: Float32Array,
  [row, column]: readonly [number, number],
): Float32Array {
  const [height, width, inputs] = shape;
  const [rows = 1, columns = 1, channels = input[0]!] = input.length === 3 ? input : [1, 1, input.at(-1)];
  const first = type === "DepthwiseConv2D" ? Math.floor(channel / (output.at(-1)! / channels)) : 0;
  const step = (name: string, axis: number): number => pairOf(config[name])[axis]!;
  const start = (axis: number, index: number, size: number, kernel: number): number =>
    index * step("strides", axis) -
    (config.padding === "same" ? padBefore(size, kernel, step("strides", axis), step("dilation_rate", axis)) : 0);
  const [top, left] = [start(0, row, rows, height), start(1, column, columns, width)];
  const window = new Float32Array(height * width * inputs);
  for (let i = 0; i < height; i++)
    for (let j = 0; j < width; j++) {
      const [y, x] = [top + i * step("dilation_rate", 0), left + j * step("dilation_rate", 1)];
      if (y < 0 || y >= rows || x < 0 || x >= columns) continue;
      for (let c = 0; c < inputs; c++)
        window[(i * width + j) * inputs + c] = values[(y * columns + x) * channels + first + c]!;
    }
  return window;
}

const pairOf = (value: unknown): readonly [number, number] =>
  Array.isArray(value) ? [Number(value[0]), Number(value[1])] : [Number(value ?? 1), Number(value ?? 1)];

/** Rows or columns of zeros before the maps, as TensorFlow pads "same": the smaller half. */
function padBefore(size: number, kernel: number, stride: number, dilation: number): number {
  const reach = (kernel - 1) * dilation + 1;
  return Math.floor(Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size) / 2);
}

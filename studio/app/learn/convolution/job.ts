// The engine's job for the page of convolution: the layer with the page's weights on the page's picture.
import { callLayer, expandDims, sequential, type Tensor, tensor } from "fovea";
import { conv2d, depthwiseConv2d, input, type Layer, reLU } from "fovea/layers";
import { type PictureFacts, type PictureWish, picture } from "../engine/pictures.ts";
import { engineRuntime } from "../engine/runtime.ts";

export interface ConvolutionWish {
  readonly picture: PictureWish;
  readonly size: number;
  readonly strides: number;
  readonly padding: "valid" | "same";
  readonly relu: boolean;
  /** A kernel's slices, one per channel, row by row. */
  readonly filters: readonly { readonly slices: readonly (readonly number[])[]; readonly bias: number }[];
}

/** The layer's output; values row by row, filters last. */
export interface ConvolutionFacts {
  readonly picture: PictureFacts;
  readonly height: number;
  readonly width: number;
  readonly filters: number;
  readonly values: Float32Array;
  /** The sums before ReLU. */
  readonly sums: Float32Array;
  /** Each channel's share of the sums, without bias: `channels * filters` values a pixel, the filters of a channel in a row. */
  readonly parts: Float32Array;
  readonly parameters: number;
}

export async function convolve(wish: ConvolutionWish): Promise<ConvolutionFacts> {
  const { size, strides, padding, relu, filters } = wish;
  const shown = await picture(wish.picture);
  const { width, height, channels, data } = shown;
  const x = expandDims(tensor(Float32Array.from(data), [height, width, channels], "float32"));
  const kernel = kernelTensor(wish, channels);
  const bias = tensor(
    filters.map((filter) => filter.bias),
    [filters.length],
    "float32",
  );
  const layer = conv2d(filters.length, size, { strides, padding });
  const sums = await applied(layer, [kernel, bias], x);
  // Keras's depthwise kernel has the same layout: rows, columns, channels, filters.
  const apart = depthwiseConv2d(size, { strides, padding, depthMultiplier: filters.length, useBias: false });
  const parts = await applied(apart, [kernel], x);
  const values = relu ? await callLayer(reLU(), sums, { runtime: engineRuntime() }) : sums;
  return {
    picture: shown,
    height: sums.shape[1]!,
    width: sums.shape[2]!,
    filters: filters.length,
    values: Float32Array.from(values.data),
    sums: Float32Array.from(sums.data),
    parts: Float32Array.from(parts.data),
    parameters: layer.countParams(),
  };
}

function kernelTensor({ size, filters }: ConvolutionWish, channels: number): Tensor<"float32"> {
  const weights = new Float32Array(size * size * channels * filters.length);
  filters.forEach(({ slices }, filter) => {
    slices.forEach((slice, channel) => {
      slice.forEach((weight, cell) => {
        weights[(cell * channels + channel) * filters.length + filter] = weight;
      });
    });
  });
  return tensor(weights, [size, size, channels, filters.length], "float32");
}

/** The layer alone as a model, with these weights. */
async function applied(layer: Layer, weights: readonly Tensor[], x: Tensor): Promise<Tensor> {
  const model = sequential([input(x.shape.slice(1)), layer], { runtime: engineRuntime() });
  try {
    await layer.setWeights(weights);
    return await model.predict(x);
  } finally {
    await model.close();
  }
}

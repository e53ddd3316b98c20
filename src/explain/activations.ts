// Activations of layers: their maps for an image, and the filters of the first convolution, as pictures.
import { FoveaError } from "../core/errors.js";
import { cast } from "../core/functions/index.js";
import { input } from "../core/graph/node.js";
import type { Tensor } from "../core/tensor.js";
import { InferenceContext } from "../nn/layers/index.js";
import { checkSamples } from "../nn/model/data.js";
import { layerOutputs } from "../nn/model/layer-outputs.js";
import type { Model } from "../nn/model/model.js";
import { normalizedMaps, type Picture } from "./maps.js";
import { layersOf } from "./probe.js";

/**
 * The layers that put out maps, by their paths.
 * @param model A model of images.
 * @example mapLayers(model); // the paths of its convolutions, poolings and so on
 */
export const mapLayers = (model: Model): string[] =>
  [...layersOf(model)]
    .filter(([, layer]) => layer.className !== "InputLayer" && layer.outputShapes[0]?.length === 3)
    .map(([path]) => path);

const isConvolution = (model: Model, path: string): boolean => /Conv2D/.test(model.getLayer(path).className);

/**
 * Layers with maps of more than one pixel, from the first convolution on: layers before it only prepare the pixels.
 * @param model A model of images.
 */
export function seeingLayers(model: Model): string[] {
  const wide = mapLayers(model).filter((path) =>
    model
      .getLayer(path)
      .outputShapes[0]!.slice(0, 2)
      .some((n) => n > 1),
  );
  const first = wide.findIndex((path) => isConvolution(model, path));
  return first < 0 ? [] : wide.slice(first);
}

/** Layers that end what a convolution does, where the convolution itself stays linear. */
const ACTIVATIONS: readonly string[] = ["Activation", "ReLU", "LeakyReLU", "PReLU", "ELU"];

/**
 * The layers that show the responses of convolutions: of each the activation layer before the next convolution, or itself.
 * @param model A model of images.
 */
export function firingLayers(model: Model): string[] {
  const found: string[] = [];
  let isOpen = false;
  for (const path of seeingLayers(model)) {
    const begins = isConvolution(model, path);
    if (begins) found.push(path);
    else if (isOpen && ACTIVATIONS.includes(model.getLayer(path).className)) found[found.length - 1] = path;
    else continue;
    isOpen = begins;
  }
  return found;
}

/**
 * Outputs of some layers for images [n, height, width, channels].
 * @param model A model of images.
 * @param images `[n, height, width, channels]`, as the model takes them.
 * @param paths Paths as `getLayer` takes them; default, all layers that put out maps.
 * @example const maps = await activations(model, sliceRows(images, 0, 1), ["conv1"]);
 */
export async function activations(
  model: Model,
  images: Tensor,
  paths: readonly string[] = mapLayers(model),
): Promise<ReadonlyMap<string, Tensor<"float32">>> {
  checkSamples("activations", images.shape, model.inputShape);
  const opened = layerOutputs(model, paths);
  try {
    const graph = () => {
      const x = input("images", images.shape, images.dtype);
      return { inputs: [x], outputs: opened.callAll([cast(x, "float32")], new InferenceContext()), updates: [] };
    };
    const outputs = await opened.compute(`activations:${images.dtype}[${images.shape}]`, graph, [images]);
    return new Map(paths.map((path, i) => [path, outputs[i] as Tensor<"float32">]));
  } finally {
    await opened.close();
  }
}

/**
 * The channels of maps [n, height, width, channels] of one image as grey pictures, each from its lowest to its highest.
 * @param maps Outputs of a layer, `[n, height, width, channels]`.
 * @param image The image, from 0; default 0.
 * @example
 * const net = sequential([input([12, 12, 1]), conv2d(4, 3, { name: "conv1" }), flatten(), dense(2)]);
 * const maps = await activations(net, images, ["conv1"]);
 * const pictures = channelPictures(maps.get("conv1"));
 * sheet(pictures, 2);
 * mapLayers(net), seeingLayers(net), firingLayers(net);
 */
export function channelPictures(maps: Tensor<"float32">, image = 0): Picture[] {
  const [, height, width, channels] = maps.shape as [number, number, number, number];
  const first = image * height * width * channels;
  const planes = new Float32Array(channels * height * width);
  for (let at = 0; at < height * width; at++)
    for (let c = 0; c < channels; c++) planes[c * height * width + at] = maps.data[first + at * channels + c]!;
  const { data } = normalizedMaps({ dtype: "float32", shape: [channels, height, width], data: planes });
  return Array.from({ length: channels }, (_, c) => ({
    height,
    width,
    channels: 1,
    data: Uint8Array.from(data.subarray(c * height * width, (c + 1) * height * width), (value) =>
      Math.round(255 * value),
    ),
  }));
}

/**
 * The filters of the first convolution as pictures, grey or RGB like the images; mid-grey is a weight of 0.
 * @param model A model whose first layer with weights is a convolution.
 * @throws FoveaError when the first convolution does not look at grey or RGB images.
 * @example
 * const net = sequential([input([12, 12, 1]), conv2d(4, 3), flatten(), dense(2)]);
 * const pictures = await firstFilters(net); // four pictures of 3 x 3
 */
export async function firstFilters(model: Model): Promise<Picture[]> {
  const found = [...layersOf(model)].find(([, { className }]) => className === "Conv2D");
  if (found === undefined)
    throw new FoveaError("unsuited-model", `${model.label}: there is no Conv2D layer whose filters could be shown`);
  const kernel = found[1].weights.find(({ name }) => name === "kernel")!;
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  if (channels !== 1 && channels !== 3)
    throw new FoveaError(
      "unsuited-model",
      `${model.label}: expected a first convolution over 1 or 3 channels, "${found[0]}" has ${channels}`,
    );
  const { data } = await kernel.latest();
  return Array.from({ length: filters }, (_, filter) => {
    const weights = Float32Array.from({ length: height * width * channels }, (_, i) => data[i * filters + filter]!);
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-12);
    return {
      height,
      width,
      channels,
      data: Uint8Array.from(weights, (weight) => Math.round(127.5 + (127.5 * weight) / largest)),
    };
  });
}

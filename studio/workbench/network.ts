// The network of a run or of an opened model: its layers, what they put out for an image, and the kernels behind that.
import { FoveaError, type Tensor } from "fovea";
import type { TrainedModel } from "fovea/experiment";
import { activations, channelSum, layerFacts } from "fovea/explain";
import type { NetworkFacts, PackedMaps, SumFacts } from "../contract/network-facts.js";

export const networkOf = ({ model }: TrainedModel): NetworkFacts => ({
  input: model.inputShape,
  layers: layerFacts(model),
  params: model.countParams(),
});

/** Channels of each layer in small pictures, and the longer side of these in pixels. */
const CHANNELS = 6;
const SIDE = 40;
/** Numbers of one layer that are sent to the page: 32 MB. */
const MOST_NUMBERS = 8_000_000;

/** Some channels of every layer's output, small. */
export async function previewsOf({ model }: TrainedModel, image: Tensor): Promise<PackedMaps[]> {
  const names = layerFacts(model)
    .filter(({ output }) => output.length === 3 || output.length === 1)
    .map(({ name }) => name);
  const found = await activations(model, image, names);
  return names.map((layer) => {
    const { shape, data } = found.get(layer)!;
    return shape.length === 4 ? packed(layer, ...small(shape, data)) : packed(layer, shape.slice(1), data);
  });
}

/** The first channels of maps, at every so many pixels. */
function small([, height, width, channels]: readonly number[], data: Float32Array): [number[], Float32Array] {
  const step = Math.max(1, Math.ceil(Math.max(height!, width!) / SIDE));
  const [rows, columns, some] = [Math.ceil(height! / step), Math.ceil(width! / step), Math.min(channels!, CHANNELS)];
  const values = new Float32Array(rows * columns * some);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let c = 0; c < some; c++)
        values[(y * columns + x) * some + c] = data[(y * step * width! + x * step) * channels! + c]!;
  return [[rows, columns, some], values];
}

/** A layer's whole output. @throws FoveaError for one that is too large for a page */
export async function mapsOf({ model }: TrainedModel, image: Tensor, layer: string): Promise<PackedMaps> {
  const { shape, data } = (await activations(model, image, [layer])).get(layer)!;
  if (data.length > MOST_NUMBERS)
    throw new FoveaError(
      "too-large",
      `layer "${layer}" puts out ${data.length} numbers, of which a page shows at most ${MOST_NUMBERS}; use activations of fovea/explain`,
    );
  return packed(layer, shape.slice(1), data);
}

export async function sumOf(
  { model }: TrainedModel,
  image: Tensor,
  { layer, channel, at }: Pick<SumFacts, "layer" | "channel" | "at">,
): Promise<SumFacts> {
  const found = await channelSum(model, image, layer, channel, at);
  return {
    ...found,
    weights: Array.from(found.weights),
    window: Array.from(found.window),
    sums: Array.from(found.sums),
  };
}

/** Characters that a call of `fromCharCode` takes at once. */
const AT_ONCE = 0x8000;

function packed(layer: string, shape: readonly number[], data: Float32Array): PackedMaps {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let text = "";
  for (let from = 0; from < bytes.length; from += AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(from, from + AT_ONCE));
  return { layer, shape, base64: btoa(text) };
}

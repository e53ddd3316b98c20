// The layers of a model on one page: their maps of one image, the first filters, and images that channels of an
// early, a middle and a deep layer fire hardest for. Pictures come out; the page is the report room's.

import { FoveaError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import {
  activations,
  channelPictures,
  enlarged,
  firingLayers,
  firstFilters,
  type Picture,
  seeingLayers,
  sheet,
  stack,
  visualizeFeatures,
} from "../../explain/index.js";
import type { GalleryFacts } from "../../report/facts.js";
import type { TrainedModel } from "../models/trained-model.js";
import { imageAt } from "./explanation.js";

/** Channels that are shown of a layer: those that fire most for the image. */
const CHANNELS = 8;
/** Pictures are enlarged by whole factors until they are at least so high. */
const HEIGHT = 96;
const GAP = 6;
/** A shade around the pictures on which white ones and black ones stand out. */
const PAPER = 214;

const row = (pictures: readonly Picture[]): Picture =>
  sheet(
    pictures.map((picture) => enlarged(picture, Math.max(1, Math.ceil(HEIGHT / picture.height)))),
    CHANNELS,
    GAP,
    PAPER,
  );

/** The channels with the largest means over an image's maps [1, height, width, channels], silent ones left out. */
function liveliest({ shape, data }: Tensor<"float32">): number[] {
  const channels = shape[3]!;
  const means = new Float64Array(channels);
  data.forEach((value, at) => {
    means[at % channels]! += value;
  });
  const fire = [...means.keys()].filter((c) => data.some((value, at) => at % channels === c && value !== 0));
  return fire
    .sort((a, b) => means[b]! - means[a]! || a - b)
    .slice(0, CHANNELS)
    .sort((a, b) => a - b);
}

/** Options of `layerGallery`. */
export interface GalleryOptions {
  /** Steps of gradient ascent for each picture. Default as `visualizeFeatures` has it. */
  readonly steps?: number;
  /** Seed of the noise that pictures begin with. Default 0. */
  readonly seed?: number;
  /**
   * Receives the steps that are done, and all of them. Default: none.
   * @param done Steps that are done.
   * @param total All steps.
   */
  readonly onStep?: (done: number, total: number) => void;
}

/**
 * The gallery of a model for one image [1, height, width, channels] of pixels from 0 to 255.
 * @param trained A model with convolutions, as `openModel` gives it.
 * @param image `[1, height, width, channels]` of the model's size, from 0 to 255.
 * @throws FoveaError when the model has no convolutions.
 * @example
 * const trained = await openModel("model.keras", { threads: 1 });
 * const gallery = await layerGallery(trained, sliceRows(images, 0, 1), { steps: 2 });
 * gallery.layers.map(({ name }) => name); // layers with maps
 * const { height, width } = featureSheet(gallery); // one picture of all features
 * await trained.model.close();
 */
export async function layerGallery(
  { model }: TrainedModel,
  image: Tensor,
  { onStep, ...climbing }: GalleryOptions = {},
): Promise<GalleryFacts> {
  const fire = firingLayers(model);
  if (fire.length === 0)
    throw new FoveaError(
      "unsuited-model",
      `${model.label}: expected a network with convolutions, it has none, so no layer has maps to show`,
    );
  const maps = await activations(model, image, seeingLayers(model));
  const layers = [...maps].map(([name, tensor]) => {
    const pictures = channelPictures(tensor);
    return { name, shape: tensor.shape.slice(1), channels: liveliest(tensor), pictures };
  });
  const last = fire.length - 1;
  const climbed = [...new Set([0, last >> 1, last])].map((at) => layers.find(({ name }) => name === fire[at])!);
  const features: GalleryFacts["features"][number][] = [];
  for (const [i, { name, channels }] of climbed.entries()) {
    if (channels.length === 0) continue;
    const told = (done: number, total: number): void => onStep?.(i * total + done, climbed.length * total);
    const { pictures, before, after } = await visualizeFeatures(model, {
      ...climbing,
      layer: name,
      targets: channels,
      onStep: told,
    });
    features.push({ layer: name, channels, before, after, image: row(pictures) });
  }
  // The first convolution of some networks looks at more than grey or RGB: nothing that could be shown.
  const filters = await firstFilters(model).catch((error: unknown) => {
    if (error instanceof FoveaError) return undefined;
    throw error;
  });
  return {
    image: row([imageAt(image, 0)]),
    ...(filters && {
      filters: sheet(
        filters.map((filter) => enlarged(filter, Math.ceil(48 / filter.height))),
        16,
        GAP,
      ),
    }),
    layers: layers
      .filter(({ channels }) => channels.length > 0)
      .map(({ name, shape, channels, pictures }) => ({
        name,
        shape: shape.join(" × "),
        channels,
        image: row(channels.map((c) => pictures[c]!)),
      })),
    features,
  };
}

/** The pictures of all features on one sheet, early layers above deep ones. */
export const featureSheet = ({ features }: GalleryFacts): Picture =>
  stack(
    features.map(({ image }) => image as Picture),
    PAPER,
  );

// The maps of a trained base that a head for places of an image stands on: which layers have them is read off their shapes, so that
// any base does. A base of fixed size is built again for images of another one, with the same weights.
import type { MapHead, StrideMaps } from "../../applications/map-head.js";
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import type { Preprocessing } from "../../formats/run/recipe.js";
import { cropping2d, type SymbolicTensor, zeroPadding2d } from "../../nn/layers/index.js";
import type { Functional } from "../../nn/model/functional.js";
import { layerOutputs } from "../../nn/model/layer-outputs.js";
import { Model } from "../../nn/model/model.js";
import { modelFromKeras, modelToKeras } from "../../nn/serialization/model.js";

type Size = Preprocessing["imageSize"];

/** Model from images to the maps of some strides. */
export interface StrideModel {
  readonly maps: Functional;
  /** Stride of each output. */
  readonly strides: readonly number[];
}

interface Step {
  readonly path: string;
  readonly shape: readonly number[];
}

/** The layers of a model in the order in which they work, those of nested models in the place of these. */
function* stepsOf({ network }: Model, prefix = ""): Generator<Step> {
  for (const { layer, inputs, outputs } of network.calls) {
    const path = prefix + layer.name;
    if (layer instanceof Model) yield* stepsOf(layer, `${path}/`);
    else if (inputs.length > 0 && outputs.length === 1) yield { path, shape: outputs[0]!.shape };
  }
}

/** The power of two that is nearest to the ratio of two sides; undefined for more cells than the stride needs. */
function strideOfSide(side: number, cells: number): number | undefined {
  const stride = 2 ** Math.round(Math.log2(side / cells));
  return stride >= 1 && cells <= Math.ceil(side / stride) ? stride : undefined;
}

/** The stride of maps; undefined for vectors, single places, and maps whose sides have different ones. */
function strideOf([height, width, channels]: readonly number[], size: Size): number | undefined {
  if (channels === undefined || height! * width! === 1) return undefined;
  const stride = strideOfSide(size[0], height!);
  return stride === strideOfSide(size[1], width!) ? stride : undefined;
}

/** Unit of the sides of images whose size nobody says. */
const UNIT = 16;

/**
 * The default size of images for a head on maps: their proportions, with the longer side that the base was trained on
 * or that suits the objects, whichever is larger.
 * @param trained size that the base was trained on, height and width in pixels
 * @param usual size that a network from scratch would have, in pixels
 * @returns sides of whole multiples of 16 pixels
 * @example mapSize([160, 160], [64, 96]) // [112, 160]
 */
export function mapSize(trained: Size, usual: Size): Size {
  const longest = Math.max(...trained, ...usual);
  const scale = longest / Math.max(...usual);
  const whole = (side: number): number => Math.max(1, Math.round((side * scale) / UNIT)) * UNIT;
  return [whole(usual[0]), whole(usual[1])];
}

/**
 * The last layer of each stride before maps become coarser, by its path.
 * @param base built for images
 * @example stridePaths(base).get(8) // "block_6_expand_relu"
 */
export function stridePaths(base: Model): ReadonlyMap<number, string> {
  const size = base.inputShape as unknown as Size;
  const paths = new Map<number, string>();
  let coarsest = 1;
  for (const { path, shape } of stepsOf(base)) {
    const stride = strideOf(shape, size);
    if (stride === undefined || stride < coarsest) continue;
    coarsest = stride;
    paths.set(stride, path);
  }
  return paths;
}

/**
 * The part of a base that makes the maps of a head, for images of a size.
 * @throws FoveaError for a base without maps of a stride that the head needs
 */
export async function strideModel(base: Model, head: Pick<MapHead, "strides">, size: Size): Promise<StrideModel> {
  const paths = stridePaths(base);
  const strides = head.strides.find((wanted) => wanted.every((stride) => paths.has(stride)));
  if (strides === undefined) {
    const shares = (all: Iterable<number>): string => [...all].map((stride) => `1/${stride}`).join(", ");
    throw new FoveaError(
      "unsuited-model",
      `the base has maps of ${shares(paths.keys()) || "no share"} of an image's sides; the head needs those of ` +
        `${head.strides.map(shares).join(", or of ")}, so take another base, or another --cut`,
    );
  }
  const wanted = strides.map((stride) => paths.get(stride)!);
  return { maps: await forSize(layerOutputs(base, wanted), size, base.name), strides };
}

/** A model of a name with the same weights for images of a size. @throws FoveaError for one that has layers of fixed sizes */
async function forSize(model: Functional, [height, width]: Size, name: string): Promise<Functional> {
  const [ownHeight, ownWidth, channels] = model.inputShape as readonly [number, number, number];
  if (height === ownHeight && width === ownWidth) {
    model.assignName(name);
    return model;
  }
  const { config, ...object } = modelToKeras(model) as unknown as JsonObject & { readonly config: JsonObject };
  const layers = (config.layers as readonly JsonObject[]).map((layer) => {
    if (layer.class_name !== "InputLayer" || !isJsonObject(layer.config as Json)) return layer;
    return { ...layer, config: { ...(layer.config as JsonObject), batch_shape: [null, height, width, channels] } };
  });
  const copy = modelFromKeras({ ...object, config: { ...config, layers } }, { ...model.place, name }) as Functional;
  await copy.setWeights(await model.getWeights());
  return copy;
}

/**
 * Maps of a base as a head takes them: as large as their stride has them, filled up with zeros all around where convolutions without
 * padding have left less.
 */
export function wholeMaps(outputs: readonly SymbolicTensor[], strides: readonly number[], size: Size): StrideMaps {
  const whole = (map: SymbolicTensor, stride: number): SymbolicTensor => {
    const lacking = [0, 1].map((axis) => Math.ceil(size[axis as 0 | 1] / stride) - map.shape[axis]!);
    const borders = (sign: number) =>
      lacking.map((side): [number, number] => {
        const cells = Math.max(0, sign * side);
        return [Math.floor(cells / 2), Math.ceil(cells / 2)];
      }) as [[number, number], [number, number]];
    const filled = lacking.some((side) => side > 0)
      ? zeroPadding2d(borders(1), { name: `fill${stride}` }).apply(map)
      : map;
    return lacking.some((side) => side < 0) ? cropping2d(borders(-1), { name: `trim${stride}` }).apply(filled) : filled;
  };
  return new Map(outputs.map((map, i) => [strides[i]!, whole(map, strides[i]!)]));
}

// Models whose description leaves height and width of their images open. Here shapes are fixed, so the size is put into the
// description before a model is made of it; models inside take theirs from the call, or from the model around them.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import type { ImageSize } from "./loaded.js";

/** Keys of a layer's config that give the shape of an input. */
const SHAPES = ["batch_shape", "batch_input_shape"] as const;

/**
 * The description of a model, Keras 2's or Keras 3's, with every open size filled in.
 * @param size height and width, for a model that does not say them
 * @throws FoveaError when a size is open and none is given
 */
export function withImageSize(description: Json, size: ImageSize | undefined): Json {
  return isJsonObject(description) ? filled(description, size) : description;
}

/** Height and width of `[null, height, width, channels]`, if they are known. */
function sizeOfShape(shape: Json | undefined): ImageSize | undefined {
  if (!Array.isArray(shape) || shape.length !== 4) return undefined;
  const [, height, width] = shape as readonly Json[];
  return typeof height === "number" && typeof width === "number" ? [height, width] : undefined;
}

const isModel = ({ config }: JsonObject): boolean => isJsonObject(config) && Array.isArray(config.layers);

function filled(model: JsonObject, around: ImageSize | undefined): JsonObject {
  const { config } = model;
  if (!isJsonObject(config) || !Array.isArray(config.layers)) return model;
  const layers = config.layers as readonly Json[];
  const shapes = [
    config.build_input_shape,
    ...layers.flatMap((layer) =>
      isJsonObject(layer) && isJsonObject(layer.config) ? SHAPES.map((key) => (layer.config as JsonObject)[key]) : [],
    ),
  ];
  const stated = shapes.map(sizeOfShape).find((size) => size !== undefined) ?? around;
  const open = (shape: Json | undefined): Json | undefined => withSize(shape, stated);
  return {
    ...model,
    config: {
      ...config,
      ...(config.build_input_shape === undefined ? {} : { build_input_shape: open(config.build_input_shape)! }),
      layers: layers.map((layer) => {
        if (!isJsonObject(layer) || !isJsonObject(layer.config)) return layer;
        if (isModel(layer)) return filled(layer, calledWith(layer) ?? stated);
        const inner: Record<string, Json> = { ...layer.config };
        for (const key of SHAPES) if (inner[key] !== undefined) inner[key] = open(inner[key])!;
        return { ...layer, config: inner };
      }),
    },
  };
}

/** The size of the images that a call of a model inside another takes, where Keras 3 states it. */
function calledWith({ inbound_nodes: calls }: JsonObject): ImageSize | undefined {
  let found: ImageSize | undefined;
  const walk = (value: Json | undefined): void => {
    if (found !== undefined) return;
    if (Array.isArray(value)) (value as readonly Json[]).forEach(walk);
    else if (isJsonObject(value) && value.class_name === "__keras_tensor__" && isJsonObject(value.config))
      found = sizeOfShape(value.config.shape);
    else if (isJsonObject(value)) Object.values(value).forEach(walk);
  };
  walk(calls);
  return found;
}

/** A shape of images with height and width where they are open. Other shapes stay as they are. */
function withSize(shape: Json | undefined, size: ImageSize | undefined): Json | undefined {
  if (!Array.isArray(shape) || shape.length !== 4 || typeof shape[3] !== "number") return shape;
  const [batch, height, width, channels] = shape as readonly Json[];
  if (typeof height === "number" && typeof width === "number") return shape;
  if (size === undefined)
    throw new FoveaError(
      "missing-option",
      "the model takes images of any size and does not say which it was trained on; give their height and width, as in " +
        "--image-size 224x224 (imageSize: [224, 224] in code)",
    );
  return [batch!, height ?? size[0], width ?? size[1], channels!];
}

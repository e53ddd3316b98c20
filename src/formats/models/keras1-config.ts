// Descriptions of Keras 1 in the words of Keras 2: other names for classes and settings, layers that merge by a mode.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { ownValue, put } from "../../core/lookup.js";

const CLASSES: Readonly<Record<string, string>> = {
  Convolution2D: "Conv2D",
  AtrousConvolution2D: "Conv2D",
  SeparableConvolution2D: "SeparableConv2D",
  Deconvolution2D: "Conv2DTranspose",
};

/** Keras 2's class for each mode of `Merge`. */
const MERGES: Readonly<Record<string, string>> = {
  sum: "Add",
  mul: "Multiply",
  ave: "Average",
  max: "Maximum",
  concat: "Concatenate",
};

const SETTINGS: Readonly<Record<string, string>> = {
  nb_filter: "filters",
  output_dim: "units",
  border_mode: "padding",
  subsample: "strides",
  atrous_rate: "dilation_rate",
  bias: "use_bias",
  init: "kernel_initializer",
  W_regularizer: "kernel_regularizer",
  b_regularizer: "bias_regularizer",
  W_constraint: "kernel_constraint",
  b_constraint: "bias_constraint",
  p: "rate",
  sigma: "stddev",
  gamma_init: "gamma_initializer",
  beta_init: "beta_initializer",
  concat_axis: "axis",
  input_dtype: "dtype",
};
const INITIALIZERS: Readonly<Record<string, string>> = {
  zero: "zeros",
  one: "ones",
  normal: "random_normal",
  uniform: "random_uniform",
};

const layersOf = (config: Json | undefined): readonly Json[] =>
  Array.isArray(config) ? config : isJsonObject(config) && Array.isArray(config.layers) ? config.layers : [];

/** Checks whether a version is one of Keras 1's. */
export const isKeras1Version = (version: string): boolean => /^[01]\./.test(version);

/** Checks whether a description is Keras 1's: it says so, or has settings that only Keras 1 had. */
export function isKeras1({ keras_version: version, config }: JsonObject): boolean {
  if (typeof version === "string") return isKeras1Version(version);
  return layersOf(config).some(
    (layer) =>
      isJsonObject(layer) &&
      isJsonObject(layer.config) &&
      ("nb_filter" in layer.config || "output_dim" in layer.config),
  );
}

/**
 * A model or layer in Keras 2's words.
 * @throws FoveaError for images with channels first, and for what has no counterpart
 */
export function fromKeras1(object: JsonObject): JsonObject {
  const { class_name: className, config } = object;
  if (typeof className !== "string") return object;
  if (Array.isArray(config)) return { ...object, config: (config as readonly Json[]).map(inner) };
  if (!isJsonObject(config)) return object;
  if (Array.isArray(config.layers))
    return { ...object, config: { ...config, layers: (config.layers as readonly Json[]).map(inner) } };
  if (className === "Merge") return merge(object, config);
  return { ...object, class_name: ownValue(CLASSES, className) ?? className, config: settings(className, config) };
}

const inner = (layer: Json): Json => (isJsonObject(layer) ? fromKeras1(layer) : layer);

function merge(object: JsonObject, config: JsonObject): JsonObject {
  const className = typeof config.mode === "string" ? ownValue(MERGES, config.mode) : undefined;
  if (className === undefined || Array.isArray(config.layers))
    throw new FoveaError(
      "unsupported-layer",
      `the layer Merge "${config.name}" merges by ${JSON.stringify(config.mode)}, which is not supported`,
    );
  const axis = className === "Concatenate" ? { axis: config.concat_axis ?? -1 } : {};
  return { ...object, class_name: className, config: { name: config.name ?? null, ...axis } };
}

function settings(className: string, config: JsonObject): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(config)) {
    if (key === "dim_ordering") {
      if (value === "th")
        throw new FoveaError(
          "unsupported-layer",
          `the layer ${className} "${config.name}" has channels first (dim_ordering "th"), which is not supported; ` +
            'convert the model in Keras to dim_ordering "tf"',
        );
      out.data_format = "channels_last";
    } else if (key === "nb_row" || key === "nb_col") out.kernel_size = [config.nb_row ?? 1, config.nb_col ?? 1];
    else if (key === "mode" && className === "BatchNormalization") {
      // Mode 1 normalizes each sample, mode 2 by the batch also when the model predicts.
      if (value !== 0)
        throw new FoveaError(
          "unsupported-layer",
          `the layer BatchNormalization "${config.name}" has mode ${JSON.stringify(value)}, which is not supported; only mode 0 is`,
        );
    } else if (key.endsWith("init") && typeof value === "string")
      put(out, ownValue(SETTINGS, key) ?? key, ownValue(INITIALIZERS, value) ?? value);
    else if (key === "activation" && value === null) out.activation = "linear";
    else put(out, ownValue(SETTINGS, key) ?? key, value);
  }
  return out;
}

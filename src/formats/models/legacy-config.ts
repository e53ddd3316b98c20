// Configurations of Keras 1 and 2, and of TensorFlow.js after them, in the form of Keras 3, which nn reads. Knows
// spellings, nothing of the layers' computations.

import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { ownValue } from "../../core/lookup.js";

/** Classes that had other names. */
const RENAMED: Readonly<Record<string, string>> = {
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  SyncBatchNormalization: "BatchNormalization",
};

/**
 * A model or layer `{class_name, config}` of any age as Keras 3's readers want it. Keras 2.13 writes modules as Keras 3
 * does, but calls as Keras 2 does; Keras 3's own stay as they are.
 */
export function modernConfig(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(modernConfig);
  if (!isJsonObject(value)) return value;
  // The form of NumPy numbers in Keras 2.2, such as ReLU's max_value.
  if (value.type === "ndarray" && "value" in value) return value.value!;
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => [key, modernConfig(inner)]);
  const object: JsonObject = Object.fromEntries(entries);
  if (typeof object.class_name !== "string") return object;
  const className = ownValue(RENAMED, object.class_name) ?? object.class_name;
  // Until Keras 2.2 a sequential model's config was the list of its layers.
  const settings = Array.isArray(object.config) ? { layers: object.config } : object.config;
  if (!isJsonObject(settings)) return { ...object, class_name: className };
  const config = "module" in object ? settings : withPlainDtype(settings);
  return {
    ...object,
    class_name: className,
    config: className === "Sequential" ? withInput(config) : withCalls(config),
  };
}

/** A model of calls in Keras 2's form, told by them: lists where Keras 3 has objects. */
function withCalls(config: JsonObject): JsonObject {
  if (!Array.isArray(config.layers)) return config;
  const layers = config.layers as readonly Json[];
  const calls = layers.flatMap((layer) =>
    isJsonObject(layer) ? ((layer.inbound_nodes as readonly Json[]) ?? []) : [],
  );
  if (calls.every((call) => isJsonObject(call))) return config;
  const counted = countedFromOne(config, layers);
  return {
    ...counted,
    input_layers: loneTensor(counted.input_layers),
    output_layers: loneTensor(counted.output_layers),
  };
}

/**
 * Keras 2 counted the calls of a model inside a model from 1, its own graph being call 0; but from 0 where the inner
 * one was built by its first call. A reference to call 0 tells the cases apart. Afterwards all calls are counted from
 * 1.
 */
function countedFromOne(config: JsonObject, layers: readonly Json[]): JsonObject {
  const models = new Set(layers.filter(isModel).map((layer) => (layer as JsonObject).name));
  const zero = new Set<Json>();
  const isReference = (value: readonly Json[]): boolean =>
    models.has(value[0]) && typeof value[1] === "number" && typeof value[2] === "number";
  const walk = (value: Json | undefined, each: (reference: readonly Json[]) => Json): Json => {
    if (!Array.isArray(value)) return value ?? null;
    const list = value as readonly Json[];
    return isReference(list) ? each(list) : list.map((inner) => walk(inner, each));
  };
  const through = (each: (reference: readonly Json[]) => Json): JsonObject => ({
    ...config,
    layers: layers.map((layer) =>
      isJsonObject(layer) ? { ...layer, inbound_nodes: walk(layer.inbound_nodes, each) } : layer,
    ),
    output_layers: walk(config.output_layers, each),
  });
  through((reference) => {
    if (reference[1] === 0) zero.add(reference[0]!);
    return null;
  });
  if (zero.size === 0) return config;
  return through((reference) => {
    const [name, call, ...rest] = reference as readonly [Json, number, ...Json[]];
    return zero.has(name) ? [name, call + 1, ...rest] : reference;
  });
}

/** Keras 2 lists tensors even where there is one; to Keras 3 a list of one is a model that returns a list. */
const loneTensor = (value: Json | undefined): Json =>
  Array.isArray(value) && value.length === 1 && Array.isArray(value[0]) ? (value[0] as Json) : (value ?? null);

/** A dtype policy by its name; what computes in half floats here computes in whole ones. */
function withPlainDtype(config: JsonObject): JsonObject {
  const { dtype } = config;
  if (!isJsonObject(dtype)) return config;
  const policy = isJsonObject(dtype.config) ? dtype.config.name : undefined;
  return { ...config, dtype: typeof policy === "string" ? policy.replace(/^mixed_.*/, "float32") : "float32" };
}

/** A stack whose first layer states the shape of its input begins with an input layer instead. */
function withInput(config: JsonObject): JsonObject {
  const layers = Array.isArray(config.layers) ? (config.layers as readonly Json[]) : [];
  const first = layers[0];
  const inner = isJsonObject(first) && first.class_name !== "InputLayer" ? first.config : undefined;
  const shape = isJsonObject(inner) ? inner.batch_input_shape : undefined;
  if (!Array.isArray(shape) || isModel(first)) return config;
  const name = isJsonObject(inner) && typeof inner.name === "string" ? `${inner.name}_input` : "input";
  return {
    ...config,
    layers: [{ class_name: "InputLayer", config: { batch_input_shape: shape, dtype: "float32", name } }, ...layers],
  };
}

/** Checks whether a serialised object is a model, which says itself what it takes. */
const isModel = (value: Json | undefined): boolean =>
  isJsonObject(value) && ["Sequential", "Model", "Functional"].includes(String(value.class_name));

/** Keras 2's `training_config` as Keras 3's `compile_config`; undefined when it says nothing. */
export function modernCompileConfig(value: Json | undefined): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const metrics = value.metrics ?? value.weighted_metrics ?? [];
  return {
    optimizer: value.optimizer_config ?? value.optimizer ?? null,
    loss: onlyOne(value.loss),
    metrics: Array.isArray(metrics) ? (metrics as readonly Json[]).flat().map(metricName) : [],
  };
}

/** One loss for one output may stand in a list or under the output's name. */
function onlyOne(value: Json | undefined): Json {
  if (Array.isArray(value) && value.length === 1) return value[0] as Json;
  if (isJsonObject(value) && !("class_name" in value)) {
    const all = Object.values(value);
    if (all.length === 1) return all[0]!;
  }
  return value ?? null;
}

/** TensorFlow's Keras wraps metrics that are functions. */
function metricName(value: Json): Json {
  if (!isJsonObject(value) || value.class_name !== "MeanMetricWrapper" || !isJsonObject(value.config)) return value;
  return value.config.fn ?? value;
}

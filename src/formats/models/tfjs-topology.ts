// A model's description in the words of Keras 2, which TensorFlow.js speaks, and with the layers and activations that
// it has. Layers without a counterpart there are refused, and layers without effect in inference become a layer that
// does nothing.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import { put } from "../../core/lookup.js";

/** Classes that TensorFlow.js has under the same name with the same settings. */
const SAME: ReadonlySet<string> = new Set([
  ...["Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply"],
  ...[
    "Conv2D",
    "Conv2DTranspose",
    "DepthwiseConv2D",
    "SeparableConv2D",
    "Dense",
    "Activation",
    "Softmax",
    "ELU",
    "PReLU",
  ],
  ...["AveragePooling2D", "MaxPooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D"],
  ...[
    "BatchNormalization",
    "LayerNormalization",
    "Dropout",
    "GaussianNoise",
    "CategoryEncoding",
    "Rescaling",
    "Resizing",
  ],
  ...["Flatten", "Reshape", "Permute", "ZeroPadding2D", "Cropping2D", "UpSampling2D", "InputLayer", "Sequential"],
]);
/** Layers that do something in training only. */
const AUGMENTATION = /^Random[A-Z]/;

const ACTIVATIONS: ReadonlySet<string> = new Set([
  ...["linear", "relu", "relu6", "elu", "selu", "sigmoid", "softmax", "softplus", "softsign", "tanh", "log_softmax"],
  "swish",
]);

/** Settings that Keras 2 did not have. Another value than this has no counterpart. */
const NEW_SETTINGS: Readonly<Record<string, Json>> = {
  keepdims: false,
  rms_scaling: false,
  antialias: false,
  pad_to_aspect_ratio: false,
  renorm: false,
  synchronized: false,
  sparse: false,
};
/** Settings that say nothing about inference, or nothing that an older reader wants to know. */
const DROPPED =
  /^(quantization_config|build_input_shape|optional|ragged|fill_mode|fill_value|renorm_\w+|\w+_regularizer|\w+_constraint)$/;

/** `[name, call, output]` as Keras 2 counts: the calls of a model from 1, for its own graph is call 0. */
type Counting = (history: readonly Json[]) => readonly Json[];

/** A serialised layer or model of ours as TensorFlow.js reads it. @throws FoveaError for what it does not have. */
export function tfjsTopology(object: JsonObject): JsonObject {
  const className = String(object.class_name);
  const config = isJsonObject(object.config) ? object.config : {};
  return className === "Functional" ? functional(config) : layerTopology(className, config);
}

function functional(config: JsonObject): JsonObject {
  const layers = config.layers as readonly JsonObject[];
  const models = new Set(
    layers
      .filter(({ class_name }) => class_name === "Functional" || class_name === "Sequential")
      .map(({ name }) => name),
  );
  const counting: Counting = ([name, call, output]) => [name!, (call as number) + (models.has(name) ? 1 : 0), output!];
  return {
    class_name: "Model",
    config: {
      name: config.name ?? "model",
      layers: layers.map((layer) => {
        const { name = null, inbound_nodes: nodes = [] } = layer;
        return {
          ...tfjsTopology(layer),
          name,
          inbound_nodes: (nodes as readonly Json[]).map((node) => tensorsOf(node, counting)),
        };
      }),
      // Keras 3 counts the calls of functional models from 1 here, as Keras 2 does; of stacks it does not.
      input_layers: listed(config.input_layers),
      output_layers: listed(config.output_layers).map((history) => {
        const [name] = history as readonly Json[];
        const stack = layers.some((layer) => layer.name === name && layer.class_name === "Sequential");
        return stack ? counting(history as readonly Json[]) : history;
      }),
    },
  };
}

const listed = (value: Json | undefined): readonly Json[] => {
  const all = value as readonly Json[];
  return typeof all[0] === "string" ? [all] : all;
};

/** `[[layer, call, output, {}], ...]` of one call. */
function tensorsOf(node: Json, counting: Counting): Json[] {
  const found: Json[] = [];
  const walk = (value: Json): void => {
    if (Array.isArray(value)) (value as readonly Json[]).forEach(walk);
    else if (isJsonObject(value) && isJsonObject(value.config) && Array.isArray(value.config.keras_history))
      found.push([...counting(value.config.keras_history as readonly Json[]), {}]);
  };
  if (isJsonObject(node)) walk(node.args ?? []);
  return found;
}

function layerTopology(className: string, config: JsonObject): JsonObject {
  const label = `${className} "${config.name}"`;
  const none = (what: string): FoveaError =>
    new FoveaError("not-exportable", `${label}: TensorFlow.js has no ${what}; write another format, such as .onnx`);
  const plain = plainConfig(config, none);
  const named = { name: config.name ?? null, trainable: config.trainable ?? true, dtype: "float32" };
  const nothing = { class_name: "Activation", config: { ...named, activation: "linear" } };
  if (AUGMENTATION.test(className)) return nothing;
  if (className === "SpatialDropout2D") return { class_name: "Dropout", config: { ...named, rate: config.rate ?? 0 } };
  if (className === "LeakyReLU")
    return { class_name: "LeakyReLU", config: { ...named, alpha: config.negative_slope ?? 0.3 } };
  if (className === "ReLU") return rectifier(config, named, none);
  if (!SAME.has(className)) throw none(`layer ${className}`);
  if (className !== "Sequential") return { class_name: className, config: plain };
  const layers = (config.layers as readonly JsonObject[]).map(tfjsTopology);
  return { class_name: className, config: { name: config.name ?? null, layers } };
}

function rectifier(config: JsonObject, named: JsonObject, none: (what: string) => FoveaError): JsonObject {
  const { max_value: most = null, negative_slope: slope = 0, threshold = 0 } = config;
  if (threshold !== 0 || (slope !== 0 && most !== null)) throw none("ReLU with a threshold, or a slope and a cap");
  if (slope !== 0) return { class_name: "LeakyReLU", config: { ...named, alpha: slope } };
  return { class_name: "ReLU", config: { ...named, ...(most === null ? {} : { max_value: most }) } };
}

/** The settings in Keras 2's words. */
function plainConfig(config: JsonObject, none: (what: string) => FoveaError): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(config)) {
    if (Object.hasOwn(NEW_SETTINGS, key)) {
      if (value !== null && value !== NEW_SETTINGS[key]) throw none(`setting ${key} = ${JSON.stringify(value)}`);
    } else if (key === "batch_shape") out.batch_input_shape = value;
    else if (key === "dtype") out.dtype = typeof value === "string" ? value : "float32";
    else if (key === "activation") out.activation = activationName(String(value), none);
    else if (!DROPPED.test(key)) put(out, key, withoutModule(value));
  }
  return out;
}

function activationName(name: string, none: (what: string) => FoveaError): string {
  const spelled = name === "silu" ? "swish" : name;
  if (!ACTIVATIONS.has(spelled)) throw none(`activation ${name} that computes the same`);
  return spelled;
}

/** An initializer as Keras 2 wrote it. */
const withoutModule = (value: Json): Json =>
  isJsonObject(value) && "class_name" in value ? { class_name: value.class_name!, config: value.config ?? {} } : value;

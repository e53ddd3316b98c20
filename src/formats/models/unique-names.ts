// Names that are unique through all nested models, for formats that know layers by their name alone. Fovea and Keras
// number names within each model, so two nested models may each have a `conv2d`.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";

/** A serialised model with its inner layers renamed where a name is there twice: `conv2d` to `conv2d_1`. */
export function withUniqueNames(model: JsonObject, taken = new Set<string>()): JsonObject {
  const config = isJsonObject(model.config) ? model.config : {};
  if (!Array.isArray(config.layers)) return model;
  const layers = config.layers as readonly JsonObject[];
  const renamed = new Map<string, string>();
  for (const layer of layers) {
    const old = String((layer.config as JsonObject).name);
    let name = old;
    for (let i = 1; taken.has(name); i++) name = `${old}_${i}`;
    taken.add(name);
    renamed.set(old, name);
  }
  const nameOf = (name: Json | undefined): Json => renamed.get(String(name)) ?? name ?? null;
  /** References to tensors: `keras_history` deep inside, or `[name, call, output]`. */
  const follow = (value: Json): Json => {
    if (Array.isArray(value)) return (value as readonly Json[]).map(follow);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, key === "keras_history" ? reference(inner) : follow(inner)]),
    );
  };
  const reference = (value: Json): Json => {
    const [first, ...rest] = value as readonly Json[];
    return [nameOf(first), ...rest];
  };
  const ends = (value: Json): Json => {
    const all = value as readonly Json[];
    return typeof all[0] === "string" ? reference(all) : all.map(reference);
  };
  return {
    ...model,
    config: {
      ...config,
      layers: layers.map((layer) => {
        const settings = layer.config as JsonObject;
        const inner = withUniqueNames({ ...layer, config: { ...settings, name: nameOf(settings.name) } }, taken);
        if (layer.inbound_nodes === undefined) return inner;
        return { ...inner, name: nameOf(settings.name), inbound_nodes: follow(layer.inbound_nodes) };
      }),
      ...(config.input_layers === undefined ? {} : { input_layers: ends(config.input_layers) }),
      ...(config.output_layers === undefined ? {} : { output_layers: ends(config.output_layers) }),
    },
  };
}

// Functional models out of Keras's form: layers first, then their calls, each as soon as what it takes is there. Calls of
// shared layers may wait for others, and files may list layers in any order; a circle is an error.
import { FoveaError } from "../../core/errors.js";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.js";
import type { Layer, SymbolicTensor } from "../layers/layer.js";
import { Functional, type OneOrMore } from "../model/functional.js";
import {
  type CallReference,
  callsFromKeras,
  type TensorReference,
  tensorsFromKeras,
} from "../model/functional-config.js";
import { Model, type ModelOptions } from "../model/model.js";

/** A layer of the file and its calls that were not made yet. */
interface Entry {
  readonly layer: Layer;
  readonly nodes: Json | undefined;
}

/** The layers by name. Input layers have been called by being made. */
function layersIn(config: JsonObject, layerFromKeras: (value: Json) => Layer): Map<string, Entry> {
  if (!Array.isArray(config.layers))
    throw new FoveaError("wrong-field", "model: expected a list of layers in the file");
  const layers = new Map<string, Entry>();
  for (const value of config.layers as readonly Json[]) {
    const layer = layerFromKeras(value);
    if (layers.has(layer.name))
      throw new FoveaError("damaged-file", `model: the file has two layers named "${layer.name}"`);
    layers.set(layer.name, { layer, nodes: isJsonObject(value) ? value.inbound_nodes : undefined });
  }
  return layers;
}

/** Makes the calls. @throws FoveaError when some can never be made. */
function connect(calls: { layer: Layer; call: CallReference }[], find: (reference: TensorReference) => unknown): void {
  let waiting = calls;
  while (waiting.length > 0) {
    const blocked = new Set<Layer>();
    const left = waiting.filter(({ layer, call: { inputs, training } }) => {
      // The calls of one layer keep their order.
      const tensors = blocked.has(layer) ? [undefined] : inputs.map(find);
      if (tensors.includes(undefined)) return blocked.add(layer);
      layer.applyAll(tensors as SymbolicTensor[], training === undefined ? {} : { training });
      return false;
    });
    if (left.length === waiting.length) {
      const names = left.map(({ layer }) => `"${layer.name}"`).join(", ");
      throw new FoveaError(
        "damaged-file",
        `model: calls in the file wait for each other or for outputs that do not exist: ${names.slice(0, 200)}`,
      );
    }
    waiting = left;
  }
}

/**
 * A functional model from the config inside its Keras form, Keras 3's or Keras 2's.
 * @throws FoveaError when the graph of calls has a circle, or names layers that are not there.
 */
export function functionalFrom(
  config: JsonObject,
  options: ModelOptions,
  layerFromKeras: (value: Json) => Layer,
): Functional {
  const layers = layersIn(config, layerFromKeras);
  // Keras 2 writes calls as lists, Keras 3 as objects.
  const isKeras2 = [...layers.values()].some(
    ({ nodes }) => Array.isArray(nodes) && (nodes as readonly Json[]).some((node) => Array.isArray(node)),
  );
  const entry = (name: string): Entry => {
    const found = layers.get(name);
    if (found === undefined)
      throw new FoveaError("damaged-file", `model: the file has no layer "${name}", which others depend on`);
    return found;
  };
  const find = ({ layer, call, index }: TensorReference): SymbolicTensor | undefined =>
    entry(layer).layer.calls[call]?.outputs[index];
  // A model in a model has a call of its own in some counts: number 0, its own graph.
  const countsOwnGraph = (name: string): boolean => {
    const { layer } = entry(name);
    return isKeras2 ? layer instanceof Model : layer instanceof Functional;
  };
  connect(
    [...layers.values()].flatMap(({ layer, nodes }) =>
      callsFromKeras(nodes, isKeras2 ? countsOwnGraph : () => false, layer.inputNames).map((call) => ({ layer, call })),
    ),
    find,
  );
  const tensors = (key: "input_layers" | "output_layers"): OneOrMore<SymbolicTensor> => {
    const { single, tensors } = tensorsFromKeras(config[key], countsOwnGraph);
    const found = tensors.map((reference) => {
      const tensor = find(reference);
      if (tensor === undefined)
        throw new FoveaError("damaged-file", `model: "${reference.layer}" in ${key} of the file was never called`);
      return tensor;
    });
    return single ? found[0]! : found;
  };
  return new Functional({
    ...(typeof config.name === "string" ? { name: config.name } : {}),
    ...options,
    inputs: tensors("input_layers"),
    outputs: tensors("output_layers"),
  });
}

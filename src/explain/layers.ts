// The layers of a model as plain data: shapes, weights, settings, and which layer takes what from which.
import type { Layer } from "../nn/layers/index.js";
import { Model } from "../nn/model/model.js";
import { layersOf } from "./probe.js";

/** One layer of a model. */
export interface LayerFacts {
  /** Its path, as `getLayer` takes it: `conv1`, in nested models `base/conv1`. */
  readonly name: string;
  /** Keras's class name. */
  readonly type: string;
  /** Shapes without the batch axis; of several inputs the first. */
  readonly input: readonly number[];
  /** The shape of the first output, without the batch axis. */
  readonly output: readonly number[];
  /** Number of all weights' elements. */
  readonly params: number;
  /** Names and shapes of the weights. */
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Settings under Keras's names, as JSON has them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Paths of the layers whose outputs it takes; none for an input. */
  readonly from: readonly string[];
}

/**
 * The layers of a model in their order, those of nested models in the place of these.
 * @param model A built model.
 * @example layerFacts(model).map(({ name, params }) => [name, params])
 */
export function layerFacts(model: Model): LayerFacts[] {
  const sources = sourcesOf(model);
  return [...layersOf(model)].map(([name, layer]) => ({
    name,
    type: layer.className,
    input: layer.inputShapes[0] ?? [],
    output: layer.outputShapes[0] ?? [],
    params: layer.countParams(),
    weights: layer.weights.map((weight) => ({ name: weight.name, shape: weight.shape })),
    config: JSON.parse(JSON.stringify(layer.toKerasObject().config)),
    from: sources.get(name) ?? [],
  }));
}

/**
 * The layers that each layer takes from, by path. A layer that is applied several times has the sources of its last call.
 * @param from paths of the layers that the model's own inputs come from
 */
function sourcesOf(model: Model, prefix = "", from: readonly string[] = []): Map<string, readonly string[]> {
  const sources = new Map<string, readonly string[]>();
  const { network } = model;
  /** The layer that computes an output of a layer: of a nested model the last of its own. */
  const pathOf = (layer: Layer, path: string): readonly string[] =>
    layer instanceof Model
      ? layer.network.outputs.flatMap(({ call }) => pathOf(call.layer, `${path}/${call.layer.name}`))
      : [path];
  for (const { layer, inputs } of network.calls) {
    const path = prefix + layer.name;
    const taken = inputs.flatMap(({ call }) =>
      call.inputs.length === 0 && from.length > 0 ? from : pathOf(call.layer, prefix + call.layer.name),
    );
    if (layer instanceof Model) for (const [inner, its] of sourcesOf(layer, `${path}/`, taken)) sources.set(inner, its);
    else sources.set(path, inputs.length === 0 ? from : taken);
  }
  return sources;
}

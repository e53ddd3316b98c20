// Where Keras 3 keeps each layer's arrays inside model.weights.h5: by class name and counter within the container,
// never by the layer's own name, so that renaming a layer moves nothing.
import type { Layer } from "../../nn/layers/layer.js";
import type { Weight } from "../../nn/layers/weight.js";
import { Model } from "../../nn/model/model.js";
import { toSnakeCase } from "../../nn/naming.js";

/** A layer (or model) and the group that holds its `vars`; the root model's path is `""`. */
export interface StoredLayer {
  readonly path: string;
  readonly layer: Layer;
  /** The layer's own; a model has none besides its layers'. */
  readonly weights: readonly Weight[];
}

/** The model and all layers in it, outermost first, nested models included. */
export function storedLayers(layer: Layer, path = ""): StoredLayer[] {
  if (!(layer instanceof Model)) return [{ path, layer, weights: layer.weights }];
  const counts = new Map<string, number>();
  const children = layer.layers.flatMap((child) => {
    const base = toSnakeCase(child.className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return storedLayers(child, join(join(path, "layers"), count === 0 ? base : `${base}_${count}`));
  });
  return [{ path, layer, weights: [] }, ...children];
}

/** The group of a layer's or the optimizer's arrays: `layers/dense/vars`. */
export const varsOf = (path: string): string => join(path, "vars");

const join = (path: string, name: string): string => (path === "" ? name : `${path}/${name}`);

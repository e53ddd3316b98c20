// Paths of each layer's arrays in Keras 3's model.weights.h5: by class name and counter within the container,
// never by the layer's own name, so that renaming a layer moves nothing.

import { toSnakeCase } from "../../nn/config/naming.js";
import { KerasOperation } from "../../nn/layers/keras-ops/keras-operation.js";
import type { Layer } from "../../nn/layers/layer.js";
import type { Weight } from "../../nn/layers/weight.js";
import { Model } from "../../nn/model/model.js";
import type { Container } from "./keras-layouts.js";

/** A layer (or model, or a part of a layer) and the group that holds its `vars`; the root model's path is `""`. */
export interface StoredLayer {
  readonly path: string;
  /** Path in files of Keras until 3.3, where it differs. */
  readonly olderPath?: string;
  readonly name: string;
  /** Name in messages. */
  readonly label: string;
  /** The layer's own; a model has none besides its layers'. */
  readonly weights: readonly Weight[];
}

/** The model and all layers in it, outermost first, nested models included. Operations without state are not stored. */
export function storedLayers(layer: Layer, container: Container = "layers", path = ""): StoredLayer[] {
  const { name, label } = layer;
  if (!(layer instanceof Model)) {
    const { weightGroups } = layer;
    if (weightGroups.length === 0) return [{ path, name, label, weights: layer.weights }];
    const parts = weightGroups.map(({ group, ...part }) => ({
      ...part,
      label,
      path: join(path, group),
      olderPath: join(path, `_${group}`),
    }));
    return [{ path, name, label, weights: [] }, ...parts];
  }
  const counts = new Map<string, number>();
  const children = layer.layers.flatMap((child) => {
    if (child instanceof KerasOperation) return [];
    const base = toSnakeCase(child.className);
    const count = counts.get(base) ?? 0;
    // `_layer_checkpoint_dependencies` lists a layer with weights twice, and the second mention counts as well.
    const listed = container === "layers" || child.weights.length === 0 ? 1 : 2;
    counts.set(base, count + listed);
    return storedLayers(child, container, join(join(path, container), count === 0 ? base : `${base}_${count}`));
  });
  return [{ path, name, label, weights: [] }, ...children];
}

/** The group of a layer's or the optimizer's arrays: `layers/dense/vars`. */
export const varsOf = (path: string): string => join(path, "vars");

const join = (path: string, name: string): string => (path === "" ? name : `${path}/${name}`);

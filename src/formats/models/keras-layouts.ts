// Layouts of `model.weights.h5` in older Keras. Keras 2.12 and 2.13 kept arrays under `_layer_checkpoint_dependencies`,
// which lists a layer with weights twice. On Windows they joined the names of groups with backslashes.
import { FoveaError } from "../../core/errors.js";
import type { Hdf5Group } from "../containers/hdf5/tree.js";

/** The group in which a model keeps those of its layers. */
export type Container = "layers" | "_layer_checkpoint_dependencies";

const MOST_PARTS = 100;

/** The container that a file uses. */
export const containerOf = ({ groups }: Hdf5Group): Container =>
  groups.has("_layer_checkpoint_dependencies") ? "_layer_checkpoint_dependencies" : "layers";

/**
 * The tree with every backslash in the name of a group taken for a step down, as Windows wrote it.
 * @throws FoveaError when a name has more steps than a model has models inside
 */
export function withoutBackslashes(root: Hdf5Group): Hdf5Group {
  const groups = new Map<string, Hdf5Group>();
  for (const [name, group] of root.groups) {
    const parts = name.split("\\").filter((part) => part !== "");
    if (parts.length > MOST_PARTS)
      throw new FoveaError("unsupported-feature", `the name of a group in it has ${parts.length} parts`);
    const [first = name, ...rest] = parts;
    const inner = rest.reduceRight<Hdf5Group>(
      (below, part) => ({ attributes: new Map(), groups: new Map([[part, below]]), datasets: new Map() }),
      withoutBackslashes(group),
    );
    const other = groups.get(first);
    groups.set(first, other === undefined ? inner : merged(other, inner));
  }
  return { ...root, groups };
}

/** Both groups' content in one. */
function merged(a: Hdf5Group, b: Hdf5Group): Hdf5Group {
  const groups = new Map(a.groups);
  for (const [name, group] of b.groups) {
    const other = groups.get(name);
    groups.set(name, other === undefined ? group : merged(other, group));
  }
  return {
    attributes: new Map([...a.attributes, ...b.attributes]),
    groups,
    datasets: new Map([...a.datasets, ...b.datasets]),
  };
}

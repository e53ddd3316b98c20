// HDF5 content as plain data: groups, datasets and attributes. Knows the shape of a file, nothing of its bytes.
import { FoveaError } from "../../../core/errors.js";
import type { Shape } from "../../../core/shape.js";

export interface Hdf5Arrays {
  float32: Float32Array;
  float64: Float64Array;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  /** The bits of each, as half.ts reads them; Keras says bfloat16 by an attribute of opaque elements. */
  float16: Uint16Array;
  bfloat16: Uint16Array;
  string: readonly string[];
}

/** Element types, by NumPy's names. Booleans are read as `int8`. */
export type Hdf5DType = keyof Hdf5Arrays;

/** Arrays for numbers of each type; of two types with one kind of array the first is what such an array is taken for. */
export const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
} as const;

/** An attribute: a scalar, or a list of one axis. Bytes that h5py wrote as text come back as text. */
export type Hdf5Attribute = string | number | bigint | Hdf5Arrays[Hdf5DType];

export type Hdf5Attributes = ReadonlyMap<string, Hdf5Attribute>;

/** An array in a file, row-major. A core `Tensor` is one as it is. */
export interface Hdf5Dataset<D extends Hdf5DType = Hdf5DType> {
  /** The element type. */
  readonly dtype: D;
  /** The extent of each axis. */
  readonly shape: Shape;
  /** The elements, the last axis fastest. */
  readonly data: Hdf5Arrays[D];
  /** Notes by name; none where it is left out. */
  readonly attributes?: Hdf5Attributes;
}

/** A folder of groups and datasets. Names hold no `/` and are unique across both maps. */
export interface Hdf5Group {
  /** Notes by name. */
  readonly attributes: Hdf5Attributes;
  /** Groups inside, by name. */
  readonly groups: ReadonlyMap<string, Hdf5Group>;
  /** Arrays inside, by name. */
  readonly datasets: ReadonlyMap<string, Hdf5Dataset>;
}

/** The group at `path` below `root` (`"layers/dense/vars"`), or undefined. */
export function groupAt(root: Hdf5Group, path: string): Hdf5Group | undefined {
  let group: Hdf5Group | undefined = root;
  for (const part of path.split("/")) if (part !== "") group = group?.groups.get(part);
  return group;
}

/**
 * Builds a tree from datasets by path; the groups on the way come into being. Group attributes by the group's path,
 * `""` for the root.
 * @param datasets Arrays by path.
 * @param attributes Notes of groups; default none.
 * @throws FoveaError when a path is both a group and a dataset, or an attribute's group has a dataset's name.
 * @example
 * const [kernel] = await model.getWeights();
 * const root = hdf5Tree({ "layers/dense/vars/0": kernel }, { "layers/dense/vars": { name: "dense" } });
 * [...root.groups.keys()]; // ["layers"]
 */
export function hdf5Tree(
  datasets: Readonly<Record<string, Hdf5Dataset>>,
  attributes: Readonly<Record<string, Readonly<Record<string, Hdf5Attribute>>>> = {},
): Hdf5Group {
  interface Growing extends Hdf5Group {
    attributes: Hdf5Attributes;
    groups: Map<string, Growing>;
    datasets: Map<string, Hdf5Dataset>;
  }
  const empty = (): Growing => ({ attributes: new Map(), groups: new Map(), datasets: new Map() });
  const root = empty();
  const reach = (parts: readonly string[]): Growing => {
    let group = root;
    for (const part of parts) {
      if (group.datasets.has(part))
        throw new FoveaError("unusable-name", `hdf5: ${parts.join("/")} passes through a dataset`);
      const next = group.groups.get(part) ?? empty();
      group.groups.set(part, next);
      group = next;
    }
    return group;
  };
  for (const [path, values] of Object.entries(attributes))
    reach(path.split("/").filter((part) => part !== "")).attributes = new Map(Object.entries(values));
  for (const [path, dataset] of Object.entries(datasets)) {
    const parts = path.split("/");
    const name = parts.pop()!;
    const group = reach(parts);
    if (name === "" || group.groups.has(name))
      throw new FoveaError("unusable-name", `hdf5: ${path} cannot be a dataset's path`);
    group.datasets.set(name, dataset);
  }
  return root;
}

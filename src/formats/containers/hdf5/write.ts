// Writes plain trees as HDF5 files, by h5wasm; text is UTF-8 of variable length, as h5py writes it. The library notes
// when each array was made, so the same tree need not give the same bytes.
import type { Group } from "h5wasm";
import { FoveaError } from "../../../core/errors.js";
import { type Shape, showShape, sizeOf } from "../../../core/shape.js";
import { hdf5Library } from "./library.js";
import {
  ARRAYS,
  type Hdf5Arrays,
  type Hdf5Attribute,
  type Hdf5Attributes,
  type Hdf5DType,
  type Hdf5Group,
} from "./tree.js";

/** The element types in h5wasm's words. */
const DTYPES: Record<Hdf5DType, string> = {
  float32: "<f",
  float64: "<d",
  int8: "<b",
  int16: "<h",
  int32: "<i",
  int64: "<q",
  uint8: "<B",
  uint16: "<H",
  uint32: "<I",
  uint64: "<Q",
  string: "S",
};

/**
 * The tree as the bytes of an HDF5 file.
 * @throws FoveaError when a name holds a `/` or data do not fill their shape.
 */
export async function writeHdf5(tree: Hdf5Group): Promise<Uint8Array> {
  const { File, FS, freshPath } = await hdf5Library();
  const path = freshPath();
  try {
    const file = new File(path, "w");
    writeGroup(file, tree);
    file.close();
    return FS.readFile(path);
  } finally {
    FS.unlink(path);
  }
}

function writeGroup(to: Group, { attributes, groups, datasets }: Hdf5Group): void {
  writeAttributes(to, attributes);
  for (const [name, { dtype, shape, data, attributes }] of datasets) {
    checkName(name);
    if (data.length !== sizeOf(shape))
      throw new FoveaError(`hdf5: ${name} of shape ${showShape(shape)} cannot hold ${data.length} elements`);
    const dataset = to.create_dataset({ name, ...elements({ dtype, shape, data }) });
    if (attributes !== undefined) writeAttributes(dataset, attributes);
  }
  for (const [name, group] of groups) {
    checkName(name);
    if (datasets.has(name)) throw new FoveaError(`hdf5: ${name} is both a group and a dataset; rename one`);
    writeGroup(to.create_group(name), group);
  }
}

function checkName(name: string): void {
  if (name === "" || name === "." || /[/\0]/.test(name))
    throw new FoveaError(`hdf5: ${JSON.stringify(name)} cannot be a name; it must be text without / and NUL`);
}

function writeAttributes(to: Pick<Group, "create_attribute">, attributes: Hdf5Attributes): void {
  for (const [name, value] of attributes) {
    const { data, shape, dtype } = elements(listed(value));
    to.create_attribute(name, data, shape, dtype);
  }
}

interface Listed {
  readonly dtype: Hdf5DType;
  readonly shape: Shape;
  readonly data: Hdf5Arrays[Hdf5DType];
}

/** In h5wasm's words. It has no place for no texts of variable length; of one byte they are as empty. */
const elements = ({ dtype, shape, data }: Listed) => ({
  dtype: dtype === "string" && data.length === 0 ? "S1" : DTYPES[dtype],
  shape: [...shape],
  data: data as Exclude<typeof data, readonly string[]> | string[],
});

/** An attribute's value as an array: an integer as int32 when it fits, a bigint as int64, else float64. */
function listed(value: Hdf5Attribute): Listed {
  if (typeof value === "string") return { dtype: "string", shape: [], data: [value] };
  if (typeof value === "bigint") return { dtype: "int64", shape: [], data: BigInt64Array.of(value) };
  if (typeof value === "number")
    return Object.is(value | 0, value)
      ? { dtype: "int32", shape: [], data: Int32Array.of(value) }
      : { dtype: "float64", shape: [], data: Float64Array.of(value) };
  const names = Object.keys(ARRAYS) as (keyof typeof ARRAYS)[];
  const dtype = names.find((name) => value instanceof ARRAYS[name]) ?? "string";
  return { dtype, shape: [value.length], data: value };
}

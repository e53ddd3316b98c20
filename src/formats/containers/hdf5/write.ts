// Writes plain trees as HDF5 files in the form of HDF5 1.8, by hand: h5wasm creates no floats of 16 bits and notes the
// time of each array, whereas here the same tree gives the same bytes. Arrays lie whole and little-endian behind the
// descriptions; text is UTF-8 of variable length, as h5py writes it. h5wasm reads it back, so does h5py.
import { FoveaError } from "../../../core/errors.js";
import { type Shape, showShape, sizeOf } from "../../../core/shape.js";
import { bytesOf, Packer } from "../packer.js";
import { dataspace, datatype } from "./datatypes.js";
import { lookup3 } from "./lookup3.js";
import {
  ARRAYS,
  type Hdf5Arrays,
  type Hdf5Attribute,
  type Hdf5Attributes,
  type Hdf5DType,
  type Hdf5Group,
} from "./tree.js";

const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);
const SUPERBLOCK_SIZE = 48;
/** An address of nothing. */
const NOWHERE = 2n ** 64n - 1n;
/** The library refuses smaller collections. */
const LEAST_COLLECTION = 4096;
/** Objects of a collection are numbered by 16 bits. */
const MOST_OBJECTS = 0xffff;
const MOST_MESSAGE = 0xffff;

/** Message types, as the file format numbers them. */
const MESSAGE = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  fillValue: 5,
  link: 6,
  layout: 8,
  groupInfo: 10,
  attribute: 12,
};

type Elements = Hdf5Arrays[Hdf5DType];

/**
 * The tree as the bytes of an HDF5 file; the same tree gives the same bytes.
 * @param tree The root group.
 * @throws FoveaError when a name holds a `/`, data do not fill their shape, or an attribute takes more than 64 KiB.
 * @example
 * const bytes = await writeHdf5(hdf5Tree({ "a/b": zeros([2, 2], "float32") }));
 * const root = await readHdf5(bytes);
 */
export const writeHdf5 = async (tree: Hdf5Group): Promise<Uint8Array> => new Writer().file(tree);

class Writer {
  /** Descriptions, from the start of the file. */
  readonly #out = new Packer().zeros(SUPERBLOCK_SIZE);
  /** Arrays that follow, and where the address of each is to be filled in. */
  readonly #arrays: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  /** Texts, and where the reference to each is to be filled in. */
  readonly #texts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  /** Object headers, whose checksums come last. */
  readonly #headers: { readonly from: number; readonly to: number }[] = [];

  file(tree: Hdf5Group): Uint8Array {
    const out = this.#out;
    const root = this.#group(tree);
    // References to text in arrays are 16 bytes each, filled in before the arrays are copied.
    for (let first = 0; first < this.#texts.length; first += MOST_OBJECTS)
      this.#collection(this.#texts.slice(first, first + MOST_OBJECTS));
    let end = out.align(8).at;
    for (const { at, bytes } of this.#arrays) {
      out.setU64(at, end);
      end += Math.ceil(bytes.length / 8) * 8;
    }
    for (const { from, to } of this.#headers) out.setU32(to, lookup3(out.packed(from, to)));
    const superblock = new Packer().bytes(SIGNATURE).u8(2).u8(8).u8(8).u8(0).u64(0).u64(NOWHERE).u64(end).u64(root);
    superblock.u32(lookup3(superblock.packed()));
    const file = new Uint8Array(end);
    file.set(out.packed());
    file.set(superblock.packed());
    let at = out.at;
    for (const { bytes } of this.#arrays) {
      file.set(bytes, at);
      at += Math.ceil(bytes.length / 8) * 8;
    }
    return file;
  }

  /** Writes a group, its members first. @returns the address of its header */
  #group({ attributes, groups, datasets }: Hdf5Group): number {
    const members: [string, number][] = [];
    for (const [name, { dtype, shape, data, attributes: notes = new Map() }] of datasets)
      members.push([name, this.#dataset(name, { dtype, shape, data }, notes)]);
    for (const [name, group] of groups) {
      if (datasets.has(name))
        throw new FoveaError("duplicate", `hdf5: ${name} is both a group and a dataset; rename one`);
      members.push([name, this.#group(group)]);
    }
    return this.#header(() => {
      this.#message(MESSAGE.linkInfo, "a group", (out) => out.u8(0).u8(0).u64(NOWHERE).u64(NOWHERE));
      this.#message(MESSAGE.groupInfo, "a group", (out) => out.u8(0).u8(0));
      for (const [name, address] of members) {
        checkName(name);
        const encoded = new TextEncoder().encode(name);
        // Flags: a name's length of two bytes, and a character set, which is UTF-8.
        this.#message(MESSAGE.link, name, (out) =>
          out.u8(1).u8(0x11).u8(1).u16(encoded.length).bytes(encoded).u64(address),
        );
      }
      this.#attributes(attributes);
    });
  }

  #dataset(name: string, { dtype, shape, data }: Listed, attributes: Hdf5Attributes): number {
    if (data.length !== sizeOf(shape))
      throw new FoveaError(
        "shape-mismatch",
        `hdf5: ${name} of shape ${showShape(shape)} cannot hold ${data.length} elements`,
      );
    const notes = dtype === "bfloat16" ? new Map([...attributes, ["dtype", "bfloat16"] as const]) : attributes;
    // Arrays of text are references, which lie among the descriptions so that they can be filled in.
    const start = ArrayBuffer.isView(data) ? undefined : this.#out.align(8).at;
    if (!ArrayBuffer.isView(data)) this.#references(data);
    const size = ArrayBuffer.isView(data) ? data.byteLength : 16 * data.length;
    return this.#header(() => {
      this.#message(MESSAGE.dataspace, name, (out) => out.bytes(dataspace(shape)));
      this.#message(MESSAGE.datatype, name, (out) => out.bytes(datatype(dtype)));
      // Version 3, space taken late, written if set: as h5py does it.
      this.#message(MESSAGE.fillValue, name, (out) => out.u8(3).u8(0x0a));
      this.#message(MESSAGE.layout, name, (out) => {
        out.u8(3).u8(1);
        if (size > 0 && ArrayBuffer.isView(data)) this.#arrays.push({ at: out.at, bytes: bytesOf(data) });
        out.u64(size === 0 ? NOWHERE : (start ?? 0)).u64(size);
      });
      this.#attributes(notes);
    });
  }

  #attributes(attributes: Hdf5Attributes): void {
    for (const [name, value] of attributes) {
      const { dtype, shape, data } = listed(value);
      const encoded = new TextEncoder().encode(`${name}\0`);
      const [type, space] = [datatype(dtype), dataspace(shape)];
      this.#message(MESSAGE.attribute, `the attribute ${name}`, (out) => {
        out.u8(3).u8(0).u16(encoded.length).u16(type.length).u16(space.length).u8(1);
        out.bytes(encoded).bytes(type).bytes(space);
        if (ArrayBuffer.isView(data)) out.bytes(bytesOf(data));
        else this.#references(data);
      });
    }
  }

  /** Room for the references to texts, each its length and its place on the heap. */
  #references(texts: readonly string[]): void {
    for (const text of texts) {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length > 0) this.#texts.push({ at: this.#out.at, bytes });
      this.#out.u32(bytes.length).u64(0).u32(0);
    }
  }

  /** Writes an object header around the messages of `write`. @returns its address */
  #header(write: () => void): number {
    const out = this.#out;
    const from = out.align(8).at;
    // Flags: the size that follows has four bytes. No times.
    out.text("OHDR").u8(2).u8(2).u32(0);
    const start = out.at;
    write();
    out.setU32(start - 4, out.at - start);
    this.#headers.push({ from, to: out.at });
    out.u32(0);
    return from;
  }

  #message(type: number, what: string, write: (out: Packer) => void): void {
    const out = this.#out;
    out.u8(type).u16(0).u8(0);
    const start = out.at;
    write(out);
    const size = out.at - start;
    if (size > MOST_MESSAGE)
      throw new FoveaError("too-large", `hdf5: ${what} takes ${size} bytes where at most ${MOST_MESSAGE} fit`);
    out.setU16(start - 3, size);
  }

  /** Writes a collection of the global heap and fills in the references to it. */
  #collection(texts: readonly { readonly at: number; readonly bytes: Uint8Array }[]): void {
    const out = this.#out;
    const from = out.align(8).at;
    out.text("GCOL").u32(1).u64(0);
    for (const [index, { at, bytes }] of texts.entries()) {
      const number = index + 1;
      out.u16(number).u16(1).u32(0).u64(bytes.length).bytes(bytes).align(8);
      out.setU64(at + 4, from);
      out.setU32(at + 12, number);
    }
    const free = Math.max(LEAST_COLLECTION - (out.at - from), 16);
    out
      .u64(0)
      .u64(free)
      .zeros(free - 16);
    out.setU64(from + 8, out.at - from);
  }
}

function checkName(name: string): void {
  if (name === "" || name === "." || /[/\0]/.test(name))
    throw new FoveaError(
      "unusable-name",
      `hdf5: ${JSON.stringify(name)} cannot be a name; it must be text without / and NUL`,
    );
}

interface Listed {
  readonly dtype: Hdf5DType;
  readonly shape: Shape;
  readonly data: Elements;
}

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

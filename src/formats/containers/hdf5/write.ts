// Writes plain trees as HDF5 files in the form of HDF5 1.8: no timestamps, so the same tree gives the same bytes.
// Datasets are contiguous and little-endian; text is UTF-8 of variable length, as h5py writes it.
import { FoveaError } from "../../../core/errors.js";
import { type Shape, showShape, sizeOf } from "../../../core/shape.js";
import { bytesOf, Packer } from "../packer.js";
import { UNDEFINED_ADDRESS } from "./cursor.js";
import { dtypeOf, packDataspace, packDatatype } from "./datatypes.js";
import { lookup3 } from "./lookup3.js";
import { Message } from "./messages.js";
import { SIGNATURE } from "./signature.js";
import type { Hdf5Arrays, Hdf5Attribute, Hdf5Attributes, Hdf5Dataset, Hdf5DType, Hdf5Group } from "./tree.js";

const SUPERBLOCK_SIZE = 48;
/** The library refuses smaller collections. */
const LEAST_COLLECTION = 4096;
/** Objects of a collection are numbered by 16 bits. */
const MOST_OBJECTS = 0xffff;
const MOST_MESSAGE = 0xffff;

/**
 * The tree as the bytes of an HDF5 file; members stay in the tree's order.
 * @throws FoveaError when a name holds a `/`, data do not fill their shape, or an attribute takes more than 64 KiB.
 */
export const writeHdf5 = (tree: Hdf5Group): Uint8Array => new Writer().file(tree);

class Writer {
  private readonly out = new Packer();
  /** Where references to text must be filled in when the global heap has its place. */
  private readonly texts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  /** Object headers, whose checksums come last. */
  private readonly headers: { readonly from: number; readonly to: number }[] = [];

  file(tree: Hdf5Group): Uint8Array {
    const { out } = this;
    out.zeros(SUPERBLOCK_SIZE);
    const root = this.group(tree);
    for (let first = 0; first < this.texts.length; first += MOST_OBJECTS)
      this.collection(this.texts.slice(first, first + MOST_OBJECTS));
    for (const { from, to } of this.headers) out.setU32(to, lookup3(out.packed(from, to)));
    const superblock = new Packer().bytes(SIGNATURE).u8(2).u8(8).u8(8).u8(0);
    superblock.u64(0).u64(UNDEFINED_ADDRESS).u64(out.at).u64(root);
    superblock.u32(lookup3(superblock.packed()));
    const bytes = out.finish();
    bytes.set(superblock.packed());
    return bytes;
  }

  /** Writes a group, its members first, and returns the address of its header. */
  private group({ attributes, groups, datasets }: Hdf5Group): number {
    const members: [string, number][] = [];
    for (const [name, dataset] of datasets) members.push([name, this.dataset(name, dataset)]);
    for (const [name, group] of groups) {
      if (datasets.has(name)) throw new FoveaError(`hdf5: ${name} is both a group and a dataset; rename one`);
      members.push([name, this.group(group)]);
    }
    return this.header(() => {
      this.message(Message.linkInfo, "a group", (out) => out.u8(0).u8(0).u64(UNDEFINED_ADDRESS).u64(UNDEFINED_ADDRESS));
      this.message(Message.groupInfo, "a group", (out) => out.u8(0).u8(0));
      for (const [name, address] of members) {
        const encoded = new TextEncoder().encode(name);
        if (name === "" || name === "." || /[/\0]/.test(name))
          throw new FoveaError(`hdf5: ${JSON.stringify(name)} cannot be a name; it must be text without / and NUL`);
        // Flags: a name length of two bytes, and a character set, which is UTF-8.
        this.message(Message.link, name, (out) =>
          out.u8(1).u8(0x11).u8(1).u16(encoded.length).bytes(encoded).u64(address),
        );
      }
      this.attributes(attributes);
    });
  }

  private dataset(name: string, { dtype, shape, data, attributes }: Hdf5Dataset): number {
    if (data.length !== sizeOf(shape))
      throw new FoveaError(`hdf5: ${name} of shape ${showShape(shape)} cannot hold ${data.length} elements`);
    const { out } = this;
    out.align(8);
    const start = out.at;
    this.elements(data);
    const size = out.at - start;
    return this.header(() => {
      this.message(Message.dataspace, name, (out) => packDataspace(out, shape));
      this.message(Message.datatype, name, (out) => packDatatype(out, dtype));
      // Version 3, allocated late, written if set: what h5py leaves as well.
      this.message(Message.fillValue, name, (out) => out.u8(3).u8(0x0a));
      this.message(Message.layout, name, (out) =>
        out
          .u8(3)
          .u8(1)
          .u64(size === 0 ? UNDEFINED_ADDRESS : start)
          .u64(size),
      );
      this.attributes(attributes ?? new Map());
    });
  }

  private attributes(attributes: Hdf5Attributes): void {
    for (const [name, value] of attributes) {
      const { dtype, shape, data } = listed(value);
      const encoded = new TextEncoder().encode(`${name}\0`);
      const type = packDatatype(new Packer(), dtype).packed();
      const space = packDataspace(new Packer(), shape).packed();
      this.message(Message.attribute, `the attribute ${name}`, (out) => {
        out.u8(3).u8(0).u16(encoded.length).u16(type.length).u16(space.length).u8(1);
        out.bytes(encoded).bytes(type).bytes(space);
        this.elements(data);
      });
    }
  }

  private elements(data: Hdf5Arrays[Hdf5DType]): void {
    if (ArrayBuffer.isView(data)) {
      this.out.bytes(bytesOf(data));
      return;
    }
    for (const text of data) {
      const bytes = new TextEncoder().encode(text);
      if (bytes.length > 0) this.texts.push({ at: this.out.at, bytes });
      this.out.u32(bytes.length).u64(0).u32(0);
    }
  }

  /** Writes an object header around what `messages` writes, and returns its address. */
  private header(messages: () => void): number {
    const { out } = this;
    out.align(8);
    const from = out.at;
    // Flags: the size that follows has four bytes. No times.
    out.text("OHDR").u8(2).u8(2).u32(0);
    const start = out.at;
    messages();
    out.setU32(start - 4, out.at - start);
    this.headers.push({ from, to: out.at });
    out.u32(0);
    return from;
  }

  private message(type: number, what: string, write: (out: Packer) => void): void {
    const { out } = this;
    out.u8(type).u16(0).u8(0);
    const start = out.at;
    write(out);
    const size = out.at - start;
    if (size > MOST_MESSAGE)
      throw new FoveaError(`hdf5: ${what} takes ${size} bytes where at most ${MOST_MESSAGE} fit`);
    out.setU16(start - 3, size);
  }

  /** Writes a collection of the global heap and fills in the references to it. */
  private collection(texts: Writer["texts"]): void {
    const { out } = this;
    out.align(8);
    const from = out.at;
    out.text("GCOL").u32(1).u64(0);
    texts.forEach(({ at, bytes }, index) => {
      out
        .u16(index + 1)
        .u16(1)
        .u32(0)
        .u64(bytes.length)
        .bytes(bytes)
        .align(8);
      out.setU64(at + 4, from);
      out.setU32(at + 12, index + 1);
    });
    const free = Math.max(LEAST_COLLECTION - (out.at - from), 16);
    out
      .u64(0)
      .u64(free)
      .zeros(free - 16);
    out.setU64(from + 8, out.at - from);
  }
}

/** An attribute's value as an array: an integer as int32 when it fits, a bigint as int64, else float64. */
function listed(value: Hdf5Attribute): { dtype: Hdf5DType; shape: Shape; data: Hdf5Arrays[Hdf5DType] } {
  if (typeof value === "string") return { dtype: "string", shape: [], data: [value] };
  if (typeof value === "bigint") return { dtype: "int64", shape: [], data: BigInt64Array.of(value) };
  if (typeof value !== "number") return { dtype: dtypeOf(value), shape: [value.length], data: value };
  if (Object.is(value | 0, value)) return { dtype: "int32", shape: [], data: Int32Array.of(value) };
  return { dtype: "float64", shape: [], data: Float64Array.of(value) };
}

// Reads HDF5 files into plain trees, in plain TypeScript: groups of both kinds, attributes, numbers and text.
// A damaged or malicious file costs bounded time and memory and ends in one sentence.
// Not here: links, named and compound types.
import { FoveaError } from "../../../core/errors.js";
import { sizeOf } from "../../../core/shape.js";
import { Cursor, Damage } from "./cursor.js";
import { type Datatype, decodeNumbers, decodeText, readDataspace, readDatatype } from "./datatypes.js";
import { denseMessages } from "./dense.js";
import { members } from "./members.js";
import { type HeaderMessage, Message, messagesAt, verify } from "./messages.js";
import { Meter } from "./meter.js";
import { looksLikeHdf5 } from "./signature.js";
import { storedBytes } from "./storage.js";
import type { Hdf5Arrays, Hdf5Attribute, Hdf5Attributes, Hdf5Dataset, Hdf5DType, Hdf5Group } from "./tree.js";

const MOST_DEPTH = 100;

export interface ReadHdf5Options {
  /** What the errors call the file. */
  readonly name?: string;
  /** The most bytes that all arrays and text together may take. Default 4 GiB. */
  readonly maxBytes?: number;
}

/**
 * Reads a whole HDF5 file. Numbers are copied, so the result does not hold on to `bytes`.
 * @throws FoveaError when the file is damaged, claims more than it may, or holds what is not supported.
 */
export function readHdf5(bytes: Uint8Array, options: ReadHdf5Options = {}): Hdf5Group {
  const { name = "the file", maxBytes = 2 ** 32 } = options;
  if (!looksLikeHdf5(bytes)) throw new FoveaError(`${name}: expected an HDF5 file, found other bytes`);
  try {
    return new Reader(bytes, new Meter(bytes.length, maxBytes)).root();
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    throw new FoveaError(`${name}: this HDF5 file cannot be read, because ${error.message}`);
  }
}

/** Where the root group's header is, by the superblock of version 0 to 3. */
function rootAddress(bytes: Uint8Array): number {
  const cursor = new Cursor(bytes, 8);
  const version = cursor.u8();
  const classic = version <= 1;
  if (version > 3) throw new Damage(`its format version ${version} is not known`);
  if (classic) cursor.skip(4);
  const widths = [cursor.u8(), cursor.u8()];
  if (widths.some((width) => width !== 8)) throw new Damage("its addresses are not of eight bytes");
  cursor.skip(classic ? (version === 0 ? 9 : 13) : 1);
  const base = cursor.u64();
  cursor.skip(8);
  const end = cursor.length();
  if (base !== 0n) throw new Damage("it does not begin at its first byte");
  if (end > bytes.length) throw new Damage(`it is cut short: ${bytes.length} of ${end} bytes are there`);
  if (classic) cursor.skip(16);
  const root = cursor.length();
  if (!classic) verify(cursor, 0);
  return root;
}

class Reader {
  /** The objects of each collection on the global heap, by the collection's address. */
  private readonly heaps = new Map<number, Map<number, Uint8Array>>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly meter: Meter,
  ) {}

  root(): Hdf5Group {
    return this.group(this.messages(rootAddress(this.bytes)), 0);
  }

  private messages(address: number): HeaderMessage[] {
    return messagesAt(this.bytes, address, this.meter);
  }

  private group(messages: readonly HeaderMessage[], depth: number): Hdf5Group {
    if (depth > MOST_DEPTH) throw new Damage(`its groups are more than ${MOST_DEPTH} deep`);
    const groups = new Map<string, Hdf5Group>();
    const datasets = new Map<string, Hdf5Dataset>();
    for (const [name, address] of members(this.bytes, messages, this.meter)) {
      if (groups.has(name) || datasets.has(name)) throw new Damage(`${JSON.stringify(name)} is there twice`);
      const child = this.messages(address);
      if (child.some(({ type }) => type === Message.layout)) datasets.set(name, this.dataset(child));
      else groups.set(name, this.group(child, depth + 1));
    }
    return { attributes: this.attributes(messages), groups, datasets };
  }

  private dataset(messages: readonly HeaderMessage[]): Hdf5Dataset {
    const body = (wanted: number): Cursor | undefined => messages.find(({ type }) => type === wanted)?.body;
    const layout = body(Message.layout);
    const space = body(Message.dataspace);
    const type = body(Message.datatype);
    if (layout === undefined || space === undefined || type === undefined)
      throw new Damage("a dataset has no type, shape or place");
    if (body(Message.externalFiles) !== undefined) throw new Damage("a dataset is kept in other files");
    const datatype = readDatatype(type);
    const shape = readDataspace(space) ?? [0];
    const stored = { bytes: this.bytes, meter: this.meter, shape, elementSize: datatype.size, layout };
    const data = this.decode(datatype, storedBytes({ ...stored, filters: body(Message.filters) }));
    return { dtype: datatype.dtype, shape, data, attributes: this.attributes(messages) } as Hdf5Dataset;
  }

  /** All attributes of an object. Those without a value (null dataspace) are left out. */
  private attributes(messages: readonly HeaderMessage[]): Hdf5Attributes {
    const attributes = new Map<string, Hdf5Attribute>();
    const bodies = messages.flatMap(({ type, body }) => {
      if (type === Message.attribute) return [body];
      return type === Message.attributeInfo ? denseMessages(this.bytes, body, 2, this.meter) : [];
    });
    for (const body of bodies) {
      const version = body.u8();
      if (version < 1 || version > 3) throw new Damage("an attribute is of an unknown version");
      if (body.u8() !== 0 && version > 1) throw new Damage("an attribute has a named type, which is not supported");
      const sizes = [body.u16(), body.u16(), body.u16()] as const;
      if (version === 3) body.skip(1);
      // Version 1 pads each part to a multiple of eight.
      const [nameSize, typeSize, spaceSize] = version === 1 ? sizes.map((size) => Math.ceil(size / 8) * 8) : sizes;
      const name = body.part(nameSize!).text();
      const datatype = readDatatype(body.part(typeSize!));
      const shape = readDataspace(body.part(spaceSize!));
      if (shape === undefined) continue;
      const total = sizeOf(shape) * datatype.size;
      this.meter.give(total);
      const list = this.decode(datatype, body.take(total));
      attributes.set(name, shape.length === 0 ? plain(list[0]!) : list);
    }
    return attributes;
  }

  private decode(datatype: Datatype, raw: Uint8Array): Hdf5Arrays[Hdf5DType] {
    if (datatype.dtype !== "string") return decodeNumbers(datatype, raw);
    return Array.from({ length: raw.length / datatype.size }, (_, index) => {
      const field = raw.subarray(index * datatype.size, (index + 1) * datatype.size);
      return decodeText(datatype.onHeap ? this.onHeap(new Cursor(field)) : field);
    });
  }

  /** The object that a variable-length element refers to: its length, its collection's address, its index there. */
  private onHeap(reference: Cursor): Uint8Array {
    const length = reference.u32();
    const address = reference.u64();
    const index = reference.u32();
    if (length === 0 || address === 0n) return new Uint8Array(0);
    const object = this.collection(Number(address)).get(index);
    if (object === undefined || object.length < length) throw new Damage("a text is missing from the global heap");
    this.meter.look(length);
    this.meter.give(length);
    return object.subarray(0, length);
  }

  private collection(address: number): Map<number, Uint8Array> {
    const known = this.heaps.get(address);
    if (known !== undefined) return known;
    const start = new Cursor(this.bytes, address);
    start.expect("GCOL");
    start.skip(4);
    const block = start.part(start.length() - 16);
    this.meter.look(block.left);
    const objects = new Map<number, Uint8Array>();
    while (block.left >= 16) {
      const index = block.u16();
      block.skip(6);
      const size = block.length();
      if (index === 0) break; // what is left is free
      objects.set(index, block.take(size));
      block.skip(Math.min(block.left, (8 - (size % 8)) % 8));
    }
    this.heaps.set(address, objects);
    return objects;
  }
}

/** A 64-bit integer as a number where that is safe. */
const plain = (value: string | number | bigint): string | number | bigint =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;

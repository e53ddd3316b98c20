// Where an HDF5 dataset's bytes are: in its header, in one block, or in chunks under a B-tree, perhaps deflated.
// Not here: the chunk indexes of HDF5 1.10, virtual and external storage, other filters than gzip and shuffle.
import { unzlibSync } from "fflate";
import { type Shape, sizeOf, stridesOf } from "../../../core/shape.js";
import { Cursor, Damage, UNDEFINED_ADDRESS } from "./cursor.js";
import { type Meter, MOST_EXPANSION } from "./meter.js";

const COMPACT = 0;
const CONTIGUOUS = 1;
const CHUNKED = 2;
const GZIP = 1;
const SHUFFLE = 2;

/** What is to be read: `layout` and `filters` are the bodies of the dataset's messages. */
export interface Stored {
  readonly bytes: Uint8Array;
  readonly meter: Meter;
  readonly shape: Shape;
  readonly elementSize: number;
  readonly layout: Cursor;
  readonly filters: Cursor | undefined;
}

/** All bytes of a dataset, row-major; a view of the file where it lies in one piece. */
export function storedBytes(stored: Stored): Uint8Array {
  const { bytes, meter, shape, elementSize, layout } = stored;
  const total = sizeOf(shape) * elementSize;
  const version = layout.u8();
  if (version !== 3 && version !== 4) throw new Damage("a dataset is laid out in a form older than HDF5 1.6");
  const kind = layout.u8();
  if (total === 0) return new Uint8Array(0);
  if (kind !== CHUNKED) meter.give(total);
  if (kind === COMPACT) return exactly(layout.take(layout.u16()), total);
  if (kind === CONTIGUOUS) {
    const address = definedAddress(layout);
    meter.look(total);
    return new Cursor(bytes, address).take(total);
  }
  if (kind !== CHUNKED || version !== 3) throw new Damage("a dataset is virtual or chunked in the form of HDF5 1.10");
  return readChunks(stored, total);
}

function readChunks({ bytes, meter, shape, elementSize, layout, filters }: Stored, total: number): Uint8Array {
  const axes = layout.u8() - 1;
  const root = definedAddress(layout);
  if (axes !== shape.length || axes < 1) throw new Damage("a dataset's chunks have another rank than itself");
  const chunk = shape.map(() => layout.u32());
  const undo = readFilters(filters);
  const chunkBytes = sizeOf(chunk) * elementSize;
  const expected = shape.reduce((product, extent, axis) => product * Math.ceil(extent / chunk[axis]!), 1);
  meter.give(expected * chunkBytes);
  const out = new Uint8Array(total);
  let found = 0;

  const visit = (address: number, above: number): void => {
    const node = new Cursor(bytes, address);
    node.expect("TREE");
    const kind = node.u8();
    const level = node.u8();
    if (kind !== 1 || level >= above) throw new Damage("a chunk index is damaged");
    const count = node.u16();
    node.skip(16);
    meter.look(24 + count * (24 + 8 * axes));
    for (let index = 0; index < count; index++) {
      const size = node.u32();
      if (node.u32() !== 0) throw new Damage("a chunk skips filters, which is not supported");
      const origin = shape.map(() => node.length());
      node.skip(8);
      const child = definedAddress(node);
      if (level > 0) visit(child, level);
      else {
        if (++found > expected) throw new Damage("a dataset has more chunks than it needs");
        meter.look(size);
        const data = undo(new Cursor(bytes, child).take(size), chunkBytes);
        placeChunk(out, shape, exactly(data, chunkBytes), chunk, origin, elementSize);
      }
    }
  };
  visit(root, 256);
  if (found !== expected) throw new Damage(`a dataset has ${found} of its ${expected} chunks`);
  return out;
}

/** Copies the part of a chunk at `origin` that lies inside the array. */
function placeChunk(
  out: Uint8Array,
  shape: Shape,
  data: Uint8Array,
  chunk: Shape,
  origin: Shape,
  elementSize: number,
): void {
  const outStrides = stridesOf(shape);
  const chunkStrides = stridesOf(chunk);
  const last = shape.length - 1;
  const copy = (axis: number, from: number, to: number): void => {
    const count = Math.min(chunk[axis]!, shape[axis]! - origin[axis]!);
    const start = to + origin[axis]! * outStrides[axis]!;
    if (count <= 0) throw new Damage("a chunk lies outside its array");
    if (axis === last) {
      out.set(data.subarray(from * elementSize, (from + count) * elementSize), start * elementSize);
      return;
    }
    for (let i = 0; i < count; i++) copy(axis + 1, from + i * chunkStrides[axis]!, start + i * outStrides[axis]!);
  };
  copy(0, 0, 0);
}

/** What undoes a filter pipeline, last filter first. */
function readFilters(body: Cursor | undefined): (raw: Uint8Array, size: number) => Uint8Array {
  if (body === undefined) return (raw) => raw;
  const version = body.u8();
  const count = body.u8();
  if (version === 1) body.skip(6);
  const undo: ((raw: Uint8Array, size: number) => Uint8Array)[] = [];
  for (let index = 0; index < count; index++) {
    const id = body.u16();
    const nameLength = version === 1 || id >= 256 ? body.u16() : 0;
    body.skip(2);
    const values = body.u16();
    body.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength);
    const settings = Array.from({ length: values }, () => body.u32());
    if (version === 1 && values % 2 === 1) body.skip(4);
    if (id === GZIP) undo.unshift(inflate);
    else if (id === SHUFFLE) undo.unshift((raw) => unshuffle(raw, settings[0] ?? 1));
    else throw new Damage(`it is packed by HDF5 filter ${id}; only gzip and shuffle are supported`);
  }
  return (raw, size) => undo.reduce((data, step) => step(data, size), raw);
}

function inflate(raw: Uint8Array, size: number): Uint8Array {
  if (size > raw.length * MOST_EXPANSION) throw new Damage("a chunk claims to unpack to more than is possible");
  try {
    return unzlibSync(raw, { out: new Uint8Array(size) });
  } catch {
    throw new Damage("a deflated chunk is damaged");
  }
}

/** Shuffle stores all first bytes of the elements, then all second ones, and so on. */
function unshuffle(raw: Uint8Array, elementSize: number): Uint8Array {
  const out = new Uint8Array(raw.length);
  const count = Math.floor(raw.length / elementSize);
  for (let byte = 0; byte < elementSize; byte++)
    for (let i = 0; i < count; i++) out[i * elementSize + byte] = raw[byte * count + i]!;
  out.set(raw.subarray(count * elementSize), count * elementSize);
  return out;
}

function exactly(data: Uint8Array, size: number): Uint8Array {
  if (data.length !== size) throw new Damage(`a dataset has ${data.length} bytes where ${size} belong`);
  return data;
}

function definedAddress(cursor: Cursor): number {
  const address = cursor.u64();
  if (address === UNDEFINED_ADDRESS) throw new Damage("a dataset was declared but never written");
  return Number(address);
}

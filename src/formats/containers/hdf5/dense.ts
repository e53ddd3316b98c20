// The dense form in which HDF5 1.8 keeps many links or attributes of one object: messages on a fractal heap, listed by
// a B-tree of version 2. h5py falls into it as soon as a group of over eight members has one name that is not ASCII.
// Not here: huge objects and filtered heaps, which links and attributes never need.
import { Cursor, Damage, UNDEFINED_ADDRESS } from "./cursor.js";
import { verify } from "./messages.js";
import type { Meter } from "./meter.js";

/** Where a record of the B-tree keeps the heap identifier, by record type: links by name, attributes by name. */
const IDENTIFIER_AT: Record<number, number> = { 5: 4, 8: 0 };

/**
 * The message bodies that a link info or attribute info message points to; none while they are still in the header.
 * `countSize` is the width of that message's optional counter.
 */
export function denseMessages(bytes: Uint8Array, info: Cursor, countSize: number, meter: Meter): Cursor[] {
  info.skip(1);
  if (info.u8() & 1) info.skip(countSize);
  const heapAddress = info.u64();
  if (heapAddress === UNDEFINED_ADDRESS) return [];
  const heap = new FractalHeap(bytes, Number(heapAddress), meter);
  return recordsOf(bytes, info.length(), meter).map((identifier) => heap.object(identifier));
}

/** The heap identifiers of all records of a B-tree of version 2. */
function recordsOf(bytes: Uint8Array, address: number, meter: Meter): Cursor[] {
  const header = new Cursor(bytes, address);
  header.expect("BTHD");
  header.skip(1);
  const type = header.u8();
  const nodeSize = header.u32();
  const recordSize = header.u16();
  const depth = header.u16();
  header.skip(2);
  const root = header.u64();
  const rootRecords = header.u16();
  header.skip(8);
  verify(header, address);
  const at = IDENTIFIER_AT[type];
  if (at === undefined || recordSize <= at || nodeSize < 16 || depth > 32) throw new Damage("an index is damaged");
  if (root === UNDEFINED_ADDRESS) return [];

  // How many bytes hold the count of records in a node, and in a whole subtree, at each level above the leaves.
  const overhead = 10;
  let mostBelow = Math.floor((nodeSize - overhead) / recordSize);
  const countWidth = widthOf(mostBelow);
  const totalWidths = [0];
  for (let level = 1; level < depth; level++) {
    const pointer = 8 + countWidth + totalWidths[level - 1]!;
    const here = Math.floor((nodeSize - overhead - pointer) / (recordSize + pointer));
    mostBelow = here + (here + 1) * mostBelow;
    totalWidths.push(widthOf(mostBelow));
  }

  const found: Cursor[] = [];
  const visit = (address: number, count: number, level: number): void => {
    const node = new Cursor(bytes, address);
    node.expect(level === 0 ? "BTLF" : "BTIN");
    node.skip(2);
    meter.look(nodeSize);
    for (let index = 0; index < count; index++) {
      const record = node.part(recordSize);
      record.skip(at);
      found.push(record);
    }
    if (level > 0)
      for (let index = 0; index <= count; index++) {
        const child = node.length();
        const records = littleEndian(node.take(countWidth));
        node.skip(totalWidths[level - 1]!);
        visit(child, records, level - 1);
      }
    verify(node, address);
  };
  visit(Number(root), rootRecords, depth);
  return found;
}

class FractalHeap {
  private readonly offsetWidth: number;
  private readonly lengthWidth: number;
  private readonly tableWidth: number;
  private readonly startSize: number;
  private readonly mostDirect: number;
  private readonly root: number;
  private readonly rootRows: number;

  constructor(
    private readonly bytes: Uint8Array,
    address: number,
    private readonly meter: Meter,
  ) {
    const header = new Cursor(bytes, address);
    header.expect("FRHP");
    header.skip(1);
    header.skip(2);
    if (header.u16() !== 0) throw new Damage("a heap is filtered, which is not supported");
    header.skip(1);
    const mostManaged = header.u32();
    header.skip(12 * 8);
    this.tableWidth = header.u16();
    this.startSize = header.length();
    this.mostDirect = header.length();
    const bits = header.u16();
    header.skip(2);
    this.root = header.length();
    this.rootRows = header.u16();
    verify(header, address);
    if (this.tableWidth === 0 || this.startSize === 0 || bits > 64) throw new Damage("a heap is damaged");
    this.offsetWidth = Math.ceil(bits / 8);
    this.lengthWidth = widthOf(Math.min(mostManaged, this.mostDirect));
  }

  /** What the identifier at the cursor names. */
  object(identifier: Cursor): Cursor {
    const first = identifier.u8();
    const kind = (first >> 4) & 3;
    if (kind === 2) return identifier.part((first & 0x0f) + 1);
    if (kind !== 0) throw new Damage("a heap holds huge objects, which are not supported");
    const offset = littleEndian(identifier.take(this.offsetWidth));
    const length = littleEndian(identifier.take(this.lengthWidth));
    this.meter.look(64 + length);
    return new Cursor(this.bytes, this.addressOf(offset)).part(length);
  }

  /** The file address of an offset in the heap's own space. */
  private addressOf(offset: number): number {
    let block = this.root;
    let start = 0;
    let rows = this.rootRows;
    while (rows > 0) {
      this.meter.look(64);
      // Rows of an indirect block: two of the smallest block size, then each twice the one before.
      let row = 0;
      let size = this.startSize;
      while (row < rows && offset >= start + size * this.tableWidth) {
        start += size * this.tableWidth;
        if (row++ > 0) size *= 2;
      }
      if (row >= rows) throw new Damage("a heap object lies outside its heap");
      const column = Math.floor((offset - start) / size);
      start += column * size;
      const entries = new Cursor(this.bytes, block);
      entries.expect("FHIB");
      entries.skip(9 + this.offsetWidth + 8 * (row * this.tableWidth + column));
      block = entries.length();
      rows = size <= this.mostDirect ? 0 : 1 + Math.log2(size / (this.startSize * this.tableWidth));
    }
    new Cursor(this.bytes, block).expect("FHDB");
    return block + (offset - start);
  }
}

const widthOf = (most: number): number => Math.ceil(Math.log2(most + 1) / 8);

const littleEndian = (bytes: Uint8Array): number => bytes.reduceRight((value, byte) => value * 256 + byte, 0);

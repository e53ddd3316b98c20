// WOFF 1.0 (www.w3.org/TR/WOFF): a TrueType font's tables, each compressed by zlib, to and from a map of tables.
// Reads and writes the container only; what is inside the tables is subset.ts's affair.
import { unzlibSync, zlibSync } from "fflate";
import { FoveaError } from "../../core/errors.js";

/** A font's tables by their four-letter tag. */
export type FontTables = ReadonlyMap<string, Uint8Array>;

const HEADER_BYTES = 44;
const ENTRY_BYTES = 20;
const SIGNATURE = 0x774f4646;
const TRUETYPE = 0x00010000;
const CHECKSUM_MAGIC = 0xb1b0afba;

const padded = (length: number): number => (length + 3) & ~3;

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Unpacks a WOFF file; throws a FoveaError when it is not one. */
export function readWoff(bytes: Uint8Array): FontTables {
  const view = viewOf(bytes);
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== SIGNATURE)
    throw new FoveaError("font: expected a WOFF file, received something else; reinstall the package");
  const tables = new Map<string, Uint8Array>();
  for (let i = 0; i < view.getUint16(12); i++) {
    const entry = HEADER_BYTES + i * ENTRY_BYTES;
    const [offset, packedLength, length] = [4, 8, 12].map((at) => view.getUint32(entry + at)) as [
      number,
      number,
      number,
    ];
    const packed = bytes.subarray(offset, offset + packedLength);
    const table = packedLength < length ? unzlibSync(packed, { out: new Uint8Array(length) }) : packed;
    tables.set(String.fromCharCode(...bytes.subarray(entry, entry + 4)), table);
  }
  return tables;
}

/** Packs tables into a WOFF file, with checksums and head's checkSumAdjustment as the OpenType specification asks. */
export function writeWoff(tables: FontTables): Uint8Array<ArrayBuffer> {
  const head = tables.get("head")!.slice();
  viewOf(head).setUint32(8, 0);
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  const entries = sorted.map(([tag, table]) => {
    const plain = tag === "head" ? head : table;
    return { tag, plain, sum: checksum(plain) };
  });
  viewOf(head).setUint32(8, (CHECKSUM_MAGIC - sfntChecksum(entries)) >>> 0);

  const packed = entries.map(({ plain }) => {
    const small = zlibSync(plain, { level: 9 });
    return small.length < plain.length ? small : plain;
  });
  const start = HEADER_BYTES + ENTRY_BYTES * entries.length;
  const length = packed.reduce((sum, table) => sum + padded(table.length), start);
  const out = new Uint8Array(length);
  const view = viewOf(out);
  view.setUint32(0, SIGNATURE);
  view.setUint32(4, TRUETYPE);
  view.setUint32(8, length);
  view.setUint16(12, entries.length);
  view.setUint32(16, sfntStart(entries.length) + entries.reduce((sum, { plain }) => sum + padded(plain.length), 0));
  view.setUint16(20, 1);
  let offset = start;
  entries.forEach(({ tag, plain, sum }, i) => {
    const entry = HEADER_BYTES + i * ENTRY_BYTES;
    writeTag(view, entry, tag);
    view.setUint32(entry + 4, offset);
    view.setUint32(entry + 8, packed[i]!.length);
    view.setUint32(entry + 12, plain.length);
    view.setUint32(entry + 16, sum);
    out.set(packed[i]!, offset);
    offset += padded(packed[i]!.length);
  });
  return out;
}

/** The sum of a table's big-endian 32-bit words, padded with zeros, modulo 2^32. */
function checksum(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  const whole = bytes.length & ~3;
  let sum = 0;
  for (let i = 0; i < whole; i += 4) sum = (sum + view.getUint32(i)) >>> 0;
  for (let i = whole; i < bytes.length; i++) sum = (sum + bytes[i]! * 2 ** (24 - 8 * (i - whole))) >>> 0;
  return sum;
}

/** The checksum of the plain TrueType file that these tables would make. */
function sfntChecksum(entries: readonly { tag: string; plain: Uint8Array; sum: number }[]): number {
  const directory = new Uint8Array(sfntStart(entries.length));
  const view = viewOf(directory);
  const power = Math.floor(Math.log2(entries.length));
  view.setUint32(0, TRUETYPE);
  view.setUint16(4, entries.length);
  view.setUint16(6, 2 ** power * 16);
  view.setUint16(8, power);
  view.setUint16(10, (entries.length - 2 ** power) * 16);
  let offset = directory.length;
  entries.forEach(({ tag, plain, sum }, i) => {
    writeTag(view, 12 + i * 16, tag);
    view.setUint32(16 + i * 16, sum);
    view.setUint32(20 + i * 16, offset);
    view.setUint32(24 + i * 16, plain.length);
    offset += padded(plain.length);
  });
  return entries.reduce((sum, entry) => (sum + entry.sum) >>> 0, checksum(directory));
}

const sfntStart = (tables: number): number => 12 + 16 * tables;

function writeTag(view: DataView, at: number, tag: string): void {
  for (let i = 0; i < 4; i++) view.setUint8(at + i, tag.charCodeAt(i));
}

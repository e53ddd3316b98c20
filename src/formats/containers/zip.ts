// Zip archives. Writing is stored, never deflated, with fixed timestamps: the same entries give the same bytes.
// Reading accepts stored and deflated entries, trusts no number in the file, and checks every CRC.
// Not here: zip64 (archives over 4 GiB), encryption, streaming.
import { inflateSync } from "fflate";
import { FoveaError } from "../../core/errors.js";
import { crc32 } from "./crc.js";
import { Packer } from "./packer.js";

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
/** 1 January 1980, the first day a zip can name. */
const DATE = (1 << 5) | 1;
const UTF8_NAMES = 1 << 11;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** No deflate stream expands further: 258 bytes out of every two bits. */
const MOST_EXPANSION = 1032;
const MOST_BYTES = 0xffff_ffff;

/** Archive members by path, in archive order. Paths use `/`; folders are not entries. */
export type ZipEntries = Map<string, Uint8Array>;

export interface ReadZipOptions {
  /** What the errors call the archive. */
  readonly name?: string;
  /** The most bytes all entries together may have when unpacked. Default 4 GiB. */
  readonly maxBytes?: number;
  /** The most entries. Default 10,000. */
  readonly maxEntries?: number;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether `bytes` begin as a zip archive does. */
export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes.length >= END_SIZE && [LOCAL, END].includes(viewOf(bytes).getUint32(0, true));

/** Why a member's path must not be used, or undefined when it is harmless. */
function whyUnsafe(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0") || path.includes("\\")) return "holds a NUL or a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is absolute";
  return path.split("/").includes("..") ? "climbs out of the archive" : undefined;
}

/**
 * Packs entries into a zip archive, stored, in the given order, dated 1980-01-01.
 * @throws FoveaError for an unsafe path or more than zip can hold (65,535 entries, 4 GiB).
 */
export function writeZip(entries: Iterable<readonly [string, Uint8Array]>): Uint8Array {
  const tooLarge = new FoveaError("zip: expected at most 65,535 entries in 4 GiB; split what you want to pack");
  const out = new Packer();
  const directory = new Packer();
  let count = 0;
  for (const [path, data] of entries) {
    const unsafe = whyUnsafe(path);
    if (unsafe !== undefined) throw new FoveaError(`zip: the path ${JSON.stringify(path)} ${unsafe}; rename it`);
    const name = new TextEncoder().encode(path);
    const crc = crc32(data);
    /** What both headers share: version needed, flags, method, time, date, checksum and the sizes. */
    const common = (to: Packer): Packer =>
      to
        .u16(20)
        .u16(UTF8_NAMES)
        .u16(STORED)
        .u16(0)
        .u16(DATE)
        .u32(crc)
        .u32(data.length)
        .u32(data.length)
        .u16(name.length);
    if (out.at + data.length > MOST_BYTES) throw tooLarge;
    common(directory.u32(CENTRAL).u16(20)).zeros(12).u32(out.at).bytes(name);
    common(out.u32(LOCAL)).u16(0).bytes(name).bytes(data);
    count++;
  }
  if (count > 0xffff || out.at + directory.at + END_SIZE > MOST_BYTES) throw tooLarge;
  const start = out.at;
  out.bytes(directory.packed());
  return out.u32(END).u32(0).u16(count).u16(count).u32(directory.at).u32(start).u16(0).finish();
}

/**
 * Unpacks a zip archive. Stored entries are views of `bytes`, not copies.
 * @throws FoveaError when the archive is damaged, encrypted, too large, or holds a path that leaves it.
 */
export function readZip(bytes: Uint8Array, options: ReadZipOptions = {}): ZipEntries {
  const { name = "the archive", maxBytes = 2 ** 32, maxEntries = 10_000 } = options;
  const broken: Broken = (problem) => new FoveaError(`${name}: expected a sound zip archive, but ${problem}`);
  const view = viewOf(bytes);
  const end = findEnd(view);
  if (end === undefined) throw broken("it has no end record; it may be cut short");
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === MOST_BYTES)
    throw broken("it is in the zip64 form for over 4 GiB, which is not supported");
  if (count > maxEntries) throw broken(`it has ${count} entries, more than the ${maxEntries} allowed`);

  const entries: ZipEntries = new Map();
  let total = 0;
  for (let index = 0; index < count; index++) {
    const member = memberAt(bytes, at, end, broken);
    at = member.next;
    if (member.path.endsWith("/")) continue;
    const unsafe = whyUnsafe(member.path);
    if (unsafe !== undefined) throw broken(`the path ${JSON.stringify(member.path)} ${unsafe}`);
    if (entries.has(member.path)) throw broken(`${JSON.stringify(member.path)} is in it twice`);
    total += member.size;
    if (total > maxBytes) throw broken(`it unpacks to more than the ${maxBytes} bytes allowed`);
    entries.set(member.path, unpack(bytes, member, end, broken));
  }
  return entries;
}

type Broken = (problem: string) => FoveaError;

/** One record of the directory at an archive's end. */
interface Member {
  readonly path: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Where its local header is. */
  readonly local: number;
  /** Where the next record of the directory begins. */
  readonly next: number;
}

function memberAt(bytes: Uint8Array, at: number, end: number, broken: Broken): Member {
  const view = viewOf(bytes);
  if (at + CENTRAL_SIZE > end || view.getUint32(at, true) !== CENTRAL) throw broken("its directory is damaged");
  const nameEnd = at + CENTRAL_SIZE + view.getUint16(at + 28, true);
  if (nameEnd > end) throw broken("its directory is damaged");
  return {
    path: new TextDecoder().decode(bytes.subarray(at + CENTRAL_SIZE, nameEnd)),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    local: view.getUint32(at + 42, true),
    next: nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true),
  };
}

function unpack(bytes: Uint8Array, member: Member, end: number, broken: Broken): Uint8Array {
  const { flags, method, local, packed, size } = member;
  const what = JSON.stringify(member.path);
  if (flags & ENCRYPTED) throw broken(`${what} is encrypted`);
  if (method !== STORED && method !== DEFLATED)
    throw broken(`${what} is packed by method ${method}, neither stored nor deflated`);
  if (method === STORED ? size !== packed : size > packed * MOST_EXPANSION)
    throw broken(`${what} claims to unpack from ${packed} to ${size} bytes, which is impossible`);
  const view = viewOf(bytes);
  if (local + LOCAL_SIZE > end || view.getUint32(local, true) !== LOCAL)
    throw broken(`${what} is not where it should be`);
  const start = local + LOCAL_SIZE + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > end) throw broken(`${what} reaches past the end; the archive may be cut short`);
  const raw = bytes.subarray(start, start + packed);
  const data = method === STORED ? raw : inflate(raw, size);
  if (data?.length !== size || crc32(data) !== member.crc) throw broken(`${what} is damaged`);
  return data;
}

/** The end record's offset: the last one whose comment reaches exactly to the end of the file. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= 0 && at >= last - 0xffff; at--)
    if (view.getUint32(at, true) === END && at + END_SIZE + view.getUint16(at + 20, true) === view.byteLength)
      return at;
  return undefined;
}

function inflate(raw: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(raw, { out: new Uint8Array(size) });
  } catch {
    return undefined;
  }
}

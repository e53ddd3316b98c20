// Members of a zip archive that are read one at a time, from wherever the archive lies: its directory is read and
// checked first, each member only when it is asked for. An archive of many gigabytes of images takes little memory.
import { inflateSync } from "fflate";
import { crc32 } from "../../core/crc.js";
import type { FoveaError } from "../../core/errors.js";
import { unpackedLimit } from "./limits.js";
import {
  type Broken,
  brokenOf,
  CENTRAL,
  CENTRAL_SIZE,
  END,
  END_SIZE,
  LOCAL,
  LOCAL_SIZE,
  MOST_COMMENT,
  STORED,
  whyRefused,
  ZIP64_LOCATOR,
  ZIP64_LOCATOR_SIZE,
} from "./zip.js";

/** Bytes that are read by parts. */
export interface RangeSource {
  readonly size: number;
  range(start: number, length: number): Promise<Uint8Array>;
}

export interface ZipMember {
  /** With `/`; it does not leave the archive. */
  readonly path: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Unpacks it. @throws FoveaError when it is damaged. */
  bytes(): Promise<Uint8Array>;
}

/** Most bytes of a directory: some 400 for each of the 65,535 members that a zip can have. */
const MOST_DIRECTORY = 1 << 25;
const UTF8 = 0x800;

/**
 * The members of an archive, folders left out, in its order; nothing is unpacked.
 * @throws FoveaError when its directory is damaged, a path leaves the archive, or a member is encrypted, is there twice
 * or claims an impossible size.
 */
export async function zipMembers(source: RangeSource, name = "the archive"): Promise<ZipMember[]> {
  const broken = brokenOf(name);
  const { count, start, length } = await endOf(source, broken);
  if (length > MOST_DIRECTORY || start + length > source.size) throw broken("its directory is damaged");
  const bytes = await source.range(start, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_SIZE > bytes.length || view.getUint32(at, true) !== CENTRAL)
      throw broken("its directory is damaged");
    const record = recordAt(view, at, broken);
    at = record.next;
    if (record.path.endsWith("/")) continue;
    const refused = members.has(record.path) ? "is in it twice" : whyRefused(infoOf(record), record.flags);
    if (refused !== undefined) throw broken(`${JSON.stringify(record.path)} ${refused}`);
    if (record.size > unpackedLimit(record.packed))
      throw broken(`${JSON.stringify(record.path)} unpacks to ${record.size} bytes, more than is allowed`);
    members.set(record.path, memberOf(source, record, broken));
  }
  // The number of members has 16 bits; a program that writes more than 65,535 without zip64 leaves the rest uncounted.
  if (at + 4 <= bytes.length && view.getUint32(at, true) === CENTRAL)
    throw broken("its directory has more members than it says; pack it as several archives, or unpack it");
  return [...members.values()];
}

interface Place {
  readonly count: number;
  readonly start: number;
  readonly length: number;
}

/** Position of the directory, from the record at the archive's end. */
async function endOf(source: RangeSource, broken: Broken): Promise<Place> {
  const from = Math.max(0, source.size - END_SIZE - MOST_COMMENT - ZIP64_LOCATOR_SIZE);
  const tail = await source.range(from, source.size - from);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let end = tail.length - END_SIZE;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0 || end + END_SIZE + view.getUint16(end + 20, true) !== tail.length)
    throw broken("it has no end record; it may be cut short");
  const locator = end - ZIP64_LOCATOR_SIZE;
  if (locator >= 0 && view.getUint32(locator, true) === ZIP64_LOCATOR)
    throw broken(
      "it is in the zip64 form for over 4 GiB or 65,535 files, which is not supported; pack it as several archives, or unpack it",
    );
  return {
    count: view.getUint16(end + 10, true),
    length: view.getUint32(end + 12, true),
    start: view.getUint32(end + 16, true),
  };
}

/** A record of the directory. */
interface DirectoryRecord {
  readonly path: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Position of the member's own header. */
  readonly offset: number;
  readonly next: number;
}

function recordAt(view: DataView, at: number, broken: Broken): DirectoryRecord {
  const [nameLength, extra, comment] = [28, 30, 32].map((length) => view.getUint16(at + length, true)) as [
    number,
    number,
    number,
  ];
  const begin = at + CENTRAL_SIZE;
  if (begin + nameLength > view.byteLength) throw broken("its directory is damaged");
  const flags = view.getUint16(at + 8, true);
  return {
    path: nameIn(new Uint8Array(view.buffer, view.byteOffset + begin, nameLength), flags, broken),
    flags,
    method: view.getUint16(at + 10, true),
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    next: begin + nameLength + extra + comment,
  };
}

/** Most programs write UTF-8 without saying so; a name in another encoding would be guessed, and classes are names. */
function nameIn(bytes: Uint8Array, flags: number, broken: Broken): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const says = flags & UTF8 ? "is said to be, and is not," : "is not";
    throw broken(`the name ${JSON.stringify(new TextDecoder().decode(bytes))} ${says} in UTF-8; pack it again`);
  }
}

const infoOf = ({ path, packed, size, method }: DirectoryRecord) => ({
  name: path,
  size: packed,
  originalSize: size,
  compression: method,
});

function memberOf(source: RangeSource, record: DirectoryRecord, broken: Broken): ZipMember {
  const { path, size, packed, crc, offset, method } = record;
  const damaged = (): FoveaError => broken(`${JSON.stringify(path)} is damaged`);
  return {
    path,
    size,
    async bytes() {
      const head = await source.range(offset, LOCAL_SIZE);
      const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
      if (head.length < LOCAL_SIZE || view.getUint32(0, true) !== LOCAL) throw damaged();
      const start = offset + LOCAL_SIZE + view.getUint16(26, true) + view.getUint16(28, true);
      const body = await source.range(start, packed);
      if (body.length !== packed) throw damaged();
      const data = method === STORED ? body : inflated(body, size, damaged);
      if (data.length !== size || crc32(data) !== crc) throw damaged();
      return data;
    },
  };
}

/** Unpacks into as many bytes as the directory says: what is longer is cut off, and its checksum then differs. */
function inflated(body: Uint8Array, size: number, damaged: () => FoveaError): Uint8Array {
  try {
    return inflateSync(body, { out: new Uint8Array(size) });
  } catch {
    throw damaged();
  }
}

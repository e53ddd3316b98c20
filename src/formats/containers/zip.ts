// Zip archives, by fflate: written stored, never deflated, with fixed times, so that the same entries give the same
// bytes. fflate believes what archives say, so its filter is where each record of the directory is checked before
// memory is taken (paths, sizes, encryption, duplicates). It ignores checksums; they are compared afterwards.
// Not here: zip64 (archives over 4 GiB), encryption, streaming.
import { type UnzipFileInfo, unzipSync, zipSync } from "fflate";
import { crc32 } from "../../core/crc.js";
import { FoveaError } from "../../core/errors.js";
import { MOST_EXPANSION, unpackedLimit } from "./limits.js";

export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
export const ZIP64_LOCATOR = 0x07064b50;
export const ZIP64_LOCATOR_SIZE = 20;
export const LOCAL_SIZE = 30;
export const CENTRAL_SIZE = 46;
export const END_SIZE = 22;
/** The first day a zip can name, by the local clock that zips go by; at noon, which no clock change skips. */
const DATE = new Date(1980, 0, 1, 12);
const ENCRYPTED = 1;
export const STORED = 0;
const DEFLATED = 8;
export const MOST_COMMENT = 0xffff;
const MOST_ENTRIES = 0xffff;
const MOST_BYTES = 0xffff_ffff;

/** Archive members by path, in archive order. Paths use `/`; folders are not entries. */
export type ZipEntries = Map<string, Uint8Array>;

export interface ReadZipOptions {
  /** Name of the archive in errors. */
  readonly name?: string;
  /** The most bytes all entries together may have when unpacked. Default: `unpackedLimit` of the archive. */
  readonly maxBytes?: number;
  /** The most entries. Default 10,000. */
  readonly maxEntries?: number;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Checks whether `bytes` begin as a zip archive does. */
export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes.length >= END_SIZE && [LOCAL, END].includes(viewOf(bytes).getUint32(0, true));

/** The reason why a member's path must not be used, or undefined when it is harmless. */
function whyUnsafe(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0") || path.includes("\\")) return "holds a NUL or a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is absolute";
  return path.split("/").includes("..") ? "climbs out of the archive" : undefined;
}

/**
 * Packs entries into a zip archive, stored, dated 1980-01-01, in the given order (but paths that are whole numbers
 * come first).
 * @param entries Paths with contents.
 * @throws FoveaError for an unsafe path or more than zip can hold (65,535 entries, 4 GiB).
 * @example
 * const bytes = writeZip([["a.txt", new Uint8Array([65])]]);
 * readZip(bytes);
 */
export function writeZip(entries: Iterable<readonly [string, Uint8Array]>): Uint8Array {
  const files: Record<string, Uint8Array> = Object.fromEntries(entries);
  let size = END_SIZE;
  for (const [path, data] of Object.entries(files)) {
    const unsafe = whyUnsafe(path);
    if (unsafe !== undefined)
      throw new FoveaError("unsafe-path", `zip: the path ${JSON.stringify(path)} ${unsafe}; rename it`);
    size += LOCAL_SIZE + CENTRAL_SIZE + 2 * new TextEncoder().encode(path).length + data.length;
  }
  if (Object.keys(files).length > MOST_ENTRIES || size > MOST_BYTES)
    throw new FoveaError(
      "too-large",
      "zip: expected at most 65,535 entries in 4 GiB; split the files over several archives",
    );
  return zipSync(files, { level: 0, mtime: DATE });
}

/**
 * Unpacks a zip archive.
 * @param bytes The archive's contents.
 * @throws FoveaError when the archive is damaged, encrypted, too large, or holds a path that leaves it.
 */
export function readZip(bytes: Uint8Array, options: ReadZipOptions = {}): ZipEntries {
  const { name = "the archive", maxBytes = unpackedLimit(bytes.length), maxEntries = 10_000 } = options;
  const broken = brokenOf(name);
  const directory = new Directory(bytes, broken);
  if (directory.count > maxEntries)
    throw broken(`it has ${directory.count} entries, more than the ${maxEntries} allowed`);
  const members = new Map<string, { readonly size: number; readonly crc: number }>();
  let total = 0;
  const filter = (file: UnzipFileInfo): boolean => {
    const { flags, crc } = directory.next();
    if (file.name.endsWith("/")) return false;
    const problem = members.has(file.name) ? "is in it twice" : whyRefused(file, flags);
    if (problem !== undefined) throw broken(`${JSON.stringify(file.name)} ${problem}`);
    total += file.originalSize;
    if (total > maxBytes) throw broken(`it unpacks to more than the ${maxBytes} bytes allowed`);
    members.set(file.name, { size: file.originalSize, crc });
    return true;
  };
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes, { filter });
  } catch (error) {
    throw error instanceof FoveaError ? error : broken(`${JSON.stringify([...members.keys()].at(-1))} is damaged`);
  }
  return new Map(
    Array.from(members, ([path, { size, crc }]) => {
      const data = unpacked[path]!;
      if (data.length !== size || crc32(data) !== crc) throw broken(`${JSON.stringify(path)} is damaged`);
      return [path, data];
    }),
  );
}

/** The paths of an archive's members, nothing unpacked. @throws FoveaError when its directory is damaged. */
export function zipPaths(bytes: Uint8Array, name = "the archive"): string[] {
  const broken = brokenOf(name);
  const directory = new Directory(bytes, broken);
  const paths: string[] = [];
  const filter = ({ name: path }: UnzipFileInfo): boolean => {
    directory.next();
    paths.push(path);
    return false;
  };
  try {
    unzipSync(bytes, { filter });
  } catch (error) {
    throw error instanceof FoveaError ? error : broken("its directory is damaged; it may be cut short");
  }
  return paths;
}

export type Broken = (problem: string) => FoveaError;

export const brokenOf =
  (name: string): Broken =>
  (problem) =>
    new FoveaError("damaged-file", `${name}: expected a sound zip archive, but ${problem}`);

/** The fault of a member's record in the directory. */
export function whyRefused(
  { name, size, originalSize, compression }: UnzipFileInfo,
  flags: number,
): string | undefined {
  const unsafe = whyUnsafe(name);
  if (unsafe !== undefined) return `as a path ${unsafe}`;
  if (flags & ENCRYPTED) return "is encrypted";
  if (compression !== STORED && compression !== DEFLATED)
    return `is packed by method ${compression}, neither stored nor deflated`;
  if (compression === STORED ? originalSize === size : originalSize <= size * MOST_EXPANSION) return undefined;
  return `claims to unpack from ${size} to ${originalSize} bytes, which is impossible`;
}

/** The records at an archive's end, read along with fflate for what it does not tell: flags and checksums. */
class Directory {
  readonly count: number;
  private readonly view: DataView;
  private at: number;

  constructor(
    bytes: Uint8Array,
    private readonly broken: Broken,
  ) {
    this.view = viewOf(bytes);
    const last = bytes.length - END_SIZE;
    // fflate takes the last end record as well; a comment reaches from it to the end of the file.
    let end = last;
    while (end >= 0 && end >= last - MOST_COMMENT && this.view.getUint32(end, true) !== END) end--;
    if (end < 0 || end + END_SIZE + this.view.getUint16(end + 20, true) !== bytes.length)
      throw broken("it has no end record; it may be cut short");
    this.count = this.view.getUint16(end + 8, true);
    this.at = this.view.getUint32(end + 16, true);
    const locator = end - ZIP64_LOCATOR_SIZE;
    if (locator >= 0 && this.view.getUint32(locator, true) === ZIP64_LOCATOR)
      throw broken("it is in the zip64 form for over 4 GiB, which is not supported");
  }

  next(): { readonly flags: number; readonly crc: number } {
    const { at, view } = this;
    if (at + CENTRAL_SIZE > view.byteLength || view.getUint32(at, true) !== CENTRAL)
      throw this.broken("its directory is damaged");
    this.at += CENTRAL_SIZE + [28, 30, 32].reduce((sum, length) => sum + view.getUint16(at + length, true), 0);
    return { flags: view.getUint16(at + 8, true), crc: view.getUint32(at + 16, true) };
  }
}

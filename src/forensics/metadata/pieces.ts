// The pieces that image files consist of beside their pixels: segments of JPEG, chunks of PNG and WebP, extensions of GIF.
// Steps over contents without reading them, and ends where a file claims more than it has.
import { joinBytes } from "../../core/bytes.js";
import type { ImageFormat } from "../../data/index.js";
import type { ByteSource } from "../../platform/byte-source.js";

/** A piece: `"APP1"`, `"COM"`, the four letters of a chunk, the name of a GIF's application. */
export interface Piece {
  readonly kind: string;
  readonly content: Uint8Array;
}

export interface Pieces {
  readonly pieces: readonly Piece[];
  /** Offset behind the end of the image, the file's length where it has no end. */
  readonly end: number;
  /** Damage, a sentence without a full stop. */
  readonly problem?: string;
}

/** The most pieces of a file that are looked at: photographs have some dozens. */
const MOST_PIECES = 20_000;
const TOO_MANY = `the file has more than ${MOST_PIECES} pieces, and the first ${MOST_PIECES} are looked at`;
const TRUNCATED = "the file ends before the image does";

/** Text of bytes, one character each. */
export const latin1 = (bytes: Uint8Array): string => LATIN1.decode(bytes);
const LATIN1 = new TextDecoder("latin1");

/** Checks whether bytes begin with a mark. */
export const startsWith = (bytes: Uint8Array, mark: string): boolean => latin1(bytes.subarray(0, mark.length)) === mark;

const numberAt = (file: ByteSource, at: number, bytes: 2 | 4, littleEndian = false): number | undefined => {
  const read = file.read(at, bytes);
  if (read.length < bytes) return undefined;
  const view = new DataView(read.buffer, read.byteOffset, bytes);
  return bytes === 2 ? view.getUint16(0, littleEndian) : view.getUint32(0, littleEndian);
};

const WALKS: Readonly<Record<ImageFormat, (file: ByteSource) => Pieces>> = {
  JPEG: jpegPieces,
  PNG: (file) => chunkPieces(file, { first: 8, last: "IEND", head: 8, behind: 4, littleEndian: false }),
  WebP: (file) => chunkPieces(file, { first: 12, last: undefined, head: 8, behind: 0, littleEndian: true }),
  GIF: gifPieces,
  BMP: (file) => ({ pieces: [], end: file.length }),
};

/** The pieces of an image file, pixels left out where that saves reading them. */
export const piecesOf = (file: ByteSource, format: ImageFormat): Pieces => WALKS[format](file);

function jpegPieces(file: ByteSource): Pieces {
  const pieces: Piece[] = [];
  for (let at = 2; at + 2 <= file.length; ) {
    const [mark = 0, marker = 0] = file.read(at, 2);
    if (mark !== 0xff) return { pieces, ...endOf(file, at), problem: "bytes lie between two segments" };
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // The start of the pixels: what is in front of it is what programs write.
    if (marker === 0xda || marker === 0xd9) return { pieces, ...endOf(file, at) };
    const length = numberAt(file, at + 2, 2);
    if (length === undefined || length < 2 || at + 2 + length > file.length)
      return { pieces, end: file.length, problem: TRUNCATED };
    if (pieces.length === MOST_PIECES) return { pieces, end: file.length, problem: TOO_MANY };
    const kind = marker === 0xfe ? "COM" : marker >= 0xe0 && marker <= 0xef ? `APP${marker - 0xe0}` : "";
    if (kind !== "") pieces.push({ kind, content: file.read(at + 4, length - 2) });
    at += 2 + length;
  }
  return { pieces, end: file.length, problem: TRUNCATED };
}

const endOf = (file: ByteSource, scan: number): Pick<Pieces, "end" | "problem"> => {
  const end = endOfJpeg(file, scan);
  return end < 0 ? { end: file.length, problem: TRUNCATED } : { end };
};

/** Offset behind the end marker of the image whose pixels begin at `scan`; -1 where there is none. */
function endOfJpeg(file: ByteSource, scan: number): number {
  const rest = file.read(scan, file.length - scan);
  for (let at = rest.indexOf(0xff); at >= 0 && at + 1 < rest.length; at = rest.indexOf(0xff, at + 1))
    if (rest[at + 1] === 0xd9) return scan + at + 2;
  return -1;
}

interface ChunkForm {
  readonly first: number;
  readonly last: string | undefined;
  readonly head: number;
  readonly behind: number;
  readonly littleEndian: boolean;
}

/** PNG has a length before the type and a checksum behind; WebP the type first, and contents of even lengths. */
function chunkPieces(file: ByteSource, { first, last, head, behind, littleEndian }: ChunkForm): Pieces {
  const pieces: Piece[] = [];
  let at = first;
  while (at + head <= file.length) {
    const length = numberAt(file, littleEndian ? at + 4 : at, 4, littleEndian)!;
    const kind = latin1(file.read(littleEndian ? at : at + 4, 4));
    const end = at + head + length + behind + (littleEndian ? length % 2 : 0);
    if (end > file.length + 1) return { pieces, end: file.length, problem: TRUNCATED };
    if (kind === last) return { pieces, end };
    if (pieces.length === MOST_PIECES) return { pieces, end: file.length, problem: TOO_MANY };
    if (kind !== "IDAT") pieces.push({ kind, content: file.read(at + head, length) });
    at = end;
  }
  return last === undefined ? { pieces, end: file.length } : { pieces, end: file.length, problem: TRUNCATED };
}

/** GIF 89a: blocks of at most 255 bytes, one after the other, up to one of none. */
function gifPieces(file: ByteSource): Pieces {
  const pieces: Piece[] = [];
  const flags = file.read(10, 1)[0] ?? 0;
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while (at < file.length && pieces.length < MOST_PIECES) {
    const mark = file.read(at, 2);
    if (mark[0] === 0x3b) return { pieces, end: at + 1 };
    if (mark[0] === 0x2c) {
      const local = file.read(at + 9, 1)[0] ?? 0;
      at += 11 + (local & 0x80 ? 3 * 2 ** ((local & 7) + 1) : 0);
      at = skipBlocks(file, at).end;
      continue;
    }
    if (mark[0] !== 0x21) break;
    const isApplication = mark[1] === 0xff;
    const name = isApplication ? latin1(file.read(at + 3, 11)) : "comment";
    const { parts, end } = skipBlocks(file, isApplication ? at + 14 : at + 2);
    if (isApplication || mark[1] === 0xfe) pieces.push({ kind: name, content: joinBytes(parts) });
    at = end;
  }
  return { pieces, end: file.length, problem: TRUNCATED };
}

function skipBlocks(file: ByteSource, from: number): { readonly parts: Uint8Array[]; readonly end: number } {
  const parts: Uint8Array[] = [];
  let at = from;
  for (let size = file.read(at, 1)[0]; size !== undefined && size > 0; size = file.read(at, 1)[0]) {
    parts.push(file.read(at + 1, size));
    at += 1 + size;
  }
  return { parts, end: at + 1 };
}

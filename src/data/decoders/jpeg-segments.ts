// The segments of a JPEG file as libjpeg finds them: whatever lies between two of them is skipped up to the next
// marker, fill bytes are allowed, and a length is believed even where it is wrong.
import type { ByteSource } from "../../platform/byte-source.js";
import { viewOver } from "./image.js";

export interface Segment {
  readonly marker: number;
  /** Offset of its content in the file, after the length. */
  readonly start: number;
  /** The bytes of its content as its length says; the file may end before. */
  readonly length: number;
}

export const START_OF_SCAN = 0xda;
export const END_OF_IMAGE = 0xd9;

/** Markers that stand alone: RST0 to RST7, SOI, EOI, TEM, and codes that mean nothing. */
const standsAlone = (marker: number): boolean => (marker >= 0xd0 && marker <= 0xd9) || marker < 0xc0;

/** Bytes that are looked through at a time for the next marker. */
const PIECE = 4096;

/** The next marker's code and its offset, at `from` or after it; `undefined` at the end of the file. */
function nextMarker(file: ByteSource, from: number): { readonly at: number; readonly marker: number } | undefined {
  let isEscaped = false;
  for (let start = from; start < file.length; start += PIECE) {
    const piece = file.read(start, PIECE);
    let i = isEscaped ? 0 : indexOfEscape(piece, 0);
    while (i < piece.length) {
      const byte: number = piece[i]!;
      if (isEscaped && byte !== 0 && byte !== 0xff) return { at: start + i, marker: byte };
      isEscaped = byte === 0xff;
      // Pixels are long and have few of these bytes.
      i = isEscaped ? i + 1 : indexOfEscape(piece, i + 1);
    }
  }
  return undefined;
}

function indexOfEscape(piece: Uint8Array, from: number): number {
  const index = piece.indexOf(0xff, from);
  return index < 0 ? piece.length : index;
}

/**
 * The segments from `from` to the end of the image. After START_OF_SCAN come those behind its compressed data, in which
 * only restart markers stand, so one scan follows the other.
 * @param from after the marker that begins the file, unless said otherwise
 */
export function* segmentsOf(file: ByteSource, from = 2): Generator<Segment> {
  for (let next = nextMarker(file, from); next !== undefined; ) {
    const { at, marker } = next;
    const bytes = standsAlone(marker) ? undefined : file.read(at + 1, 2);
    if (bytes !== undefined && bytes.length < 2) return;
    // A length counts itself; one of 0 or 1 skips nothing.
    const length = bytes === undefined ? 0 : Math.max(0, viewOver(bytes).getUint16(0) - 2);
    const start = bytes === undefined ? at + 1 : at + 3;
    yield { marker, start, length };
    if (marker === END_OF_IMAGE) return;
    next = nextMarker(file, start + length);
  }
}

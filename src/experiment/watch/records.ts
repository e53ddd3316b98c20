// The bytes of a store of seen photos: a head, then records of a mark, a length, a checksum and a body. Integers and floats
// are little-endian. A record that is damaged is passed over; what follows the last whole record was never finished.
import { crc32 } from "../../core/crc.js";
import { FoveaError } from "../../core/errors.js";
import { fromHex, toHex } from "../../core/hex.js";
import { HASH_WORDS } from "../../data/index.js";

/** A photo that was seen: its hashes and a few facts, and nothing that shows it. */
export interface WatchEntry {
  /** The reference of the photo, such as the number of a claim. */
  readonly reference: string;
  /** Its file, as it was named. */
  readonly file: string;
  /** PDQ hash, 8 words. */
  readonly hash: Uint32Array;
  /** PDQ's quality, from 0 to 100. */
  readonly quality: number;
  /** Width in pixels as it is shown. */
  readonly width: number;
  /** Height in pixels as it is shown. */
  readonly height: number;
  /** Mean luminance, from 0 to 255. */
  readonly brightness: number;
  /** SHA-256 of the file's bytes. */
  readonly bytes: string;
  /** SHA-256 of its pixels as they are shown. */
  readonly pixels: string;
}

/** The head of a store's file; its last digit is the version of what follows. */
export const HEAD = new TextEncoder().encode("fovea watch 0001\n");
const MARK = 0x31_72_77_66;
/** Bytes before a body. */
const PREFIX = 12;
/** Bytes of a body before its texts. */
const FIXED = 116;
/** The most bytes of a body; longer ones are damaged. */
const MOST_BYTES = 1 << 14;
/** The most bytes of a reference and of a file's name. */
const MOST_TEXT = 4096;

const DIGEST_BYTES = 32;

const textBytes = (what: string, text: string): Uint8Array => {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === 0 || bytes.length > MOST_TEXT)
    throw new FoveaError(
      "too-large",
      `watch: expected ${what} of 1 to ${MOST_TEXT} bytes, received ${bytes.length}; shorten it`,
    );
  return bytes;
};

/** The bytes of a record. @throws FoveaError for a reference or a file's name that is empty or too long. */
export function recordOf(entry: WatchEntry): Uint8Array {
  const reference = textBytes("a reference", entry.reference);
  const file = textBytes("a file's name", entry.file);
  const bytes = new Uint8Array(PREFIX + FIXED + reference.length + file.length);
  const view = new DataView(bytes.buffer);
  const body = bytes.subarray(PREFIX);
  for (let word = 0; word < HASH_WORDS; word++) view.setUint32(PREFIX + 4 * word, entry.hash[word]!, true);
  body.set(fromHex(entry.bytes), 32);
  body.set(fromHex(entry.pixels), 64);
  view.setUint32(PREFIX + 96, entry.width, true);
  view.setUint32(PREFIX + 100, entry.height, true);
  view.setFloat32(PREFIX + 104, entry.brightness, true);
  view.setUint32(PREFIX + 108, entry.quality, true);
  view.setUint16(PREFIX + 112, reference.length, true);
  view.setUint16(PREFIX + 114, file.length, true);
  body.set(reference, FIXED);
  body.set(file, FIXED + reference.length);
  view.setUint32(0, MARK, true);
  view.setUint32(4, body.length, true);
  view.setUint32(8, crc32(body), true);
  return bytes;
}

/** The entry of a whole record. */
export function entryOf(record: Uint8Array): WatchEntry {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const body = record.subarray(PREFIX);
  const words = Uint32Array.from({ length: HASH_WORDS }, (_, word) => view.getUint32(PREFIX + 4 * word, true));
  const reference = view.getUint16(PREFIX + 112, true);
  const file = view.getUint16(PREFIX + 114, true);
  const text = (start: number, length: number): string =>
    new TextDecoder().decode(body.subarray(FIXED + start, FIXED + start + length));
  return {
    reference: text(0, reference),
    file: text(reference, file),
    hash: words,
    quality: view.getUint32(PREFIX + 108, true),
    width: view.getUint32(PREFIX + 96, true),
    height: view.getUint32(PREFIX + 100, true),
    brightness: view.getFloat32(PREFIX + 104, true),
    bytes: toHex(body.subarray(32, 32 + DIGEST_BYTES)),
    pixels: toHex(body.subarray(64, 64 + DIGEST_BYTES)),
  };
}

/** Result of a scan: whole records were met up to `end`; what follows is not whole yet, or damaged. */
export interface Scan {
  readonly end: number;
  /** Gaps between whole records. */
  readonly damaged: number;
}

/** The length of the whole record at a place; 0 where there is none, -1 where the bytes end before it does. */
function wholeAt(bytes: Uint8Array, view: DataView, at: number): number {
  if (at + PREFIX > bytes.length) return -1;
  if (view.getUint32(at, true) !== MARK) return 0;
  const length = view.getUint32(at + 4, true);
  if (length < FIXED || length > MOST_BYTES) return 0;
  if (at + PREFIX + length > bytes.length) return -1;
  const body = bytes.subarray(at + PREFIX, at + PREFIX + length);
  const texts = view.getUint16(at + PREFIX + 112, true) + view.getUint16(at + PREFIX + 114, true);
  return crc32(body) === view.getUint32(at + 8, true) && FIXED + texts === length ? PREFIX + length : 0;
}

/**
 * Finds the whole records of bytes.
 * @param isEnd false where more bytes follow, so that the last record may go on in them
 * @param found receives each record and where it begins
 */
export function scanRecords(
  bytes: Uint8Array,
  isEnd: boolean,
  found: (record: Uint8Array, start: number) => void,
): Scan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [end, damaged] = [0, 0];
  for (let at = 0; at < bytes.length; ) {
    const length = wholeAt(bytes, view, at);
    if (length > 0) {
      if (at > end) damaged++;
      found(bytes.subarray(at, at + length), at);
      at += length;
      end = at;
    } else if (length < 0 && !isEnd) break;
    else at++;
  }
  return { end, damaged };
}

/** Bytes of which a scan needs no more to tell whether a record begins in them. */
export const RECORD_BYTES = PREFIX + MOST_BYTES;

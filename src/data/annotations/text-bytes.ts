// Text of annotation files: UTF-8 unless their first bytes or their declaration say otherwise. Bytes that are no such text are
// refused, for two names with unreadable letters would become one.
import { textOfBytes } from "../../core/text-bytes.js";

/** Byte order marks. That of UTF-8 needs no entry: it is the usual encoding. */
const MARKS = [
  { encoding: "utf-16le", bytes: [0xff, 0xfe] },
  { encoding: "utf-16be", bytes: [0xfe, 0xff] },
] as const;
/** Bytes that an XML declaration lies within. */
const DECLARATION = 256;

/** The encoding that the first bytes of a text tell: a byte order mark, or the declaration of XML. */
function encodingOf(bytes: Uint8Array): string {
  const mark = MARKS.find((candidate) => candidate.bytes.every((byte, i) => bytes[i] === byte));
  if (mark !== undefined) return mark.encoding;
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, DECLARATION));
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(start)?.[1] ?? "utf-8";
}

/**
 * The text of a file, without its byte order mark.
 * @param path names the file in messages
 * @throws FoveaError for an unknown encoding, and for bytes that are no text of it
 */
export const decodeText = (path: string, bytes: Uint8Array): string =>
  textOfBytes(path, bytes, { encoding: encodingOf(bytes) });

/** The first characters of a file, by which its format is recognized; bytes that are no text become other characters. */
export function textStart(bytes: Uint8Array, length: number): string {
  const encoding = encodingOf(bytes);
  // One character a byte: a character of UTF-8 may be cut in two at the end.
  const isWide = encoding.startsWith("utf-16");
  const text = new TextDecoder(isWide ? encoding : "latin1").decode(bytes.subarray(0, length));
  return isWide ? text : text.replace(/^\u00ef\u00bb\u00bf/, "");
}

// Text out of files that anybody may have written.
import { FoveaError } from "./errors.js";

/** Options of `textOfBytes`. */
export interface TextOptions {
  /** Name of the contents in messages. Default "text". */
  readonly contents?: string;
  /** Name of the encoding. Default "utf-8". */
  readonly encoding?: string;
}

/**
 * The text of bytes, without their byte order mark. Bytes of another encoding are refused: with unreadable letters, two names may become
 * the same.
 * @param what names the file in messages
 * @throws FoveaError for bytes that are no text of the encoding, and for an unknown encoding
 */
export function textOfBytes(
  what: string,
  bytes: Uint8Array,
  { contents = "text", encoding = "utf-8" }: TextOptions = {},
): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    const found = error instanceof RangeError ? "an unknown encoding" : "other bytes";
    const message = `${what}: expected ${contents} in ${encoding.toUpperCase()}, found ${found}; save it as UTF-8, or get it again if it is damaged`;
    throw new FoveaError("malformed-file", message, { cause: error });
  }
}

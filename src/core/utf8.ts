// Text out of files that anybody may have written.
import { FoveaError } from "./errors.js";

/**
 * The text of UTF-8 bytes, without its byte order mark. Other bytes are refused: with unreadable letters, two names may become the same.
 * @param what names the file in messages
 * @throws FoveaError for bytes that are no UTF-8
 */
export function utf8Text(what: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new FoveaError("malformed-file", `${what}: expected text in UTF-8, found other bytes; save it as UTF-8`, {
      cause: error,
    });
  }
}

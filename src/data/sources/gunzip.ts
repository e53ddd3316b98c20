// Unpacking of gzip files, bounded by what they say and by what they can hold, and compared with their checksum.
import { gunzipSync } from "fflate";
import { crc32 } from "../../core/crc.js";
import { FoveaError } from "../../core/errors.js";

/** No deflate stream expands further: 258 bytes out of every two bits. */
const MOST_EXPANSION = 1032;
const LEAST = 18;

export const looksLikeGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * The content of a gzip file of one member.
 * @param most the most bytes that it may unpack to
 * @throws FoveaError when it is damaged, cut short, or larger than `most`.
 */
export function gunzip(bytes: Uint8Array, name: string, most = 2 ** 31): Uint8Array {
  const damaged = (): FoveaError =>
    new FoveaError("damaged-file", `${name}: the gzip data are damaged or cut short; copy the file again`);
  if (bytes.length < LEAST) throw damaged();
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  const size = trailer.getUint32(4, true);
  if (size > bytes.length * MOST_EXPANSION) throw damaged();
  if (size > most)
    throw new FoveaError(
      "too-large",
      `${name}: it unpacks to ${size} bytes, more than the ${most} allowed; unpack it first`,
    );
  let content: Uint8Array;
  try {
    content = gunzipSync(bytes, { out: new Uint8Array(size) });
  } catch {
    throw damaged();
  }
  if (content.length !== size || crc32(content) !== trailer.getUint32(0, true)) throw damaged();
  return content;
}

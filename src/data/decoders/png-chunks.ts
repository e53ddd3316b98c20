// The chunks that a PNG file consists of: a length, a four-letter type, the content, a checksum. fast-png checks the
// checksums.
import { BadImage, TRUNCATED, textAt, viewOver } from "./image.js";

export interface Chunk {
  readonly type: string;
  /** Content and what is around it. */
  readonly whole: Uint8Array;
}

const SIGNATURE_BYTES = 8;
/** End of the first chunk, IHDR: 13 bytes and what is around them. */
export const HEADER_END = 33;
/** Length and type. */
const BEFORE = 8;
const CHECKSUM_BYTES = 4;

/** The chunks from the first to the end of the image, IEND. @throws BadImage or RangeError where the file ends before. */
export function* chunksOf(file: Uint8Array): Generator<Chunk> {
  const view = viewOver(file);
  for (let at = SIGNATURE_BYTES, type = ""; type !== "IEND"; ) {
    const end = at + BEFORE + view.getUint32(at) + CHECKSUM_BYTES;
    if (end > file.length) throw new BadImage("damaged-image", TRUNCATED);
    type = textAt(file, at + 4, 4);
    yield { type, whole: file.subarray(at, end) };
    at = end;
  }
}

export const contentOf = ({ whole }: Chunk): Uint8Array => whole.subarray(BEFORE, -CHECKSUM_BYTES);

/** A chunk with a checksum of zero, for a reader that does not look at it. */
export function uncheckedChunk(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(BEFORE + content.length + CHECKSUM_BYTES);
  viewOver(chunk).setUint32(0, content.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(content, BEFORE);
  return chunk;
}

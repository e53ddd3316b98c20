// Reads of a file by blocks, of which the last ones stay: a call of the browser's file system takes longer than a block of bytes,
// and the images of an archive lie one behind the other. For files that nobody changes.
import { FoveaError } from "fovea";

/** Reads `length` bytes from a place on. */
type Read = (start: number, length: number) => Promise<Uint8Array>;

const BLOCK = 1 << 20;
/** Blocks that stay in memory. */
const MOST_BLOCKS = 8;

/**
 * Makes a read that asks for whole blocks.
 * @param size bytes of the file
 * @returns reads the bytes from `start` up to `end`, as a copy
 */
export function blockReader(
  read: Read,
  size: number,
): (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>> {
  const blocks = new Map<number, Promise<Uint8Array>>();
  const blockAt = (number: number): Promise<Uint8Array> => {
    const known = blocks.get(number);
    const block = known ?? read(number * BLOCK, Math.min(BLOCK, size - number * BLOCK));
    // The block that was asked for last goes last.
    blocks.delete(number);
    blocks.set(number, block);
    block.catch(() => blocks.delete(number));
    const [oldest] = blocks.keys();
    if (blocks.size > MOST_BLOCKS && oldest !== undefined) blocks.delete(oldest);
    return block;
  };
  return async (from, to) => {
    const [start, end] = [Math.min(from, size), Math.min(to, size)];
    const out = new Uint8Array(Math.max(0, end - start));
    for (let at = start; at < end; ) {
      const number = Math.floor(at / BLOCK);
      const block = await blockAt(number);
      const part = block.subarray(at - number * BLOCK, end - number * BLOCK);
      if (part.length === 0)
        throw new FoveaError("file-changed", "a file of this page has become shorter; choose or drop it again");
      out.set(part, at - start);
      at += part.length;
    }
    return out;
  };
}

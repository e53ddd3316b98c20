// Grey images as BMP files, the form that takes the least to write and to decode, for measurements of very many.

/** Bytes before the 256 levels of the palette, and before the pixels. */
const PALETTE = 54;
export const BMP_PIXELS = PALETTE + 4 * 256;

/**
 * A black image; its pixels begin at `BMP_PIXELS`, a byte each, the lowest row first.
 * @param width a multiple of four, to which rows of a BMP are filled up
 */
export function blackBmp(height: number, width: number): Buffer {
  const bytes = Buffer.alloc(BMP_PIXELS + height * width);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(BMP_PIXELS, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(8, 28);
  for (let level = 0; level < 256; level++) bytes.fill(level, PALETTE + 4 * level, PALETTE + 4 * level + 3);
  return bytes;
}

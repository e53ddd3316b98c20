// PNG pixels of less than a byte. Where they are interlaced, fast-png (8.0.0) takes them for whole bytes and gives up,
// so each of Adam7's seven passes goes to it as an image of its own; that is to be deleted when fast-png reads them.
import { decode } from "fast-png";
import { unzlibSync, zlibSync } from "fflate";
import { joinBytes } from "../../core/bytes.js";
import { BadImage, TRUNCATED, unpackBits, viewOver } from "./image.js";
import { type Chunk, contentOf, HEADER_END, uncheckedChunk } from "./png-chunks.js";

/** First pixel of a pass and the distances between its pixels: x, y, dx, dy. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Takes pixels of 1, 2 or 4 bits out of packed rows: one byte each, times `scale`. */
export function unpackRows(packed: Uint8Array, columns: number, rows: number, bits: number, scale: number): Uint8Array {
  const rowBytes = packed.length / rows;
  const out = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++)
    unpackBits(packed.subarray(row * rowBytes), bits, scale, out.subarray(row * columns, (row + 1) * columns));
  return out;
}

/**
 * Decodes an interlaced image of 1, 2 or 4 bits per pixel.
 * @param file signature, IHDR and `chunks`
 * @returns as unpackRows
 * @throws BadImage, or an Error of fast-png or fflate, when the file is damaged.
 */
export function decodePasses(
  file: Uint8Array,
  chunks: readonly Chunk[],
  { width, height, bits, scale }: { readonly [name in "width" | "height" | "bits" | "scale"]: number },
): Uint8Array {
  checkSums(file);
  const packed = joinBytes(chunks.filter(({ type }) => type === "IDAT").map(contentOf));
  const lines = unzlibSync(packed);
  const data = new Uint8Array(width * height);
  let next = 0;
  for (const [x, y, dx, dy] of ADAM7) {
    const [columns, rows] = [Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)];
    if (columns <= 0 || rows <= 0) continue;
    const length = rows * (1 + Math.ceil((columns * bits) / 8));
    if (next + length > lines.length) throw new BadImage("damaged-image", TRUNCATED);
    const head = file.slice(0, HEADER_END);
    viewOver(head).setUint32(16, columns);
    viewOver(head).setUint32(20, rows);
    head[28] = 0;
    const content = zlibSync(lines.subarray(next, next + length), { level: 0 });
    const pass = joinBytes([head, uncheckedChunk("IDAT", content), uncheckedChunk("IEND", new Uint8Array(0))]);
    const pixels = unpackRows(decode(pass).data as Uint8Array, columns, rows, bits, scale);
    for (const [i, pixel] of pixels.entries())
      data[(y + Math.floor(i / columns) * dy) * width + x + (i % columns) * dx] = pixel;
    next += length;
  }
  return data;
}

/** fast-png checks a file's checksums before it trips over the filter marks of what it takes for rows. */
function checkSums(file: Uint8Array): void {
  try {
    decode(file, { checkCrc: true });
  } catch (error) {
    if (!String(error).includes("filter")) throw error;
  }
}

// PNG with the modes that Pillow gives: sound files by png-rows.ts, all others by fast-png. Here: the header, the bounds,
// the chunks that the library gets to see, and its samples as one byte each. Stricter than Pillow in one thing: a file
// without its end is an error.
import { decode as decodePng } from "fast-png";
import { joinBytes } from "../../core/bytes.js";
import {
  BadImage,
  type ColorMode,
  checkSize,
  type Decoder,
  type Depth,
  type StoredHeader,
  type StoredImage,
  textAt,
  viewOver,
} from "./image.js";
import { type Chunk, chunksOf, contentOf, HEADER_END } from "./png-chunks.js";
import { decodePasses, unpackRows } from "./png-passes.js";
import { soundRows } from "./png-rows.js";

interface PngHeader extends StoredHeader {
  /** Bits of a sample. */
  readonly bits: number;
  /** Bytes of a row as stored. */
  readonly rowBytes: number;
  readonly interlaced: boolean;
  /** Factor that makes 255 of the brightest grey of less than 8 bits; 1 for all else. */
  readonly scale: number;
}

const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Pillow's mode of each colour type and bit depth; 16-bit grey with alpha becomes RGBA there, and here. */
const MODES: Record<string, ColorMode> = {
  "0.1": "1",
  "0.2": "L",
  "0.4": "L",
  "0.8": "L",
  "0.16": "I;16",
  "2.8": "RGB",
  "2.16": "RGB",
  "3.1": "P",
  "3.2": "P",
  "3.4": "P",
  "3.8": "P",
  "4.8": "LA",
  "4.16": "RGBA",
  "6.8": "RGBA",
  "6.16": "RGBA",
};

const CHANNELS: Partial<Record<ColorMode, number>> = { LA: 2, RGB: 3, RGBA: 4 };

function readHeader(bytes: Uint8Array): PngHeader {
  const view = viewOver(bytes);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [bits, color, compression, filter, interlace] = [24, 25, 26, 27, 28].map((at) => view.getUint8(at)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const mode = MODES[`${color}.${bits}`];
  const isHeader = view.getUint32(8) === 13 && textAt(bytes, 12, 4) === "IHDR";
  if (!isHeader || mode === undefined || compression !== 0 || filter !== 0 || interlace > 1)
    throw new BadImage("damaged-image", "its PNG header is damaged");
  const depth = bits === 16 ? 16 : 8;
  const pixelBytes = (SAMPLES[color]! * depth) / 8;
  checkSize(width, height, pixelBytes);
  const rowBytes = Math.ceil((width * SAMPLES[color]! * bits) / 8);
  const scale = mode === "P" || bits > 8 ? 1 : 255 / ((1 << bits) - 1);
  const interlaced = interlace === 1;
  return { format: "PNG", width, height, mode, depth, pixelBytes, bits, rowBytes, interlaced, scale };
}

/**
 * The chunks that pixels are made of. fast-png would unpack the others, colour profiles of any size among them, and give
 * up on odd ones. Compressed data that are far longer than the pixels they are for can only be a trap.
 */
function pixelChunks(bytes: Uint8Array, { height, rowBytes }: PngHeader): Chunk[] {
  const chunks: Chunk[] = [];
  let length = 0;
  for (const chunk of chunksOf(bytes)) {
    if (!["PLTE", "IDAT", "IEND"].includes(chunk.type)) continue;
    length += chunk.whole.length;
    if (length > 2 * height * (1 + rowBytes) + 4096)
      throw new BadImage("damaged-image", "its compressed data are longer than its pixels");
    chunks.push(chunk);
  }
  return chunks;
}

function decode(bytes: Uint8Array, grey16: Depth): StoredImage {
  const header = readHeader(bytes);
  const { width, height, mode, depth, pixelBytes } = header;
  const chunks = pixelChunks(bytes, header);
  const data = readPixels(bytes.subarray(0, HEADER_END), chunks, header, grey16);
  const channels = CHANNELS[mode] ?? 1;
  const image = { format: "PNG", width, height, mode, depth, pixelBytes, channels, data } as const;
  if (mode !== "P") return image;
  const palette = new Uint8Array(768);
  for (const chunk of chunks) if (chunk.type === "PLTE") palette.set(contentOf(chunk).subarray(0, 768));
  return { ...image, palette };
}

/** The chunks as fast-png decodes them, as one byte a sample in the channels of the image's mode. */
function readPixels(head: Uint8Array, chunks: readonly Chunk[], header: PngHeader, grey16: Depth): Uint8Array {
  const { width, height, bits, interlaced, scale } = header;
  const sound = bits === 8 && !interlaced ? soundRows(head, chunks, header) : undefined;
  if (sound !== undefined) return sound;
  const file = joinBytes([head, ...chunks.map(({ whole }) => whole)]);
  try {
    if (bits < 8 && interlaced) return decodePasses(file, chunks, header);
    const { data, channels } = decodePng(file, { checkCrc: true });
    if (data instanceof Uint16Array) return toBytes(data, channels, grey16);
    const bytes = new Uint8Array(data.buffer);
    return bits < 8 ? unpackRows(bytes, width, height, bits, scale) : bytes;
  } catch (error) {
    if (error instanceof BadImage || !(error instanceof Error)) throw error;
    throw new BadImage("damaged-image", `its PNG data are damaged (${error.message.replace(/:$/, "")})`, {
      cause: error,
    });
  }
}

/** 16-bit samples as one byte each: their high byte, or grey cut off at 255; grey with alpha becomes colour as in Pillow. */
function toBytes(samples: Uint16Array, channels: number, grey16: Depth): Uint8Array {
  if (channels === 2) {
    const colors = new Uint8Array(2 * samples.length);
    for (let i = 0, to = 0; i < samples.length; i += 2, to += 4) {
      colors.fill(samples[i]! >> 8, to, to + 3);
      colors[to + 3] = samples[i + 1]! >> 8;
    }
    return colors;
  }
  const bytes = new Uint8Array(samples.length);
  const cut = channels === 1 && grey16 === "cut";
  for (let i = 0; i < bytes.length; i++) bytes[i] = cut ? Math.min(samples[i]!, 255) : samples[i]! >> 8;
  return bytes;
}

export const png: Decoder = { readHeader, decode };

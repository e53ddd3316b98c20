// PNG: all colour types, bit depths and interlacing (W3C PNG, third edition), with the modes that Pillow gives them.
// Stricter than Pillow in one thing: a chunk whose checksum is wrong, or a file without its end, is an error.
import { unzlibSync } from "fflate";
import {
  BadImage,
  type ColorMode,
  checkSize,
  type DecodedImage,
  type Decoder,
  type ImageHeader,
  TRUNCATED,
  textAt,
  unpackBits,
  viewOver,
} from "./image.js";

interface PngHeader extends ImageHeader {
  readonly bits: number;
  /** Samples in a pixel as stored. */
  readonly samples: number;
  readonly interlaced: boolean;
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
  if (textAt(bytes, 12, 4) !== "IHDR" || mode === undefined || compression !== 0 || filter !== 0 || interlace > 1)
    throw new BadImage("its PNG header is damaged");
  checkSize(width, height);
  return { format: "PNG", width, height, mode, bits, samples: SAMPLES[color]!, interlaced: interlace === 1 };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** The chunks that matter for pixels. */
function readChunks(bytes: Uint8Array): { data: Uint8Array; palette: Uint8Array } {
  const view = viewOver(bytes);
  const palette = new Uint8Array(768);
  const parts: Uint8Array[] = [];
  for (let at = 8; ; ) {
    const length = view.getUint32(at);
    const end = at + 8 + length;
    const type = textAt(bytes, at + 4, 4);
    const checksum = view.getUint32(end);
    // Chunks with a lower-case first letter are ancillary: text, colour profiles, times. They hold no pixels.
    if (type < "a" && crc32(bytes.subarray(at + 4, end)) !== checksum)
      throw new BadImage(`the checksum of its ${type} data does not match; the file is damaged`);
    const content = bytes.subarray(at + 8, end);
    if (type === "PLTE") palette.set(content.subarray(0, 768));
    if (type === "IDAT") parts.push(content);
    if (type === "IEND") break;
    at = end + 4;
  }
  if (parts.length === 1) return { data: parts[0]!, palette };
  const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let next = 0;
  for (const part of parts) {
    data.set(part, next);
    next += part.length;
  }
  return { data, palette };
}

/** One rectangle of an image with its own scanlines: the whole, or one of Adam7's seven. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

function decode(bytes: Uint8Array): DecodedImage {
  const header = readHeader(bytes);
  const { width, height, mode, bits, samples } = header;
  const channels = CHANNELS[mode] ?? 1;
  const passes = (header.interlaced ? ADAM7 : WHOLE)
    .map((pass) => {
      const columns = Math.ceil((width - pass.x) / pass.dx);
      const rows = columns > 0 ? Math.ceil((height - pass.y) / pass.dy) : 0;
      return { ...pass, columns, rows, rowBytes: Math.ceil((columns * samples * bits) / 8) };
    })
    .filter((pass) => pass.rows > 0);
  const expected = passes.reduce((sum, pass) => sum + pass.rows * (1 + pass.rowBytes), 0);

  const chunks = readChunks(bytes);
  const raw = inflate(chunks.data, expected);
  const data = new Uint8Array(width * height * channels);
  const pixelBytes = Math.max(1, (samples * bits) / 8);
  let next = 0;
  for (const { x, y, dx, dy, columns, rows, rowBytes } of passes) {
    const line = new Uint8Array(columns * channels);
    let above = new Uint8Array(rowBytes);
    for (let row = 0; row < rows; row++) {
      const current = raw.subarray(next + 1, next + 1 + rowBytes) as Uint8Array<ArrayBuffer>;
      unfilter(raw[next]!, current, above, pixelBytes);
      toBytes(current, header, line);
      above = current;
      next += 1 + rowBytes;
      const start = ((y + row * dy) * width + x) * channels;
      if (dx === 1) data.set(line, start);
      else
        for (let i = 0; i < columns; i++)
          for (let c = 0; c < channels; c++) data[start + i * dx * channels + c] = line[i * channels + c]!;
    }
  }
  const image = { format: "PNG", width, height, mode, channels, data } as const;
  return mode === "P" ? { ...image, palette: chunks.palette } : image;
}

function inflate(data: Uint8Array, length: number): Uint8Array {
  let raw: Uint8Array;
  try {
    raw = unzlibSync(data, { out: new Uint8Array(length) });
  } catch {
    throw new BadImage("its compressed data are damaged or end too early");
  }
  if (raw.length < length) throw new BadImage(TRUNCATED);
  return raw;
}

/** Undoes a scanline's filter in place: each byte was stored as its difference from a prediction. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, step: number): void {
  const length = line.length;
  if (filter === 1) for (let i = step; i < length; i++) line[i] = line[i]! + line[i - step]!;
  else if (filter === 2) for (let i = 0; i < length; i++) line[i] = line[i]! + above[i]!;
  else if (filter === 3) {
    for (let i = 0; i < step; i++) line[i] = line[i]! + (above[i]! >> 1);
    for (let i = step; i < length; i++) line[i] = line[i]! + ((line[i - step]! + above[i]!) >> 1);
  } else if (filter === 4) {
    for (let i = 0; i < step; i++) line[i] = line[i]! + above[i]!;
    for (let i = step; i < length; i++) {
      const left = line[i - step]!;
      const up = above[i]!;
      const corner = above[i - step]!;
      const toLeft = Math.abs(up - corner);
      const toUp = Math.abs(left - corner);
      const toCorner = Math.abs(left + up - corner - corner);
      const nearest = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
      line[i] = line[i]! + nearest;
    }
  } else if (filter !== 0) throw new BadImage(`its data are damaged (row filter ${filter})`);
}

/** The samples of a scanline as one byte each, in the channels of the image's mode. */
function toBytes(line: Uint8Array, { bits, samples, mode }: PngHeader, out: Uint8Array): void {
  if (bits === 8) out.set(line);
  else if (bits < 8) unpackBits(line, bits, mode === "P" ? 1 : 255 / ((1 << bits) - 1), out);
  else if (mode === "I;16") for (let i = 0; i < out.length; i++) out[i] = line[2 * i] === 0 ? line[2 * i + 1]! : 255;
  else if (samples === 2)
    for (let i = 0; i < out.length; i += 4) {
      out.fill(line[i]!, i, i + 3);
      out[i + 3] = line[i + 2]!;
    }
  else for (let i = 0; i < out.length; i++) out[i] = line[2 * i]!;
}

export const png: Decoder = { readHeader, decode };

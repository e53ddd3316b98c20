// BMP: OS/2 and Windows headers, 1 to 32 bits, bit fields and run lengths, with the modes that Pillow gives them.
// 32-bit files have alpha only where their bit masks say so, as in Pillow.
import {
  BadImage,
  type ColorMode,
  checkSize,
  type Decoder,
  type StoredHeader,
  type StoredImage,
  TRUNCATED,
  unpackBits,
  viewOver,
} from "./image.js";

interface BmpHeader extends StoredHeader {
  readonly bits: number;
  readonly compression: number;
  readonly topDown: boolean;
  readonly palette: Uint8Array;
  /** Red, green, blue and alpha masks of 16- and 32-bit pixels. */
  readonly masks: readonly number[];
  /** Place at which the pixels begin. */
  readonly start: number;
}

const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;

/** Of the modes with more than one. */
const CHANNELS: Partial<Record<ColorMode, number>> = { RGB: 3, RGBA: 4 };

const HEADERS = [12, 40, 52, 56, 64, 108, 124];

function readHeader(bytes: Uint8Array): BmpHeader {
  const view = viewOver(bytes);
  const size = view.getUint32(14, true);
  if (!HEADERS.includes(size))
    throw new BadImage("unsupported-image", `its BMP header of ${size} bytes is of no known kind`);
  const old = size === 12;
  const width = old ? view.getUint16(18, true) : view.getUint32(18, true);
  const signedHeight = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signedHeight);
  checkSize(width, height);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? 0 : view.getUint32(30, true);
  const allowed: Record<number, readonly number[]> = { 0: [1, 4, 8, 16, 24, 32], 1: [8], 2: [4], 3: [16, 24, 32] };
  if (!allowed[compression]?.includes(bits))
    throw new BadImage(
      "unsupported-image",
      `BMP files with ${bits} bits per pixel and compression ${compression} are not read`,
    );

  const masks = compression === BITFIELDS ? readMasks(view, size) : bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [];
  const afterHeader = 14 + size + (compression === BITFIELDS && size === 40 ? 12 : 0);
  let start = view.getUint32(10, true) || afterHeader;
  let mode: ColorMode = masks[3] ? "RGBA" : "RGB";
  const palette = new Uint8Array(768);
  if (bits <= 8) {
    const colors = (old ? 0 : view.getUint32(46, true)) || 1 << bits;
    const entry = old ? 3 : 4;
    if (start === 14 + size) start += colors * entry;
    mode = readPalette(view, afterHeader, entry, Math.min(colors, 256), palette);
  }
  const pixelBytes = CHANNELS[mode] ?? 1;
  checkSize(width, height, pixelBytes);
  const topDown = signedHeight < 0;
  return {
    format: "BMP",
    width,
    height,
    mode,
    depth: 8,
    pixelBytes,
    bits,
    compression,
    topDown,
    palette,
    masks,
    start,
  };
}

function readMasks(view: DataView, size: number): number[] {
  const masks = [54, 58, 62].map((at) => view.getUint32(at, true));
  // Three masks follow a header of 40 bytes; longer ones include them, and from 56 bytes on one for alpha.
  const alpha = size >= 56 ? view.getUint32(66, true) : 0;
  return masks.every((mask) => mask === 0) ? [0xff0000, 0xff00, 0xff, 0xff000000] : [...masks, alpha];
}

/** Fills `palette` with RGB; the mode is grey when it holds nothing but greys in order, as Pillow decides it. */
function readPalette(view: DataView, at: number, entry: number, colors: number, palette: Uint8Array): ColorMode {
  let ramp = true;
  for (let i = 0; i < colors; i++) {
    const grey = colors === 2 ? i * 255 : i;
    for (let c = 0; c < 3; c++) {
      const value = view.getUint8(at + i * entry + 2 - c);
      palette[3 * i + c] = value;
      ramp &&= value === grey;
    }
  }
  return !ramp ? "P" : colors === 2 ? "1" : "L";
}

function decode(bytes: Uint8Array): StoredImage {
  const header = readHeader(bytes);
  const { width, height, mode, bits, compression, topDown } = header;
  const channels = CHANNELS[mode] ?? 1;
  const runs = compression === RLE8 || compression === RLE4;
  const rowBytes = runs ? width : 4 * Math.ceil((width * bits) / 32);
  const pixels = runs
    ? unpackRuns(bytes.subarray(header.start), width, height, compression === RLE4)
    : bytes.subarray(header.start);
  // The last row's padding may be missing.
  if (pixels.length < rowBytes * (height - 1) + Math.ceil((width * bits) / 8))
    throw new BadImage("damaged-image", TRUNCATED);
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row++) {
    const line = pixels.subarray(row * rowBytes, (row + 1) * rowBytes);
    const y = topDown ? row : height - 1 - row;
    const out = data.subarray(y * width * channels, (y + 1) * width * channels);
    if (bits <= 8) unpackBits(line, runs ? 8 : bits, mode === "1" ? 255 : 1, out);
    else if (header.masks.length > 0) unpackMasked(line, header, channels, out);
    else for (let x = 0; x < width; x++) for (let c = 0; c < 3; c++) out[3 * x + c] = line[(x * bits) / 8 + 2 - c]!;
  }
  const image = { format: "BMP", width, height, mode, depth: 8, pixelBytes: channels, channels, data } as const;
  return mode === "P" ? { ...image, palette: header.palette } : image;
}

/** Pixels whose channels are runs of bits, each stretched to 0..255. */
function unpackMasked(line: Uint8Array, { bits, masks, width }: BmpHeader, channels: number, out: Uint8Array): void {
  const view = viewOver(line);
  for (let x = 0; x < width; x++) {
    const pixel =
      bits === 32
        ? view.getUint32(4 * x, true)
        : bits === 16
          ? view.getUint16(2 * x, true)
          : view.getUint16(3 * x, true) | (view.getUint8(3 * x + 2) << 16);
    for (let c = 0; c < channels; c++) {
      const mask = masks[c]!;
      if (mask === 0) continue;
      const lowest = mask & -mask;
      const full = (mask >>> 0) / (lowest >>> 0);
      out[x * channels + c] = Math.floor((((pixel & mask) >>> 0) / (lowest >>> 0) / full) * 255);
    }
  }
}

/** Run lengths: a count and a value, or 0 and an escape. Pixels that runs skip have index 0. Rows as stored. */
function unpackRuns(bytes: Uint8Array, width: number, height: number, half: boolean): Uint8Array {
  const out = new Uint8Array(width * height);
  const byteAt = (at: number): number => {
    if (at >= bytes.length) throw new BadImage("damaged-image", TRUNCATED);
    return bytes[at]!;
  };
  let x = 0;
  let y = 0;
  const put = (value: number): void => {
    if (x < width && y < height) out[y * width + x] = value;
    x++;
  };
  for (let at = 0; y < height; ) {
    const count = byteAt(at);
    const value = byteAt(at + 1);
    at += 2;
    if (count > 0) for (let i = 0; i < count; i++) put(half ? (i % 2 === 0 ? value >> 4 : value & 15) : value);
    else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) break;
    else if (value === 2) {
      x += byteAt(at);
      y += byteAt(at + 1);
      at += 2;
    } else {
      for (let i = 0; i < value; i++) {
        const byte = byteAt(at + (half ? i >> 1 : i));
        put(half ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
      }
      // Literal runs are padded to an even number of bytes.
      at += 2 * Math.ceil((half ? value / 2 : value) / 2);
    }
  }
  return out;
}

export const bmp: Decoder = { readHeader, decode };

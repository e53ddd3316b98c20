// GIF: the first frame (GIF89a specification), on the whole screen as Pillow shows it: indices into a palette, or
// grey when the palette is nothing but the ramp of greys. Later frames are not read.
import {
  BadImage,
  checkSize,
  type Decoder,
  type StoredHeader,
  type StoredImage,
  TRUNCATED,
  viewOver,
} from "./image.js";

interface GifHeader extends StoredHeader {
  readonly palette: Uint8Array;
  /** The rectangle of the frame on the screen. */
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
  readonly interlaced: boolean;
  /** The index that shines through; it also fills what the frame leaves free. */
  readonly background: number;
  /** Place at which the compressed data begin. */
  readonly start: number;
}

function readHeader(bytes: Uint8Array): GifHeader {
  const view = viewOver(bytes);
  let palette: Uint8Array | undefined;
  let isRamp = true;
  let background = 0;
  let at = 13;
  /** Reads the colour table that the flags announce, if any. */
  const readPalette = (flags: number): void => {
    if ((flags & 128) === 0) return;
    const length = 3 << ((flags & 7) + 1);
    view.getUint8(at + length - 1);
    palette = new Uint8Array(768);
    palette.set(bytes.subarray(at, at + length));
    isRamp = bytes.subarray(at, at + length).every((value, i) => value === Math.floor(i / 3));
    at += length;
  };
  readPalette(view.getUint8(10));
  for (;;) {
    const mark = view.getUint8(at++);
    if (mark === 0x21) {
      const isGraphicControl = view.getUint8(at) === 0xf9;
      if (isGraphicControl && view.getUint8(at + 1) >= 4 && view.getUint8(at + 2) & 1)
        background = view.getUint8(at + 5);
      at++;
      while (view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
      at++;
    } else if (mark === 0x2c) break;
    else if (mark === 0x3b) throw new BadImage("damaged-image", "it is a GIF file without an image");
  }
  const [left, top, columns, rows] = [0, 2, 4, 6].map((offset) => view.getUint16(at + offset, true)) as [
    number,
    number,
    number,
    number,
  ];
  const flags = view.getUint8(at + 8);
  at += 9;
  readPalette(flags);
  const width = Math.max(view.getUint16(6, true), left + columns);
  const height = Math.max(view.getUint16(8, true), top + rows);
  checkSize(width, height);
  checkSize(columns, rows);
  return {
    format: "GIF",
    width,
    height,
    mode: palette === undefined || isRamp ? "L" : "P",
    depth: 8,
    pixelBytes: 1,
    palette: palette ?? new Uint8Array(768),
    left,
    top,
    columns,
    rows,
    interlaced: (flags & 64) !== 0,
    background,
    start: at,
  };
}

/** The compressed data: sub-blocks of at most 255 bytes, each after its length, ended by an empty one. */
function joinBlocks(bytes: Uint8Array, start: number): Uint8Array {
  const joined = new Uint8Array(bytes.length - start);
  let length = 0;
  for (let at = start; at < bytes.length && bytes[at] !== 0; at += 1 + bytes[at]!) {
    const block = bytes.subarray(at + 1, at + 1 + bytes[at]!);
    joined.set(block, length);
    length += block.length;
  }
  return joined.subarray(0, length);
}

/** LZW with codes that grow from `minimumBits` + 1 to 12 bits. Fills `out` or throws. */
function decompress(data: Uint8Array, minimumBits: number, out: Uint8Array): void {
  if (minimumBits < 1 || minimumBits > 11) throw new BadImage("damaged-image", "its compressed data are damaged");
  const clear = 1 << minimumBits;
  // Each code above the clear and end codes is an earlier code and one more byte.
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const lengths = new Uint16Array(4096).fill(1);
  for (let i = 0; i < clear; i++) suffix[i] = i;
  let bits = minimumBits + 1;
  let next = clear + 2;
  let previous = -1;
  let buffer = 0;
  let held = 0;
  let at = 0;
  let written = 0;
  while (written < out.length) {
    while (held < bits) {
      if (at === data.length) throw new BadImage("damaged-image", TRUNCATED);
      buffer |= data[at++]! << held;
      held += 8;
    }
    const code = buffer & ((1 << bits) - 1);
    buffer >>>= bits;
    held -= bits;
    if (code === clear) {
      bits = minimumBits + 1;
      next = clear + 2;
      previous = -1;
      continue;
    }
    if (code === clear + 1) throw new BadImage("damaged-image", TRUNCATED);
    if (code > next || (previous < 0 && code > clear))
      throw new BadImage("damaged-image", "its compressed data are damaged");
    // A code that is about to be defined stands for the previous string followed by that string's first byte.
    const isNew = code === next;
    const known = isNew ? previous : code;
    const length = lengths[known]!;
    let walk = known;
    for (let i = length - 1; i >= 0; i--) {
      if (written + i < out.length) out[written + i] = suffix[walk]!;
      if (i > 0) walk = prefix[walk]!;
    }
    const first = suffix[walk]!;
    if (isNew && written + length < out.length) out[written + length] = first;
    written += length + (isNew ? 1 : 0);
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = first;
      lengths[next] = lengths[previous]! + 1;
      next++;
      if (next === 1 << bits && bits < 12) bits++;
    }
    previous = code;
  }
}

/** The order in which an interlaced frame stores its rows: every 8th, the 8ths between, the 4ths, the rest. */
function rowOrder(rows: number, interlaced: boolean): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (!interlaced) return all;
  const pass = (from: number, step: number): number[] => all.filter((row) => row >= from && (row - from) % step === 0);
  return [...pass(0, 8), ...pass(4, 8), ...pass(2, 4), ...pass(1, 2)];
}

function decode(bytes: Uint8Array): StoredImage {
  const header = readHeader(bytes);
  const { width, height, mode, palette, left, top, columns, rows, interlaced, background, start } = header;
  const frame = new Uint8Array(columns * rows);
  decompress(joinBlocks(bytes, start + 1), viewOver(bytes).getUint8(start), frame);
  const data = new Uint8Array(width * height).fill(background);
  for (const [i, row] of rowOrder(rows, interlaced).entries())
    data.set(frame.subarray(i * columns, (i + 1) * columns), (top + row) * width + left);
  const image = { format: "GIF", width, height, mode, depth: 8, pixelBytes: 1, channels: 1, data } as const;
  return mode === "P" ? { ...image, palette } : image;
}

export const gif: Decoder = { readHeader, decode };

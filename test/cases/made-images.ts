// Image files made in code for the cases: a picture in which every corner differs, EXIF data in either byte order, and
// the containers that carry them.
import { encode as encodePng } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { uncheckedChunk } from "../../src/data/decoders/png-chunks.js";
import type { Orientation, Pixels } from "../../src/data/index.js";

/** Soft colours with a red block at the top left. */
export function picture(width = 90, height = 60): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isBlock = x < width / 4 && y < height / 4;
      const color = isBlock ? [250, 20, 20] : [40 + x, 200 - 2 * y, 120 + ((x + y) >> 2)];
      data.set(color, (y * width + x) * 3);
    }
  return { width, height, channels: 3, data };
}

/** Place in the stored picture of a pixel of the upright one: the definition in EXIF 2.32, not the code under test. */
const STORED: Record<Orientation, (x: number, y: number, w: number, h: number) => readonly [number, number]> = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, w) => [y, w - 1 - x],
  7: (x, y, w, h) => [h - 1 - y, w - 1 - x],
  8: (x, y, _, h) => [h - 1 - y, x],
};

/** The picture as a camera stores it under that orientation. */
export function storedAs(upright: Pixels, orientation: Orientation): Pixels {
  const { width, height, channels } = upright;
  const swaps = orientation >= 5;
  const stored = { width: swaps ? height : width, height: swaps ? width : height, channels };
  const data = new Uint8Array(upright.data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [column, row] = STORED[orientation](x, y, width, height);
      for (let c = 0; c < channels; c++)
        data[(row * stored.width + column) * channels + c] = upright.data[(y * width + x) * channels + c]!;
    }
  return { ...stored, data };
}

export interface ExifOptions {
  readonly littleEndian?: boolean;
  /** The TIFF type of the value: 3 for a short, 4 for a long. */
  readonly type?: number;
  /** Bytes between the header and the directory. */
  readonly gap?: number;
}

/** EXIF data with a maker's note, the orientation and a date. */
export function exifWith(
  orientation: number,
  { littleEndian = true, type = 3, gap = 0 }: ExifOptions = {},
): Uint8Array {
  const bytes = new Uint8Array(8 + gap + 2 + 3 * 12 + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(littleEndian ? "II" : "MM"));
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8 + gap, littleEndian);
  let at = 8 + gap;
  view.setUint16(at, 3, littleEndian);
  at += 2;
  for (const tag of [0x10f, 0x112, 0x213]) {
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, tag === 0x112 ? type : 3, littleEndian);
    view.setUint32(at + 4, 1, littleEndian);
    if (tag !== 0x112 || type === 3) view.setUint16(at + 8, tag === 0x112 ? orientation : 1, littleEndian);
    else view.setUint32(at + 8, orientation, littleEndian);
    at += 12;
  }
  return bytes;
}

export const joined = (...parts: readonly (Uint8Array | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === "string" ? Buffer.from(part, "latin1") : part)]));

/** A JPEG segment: marker, length and content. */
export const segment = (marker: number, content: Uint8Array): Uint8Array =>
  joined(Uint8Array.of(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255), content);

/** A JPEG file of the pixels, as it is. */
export function jpegOf({ width, height, channels, data }: Pixels, quality = 92): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = data[channels * i + Math.min(c, channels - 1)]!;
  return new Uint8Array(encodeJpeg({ width, height, data: rgba }, quality).data);
}

/** A JPEG with segments after its first marker. */
export const withSegments = (jpeg: Uint8Array, ...segments: readonly Uint8Array[]): Uint8Array =>
  joined(jpeg.subarray(0, 2), ...segments, jpeg.subarray(2));

export const exifSegment = (exif: Uint8Array): Uint8Array => segment(0xe1, joined("Exif\0\0", exif));

/** A PNG file; 16-bit where `data` has 16 bits. */
export const pngOf = (image: {
  width: number;
  height: number;
  channels: number;
  data: Uint8Array | Uint16Array;
}): Uint8Array => new Uint8Array(encodePng({ ...image, depth: image.data instanceof Uint16Array ? 16 : 8 }));

/** A PNG with a chunk after its header, or before its end. */
export function withChunk(
  png: Uint8Array,
  type: string,
  content: Uint8Array,
  where: "first" | "last" = "first",
): Uint8Array {
  const at = where === "first" ? 33 : png.length - 12;
  return joined(png.subarray(0, at), uncheckedChunk(type, content), png.subarray(at));
}

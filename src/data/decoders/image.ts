// Interface of a decoder and its result: pixels as stored in the file, named by Pillow's modes, and the limits and
// failures that all formats share. pixels.ts turns modes into grey or colour.
import { FoveaError } from "../../core/errors.js";

/** Pillow's names: black and white, grey, palette, colour, each with or without alpha; 16-bit grey; print colours. */
export const COLOR_MODES = ["1", "L", "LA", "I;16", "P", "RGB", "RGBA", "CMYK"] as const;
/** A colour mode by Pillow's name: `"L"` is grey, `"RGB"` colour. */
export type ColorMode = (typeof COLOR_MODES)[number];

/** A format of images that can be decoded. */
export type ImageFormat = "PNG" | "JPEG" | "GIF" | "BMP" | "WebP";

/** The header of a file as its format's decoder reads it. */
export interface StoredHeader {
  readonly format: ImageFormat;
  /** Width and height in pixels as stored, before an orientation is applied. */
  readonly width: number;
  readonly height: number;
  readonly mode: ColorMode;
  /** Bits per sample that are more than a byte holds: 16, else 8. */
  readonly depth: 8 | 16;
  /** Bytes of decoded samples for each pixel; decoding needs a few times as much memory. */
  readonly pixelBytes: number;
}

/**
 * Turn of stored rows and columns for display (EXIF 2.32, tag 0x0112): 1 as they are, 2 mirrored, 3 turned by 180°,
 * 4 upside down, 5 transposed, 6 turned clockwise, 7 transposed across the other diagonal, 8 turned anticlockwise.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Header of a file, with its EXIF orientation. */
export interface ImageHeader extends StoredHeader {
  /** EXIF orientation, 1 to 8: the turn of stored rows and columns for display; 1 for upright and files without. */
  readonly orientation: Orientation;
}

/** The pixels of a file as its format's decoder gives them. */
export interface StoredImage extends StoredHeader {
  /** 1 for modes 1, L, I;16 and P (indices into `palette`), 2 for LA, 3 for RGB and CMYK (made RGB), 4 for RGBA. */
  readonly channels: number;
  /** Rows from the top, pixels from the left, channels interleaved, one byte each. */
  readonly data: Uint8Array;
  /** RGB triples for 256 indices, black where the file has none. Mode P only. */
  readonly palette?: Uint8Array;
}

/** A decoded image as stored; `orientation` is its turn for display. */
export interface DecodedImage extends StoredImage, ImageHeader {}

/** Reduction of 16-bit grey to 8 bits: by its high byte, or cut off at 255 as Pillow's convert does. */
export type Depth = "scaled" | "cut";

/** One format. Both functions throw BadImage for a file that is damaged, and RangeError where it ends too early. */
export interface Decoder {
  readHeader(bytes: Uint8Array): StoredHeader;
  decode(bytes: Uint8Array, depth: Depth): StoredImage | Promise<StoredImage>;
}

/** Reason why an image cannot be decoded: the second half of a sentence whose first half names the file. */
export class BadImage extends FoveaError {
  override name = "BadImage";
}

export const TRUNCATED = "the image data end too early; the file is truncated, copy or download it again";

/** The most pixels an image may have; beyond them Pillow, too, refuses it as a decompression bomb. */
export const MAX_PIXELS = 178_956_970;

/** The most bytes of samples an image may have: three for each of MAX_PIXELS, 512 MiB. */
const MAX_SAMPLE_BYTES = 3 * MAX_PIXELS;

/** Bounds what a header claims before anything is allocated. */
export function checkSize(width: number, height: number, pixelBytes = 1): void {
  if (width < 1 || height < 1) throw new BadImage("damaged-image", `it claims to be ${width} x ${height} pixels`);
  if (width * height > MAX_PIXELS)
    throw new BadImage(
      "too-large",
      `it claims to be ${width} x ${height} pixels, and at most ${MAX_PIXELS} in all are read`,
    );
  const most = Math.floor(MAX_SAMPLE_BYTES / pixelBytes);
  if (width * height > most)
    throw new BadImage(
      "too-large",
      `it claims to be ${width} x ${height} pixels, and of its kind at most ${most} in all are read; save it smaller`,
    );
}

/** Blank pages have up to 8,000 pixels a byte; smaller images may have as many as they like. */
const PIXELS_PER_BYTE = 10_000;
const FREE_PIXELS = 16e6;

/** Refuses large images that so few bytes cannot show anything on: decoding them would take long for nothing. */
export function checkContent({ width, height }: StoredHeader, bytes: number): void {
  if (width * height > Math.max(FREE_PIXELS, PIXELS_PER_BYTE * bytes))
    throw new BadImage(
      "damaged-image",
      `it claims to be ${width} x ${height} pixels in a file of ${bytes} bytes, which is too small for them`,
    );
}

/** Bytes of memory that decoding an image takes at most, all copies of its samples together. */
export const decodingBytes = ({ width, height, pixelBytes }: StoredHeader): number => 4 * width * height * pixelBytes;

/** The text of `length` bytes at `offset`, one character each: for the four-letter marks of file formats. */
export const textAt = (bytes: Uint8Array, offset: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(offset, offset + length));

/** Big- and little-endian numbers in `bytes`; reading past the end is a RangeError. */
export const viewOver = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Takes pixels of 1, 2, 4 or 8 bits, highest bits first, out of one row; each times `scale`. */
export function unpackBits(row: Uint8Array, bits: number, scale: number, out: Uint8Array): void {
  const mask = (1 << bits) - 1;
  const perByte = 8 / bits;
  for (let x = 0; x < out.length; x++)
    out[x] = ((row[Math.floor(x / perByte)]! >> (8 - bits - (x % perByte) * bits)) & mask) * scale;
}

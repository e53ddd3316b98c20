// Bare pixels, as IDX and GNT files hold them, in the form of an image file: what a decoder opens, to the same pixels.
import { encode } from "fast-png";
import type { Pixels } from "../pixels.js";

/** A PNG whose pixels are stored and not compressed, so that its bytes, and their hash, never depend on a compressor. */
export const storedPng = (pixels: Pixels): Uint8Array => encode({ ...pixels, depth: 8 }, { zlib: { level: 0 } });

/** A PNG that takes less room, for writing to a disk. */
export const packedPng = (pixels: Pixels): Uint8Array =>
  encode({ ...pixels, depth: 8 }, { zlib: { level: 6, mem: 4 } });

/** Bytes that a stored PNG has more than its pixels: signature, header, end, a filter byte a row, blocks of the stream. */
const FRAME = 80;

export const storedPngSize = ({ width, height, channels }: Omit<Pixels, "data">): number =>
  FRAME + height * (1 + width * channels);

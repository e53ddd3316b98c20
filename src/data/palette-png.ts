// PNG files with a palette: one byte a pixel, a place in a table of colours, as masks of classes are kept everywhere.
import { encode } from "fast-png";
import { joinBytes } from "../core/bytes.js";
import { crc32 } from "../core/crc.js";
import { viewOver } from "./decoders/image.js";
import { contentOf, HEADER_END, uncheckedChunk } from "./decoders/png-chunks.js";

const SIGNATURE = 8;
/** Place of the colour type in the header's content, and the type that goes by a palette. */
const [COLOR_TYPE, PALETTE] = [9, 3];

/** A chunk with its checksum, over type and content. */
function chunk(type: string, content: Uint8Array): Uint8Array {
  const whole = uncheckedChunk(type, content);
  viewOver(whole).setUint32(whole.length - 4, crc32(whole.subarray(4, -4)));
  return whole;
}

/**
 * The bytes of a PNG whose pixels are places in a palette.
 * @param data `[height, width]`, places below the number of colours
 * @param colors RGB triples, at most 256
 * @example palettePng({ height: 1, width: 2, data: Uint8Array.of(0, 1) }, Uint8Array.of(0, 0, 0, 128, 0, 0))
 */
export function palettePng(
  { height, width, data }: { readonly height: number; readonly width: number; readonly data: Uint8Array },
  colors: Uint8Array,
): Uint8Array {
  // The pixels of a grey PNG with another header, for the library writes no palettes.
  const grey = encode({ height, width, channels: 1, depth: 8, data });
  const header = contentOf({ type: "IHDR", whole: grey.subarray(SIGNATURE, HEADER_END) }).slice();
  header[COLOR_TYPE!] = PALETTE!;
  return joinBytes([
    grey.subarray(0, SIGNATURE),
    chunk("IHDR", header),
    chunk("PLTE", colors),
    grey.subarray(HEADER_END),
  ]);
}

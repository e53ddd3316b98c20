// PNG files of masks as bytes: grey, or with a palette that shows each class in its colour; and PNG in base64.
import { encode } from "fast-png";
import { joinBytes } from "../../core/bytes.js";
import { crc32 } from "../../core/crc.js";
import { FoveaError } from "../../core/errors.js";
import { decodeImage } from "../decoders/index.js";
import { HEADER_END, uncheckedChunk } from "../decoders/png-chunks.js";

/** One byte a pixel, row by row. */
export interface GreyPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A grey PNG. */
export const greyPng = ({ width, height, data }: GreyPixels): Uint8Array =>
  encode({ width, height, data, channels: 1, depth: 8 });

/** A chunk with its checksum. */
function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = uncheckedChunk(type, content);
  const end = bytes.length - 4;
  new DataView(bytes.buffer).setUint32(end, crc32(bytes.subarray(4, end)));
  return bytes;
}

/** Header of a PNG: signature, length and type, then 13 bytes, the tenth the type of colours. */
const HEADER_START = 16;
const COLOUR_TYPE = 9;
const PALETTE = 3;

/** A PNG whose pixels are numbers of colours. @param palette 256 colours, red, green and blue of each */
export function palettePng(pixels: GreyPixels, palette: Uint8Array): Uint8Array {
  const grey = greyPng(pixels);
  const header = grey.slice(HEADER_START, HEADER_START + 13);
  header[COLOUR_TYPE] = PALETTE;
  const signature = grey.subarray(0, 8);
  return joinBytes([signature, chunk("IHDR", header), chunk("PLTE", palette), grey.subarray(HEADER_END)]);
}

/** The pixels of a PNG of one channel: grey as it is, palette as numbers. @throws FoveaError for others. */
export async function pixelsOfPng(name: string, bytes: Uint8Array): Promise<GreyPixels> {
  const { width, height, channels, data } = await decodeImage(bytes, name);
  if (channels !== 1) throw new FoveaError(`${name}: expected a mask of one channel, received ${channels} channels`);
  return { width, height, data };
}

/** Characters of base64 that are turned at once. */
const PIECE = 8192;

/** Bytes as base64. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

/** @throws FoveaError for what is no base64. */
export function bytesOfBase64(name: string, text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    throw new FoveaError(`${name}: expected a mask in base64, found other text`, { cause: error });
  }
}

// Grey PNG files of masks as bytes, and in base64.
import { encode } from "fast-png";
import { FoveaError } from "../../core/errors.js";
import { decodeImage } from "../decoders/index.js";

/** One byte a pixel, row by row. */
export interface GreyPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A grey PNG. */
export const greyPng = ({ width, height, data }: GreyPixels): Uint8Array =>
  encode({ width, height, data, channels: 1, depth: 8 });

/** The pixels of a PNG of one channel: grey as it is, palette as numbers. @throws FoveaError for others. */
export async function pixelsOfPng(name: string, bytes: Uint8Array): Promise<GreyPixels> {
  const { width, height, channels, data } = await decodeImage(bytes, name);
  if (channels !== 1)
    throw new FoveaError(
      "annotation-mismatch",
      `${name}: expected a mask of one channel, received ${channels} channels`,
    );
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
    throw new FoveaError("annotation-mismatch", `${name}: expected a mask in base64, found other text`, {
      cause: error,
    });
  }
}

// Fingerprints by which copies of an image are found: the hashes of its picture in all turns, and the hash of its pixels as they
// are shown, which is the same whatever format and metadata the file has.
import { sha256Hex } from "../../platform/hashing.js";
import type { DecodedImage } from "../decoders/image.js";
import { turnUpright } from "../orientation.js";
import { colorOf, convertColor, type Pixels } from "../pixels.js";
import { HASH_WORDS, type PdqHashes, pdqHashes, TURNS } from "./pdq.js";

/** Fingerprint of one image. */
export interface Fingerprint extends PdqHashes {
  /** SHA-256 of width, height and RGB values. */
  readonly pixels: string;
}

/** PDQ hashes of many images; zeros for an image that cannot be decoded. */
export interface PdqTable {
  /** 64 words an image: 8 hashes of 8 words in the order of `TURNS`. */
  readonly hashes: Uint32Array;
  /** PDQ's quality, from 0 to 100. */
  readonly qualities: Uint8Array;
  /** Mean luminance, from 0 to 255. */
  readonly brightness: Float32Array;
}

/** Fingerprints of many images; zeros and an empty text for an image that cannot be decoded. */
export interface FingerprintTable extends PdqTable {
  /** SHA-256 of the pixels as they are shown. */
  readonly pixels: readonly string[];
}

/** Words of all hashes of an image. */
export const IMAGE_WORDS = TURNS.length * HASH_WORDS;

export const tableOfPdq = (count: number): PdqTable => ({
  hashes: new Uint32Array(count * IMAGE_WORDS),
  qualities: new Uint8Array(count),
  brightness: new Float32Array(count),
});

/** An image as it is shown: turned by its EXIF orientation, grey or RGB. */
export const shownImage = (image: DecodedImage): Pixels =>
  turnUpright(convertColor(image, colorOf(image)), image.orientation);

/** SHA-256 of width, height and RGB values of an image as it is shown. */
export function pixelsHash(shown: Pixels): Promise<string> {
  const size = Uint32Array.of(shown.width, shown.height);
  return sha256Hex(new Uint8Array(size.buffer), convertColor(shown, "rgb").data);
}

/**
 * The fingerprint of an image as it is shown, turned by its EXIF orientation.
 * @param image A decoded image.
 * @example
 * const { pixels, quality } = await fingerprintOf(await decodeImage(await readFile("photo.png"), "photo.png"));
 * pixels.length; // 64: SHA-256 in hexadecimal
 */
export async function fingerprintOf(image: DecodedImage): Promise<Fingerprint> {
  const shown = shownImage(image);
  return { ...pdqHashes(shown), pixels: await pixelsHash(shown) };
}

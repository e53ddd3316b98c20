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

/** Fingerprints of many images; zeros and an empty text for an image that cannot be decoded. */
export interface FingerprintTable {
  /** 64 words an image: 8 hashes of 8 words in the order of `TURNS`. */
  readonly hashes: Uint32Array;
  /** PDQ's quality, from 0 to 100. */
  readonly qualities: Uint8Array;
  /** Mean luminance, from 0 to 255. */
  readonly brightness: Float32Array;
  /** SHA-256 of the pixels as they are shown. */
  readonly pixels: string[];
}

/** Words of all hashes of an image. */
export const IMAGE_WORDS = TURNS.length * HASH_WORDS;

export const tableOfFingerprints = (count: number): FingerprintTable => ({
  hashes: new Uint32Array(count * IMAGE_WORDS),
  qualities: new Uint8Array(count),
  brightness: new Float32Array(count),
  pixels: new Array<string>(count).fill(""),
});

/** An image as it is shown: turned by its EXIF orientation, grey or RGB. */
export const shownImage = (image: DecodedImage): Pixels =>
  turnUpright(convertColor(image, colorOf(image)), image.orientation);

/** The fingerprint of an image as it is shown, turned by its EXIF orientation. */
export async function fingerprintOf(image: DecodedImage): Promise<Fingerprint> {
  const shown = shownImage(image);
  const rgb = convertColor(shown, "rgb");
  const size = Uint32Array.of(shown.width, shown.height);
  return { ...pdqHashes(shown), pixels: await sha256Hex(new Uint8Array(size.buffer), rgb.data) };
}

/** Writes the fingerprint of image `at` into a table. */
export function putFingerprint(table: FingerprintTable, at: number, fingerprint: Fingerprint): void {
  table.hashes.set(fingerprint.hashes, at * IMAGE_WORDS);
  table.qualities[at] = fingerprint.quality;
  table.brightness[at] = fingerprint.brightness;
  table.pixels[at] = fingerprint.pixels;
}

/** Copies the fingerprints of a part of the images into the table of all. */
export function putFingerprints(table: FingerprintTable, first: number, part: FingerprintTable): void {
  table.hashes.set(part.hashes, first * IMAGE_WORDS);
  table.qualities.set(part.qualities, first);
  table.brightness.set(part.brightness, first);
  for (const [i, hash] of part.pixels.entries()) table.pixels[first + i] = hash;
}

// The cache of decoded images: one file per folder and settings in the user's cache folder. Whatever is wrong with
// it (absent, cut short, changed, older than a file of the folder) only means that the images are decoded again.
import { FoveaError } from "../core/errors.js";
import { readCacheFile, type TooLarge, writeCacheFile } from "../platform/cache.js";
import { filesHere } from "../platform/files/files-here.js";
import { sha256Hex } from "../platform/hashing.js";
import { joinPath } from "../platform/paths.js";
import type { Problem } from "./folders.js";

/** What is kept: all that decoding found out, for the files in the order of the scan less the skipped ones. */
export interface CachedImages {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly heights: Uint32Array;
  readonly widths: Uint32Array;
  readonly modes: Uint8Array;
  /** SHA-256 of each file, in hexadecimal. */
  readonly hashes: readonly string[];
  readonly skipped: readonly Problem[];
  readonly contentHash: string;
}

interface Header {
  readonly fingerprint: string;
  readonly checksum: string;
  readonly count: number;
  readonly skipped: readonly Problem[];
  readonly contentHash: string;
}

/** Raised whenever decoding, resizing or this layout change what a cache file would hold. */
const VERSION = "fovea-images 3\n";

/** Bytes a file takes before the pixels: height, width, mode, SHA-256. */
const FACTS = 4 + 4 + 1 + 32;

const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/**
 * The cache file of a folder under given settings; both may be any text that tells them apart.
 * `undefined` where there can be none: a home folder that is read-only, as in a container, is no reason to stop.
 */
export async function cachePathFor(folder: string, settings: string): Promise<string | undefined> {
  const name = await sha256Hex(encode(`${folder}\n${settings}`));
  try {
    return joinPath(await filesHere.cacheDirectory(), `${name.slice(0, 32)}.images`);
  } catch (error) {
    if (error instanceof FoveaError) return undefined;
    throw error;
  }
}

/** The cached images when they are whole and belong to `fingerprint`, else `undefined`. */
export async function readCache(path: string, fingerprint: string): Promise<CachedImages | undefined> {
  try {
    const bytes = await readCacheFile(path);
    const headerStart = VERSION.length + 4;
    if (new TextDecoder().decode(bytes.subarray(0, VERSION.length)) !== VERSION) return undefined;
    const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(VERSION.length, true);
    const header = JSON.parse(
      new TextDecoder().decode(bytes.subarray(headerStart, headerStart + headerLength)),
    ) as Header;
    const body = bytes.subarray(headerStart + headerLength);
    if (header.fingerprint !== fingerprint || header.checksum !== (await sha256Hex(body))) return undefined;
    const { count, skipped, contentHash } = header;
    // Sizes come first as 32-bit numbers; they are copied because they may lie at an odd address.
    const numbers = new Uint32Array(body.slice(0, 8 * count).buffer);
    return {
      heights: numbers.slice(0, count),
      widths: numbers.slice(count),
      modes: body.slice(8 * count, 9 * count),
      hashes: Array.from({ length: count }, (_, i) =>
        toHex(body.subarray(9 * count + 32 * i, 9 * count + 32 * (i + 1))),
      ),
      pixels: body.subarray(FACTS * count) as Uint8Array<ArrayBuffer>,
      skipped,
      contentHash,
    };
  } catch (error) {
    if (error instanceof FoveaError || error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Stores images. A cache that cannot be written, on a full disk for example, is no error: it is only not there.
 * @returns why they were not stored, where the limit of the cache is the reason
 */
export async function writeCache(
  path: string,
  fingerprint: string,
  images: CachedImages,
): Promise<TooLarge | undefined> {
  const { heights, widths, modes, hashes, pixels, skipped, contentHash } = images;
  const count = heights.length;
  const facts = new Uint8Array(FACTS * count);
  facts.set(new Uint8Array(heights.buffer, heights.byteOffset, heights.byteLength), 0);
  facts.set(new Uint8Array(widths.buffer, widths.byteOffset, widths.byteLength), 4 * count);
  facts.set(modes, 8 * count);
  for (const [i, hash] of hashes.entries()) facts.set(fromHex(hash), 9 * count + 32 * i);
  const checksum = await sha256Hex(facts, pixels);
  const header = encode(JSON.stringify({ fingerprint, checksum, count, skipped, contentHash } satisfies Header));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length, true);
  try {
    return await writeCacheFile(path, [encode(VERSION), length, header, facts, pixels]);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return undefined;
  }
}

// Facts about a single image file for a person to look at: its format, its size, its pixel values, and the metadata
// beside them.
import type { Tensor } from "../core/tensor.js";
import { readBytes } from "../platform/files.js";
import { sha256Hex } from "../platform/hashing.js";
import { type ColorMode, type ImageFormat, type Orientation, readImageHeader } from "./decoders/index.js";
import { type Metadata, readMetadata } from "./metadata.js";
import { pixelsIn } from "./target.js";

/** Facts about an image file. */
export interface ImageFileFacts {
  /** The file's path. */
  readonly path: string;
  /** The format by the first bytes. */
  readonly format: ImageFormat;
  /** Bytes of the file. */
  readonly bytes: number;
  /** The SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** By Pillow's names. */
  readonly mode: ColorMode;
  /** Bits a sample in the file; 16 become 8. */
  readonly depth: 8 | 16;
  /** Turn of the stored rows and columns for display, EXIF's 1 to 8; 1 as they are. */
  readonly orientation: Orientation;
  /** The pixels in the image's own size and colours, upright: `[height, width, channels]` of bytes. */
  readonly pixels: Tensor<"uint8">;
  /** The lowest value of a pixel, 0 to 255. */
  readonly lowest: number;
  /** The highest value of a pixel, 0 to 255. */
  readonly highest: number;
  /** The mean of all values, 0 to 255. */
  readonly mean: number;
  /** EXIF and other entries by name. */
  readonly metadata: Metadata;
}

/**
 * Reads and decodes an image file.
 * @param source a path of the disk, or the bytes of a file, such as one in an archive or of a page
 * @param name the word for bytes in messages and in `path`. Default `"the image"`
 * @throws FoveaError when it cannot be read or decoded.
 * @example (await imageFileFacts("photo.png")).mode // "L"
 */
export async function imageFileFacts(source: string | Uint8Array, name = "the image"): Promise<ImageFileFacts> {
  const [bytes, path] = typeof source === "string" ? [await readBytes(source), source] : [source, name];
  const pixels = await pixelsIn(bytes, path);
  // An image that can be decoded has a header.
  const { format, mode, depth, orientation } = (await readImageHeader(bytes, path))!;
  let [lowest, highest, sum] = [255, 0, 0];
  for (const value of pixels.data) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    sum += value;
  }
  return {
    ...{ path, format, mode, depth, orientation, pixels, lowest, highest },
    bytes: bytes.length,
    sha256: await sha256Hex(bytes),
    mean: sum / pixels.data.length,
    metadata: await readMetadata(bytes),
  };
}

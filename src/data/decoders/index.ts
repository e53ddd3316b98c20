// From the bytes of a file to pixels: the format is told by the first bytes, never by the name, and its decoder is
// loaded when the first file needs it. Every failure becomes one sentence that names the file.
import { FoveaError } from "../../core/errors.js";
import { type ByteSource, bytesInMemory } from "../../platform/byte-source.js";
import { orientationIn } from "./exif.js";
import { exifOf } from "./exif-blocks.js";
import { describeForeign } from "./foreign.js";
import {
  BadImage,
  checkContent,
  type DecodedImage,
  type Decoder,
  type Depth,
  type ImageFormat,
  type ImageHeader,
  type Orientation,
  TRUNCATED,
  textAt,
} from "./image.js";

export {
  COLOR_MODES,
  type ColorMode,
  type DecodedImage,
  type Depth,
  decodingBytes,
  type ImageFormat,
  type ImageHeader,
  type Orientation,
} from "./image.js";

/**
 * An image that cannot be decoded: which one, and why.
 * @param file The file's name.
 * @param reason The reason, without the file's name.
 * @param cause The decoder's error, if any.
 * @example
 * try {
 *   await decodeImage(Uint8Array.of(1, 2, 3), "photo.jpg");
 * } catch (error) {
 *   if (!(error instanceof UndecodableImage)) throw error;
 * }
 */
export class UndecodableImage extends FoveaError {
  constructor(
    readonly file: string,
    readonly reason: string,
    cause: unknown,
  ) {
    super(cause instanceof FoveaError ? cause.code : "damaged-image", `cannot decode ${file}: ${reason}`, { cause });
  }
}

const LOADERS: Record<ImageFormat, () => Promise<Decoder>> = {
  PNG: async () => (await import("./png.js")).png,
  JPEG: async () => (await import("./jpeg.js")).jpeg,
  GIF: async () => (await import("./gif.js")).gif,
  BMP: async () => (await import("./bmp.js")).bmp,
  WebP: async () => (await import("./webp.js")).webp,
};

const loaded = new Map<ImageFormat, Promise<Decoder>>();

function loadDecoder(format: ImageFormat): Promise<Decoder> {
  const decoder = loaded.get(format) ?? LOADERS[format]();
  loaded.set(format, decoder);
  return decoder;
}

/**
 * The format that the first bytes announce, `undefined` when they announce none that is known.
 * @param bytes The file or its beginning.
 * @example imageFormatOf(Uint8Array.of(0xff, 0xd8, 0xff)); // "JPEG"
 */
export function imageFormatOf(bytes: Uint8Array): ImageFormat | undefined {
  const start = textAt(bytes, 0, 12);
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (start.startsWith("\xff\xd8\xff")) return "JPEG";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "GIF";
  if (start.startsWith("BM")) return "BMP";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "WebP";
  return undefined;
}

/**
 * Decodes a PNG, JPEG, GIF (first frame), BMP or WebP image to the pixels that Pillow's `Image.open` gives: as they are
 * stored, before the orientation, which the result names.
 * @param name names the file in messages
 * @param depth how 16-bit grey becomes 8-bit: by its high byte (`"scaled"`, the default), or cut off at 255 (`"cut"`)
 * @param bytes The whole file.
 * @throws UndecodableImage (a FoveaError) when the bytes are no such image, are damaged or end too early, or claim too many pixels.
 */
export function decodeImage(bytes: Uint8Array, name: string, depth: Depth = "scaled"): Promise<DecodedImage> {
  return withDecoder(bytes, name, async (decoder, format) => {
    checkContent(decoder.readHeader(bytes), bytes.length);
    const image = await decoder.decode(bytes, depth);
    return { ...image, orientation: orientationOf(format, bytesInMemory(bytes)) };
  });
}

/** The EXIF orientation of an image file of that format, 1 where it has none. */
export function orientationOf(format: ImageFormat, file: ByteSource): Orientation {
  const exif = exifOf(format, file);
  return exif === undefined ? 1 : orientationIn(exif);
}

/**
 * Reads format, size, mode and orientation from the beginning of a file.
 * @param bytes the file or its beginning; 64 KiB do for nearly every file, but PNG and WebP may have their orientation
 * behind the pixels
 * @param name The name in messages.
 * @returns `undefined` when `bytes` end before the header does
 * @throws UndecodableImage when the bytes are no image or the header is damaged.
 * @example
 * const header = await readImageHeader(await readFile("photo.png"), "photo.png");
 * [header.height, header.width, header.mode]; // [96, 12, "L"]
 */
export async function readImageHeader(bytes: Uint8Array, name: string): Promise<ImageHeader | undefined> {
  try {
    return await withDecoder(bytes, name, (decoder, format) => {
      const header = decoder.readHeader(bytes);
      return { ...header, orientation: orientationOf(format, bytesInMemory(bytes)) };
    });
  } catch (error) {
    if (error instanceof UndecodableImage && error.cause instanceof RangeError) return undefined;
    throw error;
  }
}

async function withDecoder<T>(
  bytes: Uint8Array,
  name: string,
  work: (decoder: Decoder, format: ImageFormat) => T,
): Promise<Awaited<T>> {
  try {
    if (!(bytes instanceof Uint8Array))
      throw new BadImage("wrong-type", "expected the bytes of a file as a Uint8Array");
    if (bytes.length === 0)
      throw new BadImage("not-an-image", "the file is empty (0 bytes); copy or download it again");
    const format = imageFormatOf(bytes);
    if (format === undefined) throw new BadImage("not-an-image", describeForeign(bytes));
    return await work(await loadDecoder(format), format);
  } catch (error) {
    // Every header is read through a DataView, which throws a RangeError past the end of the file.
    const reason = error instanceof BadImage ? error.message : error instanceof RangeError ? TRUNCATED : undefined;
    if (reason === undefined) throw error;
    throw new UndecodableImage(name, reason, error);
  }
}

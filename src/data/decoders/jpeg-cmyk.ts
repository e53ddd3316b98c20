// JPEG in print colours, CMYK and YCCK, which libjpeg does not turn into RGB: by jpeg-js, loaded only then. Samples are
// taken as inverted, as Adobe writes them and Pillow and browsers assume; colour profiles are left aside, as in Pillow.
import { joinBytes } from "../../core/bytes.js";
import { bytesInMemory } from "../../platform/byte-source.js";
import { BadImage, type StoredHeader, TRUNCATED, textAt } from "./image.js";
import { END_OF_IMAGE, START_OF_SCAN, segmentsOf } from "./jpeg-segments.js";

const ADOBE = 0xee;
const isApplication = (marker: number): boolean => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
/** Memory that the library may take; `checkSize` bounds the image's size before. */
const MEMORY_MB = 4096;

/** The file without its application data and comments, and with an Adobe marker: the library insists on one. */
function plainFile(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let transform = 0;
  for (const { marker, start, length } of segmentsOf(bytesInMemory(bytes))) {
    if (marker === ADOBE && textAt(bytes, start, 5) === "Adobe" && length >= 12) transform = bytes[start + 11]!;
    if (marker === START_OF_SCAN) {
      parts.push(bytes.subarray(start - 4));
      break;
    }
    if (length > 0 && !isApplication(marker)) parts.push(bytes.subarray(start - 4, start + length));
  }
  const adobe = [0xff, ADOBE, 0, 14, ...new TextEncoder().encode("Adobe"), 0, 100, 0, 0, 0, 0, transform];
  return joinBytes([Uint8Array.of(0xff, 0xd8, ...adobe), ...parts]);
}

/** Decodes to RGB, within a few levels of Pillow. @throws BadImage for damaged data. */
export async function decodeCmyk(bytes: Uint8Array, { width, height }: StoredHeader): Promise<Uint8Array> {
  if (![...segmentsOf(bytesInMemory(bytes))].some(({ marker }) => marker === END_OF_IMAGE))
    throw new BadImage("damaged-image", TRUNCATED);
  const { default: library } = await import("jpeg-js");
  const options = { useTArray: true, formatAsRGBA: false, maxMemoryUsageInMB: MEMORY_MB, maxResolutionInMP: 1000 };
  try {
    const image = library.decode(plainFile(bytes), options as typeof options & { useTArray: true });
    if (image.width === width && image.height === height) return image.data;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadImage("damaged-image", `its JPEG data cannot be decoded (${reason})`, { cause: error });
  }
  throw new BadImage("damaged-image", "its JPEG data are damaged");
}

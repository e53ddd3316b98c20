// The orientation in EXIF data: one entry of the first directory of a TIFF structure, in either byte order. Of a
// damaged structure whatever can be read counts, as in Pillow; nothing in it makes an image unreadable.
import { textAt, viewOver } from "./image.js";

/**
 * How stored rows and columns are to be shown (EXIF 2.32, tag 0x0112): 1 as they are, 2 mirrored, 3 turned by 180°,
 * 4 upside down, 5 transposed, 6 turned clockwise, 7 transposed across the other diagonal, 8 turned anticlockwise.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;
/** Types of an entry that are whole numbers: how many bytes, and how they are read. */
const NUMBERS: Record<number, (view: DataView, at: number, littleEndian: boolean) => number> = {
  3: (view, at, littleEndian) => view.getUint16(at, littleEndian),
  4: (view, at, littleEndian) => view.getUint32(at, littleEndian),
  8: (view, at, littleEndian) => view.getInt16(at, littleEndian),
  9: (view, at, littleEndian) => view.getInt32(at, littleEndian),
};

/** What JPEG puts before the TIFF structure, and some writers of PNG and WebP do as well. */
export const EXIF_MARK = "Exif\0\0";

/** The orientation that EXIF data give an image, 1 where they give none. @param exif a TIFF structure, with or without "Exif" before it */
export function orientationIn(exif: Uint8Array): Orientation {
  const tiff = textAt(exif, 0, EXIF_MARK.length) === EXIF_MARK ? exif.subarray(EXIF_MARK.length) : exif;
  const mark = textAt(tiff, 0, 4);
  const littleEndian = mark === "II*\0";
  if (tiff.length < 8 || (!littleEndian && mark !== "MM\0*")) return 1;
  const view = viewOver(tiff);
  const start = view.getUint32(4, littleEndian);
  if (start + 2 > tiff.length) return 1;
  const count = Math.min(view.getUint16(start, littleEndian), Math.floor((tiff.length - start - 2) / ENTRY_BYTES));
  let orientation: Orientation = 1;
  for (let i = 0; i < count; i++) {
    const at = start + 2 + i * ENTRY_BYTES;
    if (view.getUint16(at, littleEndian) !== ORIENTATION_TAG) continue;
    // Pillow takes the last of several; values that do not fit the entry lie elsewhere and are no orientation.
    const read = NUMBERS[view.getUint16(at + 2, littleEndian)];
    const value =
      read === undefined || view.getUint32(at + 4, littleEndian) === 0 ? 1 : read(view, at + 8, littleEndian);
    orientation = isOrientation(value) ? value : 1;
  }
  return orientation;
}

const isOrientation = (value: number): value is Orientation => Number.isInteger(value) && value >= 1 && value <= 8;

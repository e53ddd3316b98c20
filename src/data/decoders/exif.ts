// The orientation in EXIF data: one entry of the first directory of a TIFF structure, in either byte order. Of a
// damaged structure whatever can be read counts, as in Pillow; nothing in it makes an image unreadable.
import { type Orientation, textAt, viewOver } from "./image.js";

const ORIENTATION_TAG = 0x0112;
const ENTRY_BYTES = 12;
/** Types of an entry that are whole numbers: the number of them that fit into it, and the reader of the first. */
const NUMBERS: Record<number, { fit: number; read: (view: DataView, at: number, littleEndian: boolean) => number }> = {
  3: { fit: 2, read: (view, at, littleEndian) => view.getUint16(at, littleEndian) },
  4: { fit: 1, read: (view, at, littleEndian) => view.getUint32(at, littleEndian) },
  8: { fit: 2, read: (view, at, littleEndian) => view.getInt16(at, littleEndian) },
  9: { fit: 1, read: (view, at, littleEndian) => view.getInt32(at, littleEndian) },
};

/** Mark before the TIFF structure in JPEG files, and in PNG and WebP files of some writers. */
export const EXIF_MARK = "Exif\0\0";

/**
 * The orientation that EXIF data give an image, 1 where they give none.
 * @param exif a TIFF structure, with or without "Exif" before it
 */
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
    const number = NUMBERS[view.getUint16(at + 2, littleEndian)];
    const values = view.getUint32(at + 4, littleEndian);
    const value = number && values > 0 && values <= number.fit ? number.read(view, at + 8, littleEndian) : 1;
    orientation = isOrientation(value) ? value : 1;
  }
  return orientation;
}

const isOrientation = (value: number): value is Orientation => Number.isInteger(value) && value >= 1 && value <= 8;

// Bounds EXIF data before a library parses them: directories that lead round in a circle, entries without end, and counts
// that make a reader work on the same bytes again and again.
const ENTRY_BYTES = 12;
/** Bytes of a value by its type, TIFF 6.0 and Exif 3.0; types that are unknown are skipped by readers. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** Tags that point to further directories: Exif, GPS, Interoperability. */
const POINTERS = [0x8769, 0x8825, 0xa005];
/** The most directories and entries; cameras write five and some hundred. */
const MOST_DIRECTORIES = 16;
const MOST_ENTRIES = 2000;

/**
 * Looks through the directories of a TIFF structure without reading a value.
 * @returns the reason why the structure is not to be parsed, a sentence without a full stop; undefined where it may be
 */
export function exifProblem(tiff: Uint8Array): string | undefined {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = tiff.length < 8 ? 0 : view.getUint16(0);
  const littleEndian = order === 0x4949;
  if ((!littleEndian && order !== 0x4d4d) || view.getUint16(2, littleEndian) !== 42)
    return "the EXIF data do not begin as EXIF data do";
  const open = [view.getUint32(4, littleEndian)];
  const seen = new Set<number>();
  let [entries, bytes] = [0, 0];
  for (const start of open) {
    if (start === 0) continue;
    if (start + 2 > tiff.length) return "the EXIF data end before one of their directories";
    if (seen.has(start)) return "the directories of the EXIF data lead round in a circle";
    seen.add(start);
    if (seen.size > MOST_DIRECTORIES) return `the EXIF data have more than ${MOST_DIRECTORIES} directories`;
    const count = view.getUint16(start, littleEndian);
    entries += count;
    if (entries > MOST_ENTRIES) return `the EXIF data have more than ${MOST_ENTRIES} entries`;
    const end = start + 2 + count * ENTRY_BYTES;
    if (end > tiff.length) return "the EXIF data end within one of their directories";
    for (let at = start + 2; at < end; at += ENTRY_BYTES) {
      const values = view.getUint32(at + 4, littleEndian);
      bytes += values * (TYPE_BYTES[view.getUint16(at + 2, littleEndian)] ?? 0);
      // The largest entry is as long as all data; some lie within others.
      if (bytes > 4 * tiff.length) return "the entries of the EXIF data claim to be longer than the data are";
      if (POINTERS.includes(view.getUint16(at, littleEndian))) open.push(view.getUint32(at + 8, littleEndian));
    }
    if (end + 4 <= tiff.length) open.push(view.getUint32(end, littleEndian));
  }
  return undefined;
}

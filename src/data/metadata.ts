// EXIF entries that cameras, phones and programs wrote beside the pixels, as text. ExifReader parses them;
// `readMetadata` loads it when a file is looked at closely, and passes it bytes, never an address.

/** The entries that are shown of an image, by name, such as `Make` or `DateTimeOriginal`. */
export type Metadata = Readonly<Record<string, string>>;

/** A value longer than this is cut. */
const LONGEST = 200;

/**
 * The EXIF entries of an image file, in the order of the file; none where it has none, or where they are damaged.
 * @param bytes the whole file: JPEG, PNG or WebP
 */
export async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  const { default: reader } = await import("exifreader");
  const entries: [string, string][] = [];
  try {
    const { exif = {} } = reader.loadView(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      expanded: true,
      includeUnknown: false,
    });
    for (const [name, entry] of Object.entries(exif)) {
      const description = String(entry?.description ?? "");
      // Pointers and makers' notes are for programs.
      if (description === "" || /IFD Pointer|MakerNote|Padding|OffsetSchema/.test(name)) continue;
      entries.push([name, description.length > LONGEST ? `${description.slice(0, LONGEST)}…` : description]);
    }
  } catch {
    return {};
  }
  return Object.fromEntries(entries);
}

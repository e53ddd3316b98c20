// Metadata of an image file for the methods: EXIF and IPTC by ExifReader, which gets blocks of bounded size only, XMP and
// the texts of PNG. Read once for all methods; damage in one block does not hide the others.
import type { ExaminedImage } from "../record/image.js";
import { type Blocks, blocksOf, type NamedText } from "./blocks.js";
import { exifProblem } from "./exif-bounds.js";
import { type Property, xmpProperties } from "./xmp.js";

export interface FileMetadata {
  /** EXIF entries by name, as text: `Make`, `DateTimeOriginal`, as ExifReader names them. */
  readonly exif: ReadonlyMap<string, string>;
  /** IPTC entries by name, as text: `By-line`, `Date Created`. */
  readonly iptc: ReadonlyMap<string, string>;
  readonly xmp: readonly Property[];
  readonly texts: readonly NamedText[];
  /** The maker's own notes. */
  readonly makerNote?: Uint8Array;
  /** The preview that EXIF data hold: a JPEG file. */
  readonly thumbnail?: Uint8Array;
  /** Degrees north and east, and metres above the sea, as EXIF states them. */
  readonly place?: { readonly latitude?: number; readonly longitude?: number; readonly altitude?: number };
  readonly blocks: Blocks;
  /** Parts that are damaged or too large, each a sentence without a full stop. */
  readonly problems: readonly string[];
}

/** The most characters of a value. */
const LONGEST_VALUE = 2000;

const known = new WeakMap<ExaminedImage, Promise<FileMetadata>>();

/** The metadata of an image file. Nothing of it is believed: values are text for a reader, or compared with each other. */
export function metadataOf(image: ExaminedImage): Promise<FileMetadata> {
  const reading = known.get(image) ?? readMetadata(image);
  known.set(image, reading);
  return reading;
}

async function readMetadata(image: ExaminedImage): Promise<FileMetadata> {
  const blocks = blocksOf(image);
  const problems = [...blocks.problems];
  const exif = blocks.exif && (await exifIn(blocks.exif, problems));
  const packets = blocks.xmp.map((packet) => xmpProperties(new TextDecoder().decode(packet)));
  if (packets.some(({ isWhole }) => !isWhole)) problems.push("a packet of XMP is damaged and is read in part");
  return {
    exif: exif?.entries ?? new Map(),
    iptc: blocks.resources === undefined ? new Map() : await iptcIn(blocks.resources, problems),
    xmp: packets.flatMap(({ properties }) => properties),
    texts: blocks.texts,
    ...(exif?.makerNote && { makerNote: exif.makerNote }),
    ...(exif?.thumbnail && { thumbnail: exif.thumbnail }),
    ...(exif?.place && { place: exif.place }),
    ...{ blocks, problems },
  };
}

type ExifPart = Pick<FileMetadata, "makerNote" | "thumbnail" | "place"> & { readonly entries: Map<string, string> };

/** Entries that lead to others, or that programs alone read. */
const NOT_FOR_READERS = /IFD Pointer|^MakerNote$|^Padding$|OffsetSchema|^Thumbnail$|^Images$/;

async function exifIn(tiff: Uint8Array, problems: string[]): Promise<ExifPart | undefined> {
  const problem = exifProblem(tiff);
  if (problem !== undefined) {
    problems.push(problem);
    return undefined;
  }
  const tags = await parsed(tiff, "EXIF", problems);
  if (tags === undefined) return undefined;
  const { exif = {}, gps } = tags;
  const note = fieldOf(exif.MakerNote, "value");
  const image = tags.Thumbnail?.image;
  return {
    entries: texts(exif),
    ...(Array.isArray(note) && note.length > 0 && { makerNote: Uint8Array.from(note, Number) }),
    ...(image !== undefined && { thumbnail: image instanceof Uint8Array ? image : new Uint8Array(image) }),
    ...(gps && {
      place: {
        ...(gps.Latitude !== undefined && { latitude: gps.Latitude }),
        ...(gps.Longitude !== undefined && { longitude: gps.Longitude }),
        ...(gps.Altitude !== undefined && { altitude: gps.Altitude }),
      },
    }),
  };
}

/** The most bytes of a segment of JPEG. */
const MOST_SEGMENT = 65_533;

/** IPTC lies in Photoshop's resources, which ExifReader finds in a segment of JPEG. */
async function iptcIn(resources: Uint8Array, problems: string[]): Promise<Map<string, string>> {
  const mark = new TextEncoder().encode("Photoshop 3.0\0");
  const length = Math.min(MOST_SEGMENT, resources.length + mark.length);
  const file = new Uint8Array(4 + 2 + length + 2);
  file.set([0xff, 0xd8, 0xff, 0xed, (length + 2) >> 8, (length + 2) & 255]);
  file.set(mark, 6);
  file.set(resources.subarray(0, length - mark.length), 6 + mark.length);
  file.set([0xff, 0xda], file.length - 2);
  const tags = await parsed(file, "IPTC", problems);
  return texts(tags?.iptc ?? {});
}

async function parsed(bytes: Uint8Array, kind: string, problems: string[]) {
  const { default: reader } = await import("exifreader");
  try {
    return reader.loadView(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      expanded: true,
      includeUnknown: false,
    });
  } catch {
    problems.push(`the ${kind} data are damaged`);
    return undefined;
  }
}

/** A field of what may be no object. */
const fieldOf = (entry: unknown, name: string): unknown =>
  typeof entry === "object" && entry !== null ? Object.entries(entry).find(([key]) => key === name)?.[1] : undefined;

/** Entries of ExifReader as text, those of programs left out. */
function texts(entries: object): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, entry] of Object.entries(entries)) {
    if (NOT_FOR_READERS.test(name)) continue;
    const list: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
    const text = list
      .map((item) => String(fieldOf(item, "description") ?? ""))
      .join("; ")
      .trim();
    if (text !== "") found.set(name, text.slice(0, LONGEST_VALUE));
  }
  return found;
}

/** The first value of a property of XMP. */
export const xmpValue = ({ xmp }: FileMetadata, name: string): string | undefined =>
  xmp.find((property) => property.name === name)?.value;

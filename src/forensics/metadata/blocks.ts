// Finds the blocks of metadata in image files: EXIF, XMP, IPTC, texts of PNG, comments, boxes of content credentials.
// Only pieces up to a limit are taken, whatever lengths the file states; what is beyond is told as a problem.
import { Unzlib } from "fflate";
import { joinBytes } from "../../core/bytes.js";
import { bytesInMemory } from "../../platform/byte-source.js";
import type { ExaminedImage } from "../record/image.js";
import { latin1, type Piece, piecesOf, startsWith } from "./pieces.js";

/** The most bytes that are read of one block: a packet of XMP, the EXIF data, a text. */
export const MOST_BLOCK_BYTES = 2 ** 20;
/** The most texts of a PNG file, and the most comments of a JPEG file. */
const MOST_TEXTS = 200;
/** The most bytes that all packed texts of a file unpack to. */
const MOST_UNPACKED_BYTES = 4 * MOST_BLOCK_BYTES;

/** A text beside the pixels with its name: a PNG text, or `"comment"` for JPEG and GIF. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface Blocks {
  /** TIFF structure, without "Exif" before it. */
  readonly exif?: Uint8Array;
  /** Packets of XMP: the main one, and what it goes on in. */
  readonly xmp: readonly Uint8Array[];
  /** Photoshop's image resources, in which IPTC lies. */
  readonly resources?: Uint8Array;
  readonly texts: readonly NamedText[];
  /** Bytes in boxes of content credentials, 0 where there are none. */
  readonly credentialBytes: number;
  /** All blocks, as kind and bytes, in the order of the file. */
  readonly found: readonly { readonly kind: string; readonly bytes: number }[];
  /** Bytes behind the end of the image. */
  readonly trailing: number;
  /** Parts that are damaged or too large, each a sentence without a full stop. */
  readonly problems: readonly string[];
}

/** Blocks while they are gathered. */
class Gathered {
  exif: Uint8Array[] = [];
  xmp: Uint8Array[] = [];
  extended: Uint8Array[] = [];
  resources: Uint8Array[] = [];
  texts: NamedText[] = [];
  credentialBytes = 0;
  unpackedBytes = 0;
  found: { kind: string; bytes: number }[] = [];
  problems = new Set<string>();

  note(kind: string, bytes: number): void {
    const last = this.found.at(-1);
    if (last?.kind === kind) this.found[this.found.length - 1] = { kind, bytes: last.bytes + bytes };
    else if (this.found.length < MOST_TEXTS) this.found.push({ kind, bytes });
  }

  /** Adds a piece unless there is too much of its kind already. */
  add(kind: string, to: Uint8Array[], content: Uint8Array): void {
    this.note(kind, content.length);
    const total = to.reduce((sum, { length }) => sum + length, content.length);
    if (total <= MOST_BLOCK_BYTES) to.push(content);
    else this.tooLarge(kind);
  }

  tooLarge(kind: string): void {
    this.problems.add(`the ${kind} data are larger than ${MOST_BLOCK_BYTES} bytes and are read in part or not at all`);
  }

  addText(name: string, text: string): void {
    if (this.texts.length < MOST_TEXTS) this.texts.push({ name, text });
    else this.problems.add(`there are more than ${MOST_TEXTS} texts, and the first ${MOST_TEXTS} are read`);
  }
}

const known = new WeakMap<ExaminedImage, Blocks>();

/** The blocks of metadata in an image file, found once for all methods. */
export function blocksOf(image: ExaminedImage): Blocks {
  const found = known.get(image) ?? readBlocks(image);
  known.set(image, found);
  return found;
}

function readBlocks({ bytes, format }: ExaminedImage): Blocks {
  const gathered = new Gathered();
  const { pieces, end, problem } = piecesOf(bytesInMemory(bytes), format);
  if (problem !== undefined) gathered.problems.add(problem);
  for (const piece of pieces) SORTERS[format]?.(piece, gathered);
  const { exif, xmp, extended, resources, texts, credentialBytes, found, problems } = gathered;
  const tiff = exif.length === 0 ? undefined : joinBytes(exif);
  return {
    ...(tiff && { exif: tiff }),
    xmp: extended.length === 0 ? xmp : [...xmp, joinBytes(extended)],
    ...(resources.length > 0 && { resources: joinBytes(resources) }),
    ...{ texts, credentialBytes, found },
    trailing: bytes.length - end,
    problems: [...problems],
  };
}

type Sorter = (piece: Piece, to: Gathered) => void;

const EXIF_MARK = "Exif\0\0";
const XMP_MARK = "http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_MARK = "http://ns.adobe.com/xmp/extension/\0";
/** After the mark: a hash of 32 digits, the length of the whole, the offset of this part. */
const EXTENDED_HEAD = EXTENDED_MARK.length + 40;
const RESOURCES_MARK = "Photoshop 3.0\0";

const SORTERS: Readonly<Record<ExaminedImage["format"], Sorter | undefined>> = {
  JPEG: ({ kind, content }, to) => {
    const strip = (mark: string): Uint8Array => content.subarray(mark.length);
    if (kind === "APP1" && startsWith(content, EXIF_MARK)) to.add("EXIF", to.exif, strip(EXIF_MARK));
    else if (kind === "APP1" && startsWith(content, XMP_MARK)) to.add("XMP", to.xmp, strip(XMP_MARK));
    else if (kind === "APP1" && startsWith(content, EXTENDED_MARK))
      to.add("XMP", to.extended, content.subarray(EXTENDED_HEAD));
    else if (kind === "APP13" && startsWith(content, RESOURCES_MARK))
      to.add("IPTC and Photoshop", to.resources, strip(RESOURCES_MARK));
    else if (kind === "APP11") addJumbf(content, to);
    else if (kind === "COM") {
      to.note("comment", content.length);
      to.addText("comment", latin1(content).slice(0, MOST_BLOCK_BYTES));
    } else if (kind === "APP2" && startsWith(content, "ICC_PROFILE\0")) to.note("colour profile", content.length);
    else if (kind === "APP2" && startsWith(content, "MPF\0")) to.note("further pictures", content.length);
  },
  PNG: ({ kind, content }, to) => {
    if (kind === "eXIf") {
      const hasMark = startsWith(content, EXIF_MARK);
      to.add("EXIF", to.exif, hasMark ? content.subarray(EXIF_MARK.length) : content);
    } else if (kind === "caBX") addCredentials(content.length, to);
    else if (kind === "tEXt" || kind === "zTXt" || kind === "iTXt") addPngText(kind, content, to);
    else if (kind === "iCCP") to.note("colour profile", content.length);
  },
  WebP: ({ kind, content }, to) => {
    if (kind === "EXIF") {
      const hasMark = startsWith(content, EXIF_MARK);
      to.add("EXIF", to.exif, hasMark ? content.subarray(EXIF_MARK.length) : content);
    } else if (kind === "XMP ") to.add("XMP", to.xmp, content);
    else if (kind === "C2PA") addCredentials(content.length, to);
    else if (kind === "ICCP") to.note("colour profile", content.length);
  },
  GIF: ({ kind, content }, to) => {
    if (kind === "comment") {
      to.note("comment", content.length);
      to.addText("comment", latin1(content).slice(0, MOST_BLOCK_BYTES));
    } else if (kind === "C2PA_GIF") addCredentials(content.length, to);
    else if (kind === "XMP DataXMP") to.add("XMP", to.xmp, content);
  },
  BMP: undefined,
};

function addCredentials(bytes: number, to: Gathered): void {
  to.credentialBytes += bytes;
  to.note("content credentials", bytes);
}

/** Head of JUMBF in APP11 (ISO 19566-5): "JP", a number of the box, one of the packet; then the box. */
const JUMBF_HEAD = 8;

/** Boxes of other kinds lie in APP11 as well; those of credentials, whose first packet names its type, have this label. */
function addJumbf(content: Uint8Array, to: Gathered): void {
  if (!startsWith(content, "JP")) return;
  const box = latin1(content.subarray(JUMBF_HEAD, JUMBF_HEAD + 64));
  const isFirst = box.slice(4, 8) === "jumb" && box.includes("c2pa");
  if (isFirst || to.credentialBytes > 0) addCredentials(content.length - JUMBF_HEAD, to);
}

/** Keywords of PNG texts that hold blocks of other formats. */
const XMP_KEYWORD = "XML:com.adobe.xmp";

/** PNG, section 11.3.4: a keyword, and for compressed and international texts fields before the text. */
function addPngText(kind: "tEXt" | "zTXt" | "iTXt", content: Uint8Array, to: Gathered): void {
  const zero = content.subarray(0, 80).indexOf(0);
  if (zero < 1) {
    to.problems.add("a text has no keyword");
    return;
  }
  const name = latin1(content.subarray(0, zero));
  let at = zero + 1;
  let isPacked = kind === "zTXt";
  if (kind === "zTXt") at += 1;
  if (kind === "iTXt") {
    isPacked = content[at] === 1;
    at += 2;
    // The language, and the keyword in that language.
    for (let field = 0; field < 2; field++) at = content.indexOf(0, at) + 1 || content.length;
  }
  if (to.texts.length === MOST_TEXTS || to.unpackedBytes > MOST_UNPACKED_BYTES) {
    to.tooLarge("text");
    return;
  }
  const raw = isPacked ? unpacked(content.subarray(at), to) : content.subarray(at);
  if (raw === undefined) return;
  if (name === XMP_KEYWORD) {
    to.add("XMP", to.xmp, raw);
    return;
  }
  to.note("text", content.length);
  if (raw.length > MOST_BLOCK_BYTES) to.tooLarge("text");
  const text = raw.subarray(0, MOST_BLOCK_BYTES);
  to.addText(name, kind === "iTXt" ? new TextDecoder().decode(text) : latin1(text));
}

/** Packed bytes that are given to the unpacker at once: they become some 4 MB at the most. */
const PACKED_AT_ONCE = 4096;

/** A packed text, unless it unpacks to more than is read of any, or all texts together to more than is read of all. */
function unpacked(packed: Uint8Array, to: Gathered): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  const unpacker = new Unzlib((part) => {
    parts.push(part);
    to.unpackedBytes += part.length;
  });
  const before = to.unpackedBytes;
  try {
    for (let at = 0; at < packed.length; at += PACKED_AT_ONCE) {
      unpacker.push(packed.subarray(at, at + PACKED_AT_ONCE), at + PACKED_AT_ONCE >= packed.length);
      if (to.unpackedBytes - before > MOST_BLOCK_BYTES || to.unpackedBytes > MOST_UNPACKED_BYTES) {
        to.tooLarge("packed text");
        return undefined;
      }
    }
  } catch {
    to.problems.add("a packed text is damaged");
    return undefined;
  }
  return joinBytes(parts);
}
